import Glibc

/// Another user than root, to run the real server as.
enum UnprivilegedServer {
    /// Nil when this is no root to begin with.
    static let user: UInt32? = geteuid() == 0 ? 52_345 : nil

    /// False where that user may not even read what the programs are linked with, such as a toolchain in root's home.
    static let isPossible: Bool = {
        guard let user else { return true }
        guard Files.exists("/usr/bin/setpriv"), let folder = try? TemporaryFolder(),
            let process = try? ServerProcess.launch(["--version"], in: folder, user: user)
        else { return false }
        let deadline = Deadline(in: .seconds(60))
        while !deadline.hasPassed, process.ending == nil { usleep(10_000) }
        return process.ending == .exit(0)
    }()
}
