import Glibc

/// The file of a database: where it is, what it is, and how it comes into being.
///
/// All of it blocks and runs on a thread of ours.
struct DatabaseFile {
    /// Files of at most this size are checked whole at each opening (about 0.1 s).
    static let checkedSize: Int64 = 32 << 20

    /// Absolute and without symbolic links, so that two ways to one file share one lock.
    let path: String

    /// Makes the folder when only its last part is missing, as `Saved` is in a new project.
    ///
    /// - Throws: `notWritable`.
    init(_ path: String) throws(StoreOpenError) {
        if let resolved = Self.resolved(path) {
            self.path = resolved
            return
        }
        let bytes = Array(path.utf8)
        let slash = bytes.lastIndex(of: 0x2F)
        let name = String(decoding: bytes[(slash.map { $0 + 1 } ?? 0)...], as: UTF8.self)
        let folder = slash.map { $0 == 0 ? "/" : String(decoding: bytes[..<$0], as: UTF8.self) } ?? "."
        guard !name.isEmpty, name != ".", name != ".." else {
            throw StoreOpenError(path: path, reason: .notWritable("it names no file"))
        }
        if Self.resolved(folder) == nil, unsafe mkdir(folder, 0o755) != 0, errno != EEXIST {
            throw StoreOpenError(path: path, reason: .notWritable(SystemError.message(errno)))
        }
        guard let resolved = Self.resolved(folder) else {
            throw StoreOpenError(path: path, reason: .notWritable(SystemError.message(errno)))
        }
        self.path = resolved == "/" ? "/" + name : resolved + "/" + name
    }

    private static func resolved(_ path: String) -> String? {
        // realpath allocates what it returns; it is copied and freed here.
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// In bytes; nil when there is no such file.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// True when there is nothing yet: no file, or one of no bytes. What is no file, such as a device, has no bytes
    /// either, and is nothing that ``create(_:)`` may put a file in the place of.
    var isNew: Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return true }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
    }

    /// Looks at an existing file without changing a byte of its folder.
    ///
    /// The header of an SQLite file tells its application and schema (https://www.sqlite.org/fileformat.html §1.3).
    /// It can be trusted although the latest pages may be in a write-ahead log: ``create(_:)`` writes it before
    /// there is a log, and migrations end with a checkpoint.
    ///
    /// - Parameter migrations: What ours looks like.
    /// - Throws: `notADatabase`, `foreign`, `newer`, `damaged`, `notWritable` when it cannot be read, `busy`.
    func inspect(_ migrations: Migrations) throws(StoreOpenError) {
        let header = try readHeader()
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw StoreOpenError(path: path, reason: .notADatabase)
        }
        guard Self.number(header, at: 68) == migrations.applicationID else {
            throw StoreOpenError(path: path, reason: .foreign)
        }
        try refuseNewer(Int(Self.number(header, at: 60)), migrations)
        guard unsafe access(path, R_OK | W_OK) == 0 else {
            throw StoreOpenError(path: path, reason: .notWritable(SystemError.message(errno)))
        }
        // With a log the file alone is half the truth; SQLite then makes an index of the log beside it.
        let index = path + "-shm"
        let hasLog = (Self.size(path + "-wal") ?? 0) > 0
        let hadIndex = Self.size(index) != nil
        defer { if hasLog, !hadIndex { unsafe unlink(index) } }
        let found: (version: Int, problem: String)
        do {
            found = try look(SQLiteConnection(path: path, mode: hasLog ? .readOnly : .immutable))
        } catch {
            throw StoreOpenError(path: path, error)
        }
        try refuseNewer(found.version, migrations)
        guard found.problem == "ok" else { throw StoreOpenError(path: path, reason: .damaged(found.problem)) }
    }

    private func look(_ connection: SQLiteConnection) throws(SQLiteError) -> (version: Int, problem: String) {
        connection.setBusyTimeout(milliseconds: 1000)
        let version = Int(try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0)
        // Reads the schema, and compares the number of pages with the size of the file.
        _ = try connection.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) }
        guard (Self.size(path) ?? 0) <= Self.checkedSize else { return (version, "ok") }
        let answer =
            try connection.first("PRAGMA quick_check(1)") { $0.text(0) } ?? "no answer to quick_check"
        // Its last line names the page; one before it only says "in database main".
        return (version, answer.split(whereSeparator: \.isNewline).last.map { String($0) } ?? answer)
    }

    private func refuseNewer(_ version: Int, _ migrations: Migrations) throws(StoreOpenError) {
        guard version > migrations.version else { return }
        throw StoreOpenError(path: path, reason: .newer(found: version, known: migrations.version))
    }

    private func readHeader() throws(StoreOpenError) -> [UInt8] {
        // Closing a descriptor drops this process's POSIX locks on the file, so this runs before SQLite opens it;
        // nobody else in this process has it open, for ``DatabaseLock`` is held.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw StoreOpenError(path: path, reason: .notWritable(SystemError.message(errno)))
        }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 100)
        let count = unsafe header.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return Array(header.prefix(max(0, count)))
    }

    private static func number(_ bytes: [UInt8], at offset: Int) -> Int32 {
        Int32(bitPattern: bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Makes a new database under another name and then puts it in place, so that a file under the right name is
    /// always whole and ours. Readable by its owner only; SQLite gives its log the same mode.
    ///
    /// - Parameter migrations: The schema.
    /// - Throws: `notWritable` or `failed`.
    func create(_ migrations: Migrations) throws(StoreOpenError) {
        let draft = path + ".new"
        for suffix in ["", "-journal", "-wal", "-shm"] { unsafe unlink(draft + suffix) }
        let descriptor = unsafe open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StoreOpenError(path: path, reason: .notWritable(SystemError.message(errno)))
        }
        close(descriptor)
        do {
            try migrations.apply(to: SQLiteConnection(path: draft, mode: .existing))
        } catch {
            for suffix in ["", "-journal"] { unsafe unlink(draft + suffix) }
            throw StoreOpenError(path: path, error)
        }
        // What a deleted database left beside it would be taken for this one's log.
        for suffix in ["-journal", "-wal", "-shm"] { unsafe unlink(path + suffix) }
        guard unsafe rename(draft, path) == 0 else {
            let code = errno
            unsafe unlink(draft)
            throw StoreOpenError(path: path, reason: .notWritable(SystemError.message(code)))
        }
    }
}
