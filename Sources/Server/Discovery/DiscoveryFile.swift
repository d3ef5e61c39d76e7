internal import Glibc
import RoostCore
internal import RoostEventLoop

/// `Saved/UnrealPythonREST.json`: how clients find the port of a project's server (contract §2).
struct DiscoveryFile: Sendable, Equatable {
    /// The real port.
    var port: Int
    /// The server's process.
    var processID: Int
    /// The project's name.
    var project: String
    /// When the server started.
    var startedAt: Timestamp
    /// The names of its handlers.
    var handlers: [String]

    /// Where it stands below the project folder.
    static func path(in project: String) -> String { project + "/Saved/UnrealPythonREST.json" }

    /// Compact, so that `"port":8080` can be found with grep.
    var content: [UInt8] {
        JSON.object([
            "version": 1, "port": .int(port), "pid": .int(processID), "project": .string(project),
            "started_at": .string(startedAt.description), "handlers": handlers.json,
        ]).serialized()
    }

    /// The process and port that a file names; nil for what no Roost wrote.
    static func owner(in content: [UInt8]) -> (processID: Int, port: Int)? {
        guard let file = try? JSONParser.parse(content), let pid = file["pid"]?.int,
            let port = file["port"]?.int,
            pid > 0, pid <= Int(Int32.max), (1...65_535).contains(port)
        else { return nil }
        return (pid, port)
    }

    /// Writes it with mode 0600.
    ///
    /// - Throws: ``StartError``.
    func write(to path: String) throws(StartError) {
        let folder = path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        if let failure = Files.makeFolder(folder) ?? Files.replace(path, with: content, mode: 0o600) {
            throw StartError(
                "cannot write the discovery file \(path): \(SystemError.text(of: failure))")
        }
    }

    /// Removes it if it still names this process.
    static func remove(at path: String, ownedBy processID: Int) {
        guard let content = Files.read(path), owner(in: content)?.processID == processID else { return }
        unsafe unlink(path)
    }
}
