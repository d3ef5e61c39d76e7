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
    static func isolate(_ descriptors: JobDescriptors, null: Int32, worker: pid_t) {
        _ = clinux_prctl(Int32(PR_SET_PDEATHSIG), UInt(SIGKILL))
        // The worker may have ended before the line above.
        guard getppid() == worker else { _exit(0) }
        setsid()
        // What a job's processes orphan comes to the job's leader, and after its end to the worker. So an unknown
        // child of the worker is always the remains of a job that ended.
        _ = clinux_prctl(Int32(PR_SET_CHILD_SUBREAPER), 1)
        dup2(null, STDIN_FILENO)
        dup2(descriptors.childOutput, STDOUT_FILENO)
        dup2(descriptors.childError, STDERR_FILENO)
        if descriptors.childSocket != socket {
            clinux_dup3(descriptors.childSocket, socket, O_CLOEXEC)
        }
        _ = clinux_close_range(UInt32(socket) + 1, UInt32.max)
        SignalSetup.resetInChild()
    }

    /// Makes the job's own folder and goes there. Ends the process, with a line on its standard error, if it cannot.
    ///
    /// - Parameter scratch: the folder, which is not there yet.
    static func enter(scratch: String) {
        let mode: mode_t = 0o700
        guard unsafe mkdir(scratch, mode) == 0, unsafe chmod(scratch, mode) == 0, unsafe chdir(scratch) == 0
        else {
            let reason = "roost-python: the scratch folder cannot be made (errno \(errno))\n"
            _ = unsafe write(STDERR_FILENO, reason, reason.utf8.count)
            _exit(cannotBegin)
        }
    }
}
