extension HistoryFile {
    /// Looks whether the file is whole and its parts agree. Works beside a server, whose write-ahead log can grow while it
    /// lasts: about a second for each 100 MB.
    ///
    /// - Parameter report: Called before each of the checks.
    /// - Returns: What is wrong, one line each, at most 100 of a kind; empty when all is well.
    /// - Throws: ``HistoryError``, or what `report` threw. A file too broken to be opened throws `unusable`.
    public func check(report: Report = { _ in }) throws -> [String] {
        try reading { connection in
            var findings: [String] = []
            // Of one moment, so that what a server writes meanwhile is no finding.
            try connection.snapshot { () throws in
                for (index, check) in Self.checks.enumerated() {
                    try report(HistoryProgress(unit: "checks", done: index, total: Self.checks.count))
                    do {
                        findings += try connection.rows(check.sql) { row in
                            row.text(0) == "ok" ? nil : check.text + row.text(0)
                        }.compactMap(\.self)
                    } catch let error as SQLiteError where error.isDamage {
                        findings.append(check.text + error.message)
                    }
                }
                try report(HistoryProgress(unit: "checks", done: Self.checks.count, total: Self.checks.count))
            }
            return findings
        }
    }

    private static let checks: [(text: String, sql: String)] = [
        ("integrity: ", "PRAGMA integrity_check(100)"),
        (
            "foreign key: ",
            "SELECT \"table\" || ' row ' || rowid || ' names no row of ' || parent FROM pragma_foreign_key_check LIMIT 100"
        ),
        (
            "contents: ",
            """
            SELECT 'job row ' || jobs.seq || ' has none' FROM jobs LEFT JOIN job_contents ON job_contents.seq = jobs.seq
            WHERE job_contents.seq IS NULL LIMIT 100
            """
        ),
        (
            "total: ",
            """
            WITH counted AS (
                SELECT lane, status, handler, coalesce(client, '') AS client, count(*) AS total FROM jobs GROUP BY 1, 2, 3, 4
            ), kept AS (SELECT lane, status, handler, client, total FROM job_totals WHERE total <> 0)
            SELECT 'kept ' || total || ' jobs for lane ' || lane || ', ' || status || ', handler ' || handler
                || ', client ' || client || ', which is not what there are'
            FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted) UNION ALL
            SELECT 'counted ' || total || ' jobs for lane ' || lane || ', ' || status || ', handler ' || handler
                || ', client ' || client || ', which is not what is kept'
            FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) LIMIT 100
            """
        ),
        (
            "time: ",
            """
            SELECT 'job row ' || jobs.seq || ' is outside the rows of its minute' FROM jobs LEFT JOIN job_minutes
                ON job_minutes.minute = (created_at_ms - (created_at_ms % 60000 + 60000) % 60000) / 60000
                AND job_minutes.handler = jobs.handler
            WHERE first_seq IS NULL OR jobs.seq NOT BETWEEN first_seq AND last_seq LIMIT 100
            """
        ),
        (
            "webhooks: ",
            """
            WITH counted AS (SELECT state, count(*) AS total FROM webhooks GROUP BY 1),
                kept AS (SELECT state, total FROM webhook_totals WHERE total <> 0)
            SELECT 'kept ' || total || ' that are ' || state || ', which is not what there are'
            FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted) UNION ALL
            SELECT 'counted ' || total || ' that are ' || state || ', which is not what is kept'
            FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) LIMIT 100
            """
        ),
    ]
}
