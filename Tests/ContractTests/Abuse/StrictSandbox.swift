import Glibc

/// Whether this machine can give a strict sandbox, found out by starting one.
enum StrictSandbox {
    static let isPossible: Bool = {
        guard let folder = try? TemporaryFolder(),
            let process = try? ServerProcess.launch(
                ["serve", "--project", folder.path, "--port", "0", "--sandbox", "strict"], in: folder)
        else { return false }
        let deadline = Deadline(in: .seconds(60))
        while !deadline.hasPassed, process.ending == nil, !process.output.contains("\n") { usleep(10_000) }
        let isReady = process.output.contains("\n")
        process.signal(SIGKILL)
        return isReady
    }()
}
