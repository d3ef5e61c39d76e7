internal import RoostCore

/// `roost jobs`: the history as a table or as JSON.
enum JobsCommand {
    static let json = Switch("json", "print one line of JSON for each job instead of a table")
    static let watch = Switch("watch", "show the table anew every two seconds until Ctrl-C; needs a terminal")

    static let declaration: Command = Command(
        name: "jobs", summary: "list jobs, newest first",
        discussion: """
            Lists jobs, newest first. On a terminal the table is fitted to it and shows how long ago a job was made;
            in a pipe nothing is cut and times are written in full.
            """,
        sections: [
            JobSearch.section, OptionSection("Output", [json, watch], readsEnvironment: false),
            ServerOptions.section,
        ],
        examples: [
            "roost jobs --status failed --since 2h", "roost jobs --q ValueError --limit 5",
            "roost jobs --json --since 1d | jq -r .client | sort | uniq -c",
        ],
        body: .blocking(run))

    /// How many are listed unless somebody says otherwise: a screen full on a terminal.
    private static let usualCount = 20

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let values = invocation.values
        let output = Terminal.output(invocation.environment)
        let client = try ServerOptions.client(values)
        if values[watch] {
            guard output.isTerminal, !values[json] else {
                throw UsageError("--watch needs a terminal and cannot be used with --json")
            }
            return try JobsWatch(client, values, output).run()
        }
        let search = JobSearch(values, now: WallClock.now())
        let count = values[JobSearch.limit] ?? usualCount
        if values[json] {
            try search.pages(client, count: count) { jobs, _ in
                output.write(jobs.map { String(decoding: $0.serialized(), as: UTF8.self) + "\n" }.joined())
            }
            return 0
        }
        var jobs: [JSON] = []
        var total = JobSearch.Total()
        try search.pages(client, count: count) { page, all in
            jobs += page
            total = all
            return true
        }
        guard !jobs.isEmpty else {
            Terminal.errors(invocation.environment).write("no such jobs\n")
            return 0
        }
        let now = WallClock.now()
        let table = JobLine.table(jobs.map { JobLine($0, now: now) }, now: output.isTerminal ? now : nil)
        output.write(table.lines(width: output.columns, style: output.style).joined(separator: "\n") + "\n")
        if output.isTerminal, total.isMinimum || total.count > jobs.count {
            let text = "\(HumanTime.grouped(jobs.count)) of \(total); --limit shows more"
            output.write(output.style.dim(text) + "\n")
        }
        return 0
    }
}
