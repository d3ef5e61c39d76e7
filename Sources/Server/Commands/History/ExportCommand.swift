internal import RoostPersistence

/// `roost history export`: finished jobs as lines of JSON.
enum ExportCommand {
    static let since = Option<TimeBound>(
        "since", "TIME", "only jobs made since: 2h, 7d, 2026-11-29, 2026-11-29T14:30")
    static let until = Option<TimeBound>("until", "TIME", "only jobs made before")

    static let declaration: Command = Command(
        name: "export", summary: "write finished jobs as lines of JSON",
        discussion: """
            Writes everything that is known of finished jobs, oldest first, one JSON object a line, but for webhooks
            and idempotency keys. Works beside a server.

            A file appears when it is whole, readable by its owner only, and takes the place of none.
            """,
        arguments: [Argument("FILE|-", "a new file; - is standard output", .optional)],
        sections: [
            OptionSection("Which jobs", [since, until], readsEnvironment: false), HistoryOptions.section,
        ],
        examples: [
            "roost history export > jobs.jsonl", "roost history export --since 7d - | gzip > week.jsonl.gz",
        ],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let values = invocation.values
        let history = try HistoryOptions.file(values)
        let now = WallClock.now()
        let file = try NewFile(invocation.arguments.first ?? "-")
        let report = try HistoryReport(invocation.environment)
        defer { report.clear() }
        let count = try history.export(
            since: values[since]?.moment(now: now), until: values[until]?.moment(now: now),
            report: report.take,
            write: file.write)
        try file.finish()
        report.finish("\(HistoryReport.jobs(count)) exported")
        return 0
    }
}
