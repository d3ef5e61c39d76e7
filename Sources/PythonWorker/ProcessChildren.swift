import Glibc

/// The children of this process, the ones it inherited as a subreaper included.
enum ProcessChildren {
    /// Their pids, from `/proc/thread-self/children` (proc_pid_task_children(5)); empty where the kernel has none.
    static func all() -> [pid_t] {
        let file = unsafe open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer.prefix(count)
        }
        return text.split(separator: UInt8(ascii: " "))
            .compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
    }
}
