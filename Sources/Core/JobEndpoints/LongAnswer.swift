/// Answers that show a whole job, whose output may be megabytes.
package enum LongAnswer {
    /// Jobs of more bytes than this are not made text of on an event loop: at some 20 MB/s, everybody else on the
    /// loop would wait for it, `/health` too (contract §3).
    package static let shortBytes = 64 << 10

    /// Makes the answer: at once, or, for a job that left much, on the cooperative pool.
    package static func write(_ job: Job, _ make: @escaping @Sendable (Job) -> Response) async -> Response {
        let output = job.output
        let bytes =
            job.input.utf8.count + output.stdout.count + output.stderr.count
            + (output.result?.bytes.count ?? 0)
        guard bytes > shortBytes || output.logs.count > 500 else { return make(job) }
        // Detached, since a child of this task would run on the event loop, too.
        return await Task.detached { make(job) }.value
    }
}
