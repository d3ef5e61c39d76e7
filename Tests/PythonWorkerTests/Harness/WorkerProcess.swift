import CLinux
import Foundation
import Glibc
import RoostPythonWire

/// A real `roost-python`, with this test as its server.
final class WorkerProcess {
    /// The bounds of `configure` in these tests: small, so that they are easy to reach.
    struct Bounds {
        var logEntries = 100
        var logEntryBytes = 1000
        var resultBytes = 2000
        var tracebackBytes = 4000
    }

    let pid: pid_t
    let scratchRoot: String
    private(set) var pythonVersion = ""
    private let control: Descriptor
    private var nextToken: UInt64 = 1
    private var isReaped = false

    static var program: String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        let own = String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/roost-python"
    }

    /// Starts the worker and waits until it is ready.
    init(_ bounds: Bounds = Bounds(), modules: String = "[]") throws {
        let (pid, control) = try Self.spawn()
        self.pid = pid
        self.control = control
        var template = Array("/tmp/roost-worker-tests-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw HarnessError("mkdtemp: errno \(errno)") }
        scratchRoot = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let configuration = """
            {"scratch": "\(scratchRoot)", "max_log_entries": \(bounds.logEntries),
             "max_log_entry_bytes": \(bounds.logEntryBytes), "max_result_bytes": \(bounds.resultBytes),
             "max_traceback_bytes": \(bounds.tracebackBytes), "modules": \(modules)}
            """
        send(.configure(Array(configuration.utf8)))
        guard case .ready(let version) = try receive().event else { throw HarnessError("not ready") }
        pythonVersion = version
    }

    /// Starts the program with one end of a control channel, and nothing else yet.
    static func spawn() throws -> (pid_t, Descriptor) {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw HarnessError("socketpair") }
        let theirs = Descriptor(pair[1])
        // Above every number that dup2 below writes to.
        let high = fcntl(pair[1], F_DUPFD_CLOEXEC, 10)
        defer { close(high) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, high, 3)
        var arguments = unsafe [strdup("roost-python"), strdup("--control-fd"), strdup("3"), nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let status = unsafe posix_spawn(&pid, program, &actions, nil, &arguments, Glibc.environ)
        guard status == 0 else { throw HarnessError("posix_spawn of \(program): \(status)") }
        theirs.close()
        return (pid, Descriptor(pair[0]))
    }

    func send(_ request: WorkerRequest) {
        control.write(request.encoded)
    }

    /// The next event, and the descriptors that came with it.
    func receive() throws -> (event: WorkerEvent, descriptors: [Int32]) {
        _ = try Waiting.forReading([control.raw])
        return try Self.receive(control.raw)
    }

    static func receive(_ socket: Int32) throws -> (event: WorkerEvent, descriptors: [Int32]) {
        var packet = [UInt8](repeating: 0, count: 65_536)
        var ancillary = [UInt64](repeating: 0, count: 16)
        var descriptors: [Int32] = []
        let count = unsafe packet.withUnsafeMutableBytes { bytes in
            unsafe ancillary.withUnsafeMutableBytes { ancillaryBytes in
                var vector = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = vector
                    unsafe message.msg_iovlen = 1
                    unsafe message.msg_control = ancillaryBytes.baseAddress
                    unsafe message.msg_controllen = ancillaryBytes.count
                    let count = unsafe recvmsg(socket, &message, Int32(MSG_CMSG_CLOEXEC))
                    if let header = unsafe clinux_cmsg_first(&message), count > 0 {
                        let size = unsafe header.pointee.cmsg_len - clinux_cmsg_len(0)
                        let data = unsafe UnsafeRawBufferPointer(start: clinux_cmsg_data(header), count: size)
                        unsafe descriptors = Array(data.bindMemory(to: Int32.self))
                    }
                    return count
                }
            }
        }
        guard count > 0 else { throw HarnessError("the control channel is closed") }
        return (try WorkerEvent(packet: Array(packet.prefix(count))), descriptors)
    }

    /// Has a child forked.
    func fork() throws -> ChildProcess {
        let token = nextToken
        nextToken += 1
        send(.fork(token: token))
        let (event, descriptors) = try receive()
        guard case .forked(token, let pid) = event, descriptors.count == 3 else {
            throw HarnessError("no child but \(event)")
        }
        return ChildProcess(pid: pid, descriptors: descriptors, worker: self)
    }

    /// The raw status of the next child that ended, which must be `pid`.
    func receiveExit(of pid: Int32) throws -> Int32 {
        guard case .exited(pid, let status) = try receive().event else { throw HarnessError("not its exit") }
        return status
    }

    /// Runs one job in a worker of its own.
    static func run(
        _ source: String, _ bounds: Bounds = Bounds(), modules: String = "[]", mode: String = "module"
    ) throws -> JobReport {
        let worker = try WorkerProcess(bounds, modules: modules)
        return try worker.fork().run(source, mode: mode)
    }

    /// Closes the control channel and waits for the end.
    ///
    /// - Returns: the raw wait status.
    @discardableResult
    func end() throws -> Int32 {
        control.close()
        return try Self.waitForExit(of: pid) { self.isReaped = true }
    }

    static func waitForExit(of pid: pid_t, reaped: () -> Void = {}) throws -> Int32 {
        var status: Int32 = 0
        try Waiting.until("the worker ended") { unsafe waitpid(pid, &status, WNOHANG) == pid }
        reaped()
        return status
    }

    /// What is below the scratch root now.
    func scratchFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratchRoot)
    }

    deinit {
        control.close()
        if !isReaped { _ = try? Self.waitForExit(of: pid) }
        unsafe rmdir(scratchRoot)
    }
}
