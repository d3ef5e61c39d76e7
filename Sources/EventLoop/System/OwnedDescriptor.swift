internal import Glibc

/// A file descriptor with one owner, closed when that owner lets go of it.
///
/// Cancel its ``EventLoop/Registration`` before: a number that is closed may come back as another file.
public struct OwnedDescriptor: ~Copyable, Sendable {
    /// The descriptor's number.
    public let rawValue: Int32

    /// Takes over an open descriptor.
    public init(adopting rawValue: Int32) { self.rawValue = rawValue }

    /// Takes over what a call returned.
    ///
    /// - Parameters:
    ///   - result: The call's return value.
    ///   - call: The call's name, for the error.
    /// - Throws: What the call left in `errno`, when it returned a negative number.
    public init(result: Int32, of call: String) throws(SystemError) {
        guard result >= 0 else { throw .last(call) }
        rawValue = result
    }

    deinit { _ = Glibc.close(rawValue) }

    /// Gives the number away without closing it.
    public consuming func release() -> Int32 {
        let value = rawValue
        discard self
        return value
    }
}
