internal import Synchronization

/// The metrics of a server: those that handlers declared, and the sources that are asked for theirs.
public final class MetricsRegistry: Sendable {
    private struct Declared {
        let name: String
        let kind: MetricFamily.Kind
        let help: String
        let samples: @Sendable () -> [MetricSample]
    }

    private struct State {
        var declared: [Declared] = []
        var sources: [any MetricsSource] = []
    }

    private let state = Mutex(State())

    /// Without any metrics.
    public init() {}

    /// Has a source asked from now on. Of families with one name the first counts.
    public func add(_ source: any MetricsSource) { state.withLock { $0.sources.append(source) } }

    /// All families by name, each name once.
    public func families() async -> [MetricFamily] {
        let (declared, sources) = state.withLock { ($0.declared, $0.sources) }
        var families: [String: MetricFamily] = [:]
        for source in sources {
            for family in await source.metrics() where families[family.name] == nil {
                families[family.name] = family
            }
        }
        for metric in declared where families[metric.name] == nil {
            families[metric.name] = MetricFamily(metric.name, metric.kind, metric.help, metric.samples())
        }
        return families.values.sorted { $0.name < $1.name }
    }

    // MARK: Declarations

    /// Takes a metric without labels in.
    ///
    /// - Throws: ``RegistryError`` for a name that is taken or none.
    func declare<Instrument: MetricInstrument>(
        _ name: String, _ help: String, _ instrument: Instrument
    ) throws(RegistryError) -> Instrument {
        try declare(name, Instrument.kind, help) { [MetricSample([], instrument.value)] }
        return instrument
    }

    /// Takes a metric with labels in.
    ///
    /// - Throws: ``RegistryError`` for a name that is taken, and for names that are none.
    func declare<Instrument: MetricInstrument>(
        _ name: String, _ help: String, _ instruments: LabelledMetrics<Instrument>
    ) throws(RegistryError) -> LabelledMetrics<Instrument> {
        var seen: Set<String> = []
        for label in instruments.labels {
            // `le` and names with two underscores are taken by the format.
            guard Self.isName(label), label != "le", !label.hasPrefix("__"), seen.insert(label).inserted
            else {
                throw RegistryError("metric '\(name)': '\(label)' is no label, or stands there twice")
            }
        }
        try declare(name, Instrument.kind, help) { instruments.samples }
        return instruments
    }

    private func declare(
        _ name: String, _ kind: MetricFamily.Kind, _ help: String,
        _ samples: @escaping @Sendable () -> [MetricSample]
    ) throws(RegistryError) {
        guard Self.isName(name) else {
            throw RegistryError(
                "metric '\(name)': a name has letters, digits and '_', and begins with no digit")
        }
        guard name.hasSuffix("_total") == (kind == .counter) else {
            throw RegistryError("metric '\(name)': names of counters, and no others, end in '_total'")
        }
        let isNew = state.withLock { state -> Bool in
            guard !state.declared.contains(where: { $0.name == name }) else { return false }
            state.declared.append(Declared(name: name, kind: kind, help: help, samples: samples))
            return true
        }
        guard isNew else { throw RegistryError("metric '\(name)' is declared twice") }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
    }
}
