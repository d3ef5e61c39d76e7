internal import CLinux
internal import Glibc
internal import RoostCore
internal import RoostEventLoop
internal import Synchronization

/// A socket with its state machine: carries events in and actions out, and decides nothing itself.
///
/// An actor whose executor is its loop: the loop's callbacks enter it with `assumeIsolated`, so nothing hops.
actor Connection {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    private let owner: ServerLoop
    private let client: ClientAddress
    private let service: any HTTPService
    private var socket: OwnedDescriptor?
    private let descriptor: Int32
    private var machine: ConnectionStateMachine
    private var output = OutputQueue()

    private var registration: EventLoop.Registration?
    private var interest: EventLoop.Interest = [.read, .inputClosed]
    private var timer: TimerToken?
    private var timerDeadline: MonotonicTime?

    private var request: Task<Void, Never>?
    private var mayPull = false
    private var waitingPull: CheckedContinuation<Bool, Never>?
    private var isCountedAsStream = false

    /// Takes over an accepted socket; ``open(refusal:)`` begins.
    init(owner: ServerLoop, socket: consuming OwnedDescriptor, client: ClientAddress) {
        self.owner = owner
        self.client = client
        loop = owner.loop
        service = owner.service
        descriptor = socket.rawValue
        self.socket = consume socket
        machine = ConnectionStateMachine(
            options: owner.options, date: owner.date, tally: owner.requestTally, now: .now())
        machine.makesReports = owner.wantsReports
    }

    /// Registers with the loop. With a refusal, that is all the client gets.
    func open(refusal: APIFailure? = nil) {
        do {
            registration = try loop.register(descriptor: descriptor, interest: interest) { [self] readiness in
                assumeIsolated { $0.ready(readiness) }
            }
        } catch { machine.connectionLost(now: .now()) }
        if let refusal { machine.refuseConnection(refusal, now: .now()) }
        drive()
    }

    /// No further request after the present one.
    func beginDrain(closingIdle: Bool) {
        machine.beginDrain(closingIdle: closingIdle, now: .now())
        drive()
    }

    /// Ends the connection at once.
    func abort() {
        machine.connectionLost(now: .now())
        drive()
    }

    // MARK: Loop events

    private func ready(_ readiness: EventLoop.Readiness) {
        let now = MonotonicTime.now()
        // Both ends have said they are done, and there is still something to read: that comes first, since
        // closing with unread input would reset the connection under the client's last read.
        let isReadOn = readiness.contains(.readable) && machine.wantsInput
        if readiness.contains(.error) || (readiness.contains(.hangUp) && !isReadOn) {
            machine.connectionLost(now: now)
        } else if !readiness.isDisjoint(with: [.readable, .inputClosed]) {
            if machine.wantsInput {
                read(now)
            } else {
                // Either may come without the other, and what is not narrowed away comes again at once.
                if readiness.contains(.inputClosed) { machine.inputIsClosing(now: now) }
                // Only here, when input really comes too early: most requests cost no call for their interest.
                setInterest(wantedInterest)
            }
        }
        drive()
    }

    private func read(_ now: MonotonicTime) {
        do throws(SystemError) {
            try owner.readBuffer.bytes.withLock { buffer throws(SystemError) in
                switch try NonBlocking.read(descriptor, into: &buffer) {
                case .bytes(let count): machine.received(buffer[..<count], now: now)
                case .end: machine.inputEnded(now: now)
                case .wouldBlock: break
                }
            }
        } catch { machine.connectionLost(now: now) }
    }

    private func timerFired() {
        timer = nil
        timerDeadline = nil
        machine.tick(now: .now())
        drive()
    }

    // MARK: Actions

    /// Does what the machine asks until it asks for nothing more.
    private func drive() {
        repeat {
            while let action = machine.nextAction() { perform(action) }
        } while flush()
        countStream()
        guard socket != nil else { return }
        let wanted = wantedInterest
        if !interest.isSuperset(of: wanted) || (interest.contains(.write) && !wanted.contains(.write)) {
            setInterest(wanted)
        }
        if socket != nil { armTimer() }
    }

    private func perform(_ action: ConnectionStateMachine.Action) {
        switch action {
        case .admit(let head): machine.admitted(service.admit(head, from: client), now: .now())
        case .respond(let head, let body, let ticket):
            let incoming = IncomingRequest(head: head, body: body, client: client, ticket: ticket)
            if let response = service.answer(incoming) {
                machine.responded(response, now: .now())
                guard case .stream(let stream) = response.body, machine.isStreaming else { return }
                request = Task(executorPreference: loop) { await Self.send(stream, over: self) }
            } else {
                request = Self.respond(to: incoming, service: service, connection: self)
            }
        case .send(let bytes): output.append(bytes)
        case .pullChunk:
            if let waitingPull { waitingPull.resume(returning: true) } else { mayPull = true }
            waitingPull = nil
        case .cancelRequest: request?.cancel()
        case .finishSending: _ = shutdown(descriptor, CLINUX_SHUT_WR)
        case .report(let report): owner.report(report, client)
        case .close(let reset): close(reset: reset)
        }
    }

    /// Sends what is queued; true when the machine may have something more to ask.
    private func flush() -> Bool {
        guard socket != nil, !output.isEmpty else { return false }
        let now = MonotonicTime.now()
        do throws(SystemError) {
            if try output.flush(to: descriptor) { machine.wrote(now: now) }
        } catch {
            machine.connectionLost(now: now)
            return true
        }
        guard output.isEmpty else { return false }
        machine.flushed(now: now)
        return true
    }

    private func close(reset: Bool) {
        registration?.cancel()
        registration = nil
        if let timer { loop.cancel(timer) }
        timer = nil
        if reset { Sockets.resetOnClose(descriptor) }
        socket = nil
        output = OutputQueue()
        waitingPull?.resume(returning: false)
        waitingPull = nil
        request = nil
        countStream()
        owner.assumeIsolated { $0.closed(self) }
    }

    private func countStream() {
        guard machine.isStreaming != isCountedAsStream else { return }
        isCountedAsStream.toggle()
        isCountedAsStream ? owner.connectionTally.beginStream() : owner.connectionTally.endStream()
    }

    // MARK: Interest and time

    private var wantedInterest: EventLoop.Interest {
        var wanted: EventLoop.Interest = []
        if machine.wantsInput { wanted.formUnion([.read, .inputClosed]) }
        if machine.awaitsDeparture { wanted.insert(.inputClosed) }
        if !output.isEmpty { wanted.insert(.write) }
        return wanted
    }

    private func setInterest(_ wanted: EventLoop.Interest) {
        guard wanted != interest, let registration else { return }
        interest = wanted
        do { try registration.update(wanted) } catch {
            // Without events the connection would hang; what the machine wants done now is its end.
            machine.connectionLost(now: .now())
            while let action = machine.nextAction() { perform(action) }
        }
    }

    /// Deadlines move with every request; the timer moves only to an earlier one, and otherwise finds out when
    /// it fires that there is time left.
    private func armTimer() {
        guard let deadline = machine.deadline else { return }
        if let timerDeadline, timerDeadline <= deadline { return }
        if let timer { loop.cancel(timer) }
        timerDeadline = deadline
        timer = loop.schedule(at: deadline) { [self] in assumeIsolated { $0.timerFired() } }
    }

    // MARK: The request's task

    /// Asks the service and sends its answer, on the loop's thread throughout.
    private static func respond(
        to incoming: IncomingRequest, service: any HTTPService, connection: Connection
    ) -> Task<Void, Never> {
        Task(executorPreference: connection.loop) {
            let response = await service.respond(to: incoming)
            guard let stream = connection.responded(response) else { return }
            await send(stream, over: connection)
        }
    }

    /// Produces a stream as fast as the socket takes it.
    private static func send(_ stream: BodyStream, over connection: Connection) async {
        var iterator = stream.makeIterator()
        do {
            while await connection.nextPull() {
                guard let chunk = try await iterator.next() else { return connection.streamEnded() }
                connection.streamGave(chunk)
            }
        } catch { connection.streamFailed(error) }
    }

    /// - Returns: The stream to send, if there is one and it is wanted.
    nonisolated private func responded(_ response: Response) -> BodyStream? {
        assumeIsolated { connection in
            connection.machine.responded(response, now: .now())
            let isStreaming = connection.machine.isStreaming
            // Before `drive()`, which may begin the next request of a pipeline.
            if !isStreaming { connection.request = nil }
            connection.drive()
            if case .stream(let stream) = response.body, isStreaming { return stream }
            return nil
        }
    }

    nonisolated private func streamGave(_ chunk: [UInt8]) {
        assumeIsolated {
            $0.machine.chunk(chunk, now: .now())
            $0.drive()
        }
    }

    nonisolated private func streamEnded() {
        assumeIsolated {
            $0.machine.streamEnded(now: .now())
            $0.request = nil
            $0.drive()
        }
    }

    nonisolated private func streamFailed(_ error: any Error) {
        assumeIsolated {
            $0.owner.logger.warning("A response stream failed: \(error)")
            $0.machine.streamFailed(now: .now())
            $0.drive()
        }
    }

    /// Waits until the chunk before has gone to the socket.
    ///
    /// - Returns: False when nobody reads any more.
    private func nextPull() async -> Bool {
        if mayPull {
            mayPull = false
            return true
        }
        guard machine.isStreaming else { return false }
        return await withCheckedContinuation { waitingPull = $0 }
    }
}
