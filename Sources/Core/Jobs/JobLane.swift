/// A queue of its own: jobs of one lane wait for each other and not for those of other lanes.
///
/// Handlers that share an engine share a lane by naming the same one.
public struct JobLane: Sendable, Equatable {
    /// Its name; unless said otherwise the handler's.
    public var name: String
    /// How many of its jobs run at once; at least 1.
    public var width: Int
    /// Where its jobs' work runs unless that belongs to an actor: the thread that it talks to anyway, so that a job does
    /// not go from thread to thread. Nil for the cooperative pool.
    public var executor: (any TaskExecutor)?

    /// Names a lane.
    public init(name: String, width: Int, executor: (any TaskExecutor)? = nil) {
        self.name = name
        self.width = max(1, width)
        self.executor = executor
    }

    /// Alike in name, width and executor.
    public static func == (left: JobLane, right: JobLane) -> Bool {
        left.name == right.name && left.width == right.width && left.executor === right.executor
    }
}
