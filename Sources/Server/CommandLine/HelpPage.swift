/// The texts of `--help`, made from the declarations.
struct HelpPage {
    /// How it looks.
    let style: Style
    /// Columns of a line at most.
    let width: Int

    private static let indentation = 30

    /// The page of the program itself.
    func general(_ groups: [CommandGroup]) -> String {
        var page = paragraph(
            "Roost \(RoostVersion.current): REST handlers over HTTP; the first one runs Python and remembers every run."
        )
        page += "\n" + style.bold("Usage:") + " roost COMMAND [options]\n\n"
        for group in groups {
            page += heading(group.title)
            for command in group.commands { page += list(command, path: "") }
            page += "\n"
        }
        page += """
            See 'roost COMMAND --help' for the options of a command.

            \(style.bold("Start it and run something:"))
              roost serve --project .
              roost run hello.py
              curl http://127.0.0.1:8080/api/v1/python/execute \\
                   -H 'Content-Type: application/json' -d '{"code": "print(1 + 1)"}'

            """
        return page
    }

    /// The page of a command.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - path: What is typed to get there, such as `roost history export`.
    /// - Returns: Its lines.
    func page(_ command: Command, path: String) -> String {
        var page = style.bold("Usage:") + " " + Self.usage(command, path: path) + "\n\n"
        let opening = command.discussion.isEmpty ? command.summary.capitalizedFirst + "." : command.discussion
        for text in Self.paragraphs(opening) { page += paragraph(text) + "\n" }
        if !command.subcommands.isEmpty {
            page += heading("Commands")
            for each in command.subcommands { page += list(each, path: "") }
            page += "\nSee '\(path) COMMAND --help' for the options of a command.\n"
        }
        if !command.arguments.isEmpty {
            page += heading("Arguments")
            for argument in command.arguments { page += entry(argument.usage, argument.summary) }
            page += "\n"
        }
        for section in command.sections {
            page += heading(section.title)
            for option in section.options {
                let flag = "--\(option.name)" + (option.placeholder.map { " \($0)" } ?? "")
                page += entry(flag, option.summary + (option.defaultText.map { " [\($0)]" } ?? ""))
            }
            page += "\n"
        }
        if let text = Self.environmentNote(command.sections) { page += paragraph(text) + "\n" }
        if command.subcommands.isEmpty {
            page += heading("Exit codes")
            for code in command.exitCodes { page += entry(code.code, code.meaning, indentation: 10) }
        }
        if !command.examples.isEmpty {
            page += "\n" + heading(command.examples.count == 1 ? "Example" : "Examples")
            for example in command.examples { page += "  \(example)\n" }
        }
        return page
    }

    private static func usage(_ command: Command, path: String) -> String {
        var words = [path]
        if !command.subcommands.isEmpty { words.append("COMMAND") }
        if !command.options.isEmpty { words.append("[options]") }
        return (words + command.arguments.map(\.usage)).joined(separator: " ")
    }

    private static func environmentNote(_ sections: [OptionSection]) -> String? {
        let reading = sections.filter { $0.readsEnvironment && !$0.options.isEmpty }
        guard
            let example = reading.first?.options.first(where: { $0.name.contains("-") })
                ?? reading.first?.options.first
        else { return nil }
        let whose =
            reading.count == sections.count
            ? "Each option can"
            : "Options under " + reading.map { "'\($0.title)'" }.joined(separator: " and ") + " can"
        var text =
            "\(whose) also stand in the environment: --\(example.name) is \(example.environmentName). A flag wins."
        let options = reading.flatMap(\.options)
        if options.contains(where: \.repeats) { text += " Lists are separated by commas there." }
        if options.contains(where: { $0.placeholder == nil }) { text += " Switches are 1 or 0 there." }
        return text
    }

    private static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [String] = [""]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { paragraphs.append("") } else { paragraphs[paragraphs.count - 1] += " " + line }
        }
        return paragraphs.filter { !$0.isEmpty }
    }

    private func list(_ command: Command, path: String) -> String {
        let usage = ([path + command.name] + command.arguments.map(\.usage)).joined(separator: " ")
        return command.subcommands.isEmpty
            ? entry(usage, command.summary, indentation: 28)
            : command.subcommands.map { list($0, path: "\(path)\(command.name) ") }.joined()
    }

    private func heading(_ title: String) -> String { style.bold(title + ":") + "\n" }

    private func paragraph(_ text: String) -> String {
        TextWrapping.lines(text, width: width).map { $0 + "\n" }.joined()
    }

    /// A name with its text beside it, or below where the name is long.
    private func entry(_ name: String, _ text: String, indentation: Int = Self.indentation) -> String {
        let margin = String(repeating: " ", count: indentation)
        let lines = TextWrapping.lines(text, width: max(20, width - indentation))
        let columns = DisplayWidth.of(name) + 2
        var entry = "  " + name
        if columns + 2 > indentation {
            entry += "\n" + margin
        } else {
            entry += String(repeating: " ", count: indentation - columns)
        }
        return entry + lines.joined(separator: "\n" + margin) + "\n"
    }
}

extension String {
    /// With its first letter upper-case.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
