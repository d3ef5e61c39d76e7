/// What the search index knows of itself. The index is not made here, since the library may lack FTS5; see ``SearchIndex``.
enum SearchSchema {
    /// A migration; see ``JobSchema``.
    ///
    /// - `job_search`: one row. Jobs up to `indexed_to` are in the index, are in `job_search_skipped`, or are gone.
    /// - `job_search_skipped`: those of them that had not ended when their turn came.
    static let step = """
        CREATE TABLE job_search (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            indexed_to INTEGER NOT NULL
        ) STRICT;
        INSERT INTO job_search VALUES (1, 0);
        CREATE TABLE job_search_skipped (seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE) STRICT;
        """
}
