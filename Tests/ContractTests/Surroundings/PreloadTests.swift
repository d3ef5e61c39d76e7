import RoostCore
import Testing

/// `--preload`.
@Suite struct `Preloaded modules` {
    private static func folder(_ files: [String: String]) throws -> (TemporaryFolder, String) {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/modules"
        try Files.makeFolder(path)
        for (name, text) in files { try Files.write(path + "/" + name, text) }
        return (folder, path)
    }

    @Test func `are there before a job runs, and are imported once`() async throws {
        let (folder, path) = try Self.folder([
            "counted.py": "import os\nprint('imported', __name__)\nwriter = os.getpid()\n", "late.py": "import counted\n",
        ])
        for form in [["--preload", "counted,json,xml.dom"], ["--preload", "counted", "--preload", "json,xml.dom"]] {
            try await Places.shared.hold {
                let server = try await ServerProcess(["--python-path", path] + form, in: folder)
                let answer = try await server.execute(
                    "import sys, os\nthere = [n in sys.modules for n in ('counted', 'json', 'xml.dom', 'late')]\nimport counted\n[there, counted.writer == os.getppid(), counted.writer]"
                )
                let again = try await server.execute("import counted\ncounted.writer")
                #expect(answer["result"]?.array?[0] == [true, true, true, false], "\(answer.text)")
                #expect(answer["result"]?.array?[1] == true)
                #expect(again["result"] == answer["result"]?.array?[2])
                _ = try await server.log(with: "preloading counted: imported counted")
                #expect(try await server.stop() == .exit(0))
            }
        }
        try await withServer(in: folder, environment: ["ROOST_PRELOAD": "json,wave"]) { server in
            let answer = try await server.execute("import sys\n'wave' in sys.modules")
            #expect(answer["result"] == true)
        }
    }

    @Test(arguments: [
        ("absent", "ModuleNotFoundError: No module named 'absent'"), ("broken", "ZeroDivisionError: division by zero"),
        ("wrong", "SyntaxError:"), ("leaves", "SystemExit: 3"), ("json.absent", "No module named 'json.absent'"),
    ])
    func `that cannot be imported stop the start`(_ name: String, _ reason: String) async throws {
        let (folder, path) = try Self.folder([
            "broken.py": "1 / 0\n", "wrong.py": "def\n", "leaves.py": "import sys\nsys.exit(3)\n",
        ])
        try await expectStartFailure(
            ["--python-path", path, "--preload", "json,\(name)"], in: folder,
            saying: ["the module '\(name)' cannot be preloaded", reason])
    }

    @Test func `that start threads are warned of`() async throws {
        let (folder, path) = try Self.folder([
            "threaded.py": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True, name='lurker').start()\n"
        ])
        try await withServer("--python-path", path, "--preload", "json,threaded", in: folder) { server in
            let errors = try await server.log(with: "the preloaded module 'threaded' left 1 thread running (lurker)")
            #expect(!errors.contains("'json'"))
            // Jobs run all the same.
            let answer = try await server.execute("import threaded, threading\nthreading.active_count()")
            #expect(answer["result"] == 1)
        }
    }

    @Test(arguments: ["", ",", "json,", "a b", "1x", "json..x", "json;os"])
    func `have to be names`(_ text: String) async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(["serve", "--project", folder.path, "--preload", text], in: folder)
        #expect(try await process.waitForEnd() == .exit(2))
        #expect(process.errors.contains("--preload"))
    }
}
