import Glibc
import RoostCore
import Testing

/// `Content/Python/init_unreal.py` of the project.
@Suite struct `The start script of a project` {
    private static func project(_ script: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Files.makeFolder(folder.path + "/Content")
        try Files.makeFolder(folder.path + "/Content/Python")
        try Files.write(folder.path + "/Content/Python/init_unreal.py", script)
        return folder
    }

    @Test func `runs once before the jobs, which find what it left`() async throws {
        let folder = try Self.project(
            """
            import logging, os, sys, unreal, roost
            print("printed", __name__, os.path.basename(__file__))
            print("not ended", end="")
            print("to stderr", file=sys.stderr)
            unreal.log_warning("warned in " + unreal.SystemLibrary.get_project_directory())
            logging.getLogger("x").error("logged")
            roost.progress(0.5)
            sys.modules["left_behind"] = type(sys)("left_behind")
            sys.modules["left_behind"].maker = os.getpid()
            """)
        try await withServer(in: folder) { server in
            let code = "import os, left_behind\n[left_behind.maker == os.getppid(), left_behind.maker]"
            let first = try await server.execute(code)
            #expect(first["result"]?.array?[0] == true, "\(first.text)")
            #expect(try await server.execute(code)["result"] == first["result"])
            #expect(try await server.execute("'printed' in dir() or 'logging' in dir()")["result"] == false)
            let lines = try await server.log(with: "init_unreal.py: logged").split(separator: "\n")
            for line in [
                "info Python: init_unreal.py: printed __main__ init_unreal.py", "info Python: init_unreal.py: not ended",
                "warning Python: init_unreal.py: to stderr",
                "warning Python: init_unreal.py: warned in \(folder.path)/", "error Python: init_unreal.py: logged",
            ] {
                #expect(lines.count { $0.hasSuffix(line) } == 1, "\(line) in \(server.process.errors)")
            }
            #expect(server.process.output == "roost ready on http://127.0.0.1:\(server.port)/api/v1\n")
        }
    }

    @Test(arguments: [
        ("import unreal\nunreal.nope()", "AttributeError: module 'unreal' has no attribute 'nope'"), ("def", "SyntaxError"),
        ("import sys\nsys.exit(4)", "SystemExit: 4"), ("raise BaseException('all')", "BaseException: all"),
        (
            "import unreal\nunreal.EditorAssetLibrary.list_assets('/Game')",
            "RuntimeError: unreal.EditorAssetLibrary.list_assets() asks the host, which answers while a job runs"
        ),
    ])
    func `that fails is told of and stops nothing`(_ script: String, _ reason: String) async throws {
        try await withServer(in: try Self.project(script)) { server in
            let errors = try await server.log(with: "init_unreal.py failed; the server goes on")
            #expect(errors.contains(reason), "\(errors)")
            #expect(!errors.contains("<roost>"))
            let answer = try await server.execute("import unreal\nlen(unreal.EditorAssetLibrary.list_assets('/Game'))")
            #expect(answer["result"] == 0)
        }
    }

    @Test func `runs again when the worker has to be started anew`() async throws {
        let folder = try Self.project("print('begun')")
        try await withServer(in: folder) { server in
            let parent = try await server.execute("import os\nos.getppid()")["result"]?.int
            kill(Int32(try #require(parent)), SIGKILL)
            try await eventually("a second start") {
                server.process.errors.components("init_unreal.py: begun") == 2
            }
            let again = try await server.execute("1 + 1", ["timeout": 60])
            #expect(again["result"] == 2)
        }
    }

    @Test func `that leaves threads or writes without end is told so`() async throws {
        let folder = try Self.project(
            """
            import threading
            threading.Thread(target=threading.Event().wait, daemon=True, name="lurker").start()
            for number in range(5000): print("line", number)
            """)
        try await withServer(in: folder) { server in
            let errors = try await server.log(with: "init_unreal.py left 1 thread running (lurker)")
            #expect(errors.contains("more lines of the Python start are left out"))
            #expect(errors.components("init_unreal.py: line") < 1100)
            let answer = try await server.execute("import threading\nthreading.active_count()")
            #expect(answer["result"] == 1)
        }
    }

    @Test func `and the worker have nothing of the server`() async throws {
        let folder = try TemporaryFolder()
        try await withServer(in: folder, environment: ["ROOST_SECRET": "s3cret", "OTHER": "s3cret"]) { server in
            let answer = try await server.execute("import os\nos.getppid()")
            let worker = try #require(answer["result"]?.int)
            let environment = try Files.text("/proc/\(worker)/environ")
            #expect(environment.contains("HOME=") && !environment.contains("s3cret"), "\(environment)")
            // While it forks a child, the worker holds the child's sockets and pipes for a moment.
            var foreign: [String] = []
            do {
                try await eventually("the worker has nothing but its own") {
                    foreign = Self.foreignDescriptors(of: worker)
                    return foreign.isEmpty
                }
            } catch { Issue.record("the worker keeps \(foreign)") }
        }
    }

    /// What a worker has open besides null, where errors go, the control channel, the signals, and what the sandbox
    /// holds (the lock of the jobs' users and the memory group): files, ports and loops of the server, say.
    private static func foreignDescriptors(of worker: Int) -> [String] {
        Files.names(in: "/proc/\(worker)/fd").compactMap { descriptor in
            if ["0", "1", "2", "3"].contains(descriptor) { return nil }
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = unsafe readlink("/proc/\(worker)/fd/\(descriptor)", &buffer, buffer.count)
            guard count >= 0 else { return nil }
            let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let isOwn =
                ["/dev/null", "anon_inode:[signalfd]", "anon_inode:[pidfd]"].contains(target)
                || target.hasPrefix("/sys/fs/cgroup/") || target.hasSuffix("/roost-job-users.lock")
            return isOwn ? nil : "\(descriptor): \(target)"
        }
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(_ text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
