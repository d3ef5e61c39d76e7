/// What is in the history, and what happened lately. All of it is looked up, none of it counted when asked for.
public struct JobStatistics: Sendable, Equatable {
    /// How many jobs one handler has in one state.
    public struct Count: Sendable, Equatable {
        /// The handler.
        public var handler: String
        /// The state.
        public var status: JobStatus
        /// How many there are in the history, at least 1.
        public var count: Int

        /// Puts a count together.
        public init(handler: String, status: JobStatus, count: Int) {
            self.handler = handler
            self.status = status
            self.count = count
        }
    }

    /// By handler, then in the order of ``JobStatus``; without those of which there are none.
    public var counts: [Count]
    /// The last 60 minutes, the one that is under way included. Jobs that were removed since are counted, too.
    public var lastHour: JobActivityWindow
    /// The last 1440 minutes, in the same way.
    public var lastDay: JobActivityWindow

    /// Puts statistics together.
    public init(counts: [Count], lastHour: JobActivityWindow, lastDay: JobActivityWindow) {
        self.counts = counts
        self.lastHour = lastHour
        self.lastDay = lastDay
    }

    /// The order in which counts are given.
    package static func ordered(_ counts: [Count]) -> [Count] {
        let order = Dictionary(uniqueKeysWithValues: JobStatus.allCases.enumerated().map { ($1, $0) })
        return counts.sorted {
            $0.handler != $1.handler
                ? $0.handler < $1.handler : order[$0.status, default: 0] < order[$1.status, default: 0]
        }
    }
}
