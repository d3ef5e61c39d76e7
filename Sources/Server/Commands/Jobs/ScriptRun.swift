internal import Glibc
internal import RoostCore

/// One job from its submission to its end, with its output passed on.
final class ScriptRun {
    /// Nobody reads our standard output any more.
    private struct OutputClosed: Error {}

    private var client: RoostClient
    private let id: String
    private let showsOutput: Bool
    private let line: StatusLine
    private let startedAt = ContinuousClock.now
    private var isSubmitted = false
    private var status = "pending"
    private var progress: (fraction: Double, message: String)?
    /// Why the job is being cancelled; nil while it is not.
    private var stop: Int32?

    init(_ client: RoostClient, id: String, showsOutput: Bool, environment: [String: String]) {
        self.client = client
        self.id = id
        self.showsOutput = showsOutput
        line = StatusLine(environment)
        line.text = { [unowned self] in statusText }
        self.client.http.idle = { [unowned self] in line.update() }
    }

    /// Submits it and follows it to its end.
    ///
    /// - Returns: The job as it ended.
    /// - Throws: ``ClientError``, also when a second signal came.
    func finish(_ request: JSON) throws -> JSON {
        do { try submit(request) } catch ClientError.interrupted(let signal) { try cancel(signal) }
        return try follow()
    }

    /// Follows it to its end. The first signal cancels it, as does a standard output that nobody reads any more.
    ///
    /// - Returns: The job as it ended.
    /// - Throws: ``ClientError``, also when a second signal came.
    func follow() throws -> JSON {
        defer {
            line.text = { "" }
            line.endLine()
        }
        var follower = JobFollower(client, id: id, isKnown: isSubmitted)
        while true {
            do { return try follower.follow(take) } catch ClientError.interrupted(let signal)
                where stop == nil
            {
                try cancel(signal)
            } catch is OutputClosed {
                try cancel(SIGPIPE)
            }
        }
    }

    /// The exit code, after what there is to say was said.
    func exitCode(_ job: JSON) -> Int32 {
        let exit = JobExit(job)
        // Ctrl-C is 130 as well; of another signal the caller wants to hear.
        if let stop, stop != SIGINT, job["status"]?.string == "cancelled" { return 128 + stop }
        if let text = exit.text, stop != SIGPIPE { line.writeError(text + "\n") }
        return exit.code
    }

    /// Twice, if the connection breaks: the id is ours, so that the server knows the job again. In the dialect that
    /// does not wait for its end, whatever the server speaks otherwise.
    private func submit(_ request: JSON) throws {
        isSubmitted = true
        do {
            _ = try client.post(JobRoutes.execute, [("dialect", "reference")], request)
        } catch let error as ClientError {
            guard case .broken = error else { throw error }
            _ = try client.post(JobRoutes.execute, [("dialect", "reference")], request)
        }
    }

    private func cancel(_ signal: Int32) throws {
        guard stop == nil else { return }
        stop = signal
        line.update()
        do {
            _ = try client.delete(JobRoutes.job, [("id", id), ("mode", "cancel")])
        } catch ClientError.refused(let refusal) where refusal.code == "JOB_ALREADY_FINISHED" {
            // It was faster.
        } catch ClientError.refused(let refusal) where refusal.code == "JOB_NOT_FOUND" {
            // The signal came before the job did.
            throw ClientError.interrupted(signal: signal)
        }
    }

    private func take(_ event: String, _ data: JSON) throws {
        switch event {
        case "status": status = data["status"]?.string ?? status
        case "stdout" where showsOutput:
            guard line.write(data["text"]?.string ?? "") || stop != nil else { throw OutputClosed() }
        case "stderr" where showsOutput: line.writeError(data["text"]?.string ?? "")
        case "progress":
            progress = (data["fraction"]?.double ?? 0, data["message"]?.string ?? "")
            line.update()
        default: break
        }
    }

    private var statusText: String {
        let elapsed = startedAt.duration(to: .now)
        if stop != nil { return line.style.dim("cancelling …") }
        if let progress {
            return ProgressBar.line(
                fraction: progress.fraction, message: progress.message,
                elapsed: Int(elapsed / .milliseconds(1)),
                columns: line.columns, style: line.style)
        }
        // Nothing is said of a wait that nobody notices.
        guard status == "pending", elapsed > .seconds(1) else { return "" }
        return line.style.dim("waiting for its turn …")
    }
}
