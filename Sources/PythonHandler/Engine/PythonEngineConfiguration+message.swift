internal import RoostCore
internal import RoostPythonWire

extension PythonEngineConfiguration {
    /// The JSON of `configure`.
    var message: [UInt8] {
        // One more than is kept, by which the job's record sees that there were more.
        let logEntries = min(maximumLogEntries, .max - 1) + 1
        let object: JSONObject = [
            "scratch": .string(scratch), "max_log_entries": .int(logEntries),
            "max_log_entry_bytes": .int(maximumLogEntry), "max_result_bytes": .int(maximumResult),
            "max_traceback_bytes": .int(maximumTraceback), "modules": .array(modules.map(Self.describe)),
        ]
        return JSON.object(object).serialized()
    }

    private static func describe(_ module: HostModule) -> JSON {
        var calls: [JSON] = []
        var logs: JSONObject = [:]
        for function in module.functions {
            switch function.kind {
            case .call: calls.append(.string(function.name))
            case .log(let level): logs[function.name] = .int(Int(RunnerLogLevel(level).rawValue))
            }
        }
        return .object([
            "name": .string(module.name), "functions": .array(calls), "log_functions": .object(logs),
            "prelude": .string(module.prelude),
        ])
    }
}

extension RunnerLogLevel {
    init(_ level: JobLogEntry.Level) {
        self =
            switch level {
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }

    var level: JobLogEntry.Level {
        switch self {
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
