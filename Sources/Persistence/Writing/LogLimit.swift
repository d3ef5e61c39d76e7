/// Keeps the write-ahead log under 64 MiB while there is always somebody reading.
///
/// SQLite begins the log anew when a commit finds all of it in the file and nobody reading in it. With readers at work
/// without a pause that moment may not come; then the writer waits for those at work, a little at first.
struct LogLimit {
    /// From this size on the writer waits for readers for 20 ms now and then.
    static let softBytes: Int64 = 18 << 20
    /// From this size on it waits for 500 ms, which is far more than any question of ours takes.
    static let hardBytes: Int64 = 24 << 20
    /// Between two short waits.
    private static let pause = Duration.milliseconds(50)
    /// After a long wait that came to nothing, doubled each time: somebody reads for long, such as another program
    /// that copies the database, and the log has to grow.
    private static let longPauses = (first: Duration.milliseconds(100), last: Duration.seconds(20))

    private let path: String
    private var nextTry = ContinuousClock.now
    private var nextLongTry = ContinuousClock.now
    private var longPause = LogLimit.longPauses.first
    /// How often it waited the longer time; for tests.
    private(set) var longWaits = 0

    /// For the log of a database.
    init(database: String) { path = database + "-wal" }

    private var size: Int64 { DatabaseFile.size(path) ?? 0 }

    /// Looks at the log after a commit and does what is needed.
    ///
    /// What goes wrong is left for the next time: the log keeps what it has.
    mutating func keep(_ connection: SQLiteConnection) {
        let bytes = size
        guard bytes > Self.softBytes else { return }
        if bytes > Self.hardBytes, nextLongTry <= .now {
            longWaits += 1
            try? connection.emptyLog(waiting: 500)
            let isDone = size <= Self.hardBytes
            nextLongTry = isDone ? .now : .now + longPause
            longPause = isDone ? Self.longPauses.first : min(longPause * 2, Self.longPauses.last)
        } else if nextTry <= .now {
            try? connection.emptyLog(waiting: 20)
            nextTry = .now + Self.pause
        }
    }
}
