import CLinux
import Glibc

/// The descriptors of one job: the child's three and the server's three.
struct JobDescriptors {
    let childSocket: Int32
    let childOutput: Int32
    let childError: Int32
    let serverSocket: Int32
    let serverOutput: Int32
    let serverError: Int32

    /// What the server gets, in the order of `WorkerEvent.forked`.
    var server: [Int32] { [serverSocket, serverOutput, serverError] }
    var child: [Int32] { [childSocket, childOutput, childError] }

    /// Makes all six, each closed on exec.
    ///
    /// - Returns: nil, with `errno` set, when one cannot be made; then none is left open.
    static func make() -> JobDescriptors? {
        var pairs: [[Int32]] = []
        for make in [socketPair, pipePair, pipePair] {
            guard let pair = make() else {
                let reason = errno
                for descriptor in pairs.joined() { close(descriptor) }
                errno = reason
                return nil
            }
            pairs.append(pair)
        }
        return JobDescriptors(
            childSocket: pairs[0][1], childOutput: pairs[1][1], childError: pairs[2][1],
            serverSocket: pairs[0][0], serverOutput: pairs[1][0], serverError: pairs[2][0])
    }

    private static func socketPair() -> [Int32]? {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 ? pair : nil
    }

    private static func pipePair() -> [Int32]? {
        var pair: [Int32] = [-1, -1]
        return unsafe clinux_pipe2(&pair, O_CLOEXEC) == 0 ? pair : nil
    }
}
