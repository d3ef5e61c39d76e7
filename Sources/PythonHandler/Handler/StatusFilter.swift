internal import RoostCore

/// The value of `status` in a list: `all`, or one state.
enum StatusFilter: String, CaseIterable, ParameterValue, JSONConvertible {
    case all, pending, running, completed, failed, cancelled

    /// The state; nil for all.
    var status: JobStatus? { JobStatus(rawValue: rawValue) }
}
