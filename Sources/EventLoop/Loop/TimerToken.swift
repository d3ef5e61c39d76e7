/// Names one timer of a loop, for ``EventLoop/cancel(_:)``.
public struct TimerToken: Sendable, Hashable {
    let slot: Int
    let sequence: UInt64
}
