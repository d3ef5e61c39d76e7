/// The file of a job history, for those who look after it; see `roost history`.
///
/// Every call blocks, so none belongs on an event loop or the cooperative pool. What only reads works beside a server that
/// uses the file, without waiting for it or keeping it waiting; what changes needs the file for itself.
public struct HistoryFile: Sendable {
    /// Called now and then, on the thread of the caller.
    public typealias Report = (HistoryProgress) throws -> Void

    /// The file.
    public let path: String

    /// Names a file; nothing is opened yet.
    public init(path: String) { self.path = path }

    /// Opens the file to read in it, beside whoever else uses it; `allowsOlder` where the schema does not matter.
    func reading<Value>(allowsOlder: Bool = false, _ body: (SQLiteConnection) throws -> Value) throws -> Value
    {
        guard DatabaseFile.size(path) != nil else { throw HistoryError.missing(path) }
        let connection: SQLiteConnection
        let (application, version): (Int64, Int)
        do throws(SQLiteError) {
            connection = try SQLiteConnection(path: path, mode: .existing)
            try connection.configure(busyMilliseconds: 5000, isReader: true)
            application = try connection.first("PRAGMA application_id") { $0.int(0) } ?? 0
            version = Int(try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0)
        } catch {
            throw HistoryError.unusable(StoreOpenError(path: path, error))
        }
        let ours = JobSchema.migrations
        guard application == ours.applicationID else {
            throw HistoryError.unusable(StoreOpenError(path: path, reason: .foreign))
        }
        guard version <= ours.version else {
            throw HistoryError.unusable(
                StoreOpenError(path: path, reason: .newer(found: version, known: ours.version)))
        }
        guard version == ours.version || allowsOlder else { throw HistoryError.older(path) }
        return try Self.saying(path) { try body(connection) }
    }

    /// Opens the file to change it, with the lock that a server holds while it uses it, and brings its schema up to date;
    /// `creates` where a file that is not there is made.
    func changing<Value>(creates: Bool, _ body: (SQLiteConnection) throws -> Value) throws -> Value {
        guard creates || DatabaseFile.size(path) != nil else { throw HistoryError.missing(path) }
        let lock: DatabaseLock
        let connection: SQLiteConnection
        do throws(StoreOpenError) {
            let file = try DatabaseFile(path)
            lock = try DatabaseLock.acquire(file.path)
            if file.isNew {
                try file.create(JobSchema.migrations)
            } else {
                try file.inspect(JobSchema.migrations)
            }
            do throws(SQLiteError) {
                connection = try SQLiteConnection(path: file.path, mode: .existing)
                try connection.configure(busyMilliseconds: 5000, isReader: false)
                try connection.useLog()
                try JobSchema.migrations.apply(to: connection)
                SearchIndex.make(connection)
            } catch {
                throw StoreOpenError(path: path, error)
            }
        } catch {
            throw HistoryError.unusable(error)
        }
        defer { withExtendedLifetime(lock) {} }
        return try Self.saying(path) {
            defer { try? connection.emptyLog() }
            return try body(connection)
        }
    }

    /// Has an error of SQLite say what file it is about.
    private static func saying<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as SQLiteError {
            throw HistoryError.unusable(StoreOpenError(path: path, error))
        }
    }
}
