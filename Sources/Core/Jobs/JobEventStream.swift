/// The events of one job as server-sent events, live or replayed, ending after `done` (contract §5).
///
/// Event names are `status`, `stdout`, `stderr`, `log`, `progress`, `result` and `done`; each has an id by which a client
/// that was cut off goes on (`Last-Event-ID`), also after a restart of the server.
public struct JobEventStream: AsyncSequence, Sendable {
    private enum Source: Sendable {
        case live(JobEvents)
        case finished(Job)
    }

    private let source: Source
    private let seen: JobEventPosition
    private let present: @Sendable (Job) -> JSON

    /// Follows a job that waits or runs.
    ///
    /// - Parameters:
    ///   - handle: The job.
    ///   - lastEventID: What the client sent as `Last-Event-ID`; nil, or one that is none of ours, begins at the beginning.
    ///   - present: The job as `done` shows it.
    public init(_ handle: JobHandle, after lastEventID: String?, present: @escaping @Sendable (Job) -> JSON) {
        source = .live(handle.events())
        seen = lastEventID.flatMap { JobEventPosition($0) } ?? JobEventPosition()
        self.present = present
    }

    /// Replays a finished job; its output comes in one piece.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - lastEventID: As above.
    ///   - present: The job as `done` shows it.
    public init(replaying job: Job, after lastEventID: String?, present: @escaping @Sendable (Job) -> JSON) {
        source = .finished(job)
        seen = lastEventID.flatMap { JobEventPosition($0) } ?? JobEventPosition()
        self.present = present
    }

    /// True when the client has seen `done`: answer 204, by which a browser stops to ask again (WHATWG HTML, 9.2.3).
    public var isOver: Bool { seen.isDone }

    /// Begins to read; every reader gets everything.
    public func makeAsyncIterator() -> Iterator {
        let translator = JobEventTranslator(after: seen, present: present)
        switch source {
        case .live(let events):
            return Iterator(translator: translator, live: events.makeAsyncIterator(), past: [])
        case .finished(let job):
            return Iterator(translator: translator, live: nil, past: Self.past(of: job)[...])
        }
    }

    /// What happened to a job, as far as its record tells.
    private static func past(of job: Job) -> [JobEvent] {
        var events: [JobEvent] = []
        func add(_ kind: JobEvent.Kind, _ time: Timestamp) {
            events.append(JobEvent(number: events.count + 1, timestamp: time, kind: kind))
        }
        let end = job.summary.completedAt ?? job.summary.startedAt ?? job.summary.createdAt
        add(.status(.pending), job.summary.createdAt)
        if let startedAt = job.summary.startedAt { add(.status(.running), startedAt) }
        if !job.output.stdout.isEmpty { add(.stdout(job.output.stdout), end) }
        if !job.output.stderr.isEmpty { add(.stderr(job.output.stderr), end) }
        for entry in job.output.logs { add(.log(entry), entry.timestamp) }
        if let progress = job.progress { add(.progress(progress), end) }
        if let result = job.output.result { add(.result(result), end) }
        add(.status(job.status), end)
        add(.done(job), end)
        return events
    }

    /// A reader.
    public struct Iterator: AsyncIteratorProtocol {
        private var translator: JobEventTranslator
        private var live: JobEvents.Iterator?
        private var past: ArraySlice<JobEvent>
        private var ready: ArraySlice<ServerSentEvent> = []

        fileprivate init(
            translator: JobEventTranslator, live: JobEvents.Iterator?, past: ArraySlice<JobEvent>
        ) {
            self.translator = translator
            self.live = live
            self.past = past
        }

        /// The next event; nil after `done` or when the reading task is cancelled.
        public mutating func next() async -> ServerSentEvent? {
            while true {
                if let event = ready.popFirst() { return event }
                let event = live == nil ? past.popFirst() : await live?.next()
                guard let event else { return nil }
                ready = translator.translate(event)[...]
            }
        }
    }
}
