import Glibc

/// Figures as JSON on standard output, for the script; remarks on standard error, for people.
enum Output {
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    static func figures(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    static func fail(_ text: String) -> Never {
        note("bench: " + text)
        exit(1)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
