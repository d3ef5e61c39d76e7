internal import Glibc
internal import RoostEventLoop
internal import RoostPythonWire

/// The server's side of one child: its socket, the two pipes of its job, and what is on its way there and back.
///
/// Belongs to the engine's actor. The descriptors are closed when it goes; ``cancelRegistrations()`` comes before.
final class JobProcess {
    let token: WorkerSupervisor.Token
    let pid: Int32
    let socket: OwnedDescriptor
    /// Those it was forked with, for its first job; then those of each further one. Nil between two jobs that do not
    /// belong together.
    var pipes: JobPipes?
    /// True once it has a job of a session.
    var isOfSession = false
    /// The user it runs as.
    let owner: uid_t
    var decoder: FrameDecoder<RunnerFrame>
    /// The job it runs; nil before it began and after it is done.
    var execution: Execution?
    var socketRegistration: EventLoop.Registration?
    /// How often it was told that a job has to stop.
    var interrupts = 0
    /// What the socket did not take yet; the descriptors go with the first byte.
    private var outgoing: [(bytes: [UInt8], ends: JobPipes.WriteEnds?)] = []
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
        pipes: JobPipes, maximumPayload: Int
    ) {
        self.token = token
        self.pid = pid
        self.socket = socket
        var status = stat()
        owner = unsafe fstat(pipes.stdout.rawValue, &status) == 0 ? status.st_uid : geteuid()
        self.pipes = pipes
        decoder = FrameDecoder(maxPayloadBytes: maximumPayload)
    }

    func cancelRegistrations() {
        socketRegistration?.cancel()
        socketRegistration = nil
        endJob()
    }

    /// The job is over: nothing more of it is taken.
    func endJob(keepsOutputs: Bool = false) {
        execution = nil
        if !keepsOutputs { endOutputs() }
        for call in calls.values { call.cancel() }
        calls = [:]
    }

    /// Closes our ends of its standard output and error.
    func endOutputs() {
        pipes?.cancelRegistrations()
        pipes = nil
    }

    func enqueue(_ bytes: [UInt8], _ ends: JobPipes.WriteEnds? = nil) {
        outgoing.append((bytes, ends))
        outgoingBytes += bytes.count
    }

    /// Sends what the socket takes.
    ///
    /// - Returns: True when all is sent.
    func flush() throws(SystemError) -> Bool {
        while let first = outgoing.first {
            let transfer: Transfer
            if sent == 0, let ends = first.ends {
                transfer = try DescriptorPassing.send(
                    socket.rawValue, first.bytes, descriptors: ends.rawValues)
            } else {
                transfer = try NonBlocking.send(socket.rawValue, first.bytes, from: sent)
            }
            switch transfer {
            case .bytes(let count):
                sent += count
                outgoingBytes -= count
                guard sent >= first.bytes.count else { continue }
                outgoing.removeFirst()
                sent = 0
            case .wouldBlock, .end: return false
            }
        }
        return true
    }
}
