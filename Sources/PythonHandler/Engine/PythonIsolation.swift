/// What stands between two jobs.
public enum PythonIsolation: String, Sendable, CaseIterable {
    /// A fresh process for each job, forked ahead of need.
    case process
    /// Long-lived interpreters with a fresh `__main__` for each job. Modules stay imported, and what a job changed
    /// inside one of them is there for the next; an interpreter that is seen to be left otherwise is replaced.
    case shared
}
