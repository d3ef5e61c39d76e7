internal import RoostPersistence

/// `roost history backup`: a copy of one moment.
enum BackupCommand {
    static let declaration: Command = Command(
        name: "backup", summary: "copy the history into a new file",
        discussion: """
            Copies the history as it is at one moment, by SQLite's online backup, beside a server that goes on
            writing. The file appears when it is whole, readable by its owner only, and takes the place of none. A
            server can be started on it with --database.
            """,
        arguments: [Argument("FILE", "the new file")],
        sections: [HistoryOptions.section],
        examples: ["roost history backup backup-$(date +%F).sqlite"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let history = try HistoryOptions.file(invocation.values)
        let target = invocation.arguments.first ?? ""
        let report = try HistoryReport(invocation.environment)
        defer { report.clear() }
        try history.backup(to: target, report: report.take)
        report.finish("copied to \(target)")
        return 0
    }
}
