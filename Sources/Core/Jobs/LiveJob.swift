import Synchronization

/// A job that waits or runs: its record so far, those who wait for it, and why it has to stop.
package final class LiveJob: Sendable {
    /// The two byte streams of a job.
    package enum Stream: Sendable {
        case stdout
        case stderr
    }

    private struct State {
        var recorder: JobRecorder
        var stopReason: JobStopReason?
        var task: Task<Void, Never>?
        var startedInstant: ContinuousClock.Instant?
        var savedVersion = 0
        var endClaimed = false
        var ending: Result<Job, JobEndUnsaved>?
        var row = Row.none
        /// Those who wait for the end.
        var waiters = WaiterList()
        /// Those who wait for the next event.
        var watchers = WaiterList()
        /// Those who wait until the job has its row.
        var rowWaiters = WaiterList()

        subscript(list: Awaited) -> WaiterList {
            get {
                switch list {
                case .end: waiters
                case .event: watchers
                case .row: rowWaiters
                }
            }
            set {
                switch list {
                case .end: waiters = newValue
                case .event: watchers = newValue
                case .row: rowWaiters = newValue
                }
            }
        }
    }

    private enum Awaited { case end, event, row }

    /// Whether the store has the job.
    private enum Row {
        case none
        case onItsWay
        case there
        case refused(JobStoreError)
    }

    package let id: JobID
    package let lane: String
    let handler: String
    let client: String?
    let createdAt: Timestamp
    let session: String?
    /// Makes what is posted at its end; nil for nothing.
    let webhook: WebhookRequest?
    private let input: String
    private let store: any JobStore
    private let now: @Sendable () -> Timestamp
    private let onStart: @Sendable (LiveJob) -> Void
    private let state: Mutex<State>

    init(
        job: Job, webhook: WebhookRequest? = nil, hasRow: Bool = false, limits: JobLimits,
        store: any JobStore,
        now: @escaping @Sendable () -> Timestamp,
        onStart: @escaping @Sendable (LiveJob) -> Void
    ) {
        id = job.id
        lane = job.summary.lane
        handler = job.summary.handler
        client = job.summary.client
        createdAt = job.summary.createdAt
        session = job.summary.session
        self.webhook = webhook
        input = job.input
        self.store = store
        self.now = now
        self.onStart = onStart
        state = Mutex(
            State(
                recorder: JobRecorder(job: job, limits: limits, at: job.summary.createdAt),
                row: hasRow ? .there : .none))
    }

    // MARK: What others see

    /// The job as it is now.
    package var snapshot: Job { state.withLock { $0.recorder.job } }

    /// Its state now.
    package var status: JobStatus { state.withLock { $0.recorder.job.status } }

    /// Waits for the end, or gives the job as it is when the waiting task is cancelled.
    package func finished() async throws(JobEndUnsaved) -> Job {
        while true {
            let (ending, ticket) = state.withLock { state in
                (state.ending, state.ending == nil ? state.waiters.ticket() : 0)
            }
            if let ending { return try ending.get() }
            await wait(ticket, for: .end)
            if Task.isCancelled, state.withLock({ $0.ending }) == nil { return snapshot }
        }
    }

    /// The next event for a reader, and where the reader is then; waits for it. Nil after the last, or when the waiting
    /// task is cancelled.
    func event(at cursor: JobEventCursor) async -> (JobEvent, JobEventCursor)? {
        while true {
            let (found, ticket) = state.withLock { state -> ((JobEvent, JobEventCursor)?, Int?) in
                if let found = state.recorder.event(at: cursor) { return (found, nil) }
                return (nil, state.ending == nil ? state.watchers.ticket() : nil)
            }
            if let found { return found }
            guard let ticket, !Task.isCancelled else { return nil }
            await wait(ticket, for: .event)
        }
    }

    private func wait(_ ticket: Int, for list: Awaited) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refused = state.withLock { !$0[list].add(continuation, ticket: ticket) }
                if refused { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0[list].take(ticket) }?.resume()
        }
    }

    // MARK: The row

    /// Puts the job into the store as one that waits, unless it is there; returns when it is.
    ///
    /// - Throws: Why the store has not taken it; it is then not tried again.
    func insert(once key: IdempotencyKey? = nil) async throws(JobStoreError) {
        guard let job = takeUnwritten() else { return try await hasRow() }
        try await write(job, once: key)
    }

    /// Waits until the store has the job or has refused it, whether or not the waiting task is cancelled.
    func hasRow() async throws(JobStoreError) {
        while true {
            let (row, ticket) = state.withLock { state -> (Row, Int?) in
                switch state.row {
                case .none, .onItsWay: (state.row, state.rowWaiters.ticket())
                case .there, .refused: (state.row, nil)
                }
            }
            if case .refused(let error) = row { throw error }
            guard let ticket else { return }
            await withCheckedContinuation { continuation in
                let refused = state.withLock { !$0.rowWaiters.add(continuation, ticket: ticket) }
                if refused { continuation.resume() }
            }
        }
    }

    /// True once the store has refused the job: there is no row whose end could be written.
    var wasRefused: Bool {
        state.withLock { if case .refused = $0.row { true } else { false } }
    }

    /// The job as it is to be written, for the one who comes first; started, when its start is written with it.
    private func takeUnwritten(startedAt time: Timestamp? = nil) -> Job? {
        state.withLock { state in
            guard case .none = state.row else { return nil }
            state.row = .onItsWay
            var job = state.recorder.job
            if let time {
                job.summary.status = .running
                job.summary.startedAt = time
            }
            return job
        }
    }

    private func write(_ job: Job, once key: IdempotencyKey? = nil) async throws(JobStoreError) {
        do {
            if let key { try await store.insert(job, once: key) } else { try await store.insert(job) }
        } catch {
            settle(.refused(error))
            throw error
        }
        settle(.there)
    }

    private func settle(_ row: Row) {
        let continuations = state.withLock { state in
            state.row = row
            return state.rowWaiters.takeAll()
        }
        for continuation in continuations { continuation.resume() }
    }

    // MARK: What the work does

    package func start() async throws {
        if stopReason != nil { throw CancellationError() }
        let time = now()
        if let job = takeUnwritten(startedAt: time) {
            try await write(job)
        } else {
            try await hasRow()
            guard try await store.start(id, at: time) else {
                throw JobStoreError.unavailable("job \(id) was not pending at its start")
            }
        }
        let output = snapshot.output
        // So that it is known of a job that is cut off again.
        if output.wasResumed { try await store.save(output, of: id) }
        let continuations = state.withLock { state in
            state.startedInstant = .now
            state.recorder.started(at: time)
            return state.watchers.takeAll()
        }
        for continuation in continuations { continuation.resume() }
        onStart(self)
        if stopReason != nil { throw CancellationError() }
    }

    package func write(_ bytes: [UInt8], to stream: Stream) {
        let time = now()
        record { $0.write(bytes, to: stream, at: time) }
    }

    package func log(_ level: JobLogEntry.Level, _ message: String) {
        let time = now()
        record { $0.addLog(level, message, at: time) }
    }

    package func report(_ progress: JobProgress) {
        let time = now()
        record { $0.report(progress, at: time) }
    }

    package func markSessionReset() {
        state.withLock { if !$0.endClaimed { $0.recorder.markSessionReset() } }
    }

    /// Notes that the job was accepted by a server that died before its turn came.
    func markResumed() { state.withLock { $0.recorder.markResumed() } }

    /// Late output of work that was given up is dropped: the end that was written stays what it is.
    private func record(_ change: (inout JobRecorder) -> Void) {
        let continuations = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.endClaimed else { return [] }
            change(&state.recorder)
            return state.watchers.takeAll()
        }
        for continuation in continuations { continuation.resume() }
    }

    package var stopReason: JobStopReason? { state.withLock { $0.stopReason } }

    // MARK: What the queue does

    /// When its time is over; nil before its start.
    var deadline: ContinuousClock.Instant? {
        state.withLock { state in
            state.startedInstant.map {
                $0 + .milliseconds(state.recorder.job.summary.timeoutMilliseconds)
            }
        }
    }

    /// Binds the task that runs the work; cancelled at once when the job is already to stop.
    func attach(_ task: Task<Void, Never>) {
        let stop = state.withLock { state in
            state.task = task
            return state.stopReason != nil
        }
        if stop { task.cancel() }
    }

    /// Tells the work to stop.
    ///
    /// - Returns: The state the job was in, or nil when its end has already been decided.
    func stop(_ reason: JobStopReason) -> JobStatus? {
        let (status, task) = state.withLock { state -> (JobStatus?, Task<Void, Never>?) in
            guard !state.endClaimed else { return (nil, nil) }
            let status = state.recorder.job.status
            guard state.stopReason == nil else { return (status, nil) }
            state.stopReason = reason
            return (status, state.task)
        }
        task?.cancel()
        return status
    }

    /// True once it is settled how the job ended, whether or not that is written yet.
    var isEnding: Bool { state.withLock { $0.endClaimed } }

    /// Settles how the job ended; nil when that is already settled.
    func claimEnd(_ outcome: Result<JobOutcome, JobFailure>?) -> JobEnd? {
        let time = now()
        return state.withLock { state in
            guard !state.endClaimed else { return nil }
            state.endClaimed = true
            let duration =
                state.startedInstant.map { Int(($0.duration(to: .now) / .milliseconds(1)).roundedHalfUp) }
                ?? 0
            let status: JobStatus
            var failure: JobFailure?
            switch (state.stopReason, outcome) {
            case (.timeout?, _):
                status = .failed
                failure = Self.timeoutFailure(state.recorder.job.summary.timeoutMilliseconds)
            case (.cancelled?, _):
                status = .cancelled
            case (.serverStopped?, _):
                status = .failed
                failure = JobFailure(
                    serverStoppedWhile: state.startedInstant == nil ? .pending : .running)
            case (nil, .success(.completed)?):
                status = .completed
            case (nil, .success(.failed(let reason))?), (nil, .failure(let reason)?):
                status = .failed
                failure = reason
            case (nil, nil):
                status = .failed
                failure = JobFailure(.serverError)
            }
            return state.recorder.end(
                status, outcome: try? outcome?.get(), failure: failure, at: time, duration: duration)
        }
    }

    /// The job as it ended, from when that is settled until everybody is told.
    var ended: Job? { state.withLock { $0.recorder.ended } }

    /// Tells everybody who waits; the end is in the store, or could not be written.
    func complete(saved: Bool) {
        let time = now()
        let continuations = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.recorder.done(at: time)
            let job = state.recorder.job
            state.ending = saved ? .success(job) : .failure(JobEndUnsaved(job: job))
            state.task = nil
            return state.waiters.takeAll() + state.watchers.takeAll()
        }
        for continuation in continuations { continuation.resume() }
    }

    /// The output, if it has changed since this was last asked.
    func outputToSave() -> JobOutput? {
        state.withLock { state in
            guard !state.endClaimed, state.startedInstant != nil,
                state.recorder.outputVersion != state.savedVersion
            else { return nil }
            state.savedVersion = state.recorder.outputVersion
            return state.recorder.job.output
        }
    }

    /// The output that was last asked for did not get into the store: it is to be saved again, changed or not.
    func outputWasNotSaved() { state.withLock { $0.savedVersion = -1 } }

    private static func timeoutFailure(_ milliseconds: Int) -> JobFailure {
        let seconds =
            milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
        return JobFailure(
            .timeout, message: "Execution timed out after \(seconds) seconds")
    }
}

extension Double {
    /// To the nearest whole number; written out because `rounded()` would need libm, which Core does not link.
    fileprivate var roundedHalfUp: Int { self >= 0 && self < 1e15 ? Int(self + 0.5) : 0 }
}
