internal import RoostCore
internal import RoostPython

/// What a job's end means for the process that waited for it: an exit code as the script itself would have had it, and
/// what is left to say on standard error.
struct JobExit: Equatable {
    let code: Int32
    /// The traceback, or a line of our own; nil when there is nothing to say.
    let text: String?

    init(_ job: JSON) {
        let error = job["error"]
        let message = error?["message"]?.string ?? ""
        switch (job["status"]?.string, error?["code"]?.string) {
        case ("completed", _): (code, text) = (0, nil)
        case ("cancelled", _): (code, text) = (130, "roost: cancelled")
        case (_, "TIMEOUT"):
            let timeout = job["timeout"]
            let seconds = timeout?.int.map { "\($0)" } ?? timeout?.double.map { "\($0)" }
            (code, text) = (124, "roost: timed out" + (seconds.map { " after \($0) s" } ?? ""))
        case (_, "SERVER_STOPPED"): (code, text) = (143, "roost: the server stopped before the job had ended")
        case (_, "MEMORY_LIMIT"): (code, text) = (137, error?["traceback"]?.string ?? "roost: \(message)")
        case (_, "PYTHON_PROCESS_DIED"):
            let signal = error?["details"]?["signal"]?.string.flatMap(SignalName.number)
            let exit = error?["details"]?["exit_code"]?.int.map { Int32(truncatingIfNeeded: $0) & 0xFF }
            // A job that left by os._exit(0) has failed, whatever it meant by that.
            code = signal.map { Int32(128 + $0) } ?? max(1, exit ?? 1)
            text = "roost: \(message)"
        case _ where error?["type"]?.string == "SystemExit":
            let exit = error?["details"]?["exit_code"]?.int.map { Int32(truncatingIfNeeded: $0) & 0xFF }
            // sys.exit(256) would be 0 to the shell, and is a failure to the server.
            code = max(1, exit ?? 1)
            // As Python does: sys.exit("text") prints the text, sys.exit(2) nothing.
            let given =
                message.hasPrefix("SystemExit: ") ? String(message.dropFirst("SystemExit: ".count)) : ""
            text = Int(given) == nil && !given.isEmpty ? given : nil
        default: (code, text) = (1, error?["traceback"]?.string ?? "roost: \(message)")
        }
    }
}
