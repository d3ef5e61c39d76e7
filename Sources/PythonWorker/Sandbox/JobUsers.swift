import CLinux
import Glibc

/// The unprivileged users that jobs run as when the server is root: one for each process alive at once.
///
/// A user is taken by a lock on one byte of a file that all servers of the machine share, so that two of them never
/// run jobs as the same user; the kernel lets go of the locks of a process that died (fcntl(2), F_SETLK). The byte itself
/// says that jobs have run as the user, so that what it runs may be killed.
struct JobUsers {
    /// How many users there are from the base on.
    static let count: UInt32 = 4096
    /// How often the rest of a user's processes are killed before the user is left alone.
    private static let attempts = 50

    let base: UInt32
    private let lock: Int32
    /// Users that this worker has locked.
    private var owned: Set<UInt32> = []
    /// Of those, the ones that have no process.
    private var free: Set<UInt32> = []
    /// Of those, the ones whose last job left something that does not die.
    private var dirty: Set<UInt32> = []

    /// Opens the file of locks.
    ///
    /// - Throws: `PythonFailure` when it cannot be had.
    init(base: UInt32) throws(PythonFailure) {
        self.base = base
        // The first of these is there on every machine; a container may have it read-only.
        for folder in ["/run", "/dev/shm"] {
            let file = unsafe open(
                folder + "/roost-job-users.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { continue }
            var status = stat()
            if unsafe fstat(file, &status) == 0, status.st_uid == 0 {
                lock = file
                return
            }
            close(file)
        }
        throw PythonFailure(
            "the lock of the jobs' users can be made neither in /run nor in /dev/shm (errno \(errno))")
    }

    /// The users there are.
    var all: Range<UInt32> { base..<base + Self.count }

    /// A user without any process; nil when all are in use.
    mutating func take() -> UInt32? {
        if let user = free.min() {
            free.remove(user)
            return user
        }
        for user in dirty.sorted() where end(user) {
            dirty.remove(user)
            return user
        }
        for user in all where !owned.contains(user) {
            guard own(user) else { continue }
            if wasOurs(user) {
                if end(user) { return user }
                dirty.insert(user)
            } else if clinux_end_user(user, 0) == 1 {
                // From here on what runs as this user is a job's.
                var mark: UInt8 = 1
                guard unsafe pwrite(lock, &mark, 1, off_t(user)) == 1 else { return nil }
                return user
            }
        }
        return nil
    }

    /// A user's job is over: its other processes are killed, however far they moved away from it.
    ///
    /// A process of the user kills them, so that nobody else can be hit, and the kernel goes through all of them in one
    /// step, so that no fork escapes (kill(2) with -1).
    ///
    /// - Parameters:
    ///   - user: whose job it was.
    ///   - isEmpty: whether it is known that there are none.
    mutating func giveBack(_ user: UInt32, isEmpty: Bool) {
        if isEmpty || end(user) { free.insert(user) } else { dirty.insert(user) }
    }

    /// Sends SIGKILL to everything a user runs, and does not wait.
    ///
    /// - Returns: true when it ran nothing.
    func kill(_ user: UInt32) -> Bool { clinux_end_user(user, 1) == 1 }

    /// Ends what killed servers left to users that nobody holds now.
    mutating func sweep() {
        for user in Set(ProcessTable.users().filter(all.contains)) where wasOurs(user) && own(user) {
            if end(user) { free.insert(user) } else { dirty.insert(user) }
        }
    }

    /// Whether a server has run jobs as this user since the machine was started. Nobody else's processes are ever
    /// killed: a user that already has some is left alone.
    private func wasOurs(_ user: UInt32) -> Bool {
        var mark: UInt8 = 0
        return unsafe pread(lock, &mark, 1, off_t(user)) == 1 && mark == 1
    }

    /// - Returns: true when the user has no process any more.
    private func end(_ user: UInt32) -> Bool {
        for attempt in 0..<Self.attempts {
            if attempt > 0 {
                // What was killed is this process's to reap where it is the subreaper, and needs a moment anyway.
                ProcessTable.reapChildren(of: user)
                poll(nil, 0, attempt < 10 ? 1 : 5)
            }
            if clinux_end_user(user, 1) == 1 { return true }
        }
        return false
    }

    private mutating func own(_ user: UInt32) -> Bool {
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = off_t(user)
        range.l_len = 1
        guard unsafe fcntl(lock, F_SETLK, &range) == 0 else { return false }
        owned.insert(user)
        return true
    }
}
