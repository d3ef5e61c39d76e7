internal import RoostCore
internal import Synchronization

/// The connections of a server over all its loops: how many there were and are.
final class ConnectionTally: Sendable {
    private let accepted = Atomic<Int>(0)
    private let beyondLimit = Atomic<Int>(0)
    private let withoutDescriptor = Atomic<Int>(0)
    private let streams = Atomic<Int>(0)

    func accept() { accepted.add(1, ordering: .relaxed) }

    /// One more than may be open.
    func refuseBeyondLimit() { beyondLimit.add(1, ordering: .relaxed) }

    /// Descriptors have run out.
    func refuseWithoutDescriptor() { withoutDescriptor.add(1, ordering: .relaxed) }

    func beginStream() { streams.add(1, ordering: .relaxed) }

    func endStream() { streams.subtract(1, ordering: .relaxed) }

    var openStreams: Int { streams.load(ordering: .relaxed) }

    func families(open: Int) -> [MetricFamily] {
        let refused = [
            ("limit", beyondLimit.load(ordering: .relaxed)),
            ("descriptors", withoutDescriptor.load(ordering: .relaxed)),
        ]
        return [
            MetricFamily(
                "roost_http_connections", .gauge, "Open connections", [MetricSample([], max(0, open))]),
            MetricFamily(
                "roost_http_connections_accepted_total", .counter,
                "Connections taken up, those that were then refused among them",
                [MetricSample([], accepted.load(ordering: .relaxed))]),
            MetricFamily(
                "roost_http_connections_refused_total", .counter,
                "Connections refused because of --max-connections (limit) or for want of descriptors",
                refused.map { MetricSample([(name: "reason", value: $0)], $1) }),
            MetricFamily(
                "roost_http_streams", .gauge, "Answers sent while they are produced, such as event streams",
                [MetricSample([], max(0, openStreams))]),
        ]
    }
}
