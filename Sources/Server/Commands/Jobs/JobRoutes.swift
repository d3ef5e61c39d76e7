/// Where jobs are asked for, below `/api/v1`.
enum JobRoutes {
    static let execute = "/python/execute"
    static let list = "/python/jobs"
    static let job = "/python/job"
    static let events = "/python/events"
    /// However the server is set up, answers have the names of the reference.
    static let dialect = ("dialect", "reference")
}
