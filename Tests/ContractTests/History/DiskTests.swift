import Glibc
import RoostCore
import Testing

@Suite(.enabled(if: OwnMounts.isPossible, Comment(rawValue: OwnMounts.reason)))
struct `The disk of the database` {
    @Test func `that is full costs a job its answer and not the server`() async throws {
        let folder = try TemporaryFolder()
        let disk = folder.path + "/disk"
        try Files.makeFolder(disk)
        try await Places.shared.hold {
            let server = try await ServerProcess(
                ["--workers", "2", "--database", disk + "/Roost.sqlite"], in: folder,
                mounts: "mount -t tmpfs -o size=8m,mode=755 none '\(disk)'")
            let before = try #require(try await server.execute("print('before')")["job_id"]?.string)
            let signal = folder.scratch + "/go"
            let id = "40000000-0000-4000-8000-000000000001"
            let code = """
                import os, time
                print('captured', flush=True)
                while not os.path.exists('\(signal)'): time.sleep(0.01)
                print('x' * 3_000_000)
                """
            async let waiting = server.execute(code, ["job_id": .string(id)])
            try await eventually("the job prints") {
                try await server.get("/api/v1/job?id=\(id)")["job"]?["output"] == "captured"
            }
            let filler = OwnMounts.path(disk, of: server.process) + "/filler"
            // Writes until there is no room, and says so.
            #expect(throws: Files.Failure.self) { try Files.write(filler, [UInt8](repeating: 1, count: 16 << 20)) }

            try Files.write(signal, "")
            let answer = try await waiting
            expectFailure(answer, 500, "SERVER_ERROR")
            #expect(answer["output"]?.string?.utf8.count == 9 + 3_000_000, "with what was captured")
            #expect(try await server.get("/api/v1/health").status == 200)
            #expect(try await server.job(before)["output"] == "before", "what is there can be read")
            let large = "print('large')  # " + String(repeating: "y", count: 1_000_000)
            expectFailure(try await server.execute(large), 500, "SERVER_ERROR")

            #expect(unsafe unlink(filler) == 0)
            try await eventually("its end is written") {
                try await server.get("/api/v1/jobs?status=completed")["total"] == 2
            }
            let job = try await server.job(id)
            #expect(job["status"] == "completed")
            #expect(job["output"] == answer["output"])
            expectSuccess(try await server.execute("'after'"))
            #expect(try await server.get("/api/v1/jobs")["total"] == 3)
            #expect(try await server.stop() == .exit(0))
        }
    }

    @Test(arguments: [true, false]) func `that is read-only refuses the start`(isUsed: Bool) async throws {
        let folder = try TemporaryFolder()
        let disk = folder.path + "/disk"
        let database = disk + "/Roost.sqlite"
        try Files.makeFolder(disk)
        if isUsed {
            try await withServer("--database", database, in: folder) { server in
                _ = try await server.execute("1")
                try await server.stop()
            }
        }
        let before = Files.names(in: disk)
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--log-level", "error", "--database", database],
            in: folder, mounts: "mount --bind '\(disk)' '\(disk)' && mount -o remount,bind,ro '\(disk)'")
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.output == "")
        #expect(process.errors.contains(database), "\(process.errors)")
        #expect(process.errors.split(separator: "\n").count == 1, "one line: \(process.errors)")
        #expect(Files.names(in: disk) == before, "nothing is touched")
        #expect(!Files.exists(folder.discovery))
    }
}
