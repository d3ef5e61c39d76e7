/// The server's own endpoints about jobs: those of every handler, in one form.
enum JobEndpoints {
    /// All of them.
    @EndpointBuilder static var all: [Endpoint] {
        Endpoint(.get, "/jobs", "List the jobs of all handlers", JobParameters.list) {
            try await JobView($0).list()
        }
        Endpoint(.get, "/jobs/stats", "Count jobs, and what happened in the last hour and day") {
            try await $0.context.jobs.queue.statistics().response
        }
        Endpoint(.get, "/job", "Get job details", JobParameters.id) { try await JobView($0).detail() }
        Endpoint(
            .get, "/job/events", "Follow a job as server-sent events", JobParameters.id,
            JobParameters.lastEventID
        ) { try await JobView($0).events() }
        Endpoint(.delete, "/job", "Cancel or remove a job", JobParameters.id, JobParameters.mode) {
            try await JobView($0).delete()
        }
    }
}
