internal import RoostCore

/// One job on its way through the engine; belongs to the engine's actor.
final class Execution {
    let ticket: WorkerSupervisor.Ticket
    let context: any ExecutionContext
    let session: WorkerSupervisor.Session?
    /// Waits for a process; nil means that there will be none.
    var assignment: CheckedContinuation<WorkerSupervisor.Token?, Never>?
    /// Waits for the end.
    private var completion: CheckedContinuation<JobOutcome, Never>?
    private(set) var outcome: JobOutcome?
    /// True once the job was told to stop.
    var isInterrupted = false

    init(
        ticket: WorkerSupervisor.Ticket, context: any ExecutionContext, session: WorkerSupervisor.Session?
    ) {
        self.ticket = ticket
        self.context = context
        self.session = session
    }

    /// The first end counts.
    func end(_ outcome: JobOutcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        completion?.resume(returning: outcome)
        completion = nil
    }

    func wait(_ continuation: CheckedContinuation<JobOutcome, Never>) {
        if let outcome {
            continuation.resume(returning: outcome)
        } else {
            completion = continuation
        }
    }
}
