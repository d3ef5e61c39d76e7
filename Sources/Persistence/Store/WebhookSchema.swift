/// The outbox: one row for each job that asked for a webhook, gone with its job.
enum WebhookSchema {
    /// A migration; see ``JobSchema``.
    ///
    /// - The row is written with its job; `body` and the first `next_attempt_at_ms` in the transaction that ends the
    ///   job, or at the next start for a job that the server was cut off from (state `waiting`, job ended).
    /// - `attempts` counts all, `round` those since the first or since somebody asked for another delivery.
    /// - `host` is the receiver, `host:port/path`. `webhooks_due` serves the sender's only question and holds it, so that
    ///   a receiver that has fallen behind is stepped over in the index. `body` comes last, so that reading the rest does not touch its pages.
    static let step = """
        CREATE TABLE webhooks (
            seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
            url TEXT NOT NULL,
            host TEXT NOT NULL,
            note TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'pending', 'delivered', 'failed', 'dropped')),
            attempts INTEGER NOT NULL,
            round INTEGER NOT NULL,
            round_started_at_ms INTEGER,
            last_attempt_at_ms INTEGER,
            last_status INTEGER,
            last_error TEXT,
            next_attempt_at_ms INTEGER,
            delivered_at_ms INTEGER,
            body BLOB,
            CHECK ((next_attempt_at_ms IS NOT NULL) = (state = 'pending')),
            CHECK ((state = 'pending' OR state = 'delivered') <= (body IS NOT NULL))
        ) STRICT;
        CREATE INDEX webhooks_due ON webhooks (next_attempt_at_ms, host) WHERE next_attempt_at_ms IS NOT NULL;
        CREATE INDEX webhooks_waiting ON webhooks (state) WHERE state = 'waiting';
        """
}
