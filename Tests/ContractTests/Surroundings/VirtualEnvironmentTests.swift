import Glibc
import RoostCore
import Testing

/// `--python-venv`.
@Suite struct `A virtual environment` {
    /// The version of the embedded Python, such as `3.11`, and of the next one.
    private static func versions() async throws -> (own: String, next: String) {
        let process = try ChildProcess(Programs.folder + "/roost-python", ["--version"], environment: [:])
        #expect(try await process.waitForEnd() == .exit(0))
        let parts = process.output.split(separator: " ").last?.split(separator: ".") ?? []
        let minor = try #require(parts.count > 1 ? Int(parts[1]) : nil)
        return ("3.\(minor)", "3.\(minor + 1)")
    }

    /// An environment as `venv` lays it out, with one module in it.
    private static func make(
        in folder: TemporaryFolder, version: String, settings: String = "", packages: Bool = true
    ) throws -> String {
        let path = folder.scratch + "/environment"
        for part in ["", "/bin", "/lib", "/lib/python\(version)"] { try Files.makeFolder(path + part) }
        try Files.write(path + "/pyvenv.cfg", "home = /nowhere/bin\n" + settings)
        guard packages else { return path }
        let site = path + "/lib/python\(version)/site-packages"
        try Files.makeFolder(site)
        try Files.write(site + "/only_here.py", "answer = 42\n")
        let more = folder.scratch + "/more"
        try Files.makeFolder(more)
        try Files.write(more + "/by_pth.py", "answer = 43\n")
        try Files.write(site + "/more.pth", more + "\n")
        return path
    }

    @Test func `has its packages imported by jobs, and looks as one does`() async throws {
        let version = try await Self.versions().own
        let folder = try TemporaryFolder()
        let path = try Self.make(in: folder, version: version, settings: "include-system-site-packages = false\nversion = \(version).9\n")
        // A relative path, from the working directory of the server.
        try await withServer("--python-venv", "environment/", in: folder) { server in
            let answer = try await server.execute(
                """
                import os, site, sys, only_here, by_pth
                [
                    only_here.answer, by_pth.answer, sys.prefix, sys.base_prefix != sys.prefix, os.environ['VIRTUAL_ENV'],
                    os.environ['PATH'].split(':')[0], os.path.dirname(os.__file__).startswith(sys.base_prefix),
                    [p for p in sys.path if p.endswith('-packages')],
                ]
                """)
            #expect(
                answer["result"] == [
                    42, 43, .string(path), true, .string(path), .string(path + "/bin"), true,
                    [.string(path + "/lib/python\(version)/site-packages")],
                ], "\(answer.text)")
        }
    }

    @Test func `brings the packages of the system along when it says so`() async throws {
        let version = try await Self.versions().own
        let folder = try TemporaryFolder()
        let path = try Self.make(
            in: folder, version: version,
            settings: "include-system-site-packages = true\nversion_info = \(version).0.final.0\n")
        let code = "import sys\n[p for p in sys.path if p.endswith('-packages')]"
        let system = try await withServer { try await $0.execute(code)["result"]?.array ?? [] }
        try await withServer(in: folder, environment: ["ROOST_PYTHON_VENV": path]) { server in
            let found = try await server.execute(code)["result"]?.array
            #expect(found == [.string(path + "/lib/python\(version)/site-packages")] + system)
        }
    }

    @Test func `of another version is refused`() async throws {
        let (own, next) = try await Self.versions()
        for setting in ["version = \(next).1", "version_info=\(next).1.final.0"] {
            let folder = try TemporaryFolder()
            let path = try Self.make(in: folder, version: next, settings: setting + "\n")
            try await expectStartFailure(
                ["--python-venv", path], in: folder,
                saying: [path, "is for Python \(next).1", "embeds \(own)", "python\(own) -m venv \(path)"])
        }
    }

    @Test func `that is none is refused`() async throws {
        let own = try await Self.versions().own
        let folder = try TemporaryFolder()
        try await expectStartFailure(
            ["--python-venv", folder.path], in: folder,
            saying: [folder.path, "has no pyvenv.cfg", "python\(own) -m venv \(folder.path)"])
        try await expectStartFailure(
            ["--python-venv", folder.path + "/missing"], in: folder, saying: ["/missing", "there is no such folder"])
        let path = try Self.make(in: folder, version: own, packages: false)
        try await expectStartFailure(
            ["--python-venv", path], in: folder, saying: [path + "/lib/python\(own)/site-packages", "there is no folder"])
    }
}
