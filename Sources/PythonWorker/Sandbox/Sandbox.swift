import CLinux
import Glibc
import RoostPythonWire

/// Confines the processes of jobs (contract §8); Documentation/Security.md says what each mode promises.
///
/// What holds is found out once, at the start, by a process that is confined and tries (`SandboxProbe`). What does not
/// hold is in the report, and is not attempted for jobs.
struct Sandbox: ~Copyable {
    let settings: SandboxSettings
    /// What holds, and what does not.
    private(set) var report = SandboxReport()
    private let scratchRoot: String
    private var users: JobUsers?
    private var landlock: Landlock?
    private var filter: SystemCallFilter?
    private var namespaces: Namespaces?
    private var memory: MemoryGroup?
    private var memoryGroups: [String: MemoryGroup] = [:]
    /// Whether each job has a user namespace, in which alone its processes are counted.
    private var ownUserNamespaces = false
    private var places: UInt64 = 0
    /// Whether a new folder has its mode at once, as it has but for an odd umask.
    private let keepsOwnerBits: Bool

    /// Gets ready to confine, and ends what killed workers with the same scratch root left.
    ///
    /// - Parameters:
    ///   - settings: what is asked for.
    ///   - scratchRoot: the folder of the scratch folders; there, and this user's.
    ///   - control: the channel to the server. Once that is dead there may be another one, with a worker and jobs of its
    ///     own in the same folder, which are not this worker's to end.
    /// - Throws: `PythonFailure` when the mode cannot be had, in words for the operator.
    init(_ settings: SandboxSettings, scratchRoot: String, control: Int32) throws(PythonFailure) {
        self.settings = settings
        self.scratchRoot = scratchRoot
        let mask = umask(0o077)
        umask(mask)
        keepsOwnerBits = mask & 0o700 == 0
        ProcessTable.sweep(scratchRoot: scratchRoot) { ControlSocket.hasServer(control) }
        guard settings.mode != .off else {
            sweepFolders(control)
            return
        }
        try checkMemory()
        let isRoot = geteuid() == 0
        if isRoot {
            users = try JobUsers(base: settings.userBase)
            users?.sweep()
            // To be passed through, not to be listed.
            _ = unsafe chmod(scratchRoot, 0o711)
        }
        sweepFolders(control)
        // While `/proc` can be written to.
        if !isRoot { ownUserNamespaces = Self.canCountProcesses() }
        if settings.mode == .strict {
            memory = MemoryGroup.own()
            namespaces = try Namespaces(scratchRoot: scratchRoot, hidden: settings.protectedPaths)
            filter = SystemCallFilter()
        }
        if !isRoot { landlock = Landlock(protected: settings.protectedPaths, scratchRoot: scratchRoot) }
        // Where jobs run as this user, none may look into this process.
        _ = clinux_prctl(Int32(PR_SET_DUMPABLE), 0)
        report = try SandboxProbe.run(&self)
    }

    // MARK: In the worker

    /// A place for one more process.
    ///
    /// - Returns: nil, with `errno` set, when there is none.
    mutating func take() -> JobPlace? {
        places += 1
        var place = JobPlace(scratch: "\(scratchRoot)/job-\(getpid())-\(places)")
        if users != nil {
            guard let user = users?.take() else {
                errno = EAGAIN
                return nil
            }
            place.user = user
        }
        if namespaces != nil { place.initProcess = InitProcess() }
        place.memory = memoryGroup(for: place.user).map { ($0, $0.kills) }
        return place
    }

    /// Forks into a place.
    ///
    /// - Returns: what fork(2) returns; after a failure the place is free again.
    mutating func fork(into place: inout JobPlace) -> pid_t {
        let child = place.initProcess?.fork() ?? Glibc.fork()
        guard child < 0 else { return child }
        let reason = errno
        place.initProcess?.kill()
        place.initProcess?.reap()
        giveBack(place)
        errno = reason
        return child
    }

    /// Kills everything in a place, and does not wait.
    ///
    /// - Returns: true when it is certain that nothing was there any more.
    @discardableResult
    func kill(_ place: JobPlace) -> Bool {
        place.initProcess?.kill()
        guard let user = place.user, let users else { return false }
        return users.kill(user)
    }

    /// Whether the kernel killed somebody in a place for want of memory.
    func ranOutOfMemory(_ place: JobPlace) -> Bool {
        place.memory.map { $0.group.kills > $0.kills } ?? false
    }

    /// Nothing of the job is this worker's to wait for any more: what else its user runs is ended, and the place free.
    ///
    /// - Parameters:
    ///   - place: where it ran.
    ///   - isEmpty: whether its user has no process any more.
    mutating func giveBack(_ place: JobPlace, isEmpty: Bool = false) {
        place.initProcess?.release()
        if let user = place.user { users?.giveBack(user, isEmpty: isEmpty) }
    }

    /// At the end of the worker.
    func removeMemoryGroups() {
        for name in memoryGroups.keys { memory?.remove(name) }
    }

    private mutating func memoryGroup(for user: UInt32?) -> MemoryGroup? {
        // Without users of its own this process may hardly make groups, and names would clash.
        guard let memory, let user else { return nil }
        let name = "roost-job-\(user)"
        if let group = memoryGroups[name] { return group }
        guard let group = memory.child(name, bytes: settings.memoryBytes) else {
            self.memory = nil
            return nil
        }
        memoryGroups[name] = group
        return group
    }

    /// Python itself needs some of the limit.
    private func checkMemory() throws(PythonFailure) {
        let pages =
            SmallFile.read("/proc/self/statm")?.split(separator: " ").first.flatMap { UInt64($0) } ?? 0
        let needed = pages * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE)))) + 32 << 20
        guard settings.memoryBytes < needed else { return }
        throw PythonFailure(
            "--memory-limit \(settings.memoryBytes) is too small: Python and its modules need \(needed)")
    }

    private func sweepFolders(_ control: Int32) {
        for name in FolderEntries.names(scratchRoot) where name.hasPrefix("job-") {
            guard ControlSocket.hasServer(control) else { return }
            TreeRemoval.remove(scratchRoot + "/" + name)
        }
    }

    /// Whether a child can have a user namespace, in which the kernel counts its processes apart (Linux 5.14).
    private static func canCountProcesses() -> Bool {
        let child = Glibc.fork()
        if child == 0 { _exit(UserNamespace.enter() ? 0 : 1) }
        var status: Int32 = 1
        return unsafe child > 0 && waitpid(child, &status, 0) == child && status == 0
    }

    // MARK: In the child

    /// Moves this process into what it needs the worker's descriptors for; before ``confine(to:)``.
    ///
    /// - Returns: the step that failed, with `errno` set; nil when all is done.
    func join(_ place: JobPlace) -> String? {
        guard let memory = place.memory, !memory.group.enter() else { return nil }
        return "the memory group cannot be entered"
    }

    /// Confines this process, which was forked into `place` and holds no descriptor it should not: makes its scratch
    /// folder, goes there, and gives up everything a job must not have.
    ///
    /// - Returns: the step that failed, with `errno` set; nil when all is done.
    func confine(to place: JobPlace) -> String? {
        let scratch = place.scratch
        let mode: mode_t = 0o700
        guard unsafe mkdir(scratch, mode) == 0 else { return "the scratch folder cannot be made" }
        if !keepsOwnerBits, unsafe chmod(scratch, mode) != 0 { return "the scratch folder cannot be made" }
        if let user = place.user {
            guard unsafe chown(scratch, user, user) == 0 else {
                return "the scratch folder cannot be given away"
            }
        }
        if let namespaces, !namespaces.enterJob(scratch: scratch) { return "the mounts cannot be made" }
        guard unsafe chdir(scratch) == 0 else { return "the scratch folder cannot be entered" }
        guard settings.mode != .off else { return nil }
        return give(up: place)
    }

    private func give(up place: JobPlace) -> String? {
        if let user = place.user {
            guard ResourceLimits.apply(settings, countsProcesses: true) else { return "limits cannot be set" }
            guard clinux_become(user, user) == 0 else { return "the job's user cannot be had" }
        } else {
            // The files of a process's namespaces are its own only while it is dumpable.
            _ = clinux_prctl(Int32(PR_SET_DUMPABLE), 1)
            if ownUserNamespaces, !UserNamespace.enter() { return "the user namespace cannot be had" }
            guard ResourceLimits.apply(settings, countsProcesses: ownUserNamespaces) else {
                return "limits cannot be set"
            }
            guard clinux_drop_capabilities() == 0 else { return "capabilities cannot be dropped" }
        }
        // A change of credentials undoes both (prctl(2)).
        _ = clinux_prctl(Int32(PR_SET_DUMPABLE), 1)
        _ = clinux_prctl(Int32(PR_SET_PDEATHSIG), UInt(SIGKILL))
        guard clinux_prctl(Int32(PR_SET_NO_NEW_PRIVS), 1) == 0 else { return "privileges cannot be given up" }
        if let landlock, !landlock.restrict(scratch: place.scratch) { return "Landlock cannot be applied" }
        if let filter, !filter.install() { return "the system-call filter cannot be installed" }
        return nil
    }

    /// What the mode promises, by the names of the report.
    var promised: [String] {
        let limits = [
            "memory", "processes", "file_size", "open_files", "no_core_files", "no_new_privileges",
            "cpu_time",
            "foreign_signals", "foreign_files",
        ]
        let strict = ["network", "read_only_files", "process_table", "system_calls", "job_memory"]
        switch settings.mode {
        case .off: return []
        case .limits: return limits
        case .strict: return limits + strict
        }
    }
}
