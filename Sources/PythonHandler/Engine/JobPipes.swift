internal import CLinux
internal import Glibc
internal import RoostEventLoop

/// The server's ends of one job's standard output and error. Belongs to the engine's actor.
///
/// The descriptors are closed when it goes; ``cancelRegistrations()`` comes before.
final class JobPipes {
    let stdout: OwnedDescriptor
    let stderr: OwnedDescriptor
    var registrations: (stdout: EventLoop.Registration?, stderr: EventLoop.Registration?) = (nil, nil)

    init(stdout: consuming OwnedDescriptor, stderr: consuming OwnedDescriptor) {
        self.stdout = stdout
        self.stderr = stderr
    }

    func cancelRegistrations() {
        registrations.stdout?.cancel()
        registrations.stderr?.cancel()
        registrations = (nil, nil)
    }

    /// The job's ends, on their way to its process; closed when they are sent.
    final class WriteEnds {
        private let stdout: OwnedDescriptor
        private let stderr: OwnedDescriptor

        init(stdout: consuming OwnedDescriptor, stderr: consuming OwnedDescriptor) {
            self.stdout = stdout
            self.stderr = stderr
        }

        var rawValues: [Int32] { [stdout.rawValue, stderr.rawValue] }
    }

    /// Two new pipes, for a further job of a process that stays.
    ///
    /// - Parameter owner: The user of that process, who can then open them again as `/dev/stdout`.
    /// - Returns: Our ends, and those to be sent.
    /// - Throws: `pipe2` with the cause, such as `EMFILE`.
    static func make(for owner: uid_t) throws(SystemError) -> (pipes: JobPipes, ends: WriteEnds) {
        let first = try pipe()
        let output = OwnedDescriptor(adopting: first[0])
        let outputEnd = OwnedDescriptor(adopting: first[1])
        let second = try pipe()
        let error = OwnedDescriptor(adopting: second[0])
        let errorEnd = OwnedDescriptor(adopting: second[1])
        for descriptor in [output.rawValue, error.rawValue] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        if owner != geteuid() {
            for descriptor in [outputEnd.rawValue, errorEnd.rawValue] {
                _ = fchown(descriptor, owner, uid_t.max)
            }
        }
        return (JobPipes(stdout: output, stderr: error), WriteEnds(stdout: outputEnd, stderr: errorEnd))
    }

    private static func pipe() throws(SystemError) -> [Int32] {
        var ends: [Int32] = [-1, -1]
        guard unsafe clinux_pipe2(&ends, O_CLOEXEC) == 0 else { throw .last("pipe2") }
        return ends
    }
}
