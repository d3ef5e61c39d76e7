internal import RoostCore

extension JobHandle {
    /// The job at its end. One whose end could not be written reads as failed with `SERVER_ERROR`, with what it wrote.
    func ended() async -> Job {
        do { return try await finished() } catch {
            var job = error.job
            job.summary.status = .failed
            job.failure = JobFailure(
                .serverError, message: "The job has ended, but its record could not be written yet")
            return job
        }
    }
}
