import Glibc

/// The right to use one database, held by one process at a time.
///
/// A file `<database>.lock` (mode 0600) that holds the owner's pid and an `flock`. The kernel drops the lock when
/// the owner dies, however it dies, so a file left behind by `kill -9` stands in nobody's way. With the last
/// reference the lock is released and the file removed.
package final class DatabaseLock: Sendable {
    private let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // Removed while still locked: whoever opened it meanwhile sees below that it is gone and makes its own.
        unsafe unlink(path)
        close(descriptor)
    }

    /// Takes the lock, or fails at once.
    ///
    /// - Parameter database: The database file, which need not exist; its folder must.
    /// - Returns: The lock; keep it as long as the database is used.
    /// - Throws: ``StoreOpenError`` `heldBy` or `notWritable`.
    package static func acquire(_ database: String) throws(StoreOpenError) -> DatabaseLock {
        let path = database + ".lock"
        while true {
            let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else {
                throw StoreOpenError(path: database, reason: .notWritable(SystemError.message(errno)))
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                defer { close(descriptor) }
                guard code == EWOULDBLOCK else {
                    throw StoreOpenError(path: database, reason: .notWritable(SystemError.message(code)))
                }
                throw StoreOpenError(path: database, reason: .heldBy(pid: owner(descriptor)))
            }
            guard isStillThere(path, descriptor) else {
                close(descriptor)
                continue
            }
            let text = Array("\(getpid())\n".utf8)
            ftruncate(descriptor, 0)
            // Failing to note the pid costs the other side a detail of its message and nothing else.
            _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
            return DatabaseLock(descriptor: descriptor, path: path)
        }
    }

    /// False when the previous owner removed the file between our opening and locking it.
    private static func isStillThere(_ path: String, _ descriptor: Int32) -> Bool {
        var opened = stat()
        var named = stat()
        return unsafe fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
            && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    /// The pid in the file. Whoever has just taken the lock may not have written it yet, so it is waited for a little.
    private static func owner(_ descriptor: Int32) -> Int32? {
        for _ in 0..<50 {
            if let pid = notedOwner(descriptor) { return pid }
            poll(nil, 0, 10)
        }
        return nil
    }

    private static func notedOwner(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard let end = bytes[..<max(0, count)].firstIndex(of: 0x0A) else { return nil }
        return Int32(String(decoding: bytes[..<end], as: UTF8.self))
    }
}
