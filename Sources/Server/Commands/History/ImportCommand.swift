internal import RoostPersistence

/// `roost history import`: adds what an export wrote.
enum ImportCommand {
    static let declaration: Command = Command(
        name: "import", summary: "add jobs that an export wrote",
        discussion: """
            Adds jobs from lines that 'roost history export' wrote, and makes the file when there is none. A job whose
            id is there stays as it is, so that an import can be repeated. Needs the history for itself.
            """,
        arguments: [Argument("FILE|-", "what was exported; - reads it from standard input")],
        sections: [HistoryOptions.section],
        examples: ["roost history import jobs.jsonl --database Saved/Roost.sqlite"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let history = try HistoryOptions.file(invocation.values)
        let lines = try LineReader(invocation.arguments.first ?? "-")
        let report = try HistoryReport(invocation.environment)
        defer { report.clear() }
        let imported = try history.import(
            report: { try report.take($0, fraction: lines.fraction) }, nextLine: lines.next)
        let known = imported.known == 0 ? "" : ", \(HumanTime.grouped(imported.known)) were there already"
        report.finish("\(HistoryReport.jobs(imported.added)) imported\(known)")
        return 0
    }
}
