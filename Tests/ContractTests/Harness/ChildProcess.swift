import Glibc
import Synchronization

/// A process with its output captured; killed when the last reference goes.
final class ChildProcess: Sendable {
    enum Ending: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// The size of a terminal.
    struct Window: Sendable {
        var columns: UInt16 = 80
        var rows: UInt16 = 24
    }

    let id: pid_t
    private let state: State
    /// The other side of its terminal; nil without one.
    private let terminal: PseudoTerminal?
    /// What must be there as long as the process.
    private let keeping: TemporaryFolder?

    /// Shared with the threads that read and wait, which must not keep the process itself alive.
    private final class State: Sendable {
        let output = Mutex<[UInt8]>([])
        let errors = Mutex<[UInt8]>([])
        let open = Atomic<Int>(2)
        let ending = Mutex<Ending?>(nil)
    }

    /// Starts a program with exactly these arguments and this environment.
    ///
    /// Without a window it has nothing on standard input. With one it has a terminal of that size for all three, as
    /// its session's own, and what it writes to either is in `output`.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], folder: String? = nil,
        keeping: TemporaryFolder? = nil, window: Window? = nil
    ) throws {
        self.keeping = keeping
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        terminal = try window.map { try PseudoTerminal(columns: $0.columns, rows: $0.rows) }
        // Sockets, not pipes: these can be made close-on-exec in one step without a C shim.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &output) == 0, unsafe socketpair(AF_UNIX, kind, 0, &errors) == 0
        else { throw Files.Failure(description: "socketpair: errno \(errno)") }
        defer { for descriptor in [output[1], errors[1]] { close(descriptor) } }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let terminal {
            // The first terminal that the leader of a session opens is the session's own.
            unsafe posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, output[1], 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Threads of the cooperative pool block signals, and a child inherits that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        // POSIX_SPAWN_SETSID, which the Glibc module does not show; a session has a process group of its own.
        let group = terminal == nil ? Int32(POSIX_SPAWN_SETPGROUP) : 0x80
        unsafe posix_spawnattr_setflags(&attributes, Int16(group | Int32(POSIX_SPAWN_SETSIGMASK)))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        // The shell changes the folder and becomes the program, with the same process id.
        let line =
            folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0, program] + arguments }
            ?? [program] + arguments
        var words = unsafe line.map { unsafe strdup($0) } + [nil]
        var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var spawned: pid_t = 0
        let code = unsafe posix_spawn(&spawned, line[0], &actions, &attributes, &words, &settings)
        guard code == 0 else {
            close(output[0])
            close(errors[0])
            throw Files.Failure(description: "posix_spawn \(program): \(code)")
        }
        let child = spawned
        let state = State()
        self.state = state
        id = child
        var outputEnd = output[0]
        if let terminal {
            close(outputEnd)
            outputEnd = dup(terminal.descriptor)
        }
        let ends = (outputEnd, errors[0])
        detachThread {
            Self.drain(ends.0) { bytes in state.output.withLock { $0 += bytes } }
            state.open.subtract(1, ordering: .sequentiallyConsistent)
        }
        detachThread {
            Self.drain(ends.1) { bytes in state.errors.withLock { $0 += bytes } }
            state.open.subtract(1, ordering: .sequentiallyConsistent)
        }
        detachThread {
            var status: Int32 = 0
            while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
            let ending: Ending = status & 0x7f == 0 ? .exit((status >> 8) & 0xff) : .signal(status & 0x7f)
            state.ending.withLock { $0 = ending }
        }
    }

    deinit { signal(SIGKILL) }

    var output: String { String(decoding: state.output.withLock { $0 }, as: UTF8.self) }
    var errors: String { String(decoding: state.errors.withLock { $0 }, as: UTF8.self) }
    var ending: Ending? { state.ending.withLock { $0 } }

    /// Nothing happens once it has been reaped: its id may be another's by then.
    func signal(_ number: Int32) {
        state.ending.withLock { if $0 == nil { kill(id, number) } }
    }

    /// Types on its terminal; `\u{3}` is Ctrl-C.
    func type(_ text: String) { terminal?.write(text) }

    /// Waits for the end of the process and of its output.
    func waitForEnd(within duration: Duration = .seconds(30)) async throws -> Ending {
        let ending = try await eventually("the end of process \(id): \(errors)", within: duration) { () -> Ending? in
            self.ending
        }
        // A surviving grandchild may hold the pipes; what the process itself wrote is there by then.
        try? await eventually("the end of its output", within: .milliseconds(500)) {
            state.open.load(ordering: .sequentiallyConsistent) == 0
        }
        return ending
    }

    private static func drain(_ descriptor: Int32, _ take: ([UInt8]) -> Void) {
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            take(Array(buffer[..<count]))
        }
    }
}
