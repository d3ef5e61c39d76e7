public import RoostCore

extension PythonEngine: MetricsSource {
    /// Workers, sessions, and processes by how they ended; from memory.
    public nonisolated func metrics() async -> [MetricFamily] {
        let status = status
        let processes = status.processes
        return [
            gauge("roost_python_workers", "Python jobs that may run at once", status.workers),
            gauge("roost_python_workers_busy", "Python jobs that hold a process", status.busy),
            gauge("roost_python_processes_ready", "Python processes that wait for a job", status.ready),
            gauge("roost_python_sessions", "Named sessions", status.sessions),
            counter(
                "roost_python_worker_starts_total", "Times that roost-python was started", processes.workers),
            counter(
                "roost_python_processes_started_total", "Python processes forked for jobs", processes.started),
            MetricFamily(
                "roost_python_processes_ended_total", .counter,
                "Python processes that ended: retired after their work, stopped with a job, by exit, by a signal, for want of memory, or with roost-python",
                processes.causes.map { MetricSample([(name: "cause", value: $0.name)], $0.count) }),
            MetricFamily(
                "roost_python_info", .gauge, "Always 1; the labels say how Python runs",
                [
                    MetricSample(
                        [
                            (name: "version", value: status.version),
                            (name: "isolation", value: status.isolation.rawValue),
                            (name: "sandbox", value: status.sandbox.mode.rawValue),
                        ], 1)
                ]),
        ]
    }

    private nonisolated func gauge(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
        MetricFamily(name, .gauge, help, [MetricSample([], value)])
    }

    private nonisolated func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
        MetricFamily(name, .counter, help, [MetricSample([], value)])
    }
}
