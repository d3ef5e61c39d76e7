internal import RoostCore

/// What `/health` tells of Python, at one moment.
struct PythonHealth: Equatable {
    var status: PythonStatus
    var waiting: Int
    var running: Int
    var oldestWaitMilliseconds: Int?

    /// As members of one object, in the order of the contract (§3).
    var text: JSONText {
        let json: JSON = [
            "version": .string(status.version), "isolation": .string(status.isolation.rawValue),
            "workers": .int(status.workers), "busy": .int(status.busy), "ready": .int(status.ready),
            "queued": .int(waiting), "running": .int(running),
            "oldest_wait_ms": oldestWaitMilliseconds.json, "sessions": .int(status.sessions),
            "sandbox": [
                "mode": .string(status.sandbox.mode.rawValue),
                "enforced": .array(status.sandbox.enforced.map { .string($0) }),
                "missing": .array(status.sandbox.missing.map { .string($0) }),
            ],
        ]
        return JSONText(trusted: json.serialized())
    }
}
