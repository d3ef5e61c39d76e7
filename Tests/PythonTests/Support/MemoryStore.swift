import RoostCore

/// A job store in memory that can be told to fail.
actor MemoryStore: JobStore {
    private var jobs: [Job] = []
    private var finishesFail = false

    func failFinishes() { finishesFail = true }

    private func index(_ id: JobID) -> Int? { jobs.firstIndex { $0.id == id } }

    func insert(_ job: Job) throws(JobStoreError) {
        guard index(job.id) == nil else { throw .duplicate(job.id) }
        jobs.append(job)
    }

    /// Keys are for the tests of the other stores.
    func insert(_ job: Job, once key: IdempotencyKey) throws(JobStoreError) { try insert(job) }

    func start(_ id: JobID, at time: Timestamp) throws(JobStoreError) -> Bool {
        guard let index = index(id), jobs[index].status == .pending else { return false }
        jobs[index].summary.status = .running
        jobs[index].summary.startedAt = time
        return true
    }

    func save(_ output: JobOutput, of id: JobID) throws(JobStoreError) {
        if let index = index(id) { jobs[index].output = output }
    }

    func finish(_ id: JobID, _ end: JobEnd) throws(JobStoreError) -> Bool {
        if finishesFail { throw .unavailable("the test says so") }
        guard let index = index(id), !jobs[index].status.isFinished else { return false }
        jobs[index].summary.status = end.status
        jobs[index].summary.completedAt = end.completedAt
        jobs[index].summary.durationMilliseconds = end.durationMilliseconds
        jobs[index].output = end.output
        jobs[index].failure = end.failure
        jobs[index].progress = end.progress
        return true
    }

    func job(_ id: JobID) throws(JobStoreError) -> Job? { jobs.first { $0.id == id } }

    func list(_ query: JobQuery) throws(JobStoreError) -> JobPage {
        let all = jobs.enumerated().filter { _, job in
            query.matches(job.summary)
        }
        let ordered = query.order == .asc ? all : all.reversed()
        let rest = ordered.filter { index, _ in
            guard let cursor = query.cursor else { return true }
            return query.order == .asc ? index > Int(cursor.sequence) : index < Int(cursor.sequence)
        }.dropFirst(query.offset)
        let page = rest.prefix(query.limit)
        let next = rest.count > page.count ? page.last.map { JobCursor(sequence: Int64($0.offset)) } : nil
        return JobPage(jobs: page.map(\.element.summary), total: all.count, nextCursor: next)
    }

    func remove(_ id: JobID) throws(JobStoreError) -> JobStatus? {
        guard let index = index(id), jobs[index].status.isFinished else { return nil }
        return jobs.remove(at: index).status
    }

    func sweep(_ retention: JobRetention, now: Timestamp) throws(JobStoreError) -> Int { 0 }

    /// Statistics are for the tests of the other stores.
    func statistics(now: Timestamp) throws(JobStoreError) -> JobStatistics {
        throw .unavailable("this store keeps no statistics")
    }

    func figures() throws(JobStoreError) -> JobStoreFigures { JobStoreFigures() }
}
