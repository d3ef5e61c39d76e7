internal import RoostCore

/// One job on its way through the engine; belongs to the engine's actor.
final class Execution {
    let ticket: WorkerSupervisor.Ticket
    let context: any ExecutionContext
    let session: WorkerSupervisor.Session?
    /// The process that it was given and has not taken; nil inside means that there will be none.
    private var given: WorkerSupervisor.Token??
    /// Waits for a process.
    private var assignment: CheckedContinuation<WorkerSupervisor.Token?, Never>?
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

    /// True while neither a process nor the word that there will be none has come.
    var isWaiting: Bool { given == nil }

    /// Gives it a process, or nil when there will be none.
    func give(_ token: WorkerSupervisor.Token?) {
        if let assignment {
            self.assignment = nil
            assignment.resume(returning: token)
        } else {
            given = .some(token)
        }
    }

    /// Takes what was given, or leaves word where to give it.
    func take(_ continuation: CheckedContinuation<WorkerSupervisor.Token?, Never>) {
        if let given {
            self.given = nil
            continuation.resume(returning: given)
        } else {
            assignment = continuation
        }
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
