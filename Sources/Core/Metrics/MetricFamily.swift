/// A metric with all its samples: what stands between one `# HELP` and the next.
public struct MetricFamily: Sendable, Equatable {
    /// How its values behave.
    public enum Kind: String, Sendable {
        /// Only grows.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts by size.
        case histogram
    }

    /// Such as `roost_http_requests_total`: base units, `_total` for counters only.
    public var name: String
    /// How its values behave.
    public var kind: Kind
    /// What it tells, in a sentence without a full stop.
    public var help: String
    /// A value for each set of labels; empty when there is nothing to tell.
    public var samples: [MetricSample]

    /// Puts a family together.
    public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}
