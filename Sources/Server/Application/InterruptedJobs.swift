internal import RoostPersistence

/// What becomes of jobs that waited for their turn when the last server died. Those that ran fail in any case.
public enum InterruptedJobs: String, Sendable, CaseIterable, OptionValue {
    /// They fail with `SERVER_STOPPED`.
    case fail
    /// They run.
    case requeue

    var option: SQLiteStoreOptions.Resume {
        switch self {
        case .fail: .fail
        case .requeue: .requeue
        }
    }
}
