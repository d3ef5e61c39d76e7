@testable import RoostCore
import Testing

@Suite struct `The registry of metrics` {
    private let registry = MetricsRegistry()
    private var metrics: HandlerMetrics { HandlerMetrics(registry: registry, handler: "my-words") }

    private struct Source: MetricsSource {
        let families: [MetricFamily]
        func metrics() async -> [MetricFamily] { families }
    }

    private func family(_ name: String) async -> MetricFamily? {
        await registry.families().first { $0.name == name }
    }

    @Test func `a handler's metrics have its name, and what was counted`() async throws {
        let counter = try metrics.counter("words_total", "Words")
        counter.add()
        counter.add(2.5)
        counter.add(-1)
        counter.add(.nan)
        let gauge = try metrics.gauge("heat_celsius", "Heat")
        gauge.set(20)
        gauge.add(-1.5)
        let histogram = try metrics.histogram("size_bytes", "Sizes", bounds: [10, 100])
        histogram.observe(10)
        histogram.observe(1000)
        #expect(
            await family("roost_my_words_words_total")
                == MetricFamily("roost_my_words_words_total", .counter, "Words", [MetricSample([], .number(3.5))]))
        #expect(await family("roost_my_words_heat_celsius")?.samples == [MetricSample([], .number(18.5))])
        let sizes = HistogramValue(bounds: [10, 100], counts: [1, 0, 1], sum: 1010)
        #expect(await family("roost_my_words_size_bytes")?.samples == [MetricSample([], .histogram(sizes))])
    }

    @Test func `labels make a metric for each set of values`() async throws {
        let words = try metrics.counters("words_total", "Words", by: "language", "kind")
        words["de", "verb"].add(2)
        words["de", "verb"].add()
        words["en"].add()
        words["fr", "noun", "left out"].add()
        let samples = await family("roost_my_words_words_total")?.samples
        #expect(samples?.map { $0.labels.map(\.value) } == [["de", "verb"], ["en", ""], ["fr", "noun"]])
        #expect(samples?.map(\.value) == [.number(3), .number(1), .number(1)])
        let seconds = try metrics.histograms("lookup_seconds", "Time", by: "table")
        seconds["a"].observe(0.2)
        let heat = try metrics.gauges("heat", "Heat", by: "place")
        heat["roof"].set(4)
        #expect(await family("roost_my_words_lookup_seconds")?.kind == .histogram)
        #expect(await family("roost_my_words_heat")?.samples == [MetricSample([(name: "place", value: "roof")], 4)])
    }

    @Test func `label values cannot pile up`() async throws {
        let words = try metrics.counters("words_total", "Words", by: "word")
        for index in 0..<5000 { words["\(index)"].add() }
        let samples = try #require(await family("roost_my_words_words_total")?.samples)
        #expect(samples.count == LabelledMetrics<Counter>.maximumSets + 1)
        #expect(samples.contains { $0.labels[0].value == "other" && $0.value == .number(4000) })
    }

    @Test func `names that are taken or none are refused`() throws {
        _ = try metrics.counter("words_total", "Words")
        #expect(throws: RegistryError.self) { try metrics.counter("words_total", "Again") }
        #expect(throws: RegistryError.self) { try metrics.counter("words", "No ending") }
        #expect(throws: RegistryError.self) { try metrics.gauge("words_total", "The ending of others") }
        #expect(throws: RegistryError.self) { try metrics.gauge("two words", "A space") }
        for label in ["le", "__name", "1st", "", "a b"] {
            #expect(throws: RegistryError.self) { try metrics.gauges("heat", "Heat", by: label) }
        }
        #expect(throws: RegistryError.self) { try metrics.gauges("heat", "Heat", by: "a", "a") }
        _ = try metrics.gauges("heat", "Heat", by: "a")
    }

    @Test func `sources are asked each time, and of one name the first counts`() async {
        registry.add(Source(families: [MetricFamily("b", .gauge, "First", []), MetricFamily("a", .gauge, "", [])]))
        registry.add(Source(families: [MetricFamily("b", .gauge, "Second", [])]))
        let families = await registry.families()
        #expect(families.map(\.name) == ["a", "b"])
        #expect(families.last?.help == "First")
    }

    @Test func `many threads lose nothing`() async throws {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<10_000 { counter.add() } } }
        }
        #expect(counter.value == .number(80_000))
    }
}
