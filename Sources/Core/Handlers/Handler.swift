/// A plugin: a name, endpoints, and what happens at start and stop.
///
/// Everything else comes from the declaration: routing, validation, typed access to parameters, the entry in
/// `/handlers`, errors in one envelope. See `Documentation/WritingAHandler.md`.
public protocol Handler: Sendable {
    /// Unique in a server: 1 to 64 of `a-z`, `0-9`, `-`, `_`, beginning with a letter.
    var name: String { get }
    /// For people; shown in `/handlers`.
    var description: String { get }
    /// What its base path stands below unless the server says otherwise; `/api/v1` by default.
    var mount: String { get }
    /// Prefix of its endpoints' paths below the mount; `/` and its name unless said otherwise.
    var basePath: String { get }
    /// What it answers to.
    @EndpointBuilder var endpoints: [Endpoint] { get }
    /// Which jobs it may run, and how many at once; see ``JobLane``.
    var jobLane: JobLane { get }

    /// Called once before the server listens.
    ///
    /// - Throws: Anything; the server then refuses to start and prints the error's description.
    func start(_ context: HandlerContext) async throws
    /// Makes the work of a job that an earlier process of the server accepted and never started, from its record
    /// (`--resume requeue`). Called after ``start(_:)`` and before the server listens, oldest job first.
    ///
    /// The job keeps its id, time-out, session, client and webhook, and is in the queue already:
    /// `context.jobs.handle(job.id)` follows it. One that was running when the server died is never asked about.
    ///
    /// - Parameters:
    ///   - job: With the input that the handler gave to ``JobRequest``.
    ///   - context: In the name of the job's client.
    /// - Returns: Its work; nil, as always unless said otherwise, ends it with `SERVER_STOPPED`.
    /// - Throws: Anything, which is logged and taken for nil.
    func resume(_ job: Job, _ context: HandlerContext) throws -> ResumedWork?
    /// Called once after the last request and job have ended.
    func shutdown() async
    /// What `/health` says under the handler's name, or nil for nothing. Must answer at once from memory.
    func health() -> JSON?
    /// How an error of this handler's endpoints looks on the wire; the standard envelope unless said otherwise.
    ///
    /// - Parameters:
    ///   - failure: What went wrong.
    ///   - head: The request's line and fields.
    ///   - body: The body as sent; empty when the request was refused before it was read.
    /// - Returns: The answer.
    func response(to failure: APIFailure, head: RequestHead, body: [UInt8]) -> Response
}

extension Handler {
    /// ``HandlerRegistry/defaultMount``.
    public var mount: String { HandlerRegistry.defaultMount }
    /// `/` and the name.
    public var basePath: String { "/" + name }
    /// A lane of the handler's own name, four jobs wide.
    public var jobLane: JobLane { JobLane(name: name, width: 4) }
    /// Does nothing.
    public func start(_ context: HandlerContext) async throws {}
    /// Nil.
    public func resume(_ job: Job, _ context: HandlerContext) throws -> ResumedWork? { nil }
    /// Does nothing.
    public func shutdown() async {}
    /// Nothing.
    public func health() -> JSON? { nil }
    /// The standard envelope.
    public func response(to failure: APIFailure, head: RequestHead, body: [UInt8]) -> Response {
        failure.response
    }
}
