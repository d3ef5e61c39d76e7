internal import RoostCore

/// `roost cancel`: stops jobs.
enum CancelCommand {
    static let declaration: Command = Command(
        name: "cancel", summary: "stop jobs that wait or run",
        discussion: "Stops jobs and waits until they have stopped. They stay in the history as cancelled.",
        arguments: [Argument("ID", "the job's id; several may follow each other", .repeated)],
        sections: [ServerOptions.section],
        exitCodes: [
            ExitCode("0", "all of them were stopped"),
            ExitCode(
                "1", "one had ended already, or there is no such job; each has a line on standard error"),
            ExitCode("2", "wrong usage"),
        ],
        examples: ["roost cancel 01a1fcd4-9065-7f87-b029-13440d175d86"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let client = try ServerOptions.client(invocation.values)
        var code: Int32 = 0
        for id in invocation.arguments {
            do {
                let answer = try client.delete(
                    JobRoutes.job, [("id", id), ("mode", "cancel")])
                let previous = SafeText.line(answer["previous_status"]?.string ?? "pending")
                Console.print("\(SafeText.line(id)) cancelled (was \(previous))\n")
            } catch ClientError.refused(let refusal)
                where (400..<500).contains(refusal.status) && refusal.status != 401
            {
                Console.printError("roost: \(ClientError.refused(refusal))\n")
                code = 1
            }
        }
        return code
    }
}
