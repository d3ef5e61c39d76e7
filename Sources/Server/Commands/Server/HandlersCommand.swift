internal import RoostCore

/// `roost handlers`: what a server can be asked for.
enum HandlersCommand {
    static let json = Switch("json", "print one line of JSON for each handler")

    static let declaration: Command = Command(
        name: "handlers", summary: "list the server's handlers and their endpoints",
        sections: [OptionSection("Output", [json], readsEnvironment: false), ServerOptions.section],
        examples: ["roost handlers --project ~/MyGame"],
        body: .blocking(run))

    private static func run(_ invocation: Invocation) throws -> Int32 {
        let client = try ServerOptions.client(invocation.values)
        let handlers = try client.get("/handlers")["handlers"]?.array ?? []
        let output = Terminal.output(invocation.environment)
        if invocation.values[json] {
            output.write(handlers.map { String(decoding: $0.serialized(), as: UTF8.self) + "\n" }.joined())
            return 0
        }
        output.write(handlers.map { text($0, output) }.joined(separator: "\n"))
        return 0
    }

    private static func text(_ handler: JSON, _ output: Terminal) -> String {
        func word(_ json: JSON, _ name: String) -> String { SafeText.line(json[name]?.string ?? "") }
        let base = word(handler, "base_path")
        // Those under the usual mount are told relative to it.
        let prefix = handler["mount"] == nil ? "/api/v1" + (base == "/" ? "" : base) : base
        let endpoints = handler["endpoints"]?.array ?? []
        let table = TextTable(
            columns: [.init("METHOD"), .init("PATH"), .init("", minimum: 20, rank: 1)],
            rows: endpoints.map { endpoint in
                [
                    .init(word(endpoint, "method")) { $0.cyan($1) }, .init(prefix + word(endpoint, "path")),
                    .init(word(endpoint, "description")) { $0.dim($1) },
                ]
            })
        // Its title line says nothing that is not plain to see.
        let lines = table.lines(width: output.columns.map { $0 - 2 }, style: output.style).dropFirst()
        let head = output.style.bold(word(handler, "name")) + "  " + word(handler, "description")
        return ([head] + lines.map { "  " + $0 }).joined(separator: "\n") + "\n"
    }
}
