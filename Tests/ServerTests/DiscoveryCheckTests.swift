import Glibc
@testable import RoostServer
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Discovery check` {
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/roost-discovery-XXXXXX".utf8CString)
        let made = unsafe mkdtemp(&template) != nil
        try #require(made)
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unsafe rmdir(folder) }
        try body(folder)
    }

    @Test func `a FIFO in the place of the file holds no start up`() throws {
        try withFolder { folder in
            let path = folder + "/UnrealPythonREST.json"
            let code = unsafe mkfifo(path, 0o600)
            try #require(code == 0)
            defer { unsafe unlink(path) }
            guard case .replace = DiscoveryCheck.check(path) else {
                Issue.record("must be replaced")
                return
            }
        }
    }
}
