/// Families of metrics as text: Prometheus text format 0.0.4, or OpenMetrics 1.0.
///
/// The two differ in how counters are named before their samples, in what is escaped in `# HELP`, and in the last line.
enum MetricsText {
    /// A way of writing.
    enum Format: Sendable {
        case prometheus
        case openMetrics

        /// What the answer's `Content-Type` says.
        var contentType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    static func write(_ families: [MetricFamily], as format: Format) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32 << 10)
        for family in families { append(family, format, to: &bytes) }
        if format == .openMetrics { bytes.append(contentsOf: "# EOF\n".utf8) }
        return bytes
    }

    private static func append(_ family: MetricFamily, _ format: Format, to bytes: inout [UInt8]) {
        var title = Substring(family.name)
        if format == .openMetrics, family.kind == .counter, title.hasSuffix("_total") {
            title = title.dropLast(6)
        }
        bytes.append(contentsOf: "# HELP \(title) ".utf8)
        appendEscaped(family.help, quotes: format == .openMetrics, to: &bytes)
        bytes.append(contentsOf: "\n# TYPE \(title) \(family.kind.rawValue)\n".utf8)
        for sample in family.samples {
            switch sample.value {
            case .number(let number):
                append(family.name, sample.labels, nil, text(number), to: &bytes)
            case .histogram(let histogram):
                append(histogram, family.name, sample.labels, to: &bytes)
            }
        }
    }

    /// Buckets hold what lower ones do, and the last holds everything: the count cannot differ from it.
    private static func append(
        _ histogram: HistogramValue, _ name: String, _ labels: [(name: String, value: String)],
        to bytes: inout [UInt8]
    ) {
        var sum = 0
        for (index, count) in histogram.counts.enumerated() {
            sum &+= count
            let bound = index < histogram.bounds.count ? "\(histogram.bounds[index])" : "+Inf"
            append(name + "_bucket", labels, bound, "\(sum)", to: &bytes)
        }
        append(name + "_sum", labels, nil, text(histogram.sum), to: &bytes)
        append(name + "_count", labels, nil, "\(sum)", to: &bytes)
    }

    private static func append(
        _ name: String, _ labels: [(name: String, value: String)], _ bound: String?, _ value: String,
        to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: name.utf8)
        if !labels.isEmpty || bound != nil {
            var separator = UInt8(ascii: "{")
            for label in labels + (bound.map { [(name: "le", value: $0)] } ?? []) {
                bytes.append(separator)
                separator = UInt8(ascii: ",")
                bytes.append(contentsOf: label.name.utf8)
                bytes.append(contentsOf: "=\"".utf8)
                appendEscaped(label.value, quotes: true, to: &bytes)
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: value.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func appendEscaped(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: #"\""#.utf8)
            default: bytes.append(byte)
            }
        }
    }

    private static func text(_ number: Double) -> String {
        if let whole = Int(exactly: number) { return "\(whole)" }
        guard number.isFinite else { return number.isNaN ? "NaN" : number > 0 ? "+Inf" : "-Inf" }
        return "\(number)"
    }
}
