import RoostCore
internal import RoostHTTP

/// One line at `info` for each answer, refused and malformed requests included.
enum AccessLog {
    /// What the HTTP server calls after each answer; nil when such lines would be dropped anyway.
    static func hook(_ logger: Logger) -> (@Sendable (Exchange) -> Void)? {
        guard logger.level <= .info else { return nil }
        return { exchange in
            var values: JSONObject = [:]
            values["request_id"] = exchange.requestID.map { .string($0.description) }
            values["client"] = .string(exchange.client.host)
            values["key"] = exchange.clientName.map(JSON.string)
            values["bytes"] = .int(exchange.bodyBytes)
            values["duration_us"] = .int(Int(exchange.duration / .microseconds(1)))
            if !exchange.isComplete { values["complete"] = false }
            logger.info(message(exchange), values)
        }
    }

    private static func message(_ exchange: Exchange) -> String {
        guard let method = exchange.method, let target = exchange.target else {
            return "- \(exchange.status.code)"
        }
        return "\(method) \(target) \(exchange.status.code)"
    }
}
