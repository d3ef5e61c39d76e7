@testable import RoostCore
import Testing

@Suite struct `Metrics as text` {
    private func text(_ families: [MetricFamily], _ format: MetricsText.Format = .prometheus) -> String {
        String(decoding: MetricsText.write(families, as: format), as: UTF8.self)
    }

    @Test func `a counter and a gauge are a line for each set of labels`() {
        let families = [
            MetricFamily(
                "a_total", .counter, "Things", [MetricSample([(name: "x", value: "1"), (name: "y", value: "")], 3)]),
            MetricFamily("b", .gauge, "Heat", [MetricSample([], .number(-0.5))]),
            MetricFamily("c", .gauge, "Nothing to tell", []),
        ]
        #expect(
            text(families) == """
                # HELP a_total Things
                # TYPE a_total counter
                a_total{x="1",y=""} 3
                # HELP b Heat
                # TYPE b gauge
                b -0.5
                # HELP c Nothing to tell
                # TYPE c gauge

                """)
    }

    @Test func `buckets hold what is below them too, and the last holds all`() {
        var value = HistogramValue(bounds: [1, 0.5, 1, .infinity])
        for number in [0.1, 0.5, 0.6, 1, 7, .nan] { value.observe(number) }
        #expect(value.counts == [2, 2, 1])
        let family = MetricFamily("d_seconds", .histogram, "Time", [MetricSample([(name: "l", value: "v")], .histogram(value))])
        #expect(
            text([family]) == """
                # HELP d_seconds Time
                # TYPE d_seconds histogram
                d_seconds_bucket{l="v",le="0.5"} 2
                d_seconds_bucket{l="v",le="1.0"} 4
                d_seconds_bucket{l="v",le="+Inf"} 5
                d_seconds_sum{l="v"} 9.2
                d_seconds_count{l="v"} 5

                """)
    }

    @Test func `what would end a value or a line is escaped`() {
        let family = MetricFamily(
            "e", .gauge, "a \\ b\n\"c\"", [MetricSample([(name: "l", value: "a \\ b\n\"c\" é")], 1)])
        #expect(
            text([family])
                == "# HELP e a \\\\ b\\n\"c\"\n# TYPE e gauge\ne{l=\"a \\\\ b\\n\\\"c\\\" é\"} 1\n")
        #expect(text([family], .openMetrics).hasPrefix("# HELP e a \\\\ b\\n\\\"c\\\"\n"))
    }

    @Test func `numbers that are none have the format's names`() {
        let samples = [Double.nan, .infinity, -.infinity, 1e300, 2, 1e-7].map { MetricSample([], .number($0)) }
        let lines = text([MetricFamily("f", .gauge, "", samples)]).split(separator: "\n").dropFirst(2)
        #expect(lines == ["f NaN", "f +Inf", "f -Inf", "f 1e+300", "f 2", "f 1e-07"])
    }

    @Test func `OpenMetrics names a counter without its ending, and says where it ends`() {
        let family = MetricFamily("a_total", .counter, "Things", [MetricSample([], 3)])
        #expect(text([family], .openMetrics) == "# HELP a Things\n# TYPE a counter\na_total 3\n# EOF\n")
    }

    @Test(arguments: [
        ([], false), (["*/*"], false), (["text/plain"], false), (["application/openmetrics-text"], true),
        (["application/openmetrics-text; version=1.0.0; q=0.5, text/plain;version=0.0.4;q=0.3, */*;q=0.1"], true),
        (["application/openmetrics-text;q=0.2,text/plain;q=0.5"], false),
        (["application/openmetrics-text;q=0"], false), (["text/html", "Application/OpenMetrics-Text"], true),
    ])
    func `OpenMetrics is for those who ask for it`(_ fields: [String], _ wanted: Bool) {
        #expect((MetricsEndpoint.format(accepting: fields) == .openMetrics) == wanted)
    }
}
