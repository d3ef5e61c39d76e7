import CPython
import Glibc

/// The command line of `roost-python`.
enum Command {
    static let usage = """
        usage: roost-python --control-fd N [--venv DIR]
               roost-python --version | --help

        The process that embeds CPython for the Roost server and forks one process for each job.
        `roost serve` starts it; N is its end of a SOCK_SEQPACKET socket to the server, 3 or more; DIR is
        a virtual environment for its interpreter, an absolute path.

        """

    /// Does what the arguments say.
    ///
    /// - Parameter arguments: the process's arguments, its name first.
    /// - Returns: the exit status; 2 for wrong usage.
    static func run(_ arguments: [String]) -> Int32 {
        switch arguments.dropFirst().map({ $0 }) {
        case ["--version"]:
            write("roost-python (CPython \(Interpreter.version))\n", to: STDOUT_FILENO)
            return 0
        case ["--help"], ["-h"]:
            write(usage, to: STDOUT_FILENO)
            return 0
        case let words
        where words.first == "--control-fd" && (words.count == 2 || words.count == 4 && words[2] == "--venv"):
            guard let descriptor = Int32(words[1]), descriptor > STDERR_FILENO else {
                return wrong("--control-fd takes the number of an open socket, 3 or more, not '\(words[1])'")
            }
            guard isSeqpacketSocket(descriptor) else {
                return wrong("descriptor \(descriptor) is not an open SOCK_SEQPACKET socket")
            }
            var worker = Worker(control: descriptor, virtualEnvironment: words.count == 4 ? words[3] : nil)
            return worker.run()
        default:
            return wrong("what it takes is one of the forms below")
        }
    }

    private static func wrong(_ reason: String) -> Int32 {
        write("roost-python: \(reason)\n\(usage)", to: STDERR_FILENO)
        return 2
    }

    private static func isSeqpacketSocket(_ descriptor: Int32) -> Bool {
        var type: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length)
        return status == 0 && type == Int32(SOCK_SEQPACKET.rawValue)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
