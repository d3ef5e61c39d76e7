import Glibc

/// A folder of a test's own, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init(_ name: String = "project") throws {
        var template = Array("/tmp/roost-contract-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Files.Failure(description: "mkdtemp: errno \(errno)") }
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = root + "/" + name
        // Jobs of a server that is root run as other users, who have to get to their own folders.
        unsafe chmod(root, 0o711)
        try Files.makeFolder(path)
        try Files.makeFolder(scratch)
    }

    /// Where the processes started for the test keep their own temporary files.
    var scratch: String { root + "/tmp" }
    var saved: String { path + "/Saved" }
    var discovery: String { saved + "/UnrealPythonREST.json" }
    var database: String { saved + "/Roost.sqlite" }

    private let root: String

    /// Makes the folder another user's, with copies of our programs, which may be where that user cannot go.
    ///
    /// - Returns: The path of the first program.
    func give(to user: UInt32, programs: [String]) throws -> String {
        for program in programs {
            let copy = root + "/" + program
            try Files.write(copy, Files.read(Programs.folder + "/" + program))
            unsafe chmod(copy, 0o755)
        }
        for folder in [path, scratch] { unsafe chown(folder, user, user) }
        return root + "/" + programs[0]
    }

    deinit { Files.removeAll(root) }
}
