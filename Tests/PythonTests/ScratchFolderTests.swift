import Glibc
@testable import RoostPython
import Testing

/// Every path here lies in a folder of the test's own.
@Suite struct `The scratch folder of an engine` {
    private static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = TemporaryFolder()
        try body(folder.path)
        withExtendedLifetime(folder) {}
    }

    private static func write(_ path: String) {
        let file = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
        #expect(file >= 0)
        close(file)
    }

    private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    @Test func `is made for its owner alone`() throws {
        try Self.withFolder { folder in
            let path = folder + "/scratch"
            try ScratchFolder.prepare(path)
            var status = stat()
            #expect(unsafe stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
        }
    }

    @Test func `is emptied of whatever a killed server's jobs left, and nothing outside is touched`() throws {
        try Self.withFolder { folder in
            let path = folder + "/scratch"
            try ScratchFolder.prepare(path)
            Self.write(folder + "/outside")
            unsafe mkdir(folder + "/other", 0o755)
            Self.write(folder + "/other/kept")
            unsafe mkdir(path + "/job-1", 0o700)
            Self.write(path + "/job-1/file")
            unsafe symlink(folder + "/outside", path + "/job-1/link")
            unsafe symlink(folder + "/other", path + "/job-1/folder-link")
            unsafe symlink(folder + "/other", path + "/top-link")
            unsafe mkdir(path + "/job-1/closed", 0o700)
            Self.write(path + "/job-1/closed/inner")
            unsafe chmod(path + "/job-1/closed", 0)
            unsafe mkfifo(path + "/job-1/fifo", 0o600)
            let odd: [CChar] = Array((path + "/job-1/").utf8CString.dropLast()) + [-1, -2, 0]
            unsafe mkdir(odd, 0o700)
            var deep = path
            for _ in 0..<200 {
                deep += "/d"
                unsafe mkdir(deep, 0o700)
            }
            try ScratchFolder.prepare(path)
            #expect(unsafe rmdir(path) == 0, "it is empty")
            #expect(Self.exists(folder + "/outside"))
            #expect(Self.exists(folder + "/other/kept"))
            for name in ["/outside", "/other/kept"] { unsafe unlink(folder + name) }
        }
    }

    @Test func `must be a folder and no link to one`() throws {
        try Self.withFolder { folder in
            Self.write(folder + "/file")
            unsafe symlink(folder, folder + "/link")
            for name in ["/file", "/link"] {
                let error = #expect(throws: PythonEngineError.self) { try ScratchFolder.prepare(folder + name) }
                #expect(error?.description.contains("is no folder") == true)
            }
            let missing = #expect(throws: PythonEngineError.self) { try ScratchFolder.prepare(folder + "/a/b") }
            #expect(missing?.description.contains("cannot make") == true)
        }
    }
}
