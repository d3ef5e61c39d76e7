/// Small tables that answer what would otherwise have to be counted.
///
/// - `job_minutes`: by minute of creation and handler, how many jobs were accepted, and between which `seq` they lie;
///   so a filter by time is a range of rows, however old the jobs are. Kept as long as there are such jobs.
/// - `job_ends`: by minute of the end, handler, state and class of duration (``DurationHistogram``; -1 for jobs that
///   never ran), how many jobs ended. Written with the end; kept for a day.
/// - `webhook_totals`: how many webhooks are in each state, kept by triggers.
enum StatisticsSchema {
    /// A migration; see ``JobSchema``. What ended before it is not in `job_ends`.
    static let step = """
        CREATE TABLE job_minutes (
            minute INTEGER NOT NULL,
            handler TEXT NOT NULL,
            accepted INTEGER NOT NULL,
            first_seq INTEGER NOT NULL,
            last_seq INTEGER NOT NULL,
            PRIMARY KEY (minute, handler)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO job_minutes
            SELECT (created_at_ms - (created_at_ms % 60000 + 60000) % 60000) / 60000, handler, count(*), min(seq), max(seq)
            FROM jobs GROUP BY 1, 2;

        CREATE TABLE job_ends (
            minute INTEGER NOT NULL,
            handler TEXT NOT NULL,
            status TEXT NOT NULL,
            duration_class INTEGER NOT NULL,
            total INTEGER NOT NULL,
            PRIMARY KEY (minute, handler, status, duration_class)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE webhook_totals (state TEXT PRIMARY KEY, total INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO webhook_totals SELECT state, count(*) FROM webhooks GROUP BY 1;
        CREATE TRIGGER webhooks_inserted AFTER INSERT ON webhooks BEGIN
            INSERT INTO webhook_totals VALUES (new.state, 1) ON CONFLICT DO UPDATE SET total = total + 1;
        END;
        CREATE TRIGGER webhooks_deleted AFTER DELETE ON webhooks BEGIN
            UPDATE webhook_totals SET total = total - 1 WHERE state = old.state;
        END;
        CREATE TRIGGER webhooks_changed AFTER UPDATE OF state ON webhooks WHEN old.state <> new.state BEGIN
            UPDATE webhook_totals SET total = total - 1 WHERE state = old.state;
            INSERT INTO webhook_totals VALUES (new.state, 1) ON CONFLICT DO UPDATE SET total = total + 1;
        END;
        """
}
