/// The indexes that serve the filters of a list.
///
/// Each ends with `seq`, the row id, which is the order of a list. A list reads one of them, or merges a few ranges of them
/// (``JobListPlan``), so that few indexes serve every filter.
///
/// - `jobs_by_handler`: handlers, states, and lanes, which are a few handlers each.
/// - `jobs_by_client`, `jobs_by_session`: for those jobs that have one.
/// - `jobs_unfinished`: the few jobs that have not ended, which are not in the others. So a job comes into each large index
///   once, and its start changes none.
/// - The table itself: all jobs, and times of creation (``StatisticsSchema``).
enum IndexSchema {
    /// A migration; see ``JobSchema``.
    static let step = """
        DROP INDEX jobs_by_lane_status;
        DROP INDEX jobs_by_lane;
        DROP INDEX jobs_by_status;
        DROP INDEX jobs_by_client;
        CREATE INDEX jobs_by_handler ON jobs (handler, status);
        CREATE INDEX jobs_by_client ON jobs (client, status) WHERE client IS NOT NULL;
        CREATE INDEX jobs_by_session ON jobs (session, status) WHERE session IS NOT NULL;
        """

    /// A migration; see ``JobSchema``. The indexes hold finished jobs only.
    static let finishedStep = """
        DROP INDEX jobs_by_handler;
        DROP INDEX jobs_by_client;
        DROP INDEX jobs_by_session;
        CREATE INDEX jobs_unfinished ON jobs (handler) WHERE completed_at_ms IS NULL;
        CREATE INDEX jobs_by_handler ON jobs (handler, status) WHERE completed_at_ms IS NOT NULL;
        CREATE INDEX jobs_by_client ON jobs (client, handler, status)
            WHERE completed_at_ms IS NOT NULL AND client IS NOT NULL;
        CREATE INDEX jobs_by_session ON jobs (session, handler, status)
            WHERE completed_at_ms IS NOT NULL AND session IS NOT NULL;
        """
}
