import Glibc

/// The signals that wait for a process, as the kernel tells.
enum PendingSignals {
    /// True when `signal` was sent to the main thread and not taken yet (`SigPnd` of proc_pid_status(5)).
    static func contains(_ signal: Int32, of pid: Int32) -> Bool {
        let file = unsafe open("/proc/\(pid)/status", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = unsafe read(file, &buffer, buffer.count)
        let lines = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
        guard let mask = lines.first(where: { $0.hasPrefix("SigPnd:") })?.split(separator: "\t").last,
            let bits = UInt64(mask, radix: 16)
        else { return false }
        return bits >> UInt64(signal - 1) & 1 == 1
    }
}
