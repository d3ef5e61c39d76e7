internal import RoostPythonWire

extension WorkerSupervisor {
    /// What happened.
    enum Event: Sendable, Equatable {
        /// Begin: spawn the worker.
        case start
        /// The worker runs.
        case ready(version: String)
        /// The worker says why it cannot work.
        case failed(reason: String)
        /// The worker is gone, or could not be spawned.
        case workerGone(reason: String)
        /// A child is there.
        case forked(token: Token, pid: Int32)
        /// No child could be made.
        case forkFailed(token: Token, errno: Int32)
        /// A child ended; everything it had written was taken before this is said.
        case processExited(pid: Int32, cause: ExitCause)
        /// A child's job socket closed or broke the rules before it was done.
        case processLost(token: Token)
        /// A process that stays has cleaned up after its job.
        case processRested(token: Token)
        /// A job wants a process: that of its session, if it has one.
        case jobRequested(Ticket, session: Session? = nil)
        /// A job no longer wants its process, and has not begun.
        case jobWithdrawn(Ticket)
        /// The job was sent to its process.
        case jobBegan(Ticket)
        /// The job's process said that it is done.
        case jobDone(Ticket)
        /// The job has to stop.
        case interrupt(Ticket, InterruptSignal)
        /// A session is over; nobody will ask for it again.
        case sessionEnded(Session)
        /// Time has passed.
        case tick
        /// No new processes from here on.
        case stop
    }

    /// What is to be done about it.
    enum Action: Sendable, Equatable {
        /// Start a worker and configure it.
        case spawnWorker
        /// Kill the worker; ``Event/workerGone(reason:)`` follows.
        case killWorker
        /// The first worker is ready: jobs can come.
        case started(version: String)
        /// The first worker never became ready: refuse to start.
        case startFailed(reason: String)
        /// Ask the worker for a child.
        case fork(Token)
        /// This job has this process now.
        case assign(Ticket, Token)
        /// This job is over before it got a process: it was stopped.
        case abandon(Ticket)
        /// Send a signal to the leader.
        case signal(pid: Int32, InterruptSignal)
        /// Kill the whole group; the worker may be gone.
        case kill(pid: Int32)
        /// Close what the server holds of this process.
        case release(Token)
        /// The job's process ended before the job did.
        case end(Ticket, ExitCause)
        /// The job was stopped and nothing of it is left, though its process stays.
        case settle(Ticket)
        /// What jobs of this session left in their process is gone with it.
        case sessionLost(Session)
        /// Tell the operator.
        case note(Note)
    }

    /// A line for the log.
    struct Note: Sendable, Equatable {
        /// True for an error, false for a warning.
        var isError: Bool
        /// For people.
        var text: String
    }
}
