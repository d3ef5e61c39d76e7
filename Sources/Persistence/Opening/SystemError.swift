import Glibc

enum SystemError {
    /// The system's text for an `errno`, such as `Permission denied`.
    static func message(_ code: Int32) -> String {
        // glibc keeps the text for each thread apart since 2.32; it is copied at once.
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
