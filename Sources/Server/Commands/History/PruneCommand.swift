internal import RoostCore
internal import RoostPersistence

/// `roost history prune`: retention by hand.
enum PruneCommand {
    static let age = Option<AgeSpan>("age", "SPAN", "jobs made longer ago than this go: 90s, 30m, 2h, 7d, 4w")
    static let count = Option<Int>("count", "N", "so many of the newest stay at most", in: 0...1 << 40)

    static let declaration: Command = Command(
        name: "prune", summary: "remove old jobs",
        discussion: """
            Removes finished jobs beyond an age or a count, the oldest first, as a server does by its --retention
            options. The file does not shrink; what becomes free is used for new jobs. Needs the history for itself.
            """,
        sections: [
            OptionSection("Which jobs stay", [age, count], readsEnvironment: false), HistoryOptions.section,
        ],
        examples: ["roost history prune --age 30d", "roost history prune --count 100000 --project ~/MyGame"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let values = invocation.values
        guard values[age] != nil || values[count] != nil else {
            throw UsageError("--age or --count is missing; without either there is nothing to remove")
        }
        let history = try HistoryOptions.file(values)
        var retention = JobRetention()
        retention.maximumAgeMilliseconds = values[age]?.milliseconds ?? .max
        retention.maximumCount = values[count] ?? .max
        let report = try HistoryReport(invocation.environment)
        defer { report.clear() }
        let removed = try history.prune(retention, now: WallClock.now(), report: report.take)
        report.finish("\(HistoryReport.jobs(removed)) removed")
        return 0
    }
}
