internal import CLinux
internal import Glibc

/// A system call that failed: which one, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error number (`errno`), such as `EADDRINUSE`.
    public let code: Int32
    /// The call that failed, such as `bind`.
    public let call: String

    /// Names a failure.
    public init(_ code: Int32, _ call: String) {
        self.code = code
        self.call = call
    }

    /// The failure that the call just made left in `errno`.
    package static func last(_ call: String) -> SystemError { SystemError(errno, call) }

    /// Such as `bind: Address already in use (98)`.
    public var description: String { "\(call): \(Self.text(of: code)) (\(code))" }

    /// glibc's English text for an error number.
    public static func text(of code: Int32) -> String {
        guard let text = unsafe clinux_error_description(code) else { return "Unknown error" }
        return unsafe String(cString: text)
    }
}
