internal import Synchronization

/// A counter, gauge or histogram for each set of label values: `finished["python", "completed"].add()`.
///
/// Each set is kept as long as the server runs, so values come from a small set that no client chooses. Beyond
/// ``maximumSets`` further ones are counted together, as `other`.
public final class LabelledMetrics<Instrument: MetricInstrument>: Sendable {
    /// How many sets of values there may be: 1000.
    public static var maximumSets: Int { 1000 }

    /// The names of the labels.
    public let labels: [String]
    private let make: @Sendable () -> Instrument
    private let sets = Mutex<[[String]: Instrument]>([:])

    init(labels: [String], make: @escaping @Sendable () -> Instrument) {
        self.labels = labels
        self.make = make
    }

    /// The one with these values, in the order of ``labels``; made when it is first asked for. From any thread.
    ///
    /// Values that are missing are empty, those beyond the labels are left out.
    public subscript(_ values: String...) -> Instrument {
        let key = labels.indices.map { $0 < values.count ? values[$0] : "" }
        return sets.withLock { sets in
            if let known = sets[key] { return known }
            let key = sets.count < Self.maximumSets ? key : labels.map { _ in "other" }
            if let known = sets[key] { return known }
            let new = make()
            sets[key] = new
            return new
        }
    }

    var samples: [MetricSample] {
        let all = sets.withLock { $0 }
        return all.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { values, instrument in
            MetricSample(zip(labels, values).map { (name: $0, value: $1) }, instrument.value)
        }
    }
}
