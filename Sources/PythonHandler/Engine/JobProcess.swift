internal import RoostEventLoop
internal import RoostPythonWire

/// The server's side of one child: its socket, its two pipes, and what is on its way there and back.
///
/// Belongs to the engine's actor. The descriptors are closed when it goes; ``cancelRegistrations()`` comes before.
final class JobProcess {
    let token: WorkerSupervisor.Token
    let pid: Int32
    let socket: OwnedDescriptor
    let stdout: OwnedDescriptor
    let stderr: OwnedDescriptor
    var decoder: FrameDecoder<RunnerFrame>
    /// The job it runs; nil before it began and after it is done.
    var execution: Execution?
    var socketRegistration: EventLoop.Registration?
    var pipeRegistrations: (stdout: EventLoop.Registration?, stderr: EventLoop.Registration?) = (nil, nil)
    /// What the socket did not take yet.
    private(set) var outgoing: [[UInt8]] = []
    private(set) var outgoingBytes = 0
    private var sent = 0
    /// True while the socket takes no more.
    var isBlocked = false
    /// True while a continuation of a long read is on its way to the loop.
    var isPumpScheduled = false
    /// Calls of host functions that have no answer yet, by a number of ours.
    var calls: [UInt64: Task<Void, Never>] = [:]

    init(
        token: WorkerSupervisor.Token, pid: Int32, socket: consuming OwnedDescriptor,
        stdout: consuming OwnedDescriptor, stderr: consuming OwnedDescriptor, maximumPayload: Int
    ) {
        self.token = token
        self.pid = pid
        self.socket = socket
        self.stdout = stdout
        self.stderr = stderr
        decoder = FrameDecoder(maxPayloadBytes: maximumPayload)
    }

    func cancelRegistrations() {
        socketRegistration?.cancel()
        pipeRegistrations.stdout?.cancel()
        pipeRegistrations.stderr?.cancel()
        socketRegistration = nil
        pipeRegistrations = (nil, nil)
        for call in calls.values { call.cancel() }
        calls = [:]
    }

    func enqueue(_ bytes: [UInt8]) {
        outgoing.append(bytes)
        outgoingBytes += bytes.count
    }

    /// Sends what the socket takes.
    ///
    /// - Returns: True when all is sent.
    func flush() throws(SystemError) -> Bool {
        while let first = outgoing.first {
            switch try NonBlocking.send(socket.rawValue, first, from: sent) {
            case .bytes(let count):
                sent += count
                outgoingBytes -= count
                guard sent >= first.count else { continue }
                outgoing.removeFirst()
                sent = 0
            case .wouldBlock, .end: return false
            }
        }
        return true
    }
}
