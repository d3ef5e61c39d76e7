import Glibc

/// A folder of a test's own, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init(_ name: String = "project") throws {
        var template = Array("/tmp/roost-contract-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Files.Failure(description: "mkdtemp: errno \(errno)") }
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = root + "/" + name
        try Files.makeFolder(path)
        try Files.makeFolder(scratch)
    }

    /// Where the processes started for the test keep their own temporary files.
    var scratch: String { root + "/tmp" }
    var saved: String { path + "/Saved" }
    var discovery: String { saved + "/UnrealPythonREST.json" }
    var database: String { saved + "/Roost.sqlite" }

    private let root: String

    deinit { Files.removeAll(root) }
}
