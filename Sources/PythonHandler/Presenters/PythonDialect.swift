public import RoostCore

/// Which of the two documents an answer is written by (contract §5).
public enum PythonDialect: String, Sendable, CaseIterable, ParameterValue, JSONConvertible {
    /// "UnrealPythonREST API Reference".
    case reference
    /// "Python Endpoints": the same URLs with other field names.
    case classic

    var presenter: any Presenter {
        switch self {
        case .reference: ReferencePresenter()
        case .classic: ClassicPresenter()
        }
    }
}
