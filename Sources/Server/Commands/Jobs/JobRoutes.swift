/// Where jobs are asked for, below `/api/v1`.
enum JobRoutes {
    static let execute = "/python/execute"
    static let list = "/jobs"
    static let job = "/job"
    static let events = "/job/events"
}
