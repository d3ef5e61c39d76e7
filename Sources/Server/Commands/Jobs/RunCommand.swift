internal import Glibc
internal import RoostCore
internal import RoostEventLoop

/// `roost run`: a script on the server as if it ran here.
enum RunCommand {
    static let timeout = Option<Seconds>(
        "timeout", "SECONDS", "how long it may run, from 1 to 300", default: "30")
    static let session = Option<String>(
        "session", "NAME",
        "the interpreter to run in, which keeps its variables for the next run that names it")
    static let json = Switch(
        "json", "print the job with all its results as one line of JSON when it has ended")

    static let declaration: Command = Command(
        name: "run", summary: "run a script and show what it prints",
        discussion: """
            Runs a Python script on the server and passes on what it writes to standard output and error while it
            runs. On a terminal a bar shows what it reports by roost.progress().

            Ctrl-C cancels the job on the server and waits until it has stopped; a second one does not wait.
            """,
        arguments: [Argument("FILE|-", "the script; - reads it from standard input")],
        sections: [
            OptionSection("Options", [timeout, session, json], readsEnvironment: false),
            ServerOptions.section,
        ],
        exitCodes: [
            ExitCode("0", "the script ended"), ExitCode("N", "it called sys.exit(N)"),
            ExitCode("1", "it raised an exception; the traceback is on standard error"),
            ExitCode("2", "wrong usage"),
            ExitCode("124", "its time was over"),
            ExitCode("125", "it could not be run: no such file, no server, no key, the queue is full"),
            ExitCode("128+N", "signal N ended its process, or this command"),
            ExitCode("130", "it was cancelled, with Ctrl-C or by somebody else"),
            ExitCode("137", "it was out of memory"), ExitCode("143", "the server stopped"),
        ],
        failureCode: 125,
        examples: [
            "roost run hello.py", "roost run --timeout 120 --project ~/MyGame build.py",
            "echo 'print(6 * 7)' | roost run -",
        ],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let values = invocation.values
        let path = invocation.arguments.first ?? "-"
        let code = try ScriptSource.read(path)
        var body: JSONObject = ["code": .string(code), "async": true]
        let id = JobID.generate(at: WallClock.now()).description
        body["job_id"] = .string(id)
        body["timeout"] = values[timeout].map { .double($0.value) }
        body["session"] = values[session].map { .string($0) }

        var client = try ServerOptions.client(values)
        client.http.interrupts = try Interrupts.install()
        let run = ScriptRun(client, id: id, showsOutput: !values[json], environment: invocation.environment)
        let job = try run.finish(.object(body))
        if values[json] { Console.print(String(decoding: job.serialized(), as: UTF8.self) + "\n") }
        return run.exitCode(job)
    }
}
