import Glibc
import RoostCore
import Testing

/// A page of metrics as the parser of Prometheus' Python client understands it.
struct MetricsPage {
    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        let type: String
        let help: String
        let samples: [Sample]
    }

    /// By name; those of counters are without `_total`.
    let families: [String: Family]

    /// Reads a page.
    ///
    /// The test is cancelled, and says why, when the parser cannot be had: the project itself needs no registry.
    init(_ answer: HTTPAnswer, format: String) async throws {
        let folder = try TemporaryFolder()
        let page = folder.scratch + "/page"
        try Files.write(page, answer.body)
        var environment: [String: String] = [:]
        // What pip goes by, such as where the registry is.
        for name in try Files.text("/proc/self/environ").split(separator: "\0") {
            let parts = name.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        }
        let script = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/read-metrics"
        let reader = try ChildProcess(
            "/bin/bash", [script, Programs.folder + "/prometheus-client", format, page], environment: environment)
        let ending = try await reader.waitForEnd(within: .seconds(120))
        if ending == .exit(77) { try Test.cancel("no parser: \(reader.errors)") }
        try #require(ending == .exit(0), "\(reader.errors)")
        let list = try #require(try JSONParser.parse(Array(reader.output.utf8), maximumDepth: 16).array)
        var families: [String: Family] = [:]
        for entry in list {
            let name = try #require(entry["name"]?.string)
            try #require(families[name] == nil, "\(name) is there twice")
            families[name] = Family(
                type: try #require(entry["type"]?.string), help: try #require(entry["help"]?.string),
                samples: try #require(entry["samples"]?.array).map { sample in
                    Sample(
                        name: try #require(sample["name"]?.string),
                        labels: try #require(sample["labels"]?.object).members.reduce(into: [:]) {
                            $0[$1.name] = $1.value.string
                        }, value: try #require(sample["value"]?.double))
                })
        }
        self.families = families
    }

    /// The value of the sample with exactly these labels; 0 when there is none.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double {
        for family in families.values {
            for sample in family.samples where sample.name == name && sample.labels == labels { return sample.value }
        }
        return 0
    }

    /// The buckets of each histogram of a family, by its other labels: bound and count in the order of the page.
    func buckets(_ name: String) -> [[String: String]: [(bound: Double, count: Double)]] {
        var buckets: [[String: String]: [(bound: Double, count: Double)]] = [:]
        for sample in families[name]?.samples ?? [] where sample.name == name + "_bucket" {
            var labels = sample.labels
            let bound = labels.removeValue(forKey: "le")
            buckets[labels, default: []].append((bound.flatMap { Double($0) } ?? .nan, sample.value))
        }
        return buckets
    }
}
