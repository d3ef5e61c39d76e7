/// What DELETE may do: only stop a job that is not finished, or only remove one that is.
package enum DeleteMode: String, CaseIterable, ParameterValue, JSONConvertible {
    case cancel, remove
}
