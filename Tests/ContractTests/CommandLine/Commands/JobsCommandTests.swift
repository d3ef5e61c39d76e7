import RoostCore
import Testing

@Suite(.server("--workers", "2")) struct `Commands about jobs` {
    private static func lines(_ process: ChildProcess) throws -> [JSON] {
        try process.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    }

    @Test func `list jobs, newest first, in full in a pipe`() async throws {
        let first = try #require(try await server.execute("1")["job_id"]?.string)
        let second = try #require(try await server.execute("1 / 0")["job_id"]?.string)
        let process = try await server.command("jobs", "--limit", "1000")
        #expect(process.ending == .exit(0))
        #expect(process.errors == "")
        let lines = process.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("ID  "))
        let places = [second, first].map { id in lines.firstIndex { $0.hasPrefix(id) } }
        #expect(try #require(places[0]) < #require(places[1]))
        #expect(lines.contains { $0.hasPrefix(second) && $0.contains("failed") && $0.contains("T") && $0.contains("Z") })
    }

    @Test func `list jobs as lines of JSON, over more than one page`() async throws {
        for _ in 0..<3 { _ = try await server.execute("1") }
        let process = try await server.command("jobs", "--json", "--limit", "2")
        #expect(try Self.lines(process).count == 2)
        let failed = try await server.command("jobs", "--json", "--status", "pending")
        #expect(failed.ending == .exit(0))
        #expect(failed.output == "")
        #expect(try await server.command("jobs", "--status", "pending").errors == "no such jobs\n")
    }

    @Test func `list only the jobs that are asked for`() async throws {
        _ = try await server.execute("'a needle in a haystack'", ["session": "sewing"])
        _ = try await server.request(
            "POST", "/v1/code/execute/python", fields: [("Content-Type", "application/json")],
            body: Array(#"{"code":"return 1"}"#.utf8))
        func listed(_ options: String...) async throws -> [JSON] {
            let process = try await CommandRun.run(["jobs", "--json", "--limit", "1000"] + options, in: server.folder)
            #expect(process.ending == .exit(0), "\(process.errors)")
            return try Self.lines(process)
        }
        let sewing = try await listed("--session", "sewing")
        #expect(sewing.count == 1)
        #expect(sewing.first?["session"] == "sewing")
        let code = try await listed("--handler", "code")
        #expect(code.count == 1)
        #expect(code.first?["handler"] == "code")
        #expect(try await listed("--client", "nobody").isEmpty)
        #expect(try await listed("--until", "1h").isEmpty)
        #expect(try await listed("--since", "1h", "--session", "sewing").count == 1)
        #expect(try await listed("--since", "2199-01-01").isEmpty)
        // Text is found once the index has caught up.
        try await eventually("the text is found") { try await listed("--q", "needle haystack").count == 1 }
        #expect(try await listed("--q", "nowhere-to-be-found").isEmpty)
    }

    @Test func `show a job, its code and what it wrote`() async throws {
        let code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.stdout.write('tail')\n'a result'"
        let id = try #require(try await server.execute(code)["job_id"]?.string)
        let page = try await server.command("job", id)
        #expect(page.ending == .exit(0))
        for text in [id, "completed", "python", "out", "err", "tail", "\"a result\"", "Created", " UTC"] {
            #expect(page.output.contains(text), "\(text)")
        }
        #expect(try await server.command("job", id, "--code").output == code)
        let output = try await server.command("job", "--output", id)
        #expect(output.output == "out\ntail")
        #expect(output.errors == "err\n")
        #expect(try Self.lines(try await server.command("job", id, "--json"))[0]["id"] == .string(id))
        #expect(try await server.command("job", id, "--json", "--code").ending == .exit(2))
    }

    @Test func `keep the last newline of a job's output and add none`() async throws {
        let id = try #require(try await server.execute("print('x')")["job_id"]?.string)
        #expect(try await server.command("job", "--output", id).output == "x\n")
    }

    @Test func `follow a job to its end`() async throws {
        let gate = try server.folder.path + "/gate-\(UInt64.random(in: 0 ... .max))"
        let id = try await server.start(
            "import os, time\nprint('a', flush=True)\nwhile not os.path.exists('\(gate)'): time.sleep(0.01)\nraise SystemExit(3)")
        let process = try CommandRun.start(["job", "--follow", id], in: server.folder)
        try await eventually("its output") { process.output == "a\n" }
        #expect(try await server.command("job", "--output", id).output.hasPrefix("a"))
        try Files.write(gate, "")
        #expect(try await process.waitForEnd() == .exit(3))
    }

    @Test func `cancel jobs and say what came of each`() async throws {
        let ids = [try await server.start("import time; time.sleep(250)"), try await server.start("import time; time.sleep(250)")]
        let process = try await CommandRun.run(["cancel"] + ids, in: server.folder)
        #expect(process.ending == .exit(0))
        for id in ids {
            #expect(process.output.contains("\(id) cancelled (was "))
            #expect(try await server.job(id)["status"] == "cancelled")
        }
        let again = try await server.command("cancel", ids[0])
        #expect(again.ending == .exit(1))
        #expect(again.errors.contains("JOB_ALREADY_FINISHED"))
        #expect(try await server.job(ids[0])["status"] == "cancelled", "it stays in the history")
    }

    @Test(arguments: ["job", "cancel"])
    func `say when there is no such job`(command: String) async throws {
        let unknown = "01a1fcd4-9065-7f87-b029-13440d175d86"
        let process = try await server.command(command, unknown)
        #expect(process.ending == .exit(1))
        #expect(process.output == "")
        #expect(process.errors == "roost: Job with ID '\(unknown)' not found (JOB_NOT_FOUND)\n")
        #expect(try await server.command(command, "x").errors.contains("INVALID_JOB_ID"))
    }

    @Test func `list handlers with their endpoints`() async throws {
        let process = try await server.command("handlers")
        #expect(process.ending == .exit(0))
        #expect(process.output.contains("POST    /api/v1/python/execute"))
        #expect(process.output.contains("/v1/code/execute/python"))
        #expect(try Self.lines(try await server.command("handlers", "--json")).map { $0["name"]?.string }.contains("python"))
    }

    @Test func `say how the server is`() async throws {
        let process = try await server.command("health")
        #expect(process.ending == .exit(0))
        #expect(process.output.contains("healthy"))
        #expect(process.output.contains("2, "), "its workers")
        #expect(try Self.lines(try await server.command("health", "--json"))[0]["pid"]?.int == Int(server.process.id))
    }
}
