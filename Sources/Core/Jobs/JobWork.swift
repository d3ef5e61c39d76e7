/// The work of a job.
///
/// It runs in a task of its own, which is cancelled when the job is to stop (timeout, cancel, server stop;
/// ``JobContext/stopReason`` tells which): it then stops as soon as it can, after what cleaning up it needs, and
/// returns anything: the job's last state follows from the reason, not from the outcome. What it throws becomes
/// the job's failure: ``JobFailure`` as it is, anything else `SERVER_ERROR` with the cause in the log.
public typealias JobWork = @Sendable (JobContext) async throws -> JobOutcome
