import RoostCore
import Testing

@Suite(.serialized) struct `roost history` {
    /// A project with some jobs of every kind and no server, and their ids from the oldest on.
    private static func project() async throws -> (TemporaryFolder, ids: [String]) {
        let folder = try TemporaryFolder()
        var ids: [String] = []
        try await withServer(in: folder) { server in
            for code in ["print('é')\n6 * 7", "1 / 0", "import sys\nprint('e', file=sys.stderr)", "'last'"] {
                ids.append(try #require(try await server.execute(code)["job_id"]?.string))
            }
            try await server.stop()
        }
        return (folder, ids)
    }

    private static func run(_ words: String..., in folder: TemporaryFolder) async throws -> ChildProcess {
        try await CommandRun.run(["history"] + words, in: folder)
    }

    private static func jobs(of process: ChildProcess) throws -> [JSON] {
        try process.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    }

    @Test func `exports finished jobs, and imports them elsewhere as they were`() async throws {
        let (folder, ids) = try await Self.project()
        let exported = try await Self.run("export", in: folder)
        #expect(exported.ending == .exit(0))
        #expect(exported.errors == "", "quiet in a pipe")
        #expect(try Self.jobs(of: exported).map { $0["job_id"]?.string } == ids)

        let file = folder.path + "/jobs.jsonl"
        #expect(try await Self.run("export", file, in: folder).ending == .exit(0))
        #expect(try Files.text(file) == exported.output)
        #expect(Files.mode(file) == 0o600)
        let again = try await Self.run("export", file, in: folder)
        #expect(again.ending == .exit(1))
        #expect(again.errors.contains("is there already"))

        let other = try TemporaryFolder()
        let imported = try await Self.run("import", file, "--database", other.path + "/new.sqlite", in: other)
        #expect(imported.ending == .exit(0))
        #expect(imported.output + imported.errors == "")
        let copied = try await Self.run("export", "-", "--database", other.path + "/new.sqlite", in: other)
        #expect(copied.output == exported.output)
        let twice = try await CommandRun.run(
            ["history", "import", file, "--database", other.path + "/new.sqlite"], in: other, window: .init())
        #expect(twice.ending == .exit(0))
        #expect(twice.output.contains("0 jobs imported, 4 were there already"), "\(twice.output.debugDescription)")
        #expect(Files.names(in: folder.path).filter { $0.hasSuffix(".part") }.isEmpty)
    }

    @Test func `exports what was made in a span of time`() async throws {
        let (folder, ids) = try await Self.project()
        #expect(try Self.jobs(of: try await Self.run("export", "--since", "1h", in: folder)).count == ids.count)
        #expect(try await Self.run("export", "--until", "1h", in: folder).output == "")
        let all = try Self.jobs(of: try await Self.run("export", in: folder))
        let third = try #require(all[2]["created_at"]?.string)
        #expect(try Self.jobs(of: try await Self.run("export", "--since", third, in: folder)).first?["job_id"]?.string == ids[2])
        #expect(try Self.jobs(of: try await Self.run("export", "--until", third, in: folder)).last?["job_id"]?.string == ids[1])
    }

    @Test func `prunes by count and by age, and says when it is told neither`() async throws {
        let (folder, ids) = try await Self.project()
        #expect(try await Self.run("prune", in: folder).ending == .exit(2))
        #expect(try await Self.run("prune", "--age", "1d", in: folder).ending == .exit(0))
        #expect(try Self.jobs(of: try await Self.run("export", in: folder)).count == 4)
        #expect(try await Self.run("prune", "--count", "1", in: folder).ending == .exit(0))
        #expect(try Self.jobs(of: try await Self.run("export", in: folder)).map { $0["job_id"]?.string } == [ids[3]])
        #expect(try await Self.run("prune", "--age", "0s", in: folder).ending == .exit(0))
        #expect(try await Self.run("export", in: folder).output == "")
    }

    @Test func `copies and checks beside a server, and changes nothing there`() async throws {
        try await withServer { server in
            let id = try #require(try await server.execute("print(1)")["job_id"]?.string)
            let copy = server.folder.path + "/copy.sqlite"
            #expect(try await server.command("history", "backup", copy).ending == .exit(0))
            #expect(try await server.command("history", "backup", copy).ending == .exit(1))
            for options in [[], ["--database", copy]] {
                let checked = try await CommandRun.run(["history", "check"] + options, in: server.folder)
                #expect(checked.ending == .exit(0), "\(checked.output) \(checked.errors)")
                #expect(checked.output == "")
            }
            let exported = try await server.command("history", "export", "--database", copy)
            #expect(try Self.jobs(of: exported).map { $0["job_id"]?.string } == [id])
            for words in [["prune", "--count", "0"], ["import", "/dev/null"]] {
                let refused = try await CommandRun.run(["history"] + words, in: server.folder)
                #expect(refused.ending == .exit(1))
                #expect(refused.errors.contains("\(server.process.id)"), "it names the server: \(refused.errors)")
            }
            #expect(try await server.job(id)["status"] == "completed")
        }
    }

    @Test func `finds damage and lists it`() async throws {
        let (folder, _) = try await Self.project()
        let size = 4096
        var bytes = try Files.read(folder.database)
        // Every page but the first two, so that it can still be opened.
        for index in stride(from: 2 * size, to: bytes.count, by: 97) { bytes[index] ^= 0x5A }
        try Files.write(folder.database, bytes)
        let process = try await Self.run("check", in: folder)
        #expect(process.ending == .exit(1))
        #expect(!(process.output + process.errors).isEmpty)
        #expect(!process.output.isEmpty || process.errors.hasPrefix("roost: "))
    }

    @Test func `shows on a terminal what came of it`() async throws {
        let (folder, _) = try await Self.project()
        func shown(_ words: String...) async throws -> String {
            try await CommandRun.run(["history"] + words, in: folder, window: .init()).output
        }
        #expect(try await shown("export", folder.path + "/out.jsonl").hasSuffix("4 jobs exported\r\n"))
        #expect(try await shown("check").hasSuffix("no damage found\r\n"))
        #expect(try await shown("backup", folder.path + "/b.sqlite").hasSuffix("copied to \(folder.path)/b.sqlite\r\n"))
        #expect(try await shown("prune", "--count", "3").hasSuffix("1 job removed\r\n"))
    }

    @Test func `says what it cannot work on`() async throws {
        let folder = try TemporaryFolder()
        try Files.write(folder.path + "/text.sqlite", "this is no database at all, only text that is long enough")
        let cases: [([String], String)] = [
            (["check"], "nor a folder above it has a history"), (["check", "--database", "/nonexistent.sqlite"], "there is no history"),
            (["check", "--database", folder.path + "/text.sqlite"], "text.sqlite"),
            (["export", "--project", "/nonexistent"], "there is no such folder"),
            (
                ["import", "/nonexistent.jsonl", "--database", folder.path + "/new.sqlite"],
                "cannot read '/nonexistent.jsonl': No such file"
            ),
            (["import", folder.path + "/text.sqlite", "--database", folder.path + "/new.sqlite"], "line 1 is not a job"),
        ]
        for (words, text) in cases {
            let process = try await CommandRun.run(["history"] + words, in: folder)
            #expect(process.ending == .exit(1), "\(words)")
            #expect(process.errors.contains(text), "\(process.errors)")
            #expect(process.errors.split(separator: "\n").count == 1)
        }
        #expect(try await Self.run(in: folder).ending == .exit(2))
        let wrong = try await Self.run("exprot", in: folder)
        #expect(wrong.errors.contains("did you mean 'roost history export'?"))
    }
}
