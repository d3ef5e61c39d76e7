import RoostCore
import Testing

/// `--python-path`, and `Content/Python` of the project.
@Suite struct `The Python path` {
    /// A folder with a module `here`, and one named after the folder.
    private static func make(_ name: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.scratch + "/" + name
        try Files.makeFolder(path)
        try Files.write(path + "/here.py", "place = '\(name)'\n")
        try Files.write(path + "/\(name).py", "answer = 42\n")
        return path
    }

    @Test func `has the folders given in front and in order, then the project's`() async throws {
        let folder = try TemporaryFolder()
        let (first, second) = (try Self.make("first", in: folder), try Self.make("second", in: folder))
        try Files.makeFolder(folder.path + "/Content")
        try Files.makeFolder(folder.path + "/Content/Python")
        try Files.write(folder.path + "/Content/Python/here.py", "place = 'project'\n")
        try Files.write(folder.path + "/Content/Python/of_project.py", "answer = 43\n")
        let code = "import sys, here, of_project\n[sys.path[:3], here.place, of_project.answer]"
        let expected: JSON = [
            [.string(first), .string(second), .string(folder.path + "/Content/Python")], "first", 43,
        ]
        try await withServer("--python-path", "first", "--python-path", second + "/", in: folder) { server in
            let answer = try await server.execute(code)
            #expect(answer["result"] == expected, "\(answer.text)")
        }
        try await withServer(in: folder, environment: ["ROOST_PYTHON_PATH": "\(first), \(second)"]) { server in
            let answer = try await server.execute(code)
            #expect(answer["result"] == expected, "\(answer.text)")
        }
    }

    @Test func `with a folder that is not there is refused`() async throws {
        let folder = try TemporaryFolder()
        try Files.write(folder.path + "/file", "")
        for name in ["missing", "file"] {
            try await expectStartFailure(
                ["--python-path", folder.path + "/" + name], in: folder, saying: ["/" + name, "there is no such folder"])
        }
    }
}
