/// The tables of the job history. Times are milliseconds since 1970 in UTC, durations milliseconds.
enum JobSchema {
    /// The newest this version writes, and after migration the only one it reads.
    static let migrations = Migrations(
        applicationID: 0x526F_7374,
        steps: [
            version1, version2, version3, version4, WebhookSchema.step, IndexSchema.step,
            StatisticsSchema.step,
            SearchSchema.step, IndexSchema.finishedStep,
        ])

    /// - `jobs`: the small columns, so that a list reads few pages. `seq` is the order of creation and what cursors
    ///   hold; it is never used twice (`AUTOINCREMENT`).
    /// - `job_contents`: the large ones. `size_bytes` lets the sweep bound its transactions without reading them.
    /// - `job_parts`: what a running job has written, appended as it comes; gone when its end is written, kept when
    ///   the server died before.
    /// - `job_totals`: kept by triggers, so that the total of a list is a look-up.
    ///
    /// An index on a column holds `seq` (the row id) after it, which gives the order of a list; today's are in
    /// ``IndexSchema``. `jobs_finished` serves the sweep; `id` is unique and looked up.
    private static let version1 = """
        CREATE TABLE jobs (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            handler TEXT NOT NULL,
            lane TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
            created_at_ms INTEGER NOT NULL,
            started_at_ms INTEGER,
            completed_at_ms INTEGER,
            duration_ms INTEGER,
            timeout_ms INTEGER NOT NULL,
            session TEXT,
            client TEXT,
            CHECK ((completed_at_ms IS NULL) = (status IN ('pending', 'running')))
        ) STRICT;
        CREATE INDEX jobs_by_lane_status ON jobs (lane, status);
        CREATE INDEX jobs_by_lane ON jobs (lane);
        CREATE INDEX jobs_by_status ON jobs (status);
        CREATE INDEX jobs_finished ON jobs (created_at_ms) WHERE completed_at_ms IS NOT NULL;

        CREATE TABLE job_contents (
            seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
            flags INTEGER NOT NULL,
            size_bytes INTEGER NOT NULL,
            input TEXT NOT NULL,
            stdout BLOB NOT NULL,
            stderr BLOB NOT NULL,
            logs TEXT NOT NULL,
            result TEXT,
            failure TEXT
        ) STRICT;

        CREATE TABLE job_parts (
            part INTEGER PRIMARY KEY,
            seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
            flags INTEGER NOT NULL,
            stdout_end INTEGER NOT NULL,
            stderr_end INTEGER NOT NULL,
            logs_end INTEGER NOT NULL,
            stdout BLOB NOT NULL,
            stderr BLOB NOT NULL,
            logs TEXT NOT NULL
        ) STRICT;
        CREATE INDEX job_parts_by_job ON job_parts (seq);

        CREATE TABLE job_totals (
            lane TEXT NOT NULL,
            status TEXT NOT NULL,
            handler TEXT NOT NULL,
            total INTEGER NOT NULL,
            PRIMARY KEY (lane, status, handler)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN
            INSERT INTO job_totals VALUES (new.lane, new.status, new.handler, 1)
                ON CONFLICT DO UPDATE SET total = total + 1;
        END;
        CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs BEGIN
            UPDATE job_totals SET total = total - 1
                WHERE lane = old.lane AND status = old.status AND handler = old.handler;
        END;
        CREATE TRIGGER jobs_changed AFTER UPDATE OF status ON jobs WHEN old.status <> new.status BEGIN
            UPDATE job_totals SET total = total - 1
                WHERE lane = old.lane AND status = old.status AND handler = old.handler;
            INSERT INTO job_totals VALUES (new.lane, new.status, new.handler, 1)
                ON CONFLICT DO UPDATE SET total = total + 1;
        END;
        """

    /// Jobs by client: an index for the list (its other filters look at the rows found), and a total for each.
    private static let version2 = """
        CREATE INDEX jobs_by_client ON jobs (client, lane);
        DROP TRIGGER jobs_inserted;
        DROP TRIGGER jobs_deleted;
        DROP TRIGGER jobs_changed;
        DROP TABLE job_totals;

        CREATE TABLE job_totals (
            lane TEXT NOT NULL,
            status TEXT NOT NULL,
            handler TEXT NOT NULL,
            client TEXT NOT NULL,
            total INTEGER NOT NULL,
            PRIMARY KEY (lane, status, handler, client)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO job_totals
            SELECT lane, status, handler, coalesce(client, ''), count(*) FROM jobs GROUP BY 1, 2, 3, 4;
        CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN
            INSERT INTO job_totals VALUES (new.lane, new.status, new.handler, coalesce(new.client, ''), 1)
                ON CONFLICT DO UPDATE SET total = total + 1;
        END;
        CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs BEGIN
            UPDATE job_totals SET total = total - 1 WHERE lane = old.lane AND status = old.status
                AND handler = old.handler AND client = coalesce(old.client, '');
        END;
        CREATE TRIGGER jobs_changed AFTER UPDATE OF status ON jobs WHEN old.status <> new.status BEGIN
            UPDATE job_totals SET total = total - 1 WHERE lane = old.lane AND status = old.status
                AND handler = old.handler AND client = coalesce(old.client, '');
            INSERT INTO job_totals VALUES (new.lane, new.status, new.handler, coalesce(new.client, ''), 1)
                ON CONFLICT DO UPDATE SET total = total + 1;
        END;
        """

    /// The idempotency keys of jobs, gone with them. `seq` is the row id, which lets the sweep bound its transactions.
    private static let version3 = """
        CREATE TABLE idempotency_keys (
            seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
            client TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint BLOB NOT NULL,
            created_at_ms INTEGER NOT NULL,
            UNIQUE (client, key)
        ) STRICT;
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at_ms);
        """

    /// `{"fraction","message"}` of the last report of progress, null when there was none.
    private static let version4 = "ALTER TABLE job_contents ADD COLUMN progress TEXT"
}
