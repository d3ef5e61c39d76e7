public import RoostCore

/// How an ``SQLiteJobStore`` behaves.
public struct SQLiteStoreOptions: Sendable {
    /// What of a commit is on the disk when its callers are told (`--durability`).
    public enum Durability: String, Sendable, CaseIterable {
        /// In the operating system's memory: survives the death of the process at any point. A power cut or a crash of
        /// the system may take the last commits with it, and never damages the file.
        case normal
        /// On the disk: survives a power cut, too. Each commit waits for the disk once; those that come meanwhile share
        /// the next one.
        case full
    }

    /// What becomes of jobs that the last server left `pending` (`--resume`). Those it left `running` end as `failed`
    /// with `SERVER_STOPPED` in any case, since running code twice may do something twice.
    public enum Resume: String, Sendable, CaseIterable {
        /// They end as those that were running.
        case fail
        /// They stay, for the server to submit them again; see ``SQLiteJobStore/takeInterruptedPending()``.
        case requeue
    }

    /// How long an operation waits for another program's lock; 5 s, as the contract (§10) says.
    public var busyTimeout: Duration
    /// How many connections read; at least 1, 2 unless said otherwise.
    public var readers: Int
    /// `normal` unless said otherwise.
    public var durability: Durability
    /// `fail` unless said otherwise.
    public var resume: Resume
    /// Where unwritten ends, failed retries and the like are told.
    public var logger: Logger
    /// How long the writer does nothing before it empties the write-ahead log.
    package var idlePause: Duration = .seconds(1)
    /// How long after a change the search index follows; while others write, it rests a tenth of that between batches.
    package var indexPause: Duration = .milliseconds(500)
    /// What a search looks at.
    var searchBudget = SearchBudget()
    /// How often ends that could not be written are tried again.
    package var retryPause: Duration = .seconds(1)

    /// The defaults suit a server.
    public init(
        busyTimeout: Duration = .seconds(5), readers: Int = 2, durability: Durability = .normal,
        resume: Resume = .fail, logger: Logger = .silent
    ) {
        self.busyTimeout = busyTimeout
        self.readers = max(1, readers)
        self.durability = durability
        self.resume = resume
        self.logger = logger
    }
}
