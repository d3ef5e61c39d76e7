/// The value of `status` in a list: `all`, or one state.
package enum StatusFilter: String, CaseIterable, ParameterValue, JSONConvertible {
    case all, pending, running, completed, failed, cancelled

    /// The state; nil for all.
    package var status: JobStatus? { JobStatus(rawValue: rawValue) }
}
