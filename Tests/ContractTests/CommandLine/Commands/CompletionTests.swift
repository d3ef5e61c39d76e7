import Testing

/// Completions, by the shells themselves.
@Suite struct `Completions` {
    static let bash = find("bash")
    static let zsh = find("zsh")
    static let fish = find("fish")

    private static func find(_ shell: String) -> String? {
        ["/usr/bin/\(shell)", "/bin/\(shell)", "/usr/local/bin/\(shell)"].first(where: Files.exists)
    }

    /// What is typed, and some of what must be offered; or what must be all of it.
    static let offers: [(line: String, words: [String], isAll: Bool)] = [
        ("roost ser", ["serve"], true), ("roost c", ["cancel", "completions"], true),
        ("roost ", ["serve", "run", "jobs", "job", "help"], false), ("roost jobs --stat", ["--status"], true),
        ("roost jobs --status ", ["pending", "running", "completed", "failed", "cancelled"], true),
        ("roost jobs --status f", ["failed"], true), ("roost serve --isolation sh", ["shared"], true),
        ("roost history ", ["backup", "check", "export", "import", "prune"], true), ("roost history exp", ["export"], true),
        ("roost history import --database x scr", ["script.py"], true),
        ("roost completions ", ["bash", "fish", "zsh"], true), ("roost help ser", ["serve"], true),
        ("roost serve --port 0 --sandb", ["--sandbox"], true), ("roost run scr", ["script.py"], true),
        ("roost run --session x scr", ["script.py"], true), ("roost serve --project sub", ["subfolder"], true),
    ]

    private static func folder() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Files.write(folder.path + "/script.py", "")
        try Files.makeFolder(folder.path + "/subfolder")
        for shell in ["bash", "zsh", "fish"] {
            let process = try await CommandRun.run(["completions", shell], in: folder)
            #expect(process.ending == .exit(0))
            try Files.write(folder.scratch + "/\(shell)", process.output)
        }
        return folder
    }

    private static func expect(_ offered: [String], _ line: String, _ words: [String], isAll: Bool) {
        let names = Set(offered.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 })
        if isAll { #expect(names == Set(words), "\(line)") } else { #expect(names.isSuperset(of: words), "\(line)") }
    }

    @Test(.enabled(if: bash != nil, "bash is not installed")) func `of bash`() async throws {
        let folder = try await Self.folder()
        // As readline does: the words of the line, the last one unfinished.
        let driver = """
            source "$1"; set -f
            while IFS= read -r line; do
                COMP_WORDS=(${line//=/ = }); [[ $line == *' ' ]] && COMP_WORDS+=('')
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); set +f; _roost 2>&1; set -f
                echo "${COMPREPLY[*]}"
            done < "$2"
            """
        let equals = [("roost jobs --status=f", ["failed"], true), ("roost serve --project=sub", ["subfolder"], true)]
        let all = Self.offers + equals
        try Files.write(folder.scratch + "/lines", all.map { $0.line + "\n" }.joined())
        let process = try ChildProcess(
            try #require(Self.bash),
            ["--norc", "-c", driver, "bash", folder.scratch + "/bash", folder.scratch + "/lines"],
            environment: ServerProcess.environment(folder), folder: folder.path)
        #expect(try await process.waitForEnd() == .exit(0))
        #expect(process.errors == "")
        let answers = process.output.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(answers.count == all.count + 1)
        for (answer, offer) in zip(answers, all) {
            Self.expect(answer.split(separator: " ").map(String.init), offer.line, offer.words, isAll: offer.isAll)
        }
    }

    @Test(.enabled(if: fish != nil, "fish is not installed")) func `of fish`() async throws {
        let folder = try await Self.folder()
        for offer in Self.offers {
            let process = try ChildProcess(
                try #require(Self.fish),
                ["--no-config", "-c", "source \"$argv[1]\"; complete -C \"$argv[2]\"", folder.scratch + "/fish", offer.line],
                environment: ServerProcess.environment(folder), folder: folder.path)
            #expect(try await process.waitForEnd() == .exit(0))
            #expect(process.errors == "")
            let words = process.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
            Self.expect(words, offer.line, offer.words, isAll: offer.isAll)
        }
    }

    /// By its line editor on a terminal, since zsh completes nowhere else: what is offered once is put into the line.
    @Test(.enabled(if: zsh != nil, "zsh is not installed"), arguments: Self.offers.filter { $0.isAll })
    func `of zsh`(line: String, words: [String], isAll: Bool) async throws {
        let folder = try await Self.folder()
        let process = try ChildProcess(
            try #require(Self.zsh), ["-f", "-i"],
            environment: ServerProcess.environment(folder, ["TERM": "xterm", "ZDOTDIR": folder.scratch, "PS1": "$ "]),
            folder: folder.path, window: .init(columns: 200, rows: 50))
        process.type("unsetopt zle_bracketed_paste beep; autoload -Uz compinit; compinit -D -u; source \(folder.scratch)/zsh\n")
        process.type("zstyle ':completion:*' list-separator '--'; setopt list_rows_first; print rea''dy\n")
        try await eventually("zsh is ready") { process.output.contains("ready") }
        let before = process.output.count
        if words.count == 1 {
            process.type(line + "\t\u{1}print -r -- 'got:\u{5}'\n")
            try await eventually("the completed line", within: .seconds(20)) {
                process.output.dropFirst(before).contains("got:\(line.split(separator: " ").dropLast().joined(separator: " ")) ")
            }
            let completed = line.prefix { _ in true }.split(separator: " ").dropLast() + [Substring(words[0])]
            #expect(process.output.dropFirst(before).contains("got:" + completed.joined(separator: " ")), "\(line)")
        } else {
            process.type(line + "\t\t")
            try await eventually("all that is offered for \(line)", within: .seconds(20)) {
                words.allSatisfy { process.output.dropFirst(before).contains($0) }
            }
        }
    }
}
