import RoostCore
import Testing

@Suite(.server("--workers", "2")) struct `A command on a terminal` {
    @Test func `shows progress below the output, and leaves nothing of it`() async throws {
        let gate = try server.folder.path + "/gate-\(UInt64.random(in: 0 ... .max))"
        let path = try server.script(
            """
            import os, roost, time
            roost.progress(0.5, "half\\x1b[2J")
            print("line", flush=True)
            while not os.path.exists("\(gate)"): time.sleep(0.01)
            print("end")
            """)
        let process = try CommandRun.start(["run", path], in: server.folder, window: .init(columns: 60, rows: 10))
        try await eventually("the bar") { process.output.contains(" 50 %") && process.output.contains("line") }
        #expect(process.output.contains("half␛[2J"), "\(process.output.debugDescription)")
        #expect(process.output.contains("━"))
        try Files.write(gate, "")
        #expect(try await process.waitForEnd() == .exit(0))
        // The bar is taken away before each output, and after the last.
        #expect(process.output.contains("line\r\n"))
        let end = try #require(process.output.firstRange(of: "end\r\n"))
        #expect(process.output[..<end.lowerBound].hasSuffix("\r\u{1B}[K"), "\(process.output.debugDescription)")
        #expect(
            ["", "\r\u{1B}[K"].contains { process.output[end.upperBound...].hasSuffix($0) },
            "\(process.output.debugDescription)")
    }

    @Test func `shows no progress in a pipe`() async throws {
        let process = try await server.command("run", try server.script("import roost\nroost.progress(0.5, 'half')\nprint(1)"))
        #expect(process.output == "1\n")
        #expect(process.errors == "")
    }

    @Test func `is cancelled by Ctrl-C`() async throws {
        let path = try server.script("import time\nprint('running', flush=True)\ntime.sleep(250)")
        let process = try CommandRun.start(["run", path], in: server.folder, window: .init())
        try await eventually("its output") { process.output.contains("running\r\n") }
        process.type("\u{3}")
        #expect(try await process.waitForEnd() == .exit(130))
        #expect(process.output.contains("roost: cancelled\r\n"))
    }

    @Test func `gives up waiting at the second Ctrl-C, and has it cancelled all the same`() async throws {
        // It does not end before it is killed, half a second after it was asked to.
        let path = try server.script(
            """
            import roost, time
            print("running", roost.job_id, flush=True)
            while True:
                try: time.sleep(250)
                except BaseException: pass
            """)
        let process = try CommandRun.start(["run", path], in: server.folder, window: .init())
        let id = try await eventually("its output") { () -> String? in
            guard process.output.hasSuffix("\r\n") else { return nil }
            return process.output.split { $0 == " " || $0.isNewline }.last.map(String.init)
        }
        process.type("\u{3}")
        process.type("\u{3}")
        #expect(try await process.waitForEnd() == .exit(130))
        try await server.wait(for: id, status: "cancelled")
    }

    @Test(arguments: [60, 80, 200]) func `fits a table into its columns`(columns: Int) async throws {
        _ = try await server.execute("1", ["session": "a-session-with-quite-a-long-name-that-takes-room"])
        let process = try await server.command("jobs", "--limit", "1000", window: .init(columns: UInt16(columns), rows: 24))
        #expect(process.ending == .exit(0))
        let lines = process.output.split(separator: "\r\n").map(Self.visible)
        #expect(lines.count > 1)
        for line in lines { #expect(line.count <= columns, "\(line)") }
        #expect(lines[0].hasPrefix("ID  "))
        #expect(lines[0].contains("SESSION") == (columns > 80))
    }

    @Test func `has colours, but not where NO_COLOR says so, nor in a pipe`() async throws {
        _ = try await server.execute("1")
        #expect(try await server.command("jobs", window: .init()).output.contains("\u{1B}[32mcompleted"))
        for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            let process = try await server.command("jobs", environment: environment, window: .init())
            #expect(process.output.contains("completed"))
            #expect(!process.output.contains("\u{1B}"), "\(environment)")
        }
        #expect(try await !server.command("jobs").output.contains("\u{1B}"))
    }

    @Test func `watches on a screen of its own until Ctrl-C`() async throws {
        let process = try CommandRun.start(["jobs", "--watch"], in: server.folder, window: .init(columns: 100, rows: 12))
        try await eventually("the table") { process.output.contains("Ctrl-C ends") }
        let id = try await server.start("1")
        try await server.wait(for: id, status: "completed")
        try await eventually("the new job") { process.output.contains(id) }
        process.type("\u{3}")
        #expect(try await process.waitForEnd() == .exit(0))
        #expect(process.output.hasPrefix("\u{1B}[?1049h"))
        #expect(process.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
    }

    @Test func `shows text of jobs harmlessly`() async throws {
        let answer = try await server.execute(#"print("\x1b]0;title\x07\x9b31m")"#)
        let id = try #require(answer["job_id"]?.string)
        let process = try await server.command("job", id, environment: ["NO_COLOR": "1"], window: .init())
        #expect(process.output.contains("␛]0;title␇\u{FFFD}31m"))
        #expect(!process.output.contains("\u{1B}"))
        #expect(process.output.contains(" UTC  "), "and how long ago")
    }

    /// Without escape sequences for colours.
    private static func visible(_ line: some StringProtocol) -> String {
        var text = ""
        var isInSequence = false
        for character in line {
            if character == "\u{1B}" { isInSequence = true }
            if !isInSequence { text.append(character) }
            if isInSequence, character == "m" { isInSequence = false }
        }
        return text
    }
}
