/// How submitted source is read.
public enum PythonMode: String, Sendable {
    /// As a script; the value of a final bare expression is the result.
    case module
    /// As a script whose top level may `return`; what it returns is the result.
    case function
}
