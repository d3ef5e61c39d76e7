internal import RoostCore

/// `roost job`: everything about one job.
enum JobCommand {
    static let json = Switch("json", "print the job as one line of JSON")
    static let code = Switch("code", "print only the code that was submitted")
    static let output = Switch("output", "pass on only what it wrote, to standard output and error, as it is")
    static let follow = Switch("follow", "the same, and go on until it ends; exit as 'roost run' does")

    static let declaration: Command = Command(
        name: "job", summary: "show one job",
        discussion: """
            Shows a job: its state, times, code, output and error. Long texts are shortened; --code and --output print
            them whole.
            """,
        arguments: [Argument("ID", "the job's id")],
        sections: [
            OptionSection("Output", [json, code, output, follow], readsEnvironment: false),
            ServerOptions.section,
        ],
        examples: [
            "roost job 01a1fcd4-9065-7f87-b029-13440d175d86",
            "roost job --output 01a1fcd4-9065-7f87-b029-13440d175d86 > result.txt",
        ],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let values = invocation.values
        let id = invocation.arguments.first ?? ""
        let asked = [json, code, output, follow].filter { values[$0] }
        guard asked.count < 2 else {
            throw UsageError(
                "only one of " + asked.map { "--\($0.name)" }.joined(separator: ", ") + " can be given")
        }
        var client = try ServerOptions.client(values)
        if values[follow] {
            client.http.interrupts = try Interrupts.install()
            let run = ScriptRun(client, id: id, showsOutput: true, environment: invocation.environment)
            return run.exitCode(try run.follow())
        }
        let answer = try client.get(JobRoutes.job, [("id", id)])
        guard let job = answer["job"] else {
            throw ClientError.noRoost(address: client.address.description, reason: "its answer has no job")
        }
        if values[json] {
            Console.print(String(decoding: job.serialized(), as: UTF8.self) + "\n")
        } else if values[code] {
            Console.print(job["code"]?.string ?? "")
        } else if values[output] {
            try pass(on: job, client)
        } else {
            let terminal = Terminal.output(invocation.environment)
            terminal.write(JobPage(job, now: WallClock.now(), terminal: terminal).text)
        }
        return 0
    }

    /// Of a job that has ended from its events, where nothing is taken off its end; else what is there so far.
    private static func pass(on job: JSON, _ client: RoostClient) throws {
        let isFinished = ["completed", "failed", "cancelled"].contains(job["status"]?.string)
        guard isFinished, let id = job["id"]?.string else {
            Console.print(job["output"]?.string ?? "")
            Console.printError(job["stderr"]?.string ?? "")
            return
        }
        var follower = JobFollower(client, id: id, isKnown: true)
        _ = try follower.follow { event, data in
            if event == "stdout" { Console.print(data["text"]?.string ?? "") }
            if event == "stderr" { Console.printError(data["text"]?.string ?? "") }
        }
    }
}
