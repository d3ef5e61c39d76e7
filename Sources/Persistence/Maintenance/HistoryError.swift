/// Why something could not be done with the file of a history.
public enum HistoryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no such file.
    case missing(String)
    /// It is no history, or one that cannot be opened or read; also when somebody else holds it.
    case unusable(StoreOpenError)
    /// Written by an older version and not brought up to date yet.
    case older(String)
    /// The target of a backup is there already.
    case exists(String)
    /// A file could not be written; the second text is the system's.
    case notWritten(String, String)
    /// A line of an import is not what an export writes; counted from 1.
    case line(Int, String)

    /// One line that says what is wrong and what to do; for the operator.
    public var description: String {
        switch self {
        case .missing(let path): "there is no history at '\(path)'; name its file with --database"
        case .unusable(let error): error.description
        case .older(let path):
            "'\(path)' was written by an older version; start the server with it once, or prune it, to bring it up to date"
        case .exists(let path): "'\(path)' is there already; name a file that is not"
        case .notWritten(let path, let problem): "'\(path)' cannot be written (\(problem))"
        case .line(let number, let problem):
            "line \(number) is not a job as 'roost history export' writes it: \(problem)"
        }
    }
}
