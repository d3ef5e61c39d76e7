package import RoostCore
internal import Synchronization

/// The requests that one loop has answered: by route and method, how often with which status, and how long they took.
///
/// Written on the loop's thread only, so the lock is free but for the moment in which somebody reads the metrics.
package final class RequestTally: Sendable {
    /// What is counted of one method on one route.
    private struct Row {
        let pattern: String
        let method: String
        /// Few, in the order in which they came up.
        var statuses: [(code: Int, count: Int)] = []
        var durations = HistogramValue(bounds: HistogramValue.secondBounds)

        mutating func count(_ code: Int, seconds: Double) {
            durations.observe(seconds)
            for index in statuses.indices where statuses[index].code == code {
                statuses[index].count &+= 1
                return
            }
            statuses.append((code, 1))
        }
    }

    /// What methods are called. Those without a name here are counted together, since a client may send any.
    private static let methods = ["GET", "POST", "HEAD", "DELETE", "PUT", "PATCH", "OPTIONS", "other"]

    private static func column(of method: HTTPMethod?) -> Int {
        switch method?.rawValue {
        case "GET": 0
        case "POST": 1
        case "HEAD": 2
        case "DELETE": 3
        case "PUT": 4
        case "PATCH": 5
        case "OPTIONS": 6
        default: 7
        }
    }

    /// For each route, behind those without one, a row for each method and one for others; made when first needed.
    private let rows = Mutex<[Row?]>([])

    package init() {}

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - route: What answered; nil when the request was refused before there was a route.
    ///   - method: Nil when the request's head could not be read.
    ///   - status: The answer's.
    ///   - nanoseconds: From the end of the request's head to the last byte of the answer.
    package func record(route: Route?, method: HTTPMethod?, status: HTTPStatus, nanoseconds: Int64) {
        let column = Self.column(of: method)
        let index = (route.map { $0.number + 1 } ?? 0) * Self.methods.count + column
        rows.withLock { rows in
            if index >= rows.count {
                rows.append(contentsOf: repeatElement(nil, count: index + 1 - rows.count))
            }
            if rows[index] == nil {
                rows[index] = Row(pattern: route?.pattern ?? "none", method: Self.methods[column])
            }
            rows[index]?.count(status.code, seconds: Double(nanoseconds) * 1e-9)
        }
    }

    /// The rows of several loops, as families.
    static func families(_ tallies: [RequestTally]) -> [MetricFamily] {
        var counts: [[String]: Int] = [:]
        var durations: [[String]: HistogramValue] = [:]
        for tally in tallies {
            for row in tally.rows.withLock({ $0 }).compactMap({ $0 }) {
                for (code, count) in row.statuses {
                    counts[[row.method, row.pattern, "\(code)"], default: 0] += count
                }
                durations[[row.method, row.pattern], default: HistogramValue(bounds: row.durations.bounds)]
                    .add(row.durations)
            }
        }
        return [
            MetricFamily(
                "roost_http_requests_total", .counter,
                "Requests answered, by method, route and status; route none for those refused before one was found",
                samples(counts, ["method", "route", "status"]) { .number(Double($0)) }),
            MetricFamily(
                "roost_http_request_duration_seconds", .histogram,
                "From the end of a request's head to the last byte of its answer, by method and route",
                samples(durations, ["method", "route"]) { .histogram($0) }),
        ]
    }

    private static func samples<Value>(
        _ values: [[String]: Value], _ labels: [String], _ sample: (Value) -> MetricSample.Value
    ) -> [MetricSample] {
        values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, value in
            MetricSample(zip(labels, key).map { (name: $0, value: $1) }, sample(value))
        }
    }
}
