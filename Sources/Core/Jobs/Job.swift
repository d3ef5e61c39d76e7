/// A job with everything that is known of it.
public struct Job: Sendable, Equatable {
    /// The small columns.
    public var summary: JobSummary
    /// What was submitted: source code, or whatever text tells a reader what was asked.
    public var input: String
    /// What it wrote.
    public var output: JobOutput
    /// Why it failed; nil unless its status is `failed`.
    public var failure: JobFailure?
    /// How far it is, when it says so; after its end, how far it came.
    public var progress: JobProgress?
    /// Where its end is posted to, and what came of that; nil when nobody asked.
    public var webhook: JobWebhook?

    /// Puts a job together.
    public init(
        summary: JobSummary, input: String, output: JobOutput = JobOutput(), failure: JobFailure? = nil,
        progress: JobProgress? = nil, webhook: JobWebhook? = nil
    ) {
        self.summary = summary
        self.input = input
        self.output = output
        self.failure = failure
        self.progress = progress
        self.webhook = webhook
    }

    /// Its id.
    public var id: JobID { summary.id }
    /// Its state.
    public var status: JobStatus { summary.status }
}
