internal import RoostCore

/// `roost health`: whether a server is well, and how busy.
enum HealthCommand {
    static let json = Switch("json", "print the server's answer as one line of JSON")

    static let declaration: Command = Command(
        name: "health", summary: "say how the server is",
        sections: [OptionSection("Output", [json], readsEnvironment: false), ServerOptions.section],
        exitCodes: [
            ExitCode("0", "it is healthy"), ExitCode("1", "it does not answer, or says something else"),
            ExitCode("2", "wrong usage"),
        ],
        examples: ["roost health || systemctl restart roost"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        var client = try ServerOptions.client(invocation.values)
        client.http.patience = .seconds(10)
        let health = try client.get("/health")
        let isHealthy = health["status"]?.string == "healthy"
        let output = Terminal.output(invocation.environment)
        if invocation.values[json] {
            output.write(String(decoding: health.serialized(), as: UTF8.self) + "\n")
        } else {
            output.write(text(health, isHealthy: isHealthy, address: client.address, output.style))
        }
        return isHealthy ? 0 : 1
    }

    private static func text(_ health: JSON, isHealthy: Bool, address: ServerAddress, _ style: Style)
        -> String
    {
        func word(_ json: JSON?) -> String { SafeText.line(json?.string ?? "") }
        func count(_ json: JSON?) -> String { json?.int.map { HumanTime.grouped($0) } ?? "?" }
        let status = word(health["status"])
        var facts: [(String, String)] = [
            ("Status", isHealthy ? style.green(status) : style.red(status)), ("Address", "\(address)"),
            ("Version", "\(word(health["version"])), process \(health["pid"]?.int ?? 0)"),
            ("Up", HumanTime.duration(seconds: health["uptime_seconds"]?.int ?? 0)),
            ("Handlers", (health["handlers"]?.array ?? []).map { word($0) }.joined(separator: ", ")),
        ]
        if let python = health["python"] {
            let missing = (python["sandbox"]?["missing"]?.array ?? []).map { word($0) }.joined(
                separator: ", ")
            let wait = python["oldest_wait_ms"]?.int.map {
                ", the oldest for \(HumanTime.duration(milliseconds: $0))"
            }
            facts += [
                ("Python", "\(word(python["version"])), isolation \(word(python["isolation"]))"),
                (
                    "Workers",
                    "\(count(python["workers"])), \(count(python["busy"])) busy, \(count(python["ready"])) ready"
                ),
                (
                    "Jobs",
                    "\(count(python["running"])) running, \(count(python["queued"])) waiting" + (wait ?? "")
                ),
                ("Sessions", count(python["sessions"])),
                (
                    "Sandbox",
                    word(python["sandbox"]?["mode"])
                        + (missing.isEmpty ? "" : style.yellow("  missing: \(missing)"))
                ),
            ]
        }
        return facts.map { style.dim(DisplayWidth.pad($0, to: 11)) + $1 + "\n" }.joined()
    }
}
