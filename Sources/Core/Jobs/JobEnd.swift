/// The last state of a job and what it left: written once.
public struct JobEnd: Sendable, Equatable {
    /// `completed`, `failed` or `cancelled`.
    public var status: JobStatus
    /// When it ended.
    public var completedAt: Timestamp
    /// How long it ran; 0 when it never did.
    public var durationMilliseconds: Int
    /// Everything it wrote.
    public var output: JobOutput
    /// Why it failed, when it did.
    public var failure: JobFailure?
    /// How far it said it was.
    public var progress: JobProgress?
    /// What is posted to its webhook; nil when it has none.
    public var webhookBody: [UInt8]?

    /// Puts an end together.
    public init(
        status: JobStatus, completedAt: Timestamp, durationMilliseconds: Int, output: JobOutput,
        failure: JobFailure?, progress: JobProgress? = nil, webhookBody: [UInt8]? = nil
    ) {
        self.status = status
        self.completedAt = completedAt
        self.durationMilliseconds = durationMilliseconds
        self.output = output
        self.failure = failure
        self.progress = progress
        self.webhookBody = webhookBody
    }
}
