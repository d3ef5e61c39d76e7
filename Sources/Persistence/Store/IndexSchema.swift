/// The indexes that serve the filters of a list.
///
/// Each ends with `seq`, the row id, which is the order of a list. A list reads one of them, or merges a few ranges of one
/// (``JobListPlan``), so that three indexes serve every filter and each change of a job writes few.
///
/// - `jobs_by_handler`: handlers, states, and lanes, which are a few handlers each.
/// - `jobs_by_client`, `jobs_by_session`: for those jobs that have one.
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
}
