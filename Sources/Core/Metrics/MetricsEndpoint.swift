/// `GET /metrics`, the server's own: the metrics of everything in one text.
struct MetricsEndpoint: Handler {
    // With a slash, which no handler's own name has.
    let name = "/metrics"
    let description = "Metrics"
    let basePath = "/metrics"
    let registry: MetricsRegistry

    var endpoints: [Endpoint] {
        Endpoint(.get, "/", "Show the metrics of the server") { request in
            let format = Self.format(accepting: request.fields.values(of: "Accept"))
            let families = registry
            // Away from the event loop: a page is thousands of lines once many routes were asked for.
            let page = await Task.detached { MetricsText.write(await families.families(), as: format) }.value
            var fields = HTTPFields()
            fields.append("Content-Type", format.contentType)
            fields.append("Vary", "Accept")
            return Response(fields: fields, body: .bytes(page))
        }
    }

    /// OpenMetrics for those who ask for it by name, and want it no less than plain text (RFC 9110 §12.5.1).
    static func format(accepting fields: [String]) -> MetricsText.Format {
        var openMetrics = 0.0
        var plain = 0.0
        for range in fields.flatMap({ $0.split(separator: ",") }) {
            let parts = range.split(separator: ";").map { part in
                String(part.filter { $0 != " " && $0 != "\t" }).lowercased()
            }
            let quality =
                parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            switch parts.first {
            case "application/openmetrics-text": openMetrics = max(openMetrics, quality)
            case "text/plain": plain = max(plain, quality)
            default: break
            }
        }
        return openMetrics > 0 && openMetrics >= plain ? .openMetrics : .prometheus
    }
}
