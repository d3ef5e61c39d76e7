import Synchronization

/// A job history that is gone with the process: for tests, and for embedding without a database.
///
/// Never fails as `unavailable`. A list looks at every job, so keep the history small with
/// ``sweep(_:now:)``: 10,000 jobs are comfortable.
public final class InMemoryJobStore: JobStore {
    private struct State {
        var jobs: [JobID: (sequence: Int64, job: Job)] = [:]
        /// Oldest first; sequence numbers are never used twice.
        var order: [(sequence: Int64, id: JobID)] = []
        var nextSequence: Int64 = 1
        /// By client and key.
        var keys: [[String]: (id: JobID, fingerprint: [UInt8], createdAt: Timestamp)] = [:]
        var rollup = JobRollup()

        mutating func change(_ id: JobID, from states: Set<JobStatus>, _ body: (inout Job) -> Void) -> Bool {
            guard let status = jobs[id]?.job.status, states.contains(status) else { return false }
            // Taken out while it changes, so that its output is changed in place and not copied.
            guard var entry = jobs.removeValue(forKey: id) else { return false }
            body(&entry.job)
            jobs[id] = entry
            return true
        }

        mutating func insert(_ job: Job) -> JobStoreError? {
            guard jobs[job.id] == nil else { return .duplicate(job.id) }
            var job = job
            job.progress = nil
            jobs[job.id] = (nextSequence, job)
            order.append((nextSequence, job.id))
            nextSequence += 1
            rollup.accepted(job.summary.handler, at: job.summary.createdAt)
            return nil
        }

        mutating func remove(_ ids: Set<JobID>) {
            for id in ids { jobs[id] = nil }
            keys = keys.filter { !ids.contains($0.value.id) }
            order.removeAll { ids.contains($0.id) }
        }
    }

    private let state = Mutex(State())

    /// An empty history.
    public init() {}

    /// Adds a job in state `pending` or `running`; see ``JobStore``.
    ///
    /// - Throws: `duplicate`.
    public func insert(_ job: Job) async throws(JobStoreError) {
        if let error = state.withLock({ $0.insert(job) }) { throw error }
    }

    /// Adds a job unless its key was used within 24 hours; see ``JobStore``.
    ///
    /// - Throws: `duplicate` or `keyInUse`.
    public func insert(_ job: Job, once key: IdempotencyKey) async throws(JobStoreError) {
        let error = state.withLock { state -> JobStoreError? in
            let name = [key.client, key.key]
            let now = job.summary.createdAt
            if let known = state.keys[name],
                now.milliseconds - known.createdAt.milliseconds <= IdempotencyKey.lifetimeMilliseconds
            {
                return .keyInUse(known.id, isSame: known.fingerprint == key.fingerprint)
            }
            if let error = state.insert(job) { return error }
            state.keys[name] = (job.id, key.fingerprint, now)
            return nil
        }
        if let error { throw error }
    }

    /// Moves a job from `pending` to `running`.
    ///
    /// - Returns: False when it was not `pending`.
    /// - Throws: Never.
    public func start(_ id: JobID, at time: Timestamp) async throws(JobStoreError) -> Bool {
        state.withLock { state in
            state.change(id, from: [.pending]) { job in
                job.summary.status = .running
                job.summary.startedAt = time
            }
        }
    }

    /// Keeps what a running job has written so far.
    ///
    /// - Throws: Never.
    public func save(_ output: JobOutput, of id: JobID) async throws(JobStoreError) {
        _ = state.withLock { state in state.change(id, from: [.running]) { $0.output = output } }
    }

    /// Moves a job from `pending` or `running` to its end.
    ///
    /// - Returns: False when it had already ended or is unknown.
    /// - Throws: Never.
    public func finish(_ id: JobID, _ end: JobEnd) async throws(JobStoreError) -> Bool {
        state.withLock { state in
            let summary = state.jobs[id]?.job.summary
            let isFirst = state.change(id, from: [.pending, .running]) { job in
                job.summary.status = end.status
                job.summary.completedAt = end.completedAt
                job.summary.durationMilliseconds = end.durationMilliseconds
                job.output = end.output
                job.failure = end.failure
                job.progress = end.progress
            }
            if isFirst, let summary {
                state.rollup.ended(summary.handler, end, hasRun: summary.startedAt != nil)
            }
            return isFirst
        }
    }

    /// One job with its output, or nil.
    ///
    /// - Throws: Never.
    public func job(_ id: JobID) async throws(JobStoreError) -> Job? {
        state.withLock { $0.jobs[id]?.job }
    }

    /// One page; its limit is held within 1 to 1000.
    ///
    /// - Throws: Never.
    public func list(_ query: JobQuery) async throws(JobStoreError) -> JobPage {
        let matching = state.withLock { state in
            state.order.compactMap { entry -> (sequence: Int64, summary: JobSummary)? in
                guard let job = state.jobs[entry.id]?.job, query.matches(job.summary) else { return nil }
                if let text = query.text, !text.matches(JobText.texts(of: job)) { return nil }
                return (entry.sequence, job.summary)
            }
        }
        let limit = min(max(1, query.limit), 1000)
        let ordered = query.order == .asc ? matching : matching.reversed()
        let after = ordered.drop { entry in
            guard let edge = query.cursor?.sequence else { return false }
            return query.order == .asc ? entry.sequence <= edge : entry.sequence >= edge
        }
        let rest = after.dropFirst(max(0, query.offset))
        let page = rest.prefix(limit)
        let last = rest.count > limit ? page.last?.sequence : nil
        let isCounted = !query.isCountedOneByOne || matching.count <= JobPage.countedMatches
        return JobPage(
            jobs: page.map(\.summary), total: isCounted ? matching.count : JobPage.countedMatches,
            totalIsMinimum: !isCounted, nextCursor: last.map(JobCursor.init(sequence:)),
            hint: JobPage.hint(for: query))
    }

    /// Removes a finished job.
    ///
    /// - Returns: The state it had, or nil when there is no such finished job.
    /// - Throws: Never.
    public func remove(_ id: JobID) async throws(JobStoreError) -> JobStatus? {
        state.withLock { state in
            guard let status = state.jobs[id]?.job.status, status.isFinished else { return nil }
            state.remove([id])
            return status
        }
    }

    /// Sweeps away finished jobs beyond the rule.
    ///
    /// - Returns: How many went.
    /// - Throws: Never.
    public func sweep(_ retention: JobRetention, now: Timestamp) async throws(JobStoreError) -> Int {
        state.withLock { state in
            let finished = state.jobs.values.filter { $0.job.status.isFinished }
                .map { (createdAt: $0.job.summary.createdAt, sequence: $0.sequence, id: $0.job.id) }
                .sorted { ($0.createdAt, $0.sequence) < ($1.createdAt, $1.sequence) }
            let excess = finished.count - max(0, retention.maximumCount)
            let doomed = finished.enumerated().filter { offset, job in
                let (age, overflow) = now.milliseconds.subtractingReportingOverflow(
                    job.createdAt.milliseconds)
                return offset < excess || (!overflow && age > retention.maximumAgeMilliseconds)
            }
            state.remove(Set(doomed.map(\.element.id)))
            state.rollup.prune(now: now)
            return doomed.count
        }
    }

    /// Counts by handler and state, and what happened in the last hour and day.
    ///
    /// - Throws: Never.
    public func statistics(now: Timestamp) async throws(JobStoreError) -> JobStatistics {
        state.withLock { state in
            var counts: [String: [JobStatus: Int]] = [:]
            for entry in state.jobs.values {
                counts[entry.job.summary.handler, default: [:]][entry.job.status, default: 0] += 1
            }
            let flat = counts.flatMap { handler, states in
                states.map { JobStatistics.Count(handler: handler, status: $0.key, count: $0.value) }
            }
            return JobStatistics(
                counts: JobStatistics.ordered(flat), lastHour: state.rollup.window(minutes: 60, now: now),
                lastDay: state.rollup.window(minutes: 1440, now: now))
        }
    }

    /// All 0: there is no file and no transaction.
    ///
    /// - Throws: Never.
    public func figures() async throws(JobStoreError) -> JobStoreFigures { JobStoreFigures() }
}
