import CLinux
import Glibc

/// What a forked child does before Python runs in it.
enum ChildSetup {
    /// Where the job's socket is in every child.
    static let socket: Int32 = 3
    /// An exit status of our own for a child that could not even begin (EX_SOFTWARE of sysexits.h).
    static let cannotBegin: Int32 = 70

    /// Makes the process a job's own: it dies with the worker, leads a session, and holds nothing of the worker's.
    ///
    /// - Parameters:
    ///   - descriptors: the job's; the server's halves are closed here.
    ///   - null: `/dev/null`, open for reading.
    ///   - worker: the pid of the worker.
    ///   - user: whom the job runs as; nil for the worker's own user.
    static func isolate(_ descriptors: JobDescriptors, null: Int32, worker: pid_t, user: uid_t?) {
        _ = clinux_prctl(Int32(PR_SET_PDEATHSIG), UInt(SIGKILL))
        // The worker may have ended before the line above.
        guard hasParent(worker) else { _exit(0) }
        setsid()
        // What a job's processes orphan comes to the job's leader, and after its end to the worker. So an unknown
        // child of the worker is always the remains of a job that ended. In a process table of its own it comes to
        // process 1 of that, which reaps it.
        if getppid() != 0 { _ = clinux_prctl(Int32(PR_SET_CHILD_SUBREAPER), 1) }
        dup2(null, STDIN_FILENO)
        dup2(descriptors.childOutput, STDOUT_FILENO)
        dup2(descriptors.childError, STDERR_FILENO)
        // So that `/dev/stdout` can be opened by name. These are pipes of the job's own; what the worker has there may
        // be the server's log or a terminal, and stays whose it is.
        if let user {
            for descriptor in [STDOUT_FILENO, STDERR_FILENO] { _ = fchown(descriptor, user, user) }
        }
        if descriptors.childSocket != socket {
            clinux_dup3(descriptors.childSocket, socket, O_CLOEXEC)
        }
        _ = clinux_close_range(UInt32(socket) + 1, UInt32.max)
        SignalSetup.resetInChild()
    }

    /// Whether the worker still lives; from inside a process table of its own a job sees it as 0.
    static func hasParent(_ worker: pid_t) -> Bool { getppid() == worker || getppid() == 0 }

    /// Ends the process with a line on its standard error, when it cannot be what it should.
    static func fail(_ problem: String) -> Never {
        let line = "roost-python: \(problem) (errno \(errno))\n"
        _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
        _exit(cannotBegin)
    }
}
