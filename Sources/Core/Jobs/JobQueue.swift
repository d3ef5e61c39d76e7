import Synchronization

/// Accepts jobs of any handler, runs them in turn, watches their time, and writes their records.
///
/// Bounded (``JobLimits/maximumWaiting`` a lane), fair (clients take turns, see ``JobScheduler``), N at once a
/// lane, cancellable. A job is in the store before it starts, and its end before anybody who waits is told
/// (contract §10). One instance serves a whole server; handlers see it as ``HandlerJobs``.
public final class JobQueue: Sendable {
    private struct State {
        var scheduler: JobScheduler
        var live: [JobID: LiveJob] = [:]
        var work: [JobID: JobWork] = [:]
        var running: [JobID: LiveJob] = [:]
        var isStopping = false
        var alarm: ContinuousClock.Instant?
        var saverRuns = false
        var averageSeconds = 0.1
        var placesForOthers = 0
        var idleWaiters = WaiterList()
        var webhookBell: (@Sendable () -> Void)?

        /// Takes a job out of the living.
        ///
        /// - Returns: Those to resume who wait until none is left.
        mutating func forget(_ id: JobID) -> [CheckedContinuation<Void, Never>] {
            live[id] = nil
            running[id] = nil
            return live.isEmpty ? idleWaiters.takeAll() : []
        }
    }

    /// How long a stopped job has before it is given up; a Python job is killed well before.
    private static let stopGrace = Duration.seconds(2)
    /// How often the output of running jobs is saved; the contract asks for once a second.
    private static let saveInterval = Duration.milliseconds(500)

    private let store: any JobStore
    let limits: JobLimits
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    /// The lanes' names, each once.
    let laneNames: [String]
    let tally = JobTally()
    private let executors: [String: any TaskExecutor]
    private let state: Mutex<State>

    /// A queue for these lanes.
    ///
    /// - Parameters:
    ///   - store: Where records go.
    ///   - lanes: Every lane a job may name; of two with one name the wider counts.
    ///   - limits: How many jobs may wait, and how much of each is kept.
    ///   - logger: Gets what goes wrong outside any job.
    ///   - now: The wall clock, for the records.
    public init(
        store: any JobStore, lanes: [JobLane], limits: JobLimits = JobLimits(), logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.limits = limits
        self.logger = logger
        self.now = now
        laneNames = Set(lanes.map(\.name)).sorted()
        executors = Dictionary(
            lanes.compactMap { lane in lane.executor.map { (lane.name, $0) } }, uniquingKeysWith: { $1 })
        state = Mutex(State(scheduler: JobScheduler(lanes)))
    }

    /// How many jobs of a lane wait, and how many run. Answers at once.
    public func counts(lane: String) -> (waiting: Int, running: Int) {
        state.withLock { $0.scheduler.counts(lane) }
    }

    /// How long the job of a lane waits that has waited longest, in milliseconds; nil when none waits. Answers at once.
    public func oldestWaitMilliseconds(lane: String) -> Int? {
        let oldest = state.withLock { state in
            state.scheduler.heads(lane).compactMap { state.live[$0]?.createdAt.milliseconds }.min()
        }
        guard let oldest else { return nil }
        let (wait, overflow) = now().milliseconds.subtractingReportingOverflow(oldest)
        return overflow ? 0 : Int(max(0, wait))
    }

    /// Keeps so many of the places in the queue for clients that have no job waiting, so that one who sends without a
    /// pause does not take them all. None unless said otherwise.
    public func keepPlacesForOthers(_ count: Int) {
        state.withLock { $0.placesForOthers = min(max(0, count), limits.maximumWaiting) }
    }

    // MARK: Submitting

    enum Acceptance {
        case new(JobHandle)
        /// The job that has the idempotency key already.
        case known(JobID)
    }

    /// What both ways of submitting do.
    func accept(
        _ request: JobRequest, once key: IdempotencyKey?, handler: String, lane: String,
        work: @escaping JobWork
    ) async throws(APIFailure) -> Acceptance {
        let createdAt = now()
        let summary = JobSummary(
            id: request.id ?? JobID.generate(at: createdAt), handler: handler, lane: lane,
            createdAt: createdAt, timeoutMilliseconds: request.timeoutMilliseconds, session: request.session,
            client: request.client)
        let webhook = request.webhook.map { JobWebhook(url: $0.url, receiver: $0.receiver, note: $0.note) }
        let job = Job(summary: summary, input: request.input, webhook: webhook)
        let live = LiveJob(
            job: job, webhook: request.webhook, limits: limits, store: store, now: now
        ) { [weak self] in
            self?.watch($0)
        }

        let mayBegin = request.startsItself && request.isWrittenByWork && key == nil
        if try reserve(live, orBegin: mayBegin ? work : nil) == .begun {
            startNext(lane: lane)
            do { try await live.hasRow() } catch {
                if case .duplicate(let id) = error { throw Self.conflict(id) }
                throw storeFailure(error, job: job.id)
            }
            tally.accepted(handler: handler)
            return .new(JobHandle(id: job.id, live: live))
        }
        do { try await live.insert(once: key) } catch {
            withdraw(live)
            if case .keyInUse(let id, let isSame) = error {
                if isSame { return .known(id) }
                throw APIFailure(
                    .invalidParameter, status: .unprocessableContent,
                    message: "This Idempotency-Key was sent before with another request",
                    details: ["parameter": "Idempotency-Key"])
            }
            if case .duplicate(let id) = error { throw Self.conflict(id) }
            throw storeFailure(error, job: job.id)
        }
        tally.accepted(handler: handler)

        await enqueue(live, startsItself: request.startsItself, work)
        return .new(JobHandle(id: job.id, live: live))
    }

    /// Puts a job that has its row and its place in its lane.
    private func enqueue(_ live: LiveJob, startsItself: Bool, _ work: @escaping JobWork) async {
        let isStopped = state.withLock { state in
            guard !state.isStopping, live.stopReason == nil else {
                state.scheduler.unreserve(lane: live.lane)
                return true
            }
            state.work[live.id] = { context in
                if !startsItself { try await context.start() }
                return try await work(context)
            }
            state.scheduler.enqueue(
                live.id, lane: live.lane, client: live.client ?? "", session: live.session)
            return false
        }
        if isStopped {
            // The server began to stop, or the job was cancelled, while its row was written: it is accepted, and
            // ends as all that waits does.
            _ = live.stop(.serverStopped)
            await end(live, nil)
        } else {
            startNext(lane: live.lane)
        }
    }

    /// Takes back a job that an earlier process accepted and never started: its row says `pending`.
    ///
    /// - Parameters:
    ///   - job: From the store, with everything it was submitted with.
    ///   - webhook: Its webhook, when it has one.
    ///   - work: Makes its work, once the job can be found here; nil ends it with `SERVER_STOPPED`.
    /// - Returns: False when it was ended.
    func takeBack(_ job: Job, webhook: WebhookRequest?, work: () -> ResumedWork?) async -> Bool {
        let live = LiveJob(
            job: job, webhook: webhook, hasRow: true, limits: limits, store: store, now: now
        ) { [weak self] in
            self?.watch($0)
        }
        let hasPlace = state.withLock { state in
            state.live[live.id] = live
            return state.scheduler.reserveAgain(lane: live.lane)
        }
        if hasPlace, let resumed = work() {
            live.markResumed()
            await enqueue(live, startsItself: resumed.startsItself, resumed.work)
            return true
        }
        if hasPlace { state.withLock { $0.scheduler.unreserve(lane: live.lane) } }
        _ = live.stop(.serverStopped)
        await end(live, nil)
        return false
    }

    private enum Place { case reserved, begun }

    /// Holds a place in the queue; of a job with `work` whose turn is at once, that is its turn.
    private func reserve(_ live: LiveJob, orBegin work: JobWork?) throws(APIFailure) -> Place {
        let place = state.withLock { state -> Result<Place, APIFailure> in
            if state.isStopping { return .failure(APIFailure(.serverStopped)) }
            if state.live[live.id] != nil { return .failure(Self.conflict(live.id)) }
            let isFree = state.scheduler.isFree(live.lane, session: live.session)
            let isAccepted = state.scheduler.reserve(
                lane: live.lane, client: live.client ?? "", maximumWaiting: limits.maximumWaiting,
                forOthers: state.placesForOthers)
            guard isAccepted else { return .failure(queueFull(state, lane: live.lane)) }
            state.live[live.id] = live
            guard isFree, let work else { return .success(.reserved) }
            state.work[live.id] = work
            state.scheduler.enqueue(
                live.id, lane: live.lane, client: live.client ?? "", session: live.session)
            return .success(.begun)
        }
        return try place.get()
    }

    /// Takes back a job whose row could not be written; whoever found it by its id meanwhile is told.
    private func withdraw(_ live: LiveJob) {
        let idle = state.withLock { state in
            state.scheduler.unreserve(lane: live.lane)
            return state.forget(live.id)
        }
        _ = live.claimEnd(nil)
        live.complete(saved: false)
        for continuation in idle { continuation.resume() }
    }

    static func conflict(_ id: JobID) -> APIFailure {
        APIError.jobConflict("A job with ID '\(id)' already exists")
    }

    private func queueFull(_ state: State, lane: String) -> APIFailure {
        let waiting = state.scheduler.counts(lane).waiting
        let seconds = Double(waiting + 1) * state.averageSeconds / Double(max(1, state.scheduler.width(lane)))
        return APIError.queueFull(
            "\(limits.maximumWaiting) jobs are waiting, which is as many as may; try again later",
            details: ["limit": "queue", "maximum": .int(limits.maximumWaiting)]
        ).with(field: "Retry-After", "\(Int(min(max(1, seconds + 0.999), 300)))")
    }

    // MARK: Running

    private func startNext(lane: String) {
        while true {
            let started = state.withLock { state -> [(LiveJob, JobWork)] in
                state.scheduler.next(lane: lane).compactMap { id in
                    guard let live = state.live[id], let work = state.work.removeValue(forKey: id) else {
                        return nil
                    }
                    return (live, work)
                }
            }
            guard !started.isEmpty else { return }
            for (live, work) in started {
                live.attach(Task(executorPreference: executors[lane]) { await self.run(live, work) })
            }
        }
    }

    private func run(_ live: LiveJob, _ work: JobWork) async {
        let outcome: Result<JobOutcome, JobFailure>
        do {
            outcome = .success(try await work(JobContext(live: live)))
        } catch let failure as JobFailure {
            outcome = .failure(failure)
        } catch let failure as APIFailure {
            outcome = .failure(
                JobFailure(
                    code: failure.code, status: failure.status, message: failure.message,
                    details: failure.details))
        } catch {
            // A job that the store refused is no job; whoever submits it is told why.
            if live.stopReason == nil, !live.wasRefused { log("job work failed", live.id, error) }
            outcome = .failure(JobFailure(.serverError))
        }
        let end = live.claimEnd(outcome)
        // The next one need not wait until the end of this one is written.
        state.withLock { $0.scheduler.finished(lane: live.lane, session: live.session) }
        startNext(lane: live.lane)
        if let end { await write(end, of: live) }
    }

    /// Settles and writes the end; nothing happens when that has been done.
    private func end(_ live: LiveJob, _ outcome: Result<JobOutcome, JobFailure>?) async {
        if let end = live.claimEnd(outcome) { await write(end, of: live) }
    }

    private func write(_ end: JobEnd, of live: LiveJob) async {
        var end = end
        if let webhook = live.webhook, let job = live.ended {
            end.webhookBody = await webhook.bodies.webhookBody(of: job, note: webhook.note)
        }
        if !live.wasRefused { tally.ended(handler: live.handler, end, ran: live.deadline != nil) }
        var saved = true
        // The task may be cancelled; the write must not be.
        do {
            // One that was stopped before it began may have no row yet.
            try await live.insert()
            if try await store.finish(live.id, end) == false {
                logger.error("job had already ended in the store", ["job_id": live.id.json])
            }
        } catch {
            saved = false
            if !live.wasRefused { log("the end of a job could not be written yet", live.id, error) }
        }
        // Out of the living before anybody is told, so that whoever hears of the end can remove the job at once.
        let idle = state.withLock { state in
            if end.durationMilliseconds > 0 {
                state.averageSeconds = state.averageSeconds * 0.9 + Double(end.durationMilliseconds) / 10_000
            }
            return state.forget(live.id)
        }
        live.complete(saved: saved)
        for continuation in idle { continuation.resume() }
        if end.webhookBody != nil { ringForWebhooks() }
    }

    private func log(_ message: String, _ id: JobID, _ error: any Error) {
        logger.error(message, ["job_id": id.json, "cause": .string("\(error)")])
    }

    private func storeFailure(_ error: JobStoreError, job: JobID) -> APIFailure {
        log("the job store failed", job, error)
        return APIError.serverError(
            "The job history cannot be written or read at the moment; try again later")
    }

    // MARK: Time

    /// A started job: its time is watched and its output saved.
    private func watch(_ live: LiveJob) {
        let startsSaver = state.withLock { state in
            state.running[live.id] = live
            defer { state.saverRuns = true }
            return !state.saverRuns
        }
        if startsSaver { Task { await self.saveWhileRunning() } }
        arm()
    }

    /// Sets one alarm for the earliest deadline. Only a deadline earlier than the alarm that is set needs a new one,
    /// so that jobs with equal time-outs cost no timer each.
    private func arm() {
        let alarm = state.withLock { state -> ContinuousClock.Instant? in
            let earliest = state.running.values.compactMap { $0.stopReason == nil ? $0.deadline : nil }.min()
            guard let earliest, state.alarm.map({ earliest < $0 }) ?? true else { return nil }
            state.alarm = earliest
            return earliest
        }
        guard let alarm else { return }
        Task {
            try? await Task.sleep(until: alarm, clock: .continuous)
            self.ring(alarm)
        }
    }

    private func ring(_ alarm: ContinuousClock.Instant) {
        let time = ContinuousClock.now
        let late = state.withLock { state in
            if state.alarm == alarm { state.alarm = nil }
            return state.running.values.filter {
                $0.stopReason == nil && ($0.deadline.map { $0 <= time } ?? false)
            }
        }
        for live in late { stop(live, .timeout) }
        arm()
    }

    /// Stops a job: one that waits ends at once, one that runs is given up if it does not end within the grace.
    private func stop(_ live: LiveJob, _ reason: JobStopReason) {
        guard live.stop(reason) != nil else { return }
        // After its reason is set, so that a job that comes to wait meanwhile finds it; see submit.
        let isWaiting = state.withLock { state in
            guard state.scheduler.remove(live.id, lane: live.lane, session: live.session) else {
                return false
            }
            state.work[live.id] = nil
            return true
        }
        Task {
            if !isWaiting {
                try? await Task.sleep(for: Self.stopGrace)
                guard !live.isEnding else { return }
                self.logger.error("job work did not stop and was given up", ["job_id": live.id.json])
            }
            await self.end(live, nil)
        }
    }

    private func saveWhileRunning() async {
        while true {
            try? await Task.sleep(for: Self.saveInterval)
            let running = state.withLock { state -> [LiveJob] in
                if state.running.isEmpty { state.saverRuns = false }
                return Array(state.running.values)
            }
            guard !running.isEmpty else { return }
            // All at once, so that they share a commit.
            await withDiscardingTaskGroup { group in
                for live in running { group.addTask { await self.save(live) } }
            }
        }
    }

    private func save(_ live: LiveJob) async {
        guard let output = live.outputToSave() else { return }
        do { try await store.save(output, of: live.id) } catch {
            live.outputWasNotSaved()
            log("the output of a running job could not be saved", live.id, error)
        }
    }

    // MARK: Looking and stopping

    /// See ``HandlerJobs/job(_:)``.
    public func job(_ id: JobID) async throws(APIFailure) -> Job? {
        if let live = state.withLock({ $0.live[id] }) { return live.snapshot }
        do { return try await store.job(id) } catch { throw storeFailure(error, job: id) }
    }

    /// See ``HandlerJobs/handle(_:)``.
    public func handle(_ id: JobID) -> JobHandle? {
        state.withLock { $0.live[id] }.map { JobHandle(id: id, live: $0) }
    }

    /// See ``HandlerJobs/list(_:)``.
    public func list(_ query: JobQuery) async throws(APIFailure) -> JobPage {
        do { return try await store.list(query) } catch { throw unreadable(error) }
    }

    /// What is in the history, of all handlers, and what happened lately.
    ///
    /// - Throws: `SERVER_ERROR` (500) when the store cannot be read.
    public func statistics() async throws(APIFailure) -> JobStatistics {
        do { return try await store.statistics(now: now()) } catch { throw unreadable(error) }
    }

    private func unreadable(_ error: JobStoreError) -> APIFailure {
        logger.error("the job store failed", ["cause": .string("\(error)")])
        return APIError.serverError("The job history cannot be read at the moment; try again later")
    }

    /// See ``HandlerJobs/cancel(_:)``.
    public func cancel(_ id: JobID) async throws(APIFailure) -> JobCancellation? {
        guard let live = state.withLock({ $0.live[id] }) else {
            guard let job = try await job(id) else { return nil }
            return .alreadyFinished(job.status)
        }
        let previous = live.status
        stop(live, .cancelled)
        let job: Job
        do { job = try await live.finished() } catch {
            throw APIError.serverError("The job has ended, but its record cannot be written at the moment")
        }
        return job.status == .cancelled ? .cancelled(previous: previous) : .alreadyFinished(job.status)
    }

    /// See ``HandlerJobs/remove(_:)``.
    public func remove(_ id: JobID) async throws(APIFailure) -> JobStatus? {
        if state.withLock({ $0.live[id] }) != nil { return nil }
        do { return try await store.remove(id) } catch { throw storeFailure(error, job: id) }
    }

    // MARK: Webhooks

    /// Has somebody called whenever a webhook has become due; replaces whom it called before.
    public func onWebhookDue(_ bell: @escaping @Sendable () -> Void) {
        state.withLock { $0.webhookBell = bell }
    }

    private func ringForWebhooks() { state.withLock { $0.webhookBell }?() }

    /// See ``HandlerJobs/retryWebhook(_:)``.
    public func retryWebhook(_ id: JobID) async throws(APIFailure) -> Job? {
        guard let job = try await job(id) else { return nil }
        guard job.webhook != nil, let outbox = store as? any WebhookStore else {
            throw APIError.jobConflict("Job '\(id)' has no webhook")
        }
        guard state.withLock({ $0.live[id] == nil }) else {
            throw APIError.jobConflict("Job '\(id)' has not ended; its webhook is sent when it has")
        }
        let isDue: Bool
        do { isDue = try await outbox.retryWebhook(of: id, at: now()) } catch {
            throw storeFailure(error, job: id)
        }
        guard isDue else { throw APIError.jobConflict("The webhook of job '\(id)' is not ready to be sent") }
        ringForWebhooks()
        return try await self.job(id)
    }

    // MARK: Stopping the server

    /// Refuses new jobs from now on and ends all that wait as `SERVER_STOPPED`.
    public func beginDrain() async {
        let waiting = state.withLock { state -> [LiveJob] in
            state.isStopping = true
            state.work = [:]
            return state.scheduler.removeAll().compactMap { state.live[$0] }
        }
        // All at once, so that they share commits, and the patience when the store cannot be written.
        await withDiscardingTaskGroup { group in
            for live in waiting {
                _ = live.stop(.serverStopped)
                group.addTask { await self.end(live, nil) }
            }
        }
    }

    /// Lets running jobs go on for so long, then ends them as `SERVER_STOPPED`; returns when none is left.
    public func drain(for patience: Duration) async {
        await beginDrain()
        let deadline = Task {
            try? await Task.sleep(for: patience)
            for live in self.state.withLock({ Array($0.live.values) }) { self.stop(live, .serverStopped) }
        }
        await idle()
        deadline.cancel()
    }

    private func idle() async {
        while true {
            let ticket = state.withLock { $0.live.isEmpty ? nil : $0.idleWaiters.ticket() }
            guard let ticket else { return }
            await withCheckedContinuation { continuation in
                let refused = state.withLock { !$0.idleWaiters.add(continuation, ticket: ticket) }
                if refused { continuation.resume() }
            }
        }
    }
}
