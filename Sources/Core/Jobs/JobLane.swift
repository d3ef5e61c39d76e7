/// A queue of its own: jobs of one lane wait for each other and not for those of other lanes.
///
/// Handlers that share an engine share a lane by naming the same one.
public struct JobLane: Sendable, Equatable {
    /// Its name; unless said otherwise the handler's.
    public var name: String
    /// How many of its jobs run at once; at least 1.
    public var width: Int

    /// Names a lane.
    public init(name: String, width: Int) {
        self.name = name
        self.width = max(1, width)
    }
}
