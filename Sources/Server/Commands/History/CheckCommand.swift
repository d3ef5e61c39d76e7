internal import RoostPersistence

/// `roost history check`: whether a file is whole.
enum CheckCommand {
    static let declaration: Command = Command(
        name: "check", summary: "look for damage in the file of a history",
        discussion: """
            Looks whether the file is whole, its tables fit each other, and the totals that are kept are those that are
            counted. Works beside a server; takes about a second for each 100 MB.
            """,
        sections: [HistoryOptions.section],
        exitCodes: [
            ExitCode("0", "all is well"),
            ExitCode(
                "1", "there is damage, one line for each on standard output; or it could not be checked"),
            ExitCode("2", "wrong usage"),
        ],
        examples: ["roost history check --database backup.sqlite"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let history = try HistoryOptions.file(invocation.values)
        let report = try HistoryReport(invocation.environment)
        defer { report.clear() }
        let findings = try history.check(report: report.take)
        guard findings.isEmpty else {
            report.clear()
            Console.print(findings.map { SafeText.line($0) + "\n" }.joined())
            return 1
        }
        report.finish("no damage found")
        return 0
    }
}
