import RoostCore

/// The texts of a job in the database, as ``JobText`` writes them.
struct SearchTexts {
    /// What was submitted.
    var code: [UInt8]
    /// What it left, once it has ended.
    var output: [UInt8]?

    /// Both that there are.
    var all: [[UInt8]] { [code] + (output.map { [$0] } ?? []) }
    /// Bytes of both.
    var size: Int { code.count + (output?.count ?? 0) }

    static let contents = """
        SELECT jobs.completed_at_ms IS NOT NULL, substr(CAST(input AS BLOB), 1, \(JobText.searchedBytes)),
            substr(stdout, 1, \(JobText.searchedBytes)), substr(stderr, 1, \(JobText.searchedBytes)), result, failure
        FROM jobs JOIN job_contents ON job_contents.seq = jobs.seq WHERE jobs.seq = ?
        """

    /// Reads a job's texts; nil when it is gone.
    init?(_ sequence: Int64, _ connection: SQLiteConnection) throws(SQLiteError) {
        let found = try connection.first(Self.contents, .int(sequence)) {
            row throws(SQLiteError) -> (
                isFinished: Bool, input: [UInt8], output: JobOutput, failure: JobFailure?
            ) in
            let output = JobOutput(
                stdout: row.bytes(2), stderr: row.bytes(3),
                result: row.isNull(4) ? nil : JSONText(trusted: row.bytes(4)))
            let failure = row.isNull(5) ? nil : try JobRecordJSON.failure(row.bytes(5))
            return (row.int(0) != 0, row.bytes(1), output, failure)
        }
        guard let found else { return nil }
        code = JobText.code(found.input)
        guard found.isFinished else { return }
        var output = found.output
        // Left of a job that the server was cut off from.
        _ = try connection.rows(JobReads.partsOfJob, .int(sequence)) { row in
            guard output.stdout.count + output.stderr.count < JobText.searchedBytes else { return }
            output.stdout += row.bytes(1)
            output.stderr += row.bytes(2)
        }
        self.output = JobText.output(output, found.failure)
    }
}
