internal import RoostCore

/// What a list shows of a job, taken from its JSON; every text is safe for a terminal.
struct JobLine {
    let id: String
    let status: String
    let createdAt: Timestamp?
    /// In milliseconds: how long it ran, or has run so far.
    let duration: Int?
    let handler: String
    let client: String
    let session: String

    init(_ job: JSON, now: Timestamp) {
        func text(_ name: String) -> String { SafeText.line(job[name]?.string ?? "") }
        func time(_ name: String) -> Timestamp? { job[name]?.string.flatMap(Timestamp.init(text:)) }
        id = text("id")
        status = text("status")
        createdAt = time("created_at")
        let running = status == "running" ? time("started_at").map { Int($0.milliseconds(until: now)) } : nil
        duration = job["duration_ms"]?.int ?? running
        handler = text("handler")
        client = text("client")
        session = text("session")
    }

    /// The colour that a status has everywhere.
    static func paint(_ status: String) -> @Sendable (Style, String) -> String {
        switch status {
        case "completed": { $0.green($1) }
        case "failed": { $0.red($1) }
        case "running": { $0.cyan($1) }
        case "cancelled": { $0.yellow($1) }
        default: { $0.dim($1) }
        }
    }

    /// A table of jobs.
    ///
    /// - Parameters:
    ///   - jobs: The jobs in the order shown.
    ///   - now: For the ages; nil writes times as they are.
    /// - Returns: The table.
    static func table(_ jobs: [JobLine], now: Timestamp?) -> TextTable {
        TextTable(
            columns: [
                .init("ID"), .init("STATUS"), .init("CREATED", rank: 4),
                .init("TIME", rank: 5, isRight: true),
                .init("HANDLER", minimum: 6, rank: 3), .init("SESSION", minimum: 6, rank: 2),
                .init("CLIENT", minimum: 6, rank: 1),
            ],
            rows: jobs.map { job in
                let created = job.createdAt.map { time in
                    now.map { HumanTime.age(of: time, now: $0) } ?? time.description
                }
                return [
                    .init(job.id), .init(job.status, paint: paint(job.status)), .init(created ?? ""),
                    .init(job.duration.map { HumanTime.duration(milliseconds: $0) } ?? ""),
                    .init(job.handler),
                    .init(job.session), .init(job.client) { $0.dim($1) },
                ]
            })
    }
}
