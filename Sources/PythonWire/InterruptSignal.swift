/// The signals by which the server interrupts a job: `WorkerRequest.signal` with one of these numbers.
///
/// They are real-time signals of glibc (SIGRTMIN is 34 there), so that no program's own SIGTERM, SIGALRM or
/// SIGUSR1 handling is in the way. In the job they raise an exception in the main thread that `except Exception` does not catch.
public enum InterruptSignal: Int32, Sendable, CaseIterable {
    /// The time is over: SIGRTMIN+1, raises `JobTimeout`.
    case timeout = 35
    /// The job was cancelled: SIGRTMIN+2, raises `JobCancelled`.
    case cancel = 36
}
