import Glibc
import RoostCore
import RoostPersistence

/// A history of many jobs, through the real schema with all its triggers, in large transactions.
///
/// Jobs of the last 25 days at equal distances: of the Python handler for the most part, a tenth failed or cancelled, five
/// clients, every twentieth in one of twenty sessions. The search index is complete when it ends.
struct Filler {
    private static let batch = 20_000
    private let path: String
    private let count: Int

    init(path: String, count: Int) {
        self.path = path
        self.count = count
    }

    func run() async throws {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let now = Timestamp(milliseconds: Int64(time.tv_sec) * 1000)
        let store = try await SQLiteJobStore.open(path: path, now: now)
        let began = ContinuousClock.now
        let first = now.milliseconds - 25 * 86_400_000
        for start in stride(from: 0, to: count, by: Self.batch) {
            let end = min(start + Self.batch, count)
            let (count, statements) = (count, Self.statements)
            _ = try await store.onWriter { connection throws(SQLiteError) in
                for statement in statements {
                    let distance = 25 * 86_400_000.0 / Double(count)
                    try connection.execute(
                        statement, .int(start), .int(end), .int(first), .double(distance))
                }
            }
            if start % 1_000_000 == 0, start > 0 {
                Output.note("  \(start) jobs, \(began.duration(to: .now))")
            }
        }
        let filled = began.duration(to: .now)
        while let left = try await store.figures().unindexedJobs, left > 0 {
            try await Task.sleep(for: .milliseconds(200))
        }
        Output.note("  \(count) jobs in \(filled), indexed after \(began.duration(to: .now))")
        await store.close()
    }

    /// `?1` to `?2` numbers the jobs; `?3` and `?4` are the first time and the distance in milliseconds.
    private static let numbers = """
        WITH RECURSIVE n (n) AS (SELECT ?1 + 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?2),
            made AS (SELECT n, CAST(?3 + n * ?4 AS INTEGER) AS at,
                CASE WHEN n % 50 = 0 THEN 'echo' WHEN n % 5 = 0 THEN 'code' ELSE 'python' END AS handler FROM n)
        """

    private static let statements = [
        """
        INSERT INTO jobs (id, handler, lane, status, created_at_ms, started_at_ms, completed_at_ms, duration_ms,
            timeout_ms, session, client)
        \(numbers) SELECT CAST(printf('%016d', n) AS BLOB), handler, CASE handler WHEN 'echo' THEN 'echo' ELSE 'python' END,
            CASE WHEN n % 50 = 7 THEN 'cancelled' WHEN n % 13 = 0 THEN 'failed' ELSE 'completed' END,
            at, at + 2, at + 30, 28, 30000, CASE WHEN n % 20 = 3 THEN 's' || (n / 20 % 20) END, 'client' || (n % 5)
        FROM made
        """,
        """
        INSERT INTO job_contents (seq, flags, size_bytes, input, stdout, stderr, logs)
        \(numbers) SELECT jobs.seq, 0, 150, 'import math' || char(10) || 'value = compute_' || (n % 997) || '(' || n || ')'
            || char(10) || 'print("result of run", value, math.sqrt(' || n || '))' || char(10),
            CAST('result of run ' || n * 7 || ' ' || n * 0.5 || char(10) AS BLOB), x'',
            '[["info","result of run ' || n * 7 || '",' || at || ']]'
        FROM made JOIN jobs ON jobs.id = CAST(printf('%016d', n) AS BLOB)
        """,
        """
        INSERT INTO job_minutes
        \(numbers) SELECT created_at_ms / 60000, jobs.handler, count(*), min(seq), max(seq)
        FROM made JOIN jobs ON jobs.id = CAST(printf('%016d', n) AS BLOB) GROUP BY 1, 2
        ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted, last_seq = excluded.last_seq
        """,
    ]
}
