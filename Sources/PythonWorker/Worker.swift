import CLinux
import CPython
import Glibc
import RoostPythonWire

/// The process: takes requests, forks children, reaps them, cleans up after them.
///
/// One thread and no Swift concurrency, so that a forked child is a whole process (DESIGN.md, "Python processes").
struct Worker: ~Copyable {
    private var control: ControlSocket
    /// The leaders that run, and the scratch folder of each.
    private var jobs: [pid_t: String] = [:]
    /// Children of the worker's own that remove a folder.
    private var cleaners: Set<pid_t> = []
    private var forks = 0
    private let pid = getpid()

    private let virtualEnvironment: String?

    init(control descriptor: Int32, virtualEnvironment: String?) {
        control = ControlSocket(descriptor: descriptor)
        self.virtualEnvironment = virtualEnvironment
    }

    /// Works until the server closes the control channel.
    ///
    /// - Returns: the exit status: 0 after the server's end, 1 if there was nothing to work with.
    mutating func run() -> Int32 {
        setCloseOnExec(control.descriptor)
        SignalSetup.resetInWorker()
        let null = openNull()
        let interpreter: Interpreter
        do throws(PythonFailure) {
            guard let configuration = try receiveConfiguration() else { return 0 }
            interpreter = try Interpreter(
                configuration: configuration, control: control.descriptor,
                virtualEnvironment: virtualEnvironment)
        } catch {
            control.send(.failed(reason: error.reason))
            return 1
        }
        let signals = SignalSetup.takeOver()
        guard null >= 0, signals >= 0, clinux_prctl(Int32(PR_SET_CHILD_SUBREAPER), 1) == 0 else {
            control.send(.failed(reason: "roost-python could not set itself up (errno \(errno))"))
            return 1
        }
        control.send(.ready(pythonVersion: Interpreter.version))
        while serve(interpreter, null: null, signals: signals) {}
        endAll()
        return 0
    }

    /// One round: waits, then takes what is there.
    ///
    /// - Returns: false when the server is gone.
    private mutating func serve(_ interpreter: borrowing Interpreter, null: Int32, signals: Int32) -> Bool {
        let events = Int16(POLLIN) | (control.hasWaiting ? Int16(POLLOUT) : 0)
        var waits = [
            pollfd(fd: control.descriptor, events: events, revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { return false }
        if waits[1].revents != 0 {
            SignalSetup.drain(signals)
            reap()
        }
        if waits[0].revents & Int16(POLLOUT) != 0 { control.flush() }
        if waits[0].revents & ~Int16(POLLOUT) != 0 {
            switch control.receive() {
            case .closed: return false
            case .nothing: break
            case .packet(let packet):
                // The server is the only peer: what it sends wrongly is its bug, and ends this worker.
                guard let request = try? WorkerRequest(packet: packet) else { return false }
                take(request, interpreter, null: null)
            }
        }
        return !control.isBroken
    }

    private mutating func take(_ request: WorkerRequest, _ interpreter: borrowing Interpreter, null: Int32) {
        switch request {
        case .configure:
            break
        case .fork(let token):
            fork(token: token, interpreter, null: null)
        case .signal(let pid, let signal):
            // To the main thread, which alone runs Python's handlers: with kill(2) the kernel may choose another one,
            // and a main thread that waits for a lock would not wake up.
            if jobs[pid] != nil { _ = clinux_tgkill(pid, pid, signal) }
        case .kill(let pid):
            if jobs[pid] != nil { killGroup(of: pid) }
        }
    }

    private mutating func fork(token: UInt64, _ interpreter: borrowing Interpreter, null: Int32) {
        guard let descriptors = JobDescriptors.make() else {
            control.send(.forkFailed(token: token, errno: errno))
            return
        }
        forks += 1
        PyOS_BeforeFork()
        let child = Glibc.fork()
        let reason = errno
        if child == 0 {
            ChildSetup.isolate(descriptors, null: null, worker: pid)
            let scratch = scratchPath(of: getpid(), interpreter)
            ChildSetup.enter(scratch: scratch)
            PyOS_AfterFork_Child()
            interpreter.runChild(socket: ChildSetup.socket, scratch: scratch)
            _exit(ChildSetup.cannotBegin)
        }
        PyOS_AfterFork_Parent()
        for descriptor in descriptors.child { close(descriptor) }
        guard child > 0 else {
            for descriptor in descriptors.server { close(descriptor) }
            control.send(.forkFailed(token: token, errno: reason))
            return
        }
        jobs[child] = scratchPath(of: child, interpreter)
        control.send(.forked(token: token, pid: child), descriptors: descriptors.server)
    }

    /// A name that comes once in the life of this worker, though pids come again.
    private func scratchPath(of child: pid_t, _ interpreter: borrowing Interpreter) -> String {
        "\(interpreter.scratchRoot)/job-\(pid)-\(forks)-\(child)"
    }

    /// Takes every child that ended. A job's end is reported when nothing of it is left.
    private mutating func reap() {
        var ended: [(leader: pid_t, status: Int32, scratch: String)] = []
        var leftovers = false
        while let child = endedChild() {
            let scratch = jobs.removeValue(forKey: child)
            // Not reaped yet, the leader still holds its pid: the group cannot be a stranger's.
            if scratch != nil { killGroup(of: child) }
            var status: Int32 = 0
            unsafe waitpid(child, &status, 0)
            if let scratch { ended.append((child, status, scratch)) }
            if cleaners.remove(child) == nil { leftovers = true }
        }
        if leftovers { endLeftovers() }
        for job in ended {
            clean(job.scratch)
            control.send(.exited(pid: job.leader, status: job.status))
        }
    }

    /// The pid of a child that ended, without reaping it.
    private func endedChild() -> pid_t? {
        var info = unsafe siginfo_t()
        guard unsafe waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return nil }
        let child = unsafe clinux_siginfo_pid(&info)
        return child > 0 ? child : nil
    }

    private func killGroup(of leader: pid_t) {
        Glibc.kill(-leader, SIGKILL)
        // Its group is there only once it has called setsid.
        Glibc.kill(leader, SIGKILL)
    }

    /// Ends what outlived its job and came to this process as the subreaper, generation after generation.
    ///
    /// A killed process is gone within a moment, so it is waited for; one that hangs in the kernel is not waited for
    /// longer than 100 ms, since other jobs wait meanwhile.
    private func endLeftovers() {
        for _ in 0..<50 {
            var isLeft = false
            for child in leftovers() {
                Glibc.kill(child, SIGKILL)
                var status: Int32 = 0
                if unsafe waitpid(child, &status, WNOHANG) == 0 { isLeft = true }
            }
            if !isLeft && leftovers().isEmpty { return }
            poll(nil, 0, 2)
        }
    }

    /// The children that are neither a job's leader nor a cleaner.
    private func leftovers() -> [pid_t] {
        ProcessChildren.all().filter { jobs[$0] == nil && !cleaners.contains($0) }
    }

    /// Removes a job's folder; what takes long is left to a child.
    private mutating func clean(_ scratch: String) {
        if unsafe rmdir(scratch) == 0 || errno == ENOENT { return }
        let child = Glibc.fork()
        if child == 0 {
            _ = clinux_close_range(3, UInt32.max)
            TreeRemoval.remove(scratch)
            _exit(0)
        }
        if child > 0 {
            cleaners.insert(child)
        } else {
            TreeRemoval.remove(scratch)
        }
    }

    /// The server is gone: nothing of the jobs may stay.
    private mutating func endAll() {
        for leader in jobs.keys { killGroup(of: leader) }
        var status: Int32 = 0
        while true {
            for child in leftovers() { Glibc.kill(child, SIGKILL) }
            let child = unsafe waitpid(-1, &status, 0)
            if child < 0 && errno != EINTR { break }
        }
        for scratch in jobs.values { TreeRemoval.remove(scratch) }
    }

    /// Waits for the first message; nil if the server ended before it.
    private func receiveConfiguration() throws(PythonFailure) -> [UInt8]? {
        while true {
            var wait = pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0)
            unsafe poll(&wait, 1, -1)
            switch control.receive() {
            case .nothing: continue
            case .closed: return nil
            case .packet(let packet):
                if case .configure(let json) = try? WorkerRequest(packet: packet) { return json }
                throw PythonFailure("the first message was not 'configure'")
            }
        }
    }

    private func setCloseOnExec(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Opens `/dev/null`, also as standard input; and as outputs that are closed, so that no descriptor below 3 is
    /// ever free for something else.
    private func openNull() -> Int32 {
        var null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        while null >= 0 && null <= STDERR_FILENO {
            null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        }
        dup2(null, STDIN_FILENO)
        return null
    }
}
