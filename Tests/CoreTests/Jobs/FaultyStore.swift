import RoostCore

/// A store in memory that a test can hold up and make fail before an operation gets through.
struct FaultyStore: JobStore {
    typealias Fault = @Sendable (JobID) async throws(JobStoreError) -> Void

    let store = InMemoryJobStore()
    var beforeInsert: Fault = { _ in }
    var beforeSave: Fault = { _ in }
    var beforeFinish: Fault = { _ in }

    func insert(_ job: Job) async throws(JobStoreError) {
        try await beforeInsert(job.id)
        try await store.insert(job)
    }
    func insert(_ job: Job, once key: IdempotencyKey) async throws(JobStoreError) {
        try await beforeInsert(job.id)
        try await store.insert(job, once: key)
    }
    func start(_ id: JobID, at time: Timestamp) async throws(JobStoreError) -> Bool {
        try await store.start(id, at: time)
    }
    func save(_ output: JobOutput, of id: JobID) async throws(JobStoreError) {
        try await beforeSave(id)
        try await store.save(output, of: id)
    }
    func finish(_ id: JobID, _ end: JobEnd) async throws(JobStoreError) -> Bool {
        try await beforeFinish(id)
        return try await store.finish(id, end)
    }
    func job(_ id: JobID) async throws(JobStoreError) -> Job? { try await store.job(id) }
    func list(_ query: JobQuery) async throws(JobStoreError) -> JobPage { try await store.list(query) }
    func remove(_ id: JobID) async throws(JobStoreError) -> JobStatus? { try await store.remove(id) }
    func sweep(_ retention: JobRetention, now: Timestamp) async throws(JobStoreError) -> Int {
        try await store.sweep(retention, now: now)
    }
    func statistics(now: Timestamp) async throws(JobStoreError) -> JobStatistics {
        try await store.statistics(now: now)
    }
    func figures() async throws(JobStoreError) -> JobStoreFigures { try await store.figures() }
}
