import CLinux
import CPython
import Glibc
import RoostPythonWire

/// The process: takes requests, forks children, reaps them, cleans up after them.
///
/// One thread and no Swift concurrency, so that a forked child is a whole process (DESIGN.md, "Python processes").
struct Worker: ~Copyable {
    private var control: ControlSocket
    /// The leaders that run, and the place of each.
    private var jobs: [pid_t: JobPlace] = [:]
    /// Leaders that ended while something may be left in their process tables, by the first process of these.
    private var emptying: [pid_t: Ending] = [:]
    /// Children of the worker's own that remove a folder.
    private var cleaners: Set<pid_t> = []
    private let pid = getpid()
    private var settings: SandboxSettings?
    private let ownMemory = MemoryGroup.own()
    private var ownMemoryKills = 0
    /// Leaders that the server asked us to kill.
    private var condemned: Set<pid_t> = []

    private struct Ending {
        let leader: pid_t
        let status: Int32
        let place: JobPlace
    }

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
        // The server's word to the dynamic linker, which has been heeded.
        unsafe unsetenv("LD_BIND_NOW")
        let null = openNull()
        do throws(PythonFailure) {
            guard let configuration = try receiveConfiguration() else { return 0 }
            let interpreter = try Interpreter(
                configuration: configuration, control: control.descriptor,
                virtualEnvironment: virtualEnvironment)
            let settings = settings ?? SandboxSettings(mode: .off)
            var sandbox = try Sandbox(
                settings, scratchRoot: interpreter.scratchRoot, control: control.descriptor)
            return try work(interpreter, &sandbox, null: null)
        } catch {
            control.send(.failed(reason: error.reason))
            return 1
        }
    }

    private mutating func work(
        _ interpreter: borrowing Interpreter, _ sandbox: inout Sandbox, null: Int32
    ) throws(PythonFailure) -> Int32 {
        let signals = SignalSetup.takeOver()
        guard null >= 0, signals >= 0, clinux_prctl(Int32(PR_SET_CHILD_SUBREAPER), 1) == 0 else {
            throw PythonFailure("roost-python could not set itself up (errno \(errno))")
        }
        ownMemoryKills = ownMemory?.kills ?? 0
        if settings != nil { control.send(.sandbox(sandbox.report)) }
        control.send(.ready(pythonVersion: Interpreter.version))
        while serve(interpreter, &sandbox, null: null, signals: signals) {}
        endAll(&sandbox)
        return 0
    }

    /// One round: waits, then takes what is there.
    ///
    /// - Returns: false when the server is gone.
    private mutating func serve(
        _ interpreter: borrowing Interpreter, _ sandbox: inout Sandbox, null: Int32, signals: Int32
    ) -> Bool {
        let events = Int16(POLLIN) | (control.hasWaiting ? Int16(POLLOUT) : 0)
        var waits = [
            pollfd(fd: control.descriptor, events: events, revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { return false }
        if waits[1].revents != 0 {
            SignalSetup.drain(signals)
            reap(&sandbox)
        }
        if waits[0].revents & Int16(POLLOUT) != 0 { control.flush() }
        if waits[0].revents & ~Int16(POLLOUT) != 0 {
            switch control.receive() {
            case .closed: return false
            case .nothing: break
            case .packet(let packet):
                // The server is the only peer: what it sends wrongly is its bug, and ends this worker.
                guard let request = try? WorkerRequest(packet: packet) else { return false }
                take(request, interpreter, &sandbox, null: null)
            }
        }
        return !control.isBroken
    }

    private mutating func take(
        _ request: WorkerRequest, _ interpreter: borrowing Interpreter, _ sandbox: inout Sandbox, null: Int32
    ) {
        switch request {
        case .configure, .confine:
            break
        case .fork(let token):
            fork(token: token, interpreter, &sandbox, null: null)
        case .signal(let pid, let signal):
            // To the main thread, which alone runs Python's handlers: with kill(2) the kernel may choose another one,
            // and a main thread that waits for a lock would not wake up.
            if jobs[pid] != nil { _ = clinux_tgkill(pid, pid, signal) }
        case .kill(let pid):
            guard let place = jobs[pid] else { return }
            condemned.insert(pid)
            killGroup(of: pid)
            // Whatever else it runs ends with the leader, which is gone in a moment; see `reap`.
            place.initProcess?.kill()
        }
    }

    private mutating func fork(
        token: UInt64, _ interpreter: borrowing Interpreter, _ sandbox: inout Sandbox, null: Int32
    ) {
        guard let descriptors = JobDescriptors.make() else {
            control.send(.forkFailed(token: token, errno: errno))
            return
        }
        guard var place = sandbox.take() else {
            let reason = errno
            for descriptor in descriptors.server + descriptors.child { close(descriptor) }
            control.send(.forkFailed(token: token, errno: reason))
            return
        }
        PyOS_BeforeFork()
        let child = sandbox.fork(into: &place)
        let reason = errno
        if child == 0 {
            if let problem = sandbox.join(place) { ChildSetup.fail(problem) }
            ChildSetup.isolate(descriptors, null: null, worker: pid, user: place.user)
            if let problem = sandbox.confine(to: place) { ChildSetup.fail(problem) }
            guard ChildSetup.hasParent(pid) else { _exit(0) }
            PyOS_AfterFork_Child()
            interpreter.runChild(socket: ChildSetup.socket, scratch: place.scratch)
            _exit(ChildSetup.cannotBegin)
        }
        PyOS_AfterFork_Parent()
        for descriptor in descriptors.child { close(descriptor) }
        guard child > 0 else {
            for descriptor in descriptors.server { close(descriptor) }
            control.send(.forkFailed(token: token, errno: reason))
            return
        }
        jobs[child] = place
        control.send(.forked(token: token, pid: child), descriptors: descriptors.server)
    }

    /// Takes every child that ended. A job's end is reported when nothing of it is left.
    private mutating func reap(_ sandbox: inout Sandbox) {
        var ended: [Ending] = []
        var leftovers = false
        while let child = endedChild() {
            let place = jobs.removeValue(forKey: child)
            // Not reaped yet, the leader still holds its pid: the group cannot be a stranger's.
            if place != nil { killGroup(of: child) }
            var status: Int32 = 0
            unsafe waitpid(child, &status, 0)
            if let place {
                let ending = Ending(leader: child, status: status, place: place)
                if let initProcess = place.initProcess {
                    initProcess.kill()
                    emptying[initProcess.pid] = ending
                } else {
                    ended.append(ending)
                }
            } else if let ending = emptying.removeValue(forKey: child) {
                ended.append(ending)
            } else if cleaners.remove(child) == nil {
                leftovers = true
            }
        }
        // Of most jobs nothing is left with their leader, and where users tell, that is known at once.
        let emptied = Set(ended.filter { sandbox.kill($0.place) }.map(\.leader))
        if leftovers || emptied.count < ended.count { endLeftovers() }
        for job in ended {
            if ranOutOfMemory(job, sandbox) { control.send(.outOfMemory(pid: job.leader)) }
            condemned.remove(job.leader)
            sandbox.giveBack(job.place, isEmpty: emptied.contains(job.leader))
            clean(job.place.scratch)
            control.send(.exited(pid: job.leader, status: job.status))
        }
    }

    /// Whether the kernel killed this job for want of memory: by the counter of its own control group or, where it has
    /// none, by that of the worker's when it was SIGKILL that ended it and not ours.
    private mutating func ranOutOfMemory(_ job: Ending, _ sandbox: borrowing Sandbox) -> Bool {
        if sandbox.ranOutOfMemory(job.place) { return true }
        guard job.status & 0x7F == SIGKILL, !condemned.contains(job.leader) else { return false }
        let kills = ownMemory?.kills ?? 0
        defer { ownMemoryKills = kills }
        return kills > ownMemoryKills
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

    /// The children that are neither a job's leader, nor process 1 of one's process table, nor a cleaner.
    private func leftovers() -> [pid_t] {
        ProcessChildren.all().filter { child in
            jobs[child] == nil && !cleaners.contains(child) && emptying[child] == nil
                && !jobs.values.contains { $0.initProcess?.pid == child }
        }
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
    private mutating func endAll(_ sandbox: inout Sandbox) {
        for (leader, place) in jobs {
            killGroup(of: leader)
            sandbox.kill(place)
        }
        var status: Int32 = 0
        while true {
            for child in leftovers() { Glibc.kill(child, SIGKILL) }
            let child = unsafe waitpid(-1, &status, 0)
            if child < 0 && errno != EINTR { break }
        }
        for place in Array(jobs.values) + emptying.values.map(\.place) {
            sandbox.giveBack(place)
            TreeRemoval.remove(place.scratch)
        }
        sandbox.removeMemoryGroups()
    }

    /// Waits for the first message; nil if the server ended before it.
    private mutating func receiveConfiguration() throws(PythonFailure) -> [UInt8]? {
        while true {
            var wait = pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0)
            unsafe poll(&wait, 1, -1)
            switch control.receive() {
            case .nothing: continue
            case .closed: return nil
            case .packet(let packet):
                switch try? WorkerRequest(packet: packet) {
                case .configure(let json): return json
                case .confine(let settings) where self.settings == nil:
                    self.settings = settings
                    continue
                default: break
                }
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
