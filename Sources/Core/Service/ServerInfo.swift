/// What `/health` says of the server itself.
public struct ServerInfo: Sendable {
    /// The server's version, such as `0.1.0`.
    public var version: String
    /// Its process id.
    public var processID: Int

    /// Names a server.
    public init(version: String, processID: Int) {
        self.version = version
        self.processID = processID
    }
}

extension ServerInfo: MetricsSource {
    /// `roost_build_info`.
    public func metrics() async -> [MetricFamily] {
        let sample = MetricSample([(name: "version", value: version)], 1)
        return [MetricFamily("roost_build_info", .gauge, "Always 1; the version is a label", [sample])]
    }
}
