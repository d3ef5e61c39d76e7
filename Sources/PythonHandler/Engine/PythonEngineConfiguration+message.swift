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
            "virtual_environment": virtualEnvironment.json, "paths": paths.json, "preload": preload.json,
            "project_scripts": projectScripts.json, "max_traceback_bytes": .int(maximumTraceback),
            "modules": .array(modules.map(\.wireForm)),
        ]
        return JSON.object(object).serialized()
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

    var logLevel: Logger.Level {
        switch self {
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
