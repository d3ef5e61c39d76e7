/// Accepts, orders, runs, watches and stops jobs.
public final class JobQueue: Sendable {
    public func submit(_ request: JobRequest, handler: String, lane: String, work: @escaping JobWork) async throws(APIFailure) -> JobHandle { fatalError() }
    public func job(_ id: JobID) async throws(APIFailure) -> Job? { fatalError() }
    public func handle(_ id: JobID) -> JobHandle? { fatalError() }
    public func list(_ query: JobQuery) async throws(APIFailure) -> JobPage { fatalError() }
    public func cancel(_ id: JobID) async throws(APIFailure) -> JobCancellation? { fatalError() }
    public func remove(_ id: JobID) async throws(APIFailure) -> JobStatus? { fatalError() }
}
