extension JobStatistics {
    /// As `GET /jobs/stats` shows them: all states, so that a client need not ask what is missing.
    var response: Response {
        var handlers: [(name: String, counts: [JobStatus: Int])] = []
        var all: [JobStatus: Int] = [:]
        for count in counts {
            all[count.status, default: 0] += count.count
            if handlers.last?.name != count.handler { handlers.append((count.handler, [:])) }
            handlers[handlers.count - 1].counts[count.status] = count.count
        }
        return .json([
            "success": true, "total": .int(all.values.reduce(0, +)), "by_status": Self.json(all),
            "by_handler": .object(JSONObject(members: handlers.map { ($0.name, Self.json($0.counts)) })),
            "last_hour": Self.json(lastHour), "last_day": Self.json(lastDay),
        ])
    }

    private static func json(_ counts: [JobStatus: Int]) -> JSON {
        .object(JSONObject(members: JobStatus.allCases.map { ($0.rawValue, .int(counts[$0] ?? 0)) }))
    }

    private static func json(_ window: JobActivityWindow) -> JSON {
        var object = members(window.total, seconds: window.seconds)
        object["since"] = .string(window.since.description)
        object["until"] = .string(window.until.description)
        let handlers = window.handlers.sorted { $0.key < $1.key }
        object["by_handler"] = .object(
            JSONObject(
                members: handlers.map { ($0.key, .object(members($0.value, seconds: window.seconds))) })
        )
        return .object(object)
    }

    /// Rates are of the window, also where the server has not been running for as long.
    private static func members(_ activity: JobActivity, seconds: Double) -> JSONObject {
        var object: JSONObject = [
            "accepted": .int(activity.accepted), "finished": .int(activity.finishedCount),
        ]
        for status in JobStatus.allCases where status.isFinished {
            object[status.rawValue] = .int(activity.finished[status] ?? 0)
        }
        object["accepted_per_second"] = rate(activity.accepted, seconds)
        object["finished_per_second"] = rate(activity.finishedCount, seconds)
        object["duration_ms"] = [
            "p50": activity.durations.quantile(0.5).json, "p90": activity.durations.quantile(0.9).json,
            "p99": activity.durations.quantile(0.99).json,
        ]
        return object
    }

    /// To six decimals.
    private static func rate(_ count: Int, _ seconds: Double) -> JSON {
        let millionths = Double(count) / seconds * 1e6 + 0.5
        return (millionths < 1e15 ? Double(Int(millionths)) / 1e6 : 0).json
    }
}
