internal import Glibc
internal import RoostCore
internal import RoostEventLoop

/// What the system says of the server's own process, under the names that Prometheus' client libraries use.
struct ProcessMetrics: MetricsSource {
    private let startTime: Double?

    init() { startTime = Self.startTime() }

    func metrics() async -> [MetricFamily] {
        // Nothing here waits for a disk, but with thousands of connections the second takes a millisecond.
        let (memory, descriptors) =
            (try? await BlockingWork.shared.run { (Self.memory(), Self.openDescriptors()) }) ?? (nil, nil)
        return [
            counter(
                "process_cpu_seconds_total", "User and system time of the server's process",
                Self.processorTime()),
            gauge(
                "process_resident_memory_bytes", "Resident memory of the server's process", memory?.resident),
            gauge("process_virtual_memory_bytes", "Virtual memory of the server's process", memory?.virtual),
            gauge("process_open_fds", "Descriptors that the server's process has open", descriptors),
            gauge("process_max_fds", "Descriptors that it may have open", Self.maximumDescriptors()),
            gauge("process_start_time_seconds", "When it was started, in seconds since 1970", startTime),
        ]
    }

    private func gauge(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
        MetricFamily(name, .gauge, help, value.map { [MetricSample([], .number($0))] } ?? [])
    }

    private func counter(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
        MetricFamily(name, .counter, help, value.map { [MetricSample([], .number($0))] } ?? [])
    }

    /// getrusage(2).
    private static func processorTime() -> Double? {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// proc_pid_statm(5): sizes in pages.
    private static func memory() -> (resident: Double, virtual: Double)? {
        guard let text = Files.read("/proc/self/statm") else { return nil }
        let numbers = String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Double($0) }
        guard numbers.count >= 2 else { return nil }
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        return (numbers[1] * page, numbers[0] * page)
    }

    /// Each slot of the table is asked for: `/proc/self/fd` is closed to a process that nobody may look into.
    private static func openDescriptors() -> Double? {
        guard let text = Files.read("/proc/self/status") else { return nil }
        // proc_pid_status(5): the number of slots.
        let size = String(decoding: text, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("FDSize:") }?.split(separator: "\t").last.flatMap { Int32($0) }
        return size.map { size in Double((0..<max(0, size)).count { fcntl($0, F_GETFD) >= 0 }) }
    }

    private static func maximumDescriptors() -> Double? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Double(limit.rlim_cur)
    }

    /// proc_pid_stat(5), field 22, in clock ticks since the system's start, which `btime` of proc_stat(5) tells.
    private static func startTime() -> Double? {
        guard let own = Files.read("/proc/self/stat"), let system = Files.read("/proc/stat") else {
            return nil
        }
        // Behind the name, which may hold spaces and brackets of its own.
        let fields = String(decoding: own, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        let boot = String(decoding: system, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("btime ") }?.split(separator: " ").last
        guard let fields, fields.count > 19, let ticks = Double(fields[19]), let boot,
            let start = Double(boot)
        else { return nil }
        return start + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
