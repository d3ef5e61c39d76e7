internal import RoostCore
internal import RoostEventLoop
internal import RoostPythonWire

/// Bytes to and from the processes. Everything that comes from them is a stranger's: bounded, checked, and a breach
/// of the rules ends the process.
extension PythonEngine {
    /// Bytes of one read.
    private static var readSize: Int { 65_536 }
    /// Bytes that one process may give in one go before others have their turn.
    private static var goBytes: Int { 262_144 }
    /// Frames that one process may give in one go.
    private static var goFrames: Int { 64 }
    /// The most that a pipe holds (`fs.pipe-max-size`): what was written before a frame is within this many bytes.
    private static var pipeCapacity: Int { 1 << 20 }
    /// The most that is read from the socket of a process that has ended.
    private static var lastWords: Int { 16 << 20 }
    /// Replies that a process does not fetch.
    private static var maximumUnfetched: Int { 64 << 20 }
    /// Calls of one process that wait for an answer.
    private static var maximumCalls: Int { 64 }

    /// A result at its limit, a header with a traceback and a message, and some air.
    var maximumPayload: Int {
        configuration.maximumResult + 8 * (configuration.maximumTraceback + configuration.maximumLogEntry)
            + (1 << 20)
    }

    // MARK: Registration

    func watchSocket(_ process: JobProcess) {
        let token = process.token
        do {
            process.socketRegistration = try loop.register(
                descriptor: process.socket.rawValue, interest: .read
            ) {
                [weak self] readiness in
                self?.assumeIsolated { engine in
                    guard let process = engine.processes[token] else { return }
                    if readiness.contains(.writable) { engine.flush(process) }
                    engine.pump(process)
                }
            }
        } catch {
            logger.error("a Python process cannot be watched: \(error)")
            breach(process)
        }
    }

    /// Only once a job is there: before, a process has nothing to write.
    func watchPipes(_ process: JobProcess) {
        guard let pipes = process.pipes, pipes.registrations.stdout == nil else { return }
        do {
            pipes.registrations.stdout = try watchPipe(pipes.stdout.rawValue, .stdout, process.token)
            pipes.registrations.stderr = try watchPipe(pipes.stderr.rawValue, .stderr, process.token)
        } catch {
            logger.error("the output of a Python process cannot be watched: \(error)")
            breach(process)
        }
    }

    private func watchPipe(
        _ descriptor: Int32, _ pipe: Pipe, _ token: WorkerSupervisor.Token
    ) throws(SystemError) -> EventLoop.Registration {
        try loop.register(descriptor: descriptor, interest: .read) { [weak self] _ in
            self?.assumeIsolated { engine in
                guard let process = engine.processes[token] else { return }
                _ = engine.readPipe(pipe, of: process)
            }
        }
    }

    // MARK: Reading

    private enum Pipe { case stdout, stderr }

    /// One read.
    ///
    /// - Returns: How many bytes came; nil when there are none now, or no more.
    private func readPipe(_ pipe: Pipe, of process: JobProcess) -> Int? {
        guard let pipes = process.pipes else { return nil }
        let isOutput = pipe == .stdout
        let descriptor = isOutput ? pipes.stdout.rawValue : pipes.stderr.rawValue
        switch try? NonBlocking.read(descriptor, into: &buffer) {
        case .bytes(let count):
            guard let context = process.execution?.context else { return count }
            let bytes = Array(buffer[..<count])
            if isOutput { context.writeOutput(bytes) } else { context.writeError(bytes) }
            return count
        case .wouldBlock: return nil
        case .end, nil:
            (isOutput ? pipes.registrations.stdout : pipes.registrations.stderr)?.cancel()
            return nil
        }
    }

    /// Takes what was written so far, so that what comes next keeps its place behind it.
    ///
    /// - Returns: How many bytes there were.
    private func drainPipes(_ process: JobProcess) -> Int {
        var total = 0
        for pipe in [Pipe.stdout, .stderr] {
            var taken = 0
            while taken < Self.pipeCapacity, let count = readPipe(pipe, of: process) { taken += count }
            total += taken
        }
        return total
    }

    /// Reads frames until none is left or others must have their turn; then it goes on by itself.
    func pump(_ process: JobProcess) {
        guard !process.isPumpScheduled else { return }
        var bytes = Self.goBytes
        var frames = Self.goFrames
        while isCurrent(process) {
            do {
                if let frame = try process.decoder.next() {
                    frames -= 1
                    bytes -= take(frame, from: process)
                } else {
                    switch try NonBlocking.read(process.socket.rawValue, into: &buffer) {
                    case .bytes(let count):
                        process.decoder.append(buffer[..<count])
                        bytes -= count
                    case .wouldBlock: return
                    case .end: return breach(process)
                    }
                }
            } catch {
                return breach(process)
            }
            if bytes <= 0 || frames <= 0 { return pumpLater(process) }
        }
    }

    private func pumpLater(_ process: JobProcess) {
        process.isPumpScheduled = true
        let token = process.token
        loop.execute { [weak self] in
            self?.assumeIsolated { engine in
                guard let process = engine.processes[token] else { return }
                process.isPumpScheduled = false
                engine.pump(process)
            }
        }
    }

    /// Takes the last words of a process that has ended: finite, and bounded all the same.
    func drain(_ process: JobProcess) {
        var left = Self.lastWords
        while isCurrent(process), process.execution != nil, left > 0 {
            guard let frame = try? process.decoder.next() else {
                guard case .bytes(let count)? = try? NonBlocking.read(process.socket.rawValue, into: &buffer)
                else { break }
                process.decoder.append(buffer[..<count])
                left -= count
                continue
            }
            left -= 1 + take(frame, from: process)
        }
        if process.execution != nil { _ = drainPipes(process) }
    }

    private func isCurrent(_ process: JobProcess) -> Bool { processes[process.token] === process }

    /// - Returns: How many bytes of output were taken along.
    private func take(_ frame: RunnerFrame, from process: JobProcess) -> Int {
        guard let execution = process.execution else {
            // Between two jobs there is only one thing to be said.
            if case .rested(let keepsOutputs) = frame {
                // What came since the job ended is nobody's. Only jobs of one session write to one place.
                if keepsOutputs, process.isOfSession { _ = drainPipes(process) } else { process.endOutputs() }
                feed(.processRested(token: process.token))
            } else {
                breach(process)
            }
            return 0
        }
        switch frame {
        case .rested:
            breach(process)
            return 0
        case .log(let level, let message):
            let bytes = drainPipes(process)
            execution.context.log(level.level, message)
            return bytes
        case .barrier:
            let bytes = drainPipes(process)
            send(.proceed, to: process)
            return bytes
        case .call(let json):
            call(json, from: process, execution)
            return json.count
        case .progress(let fraction, let message):
            execution.context.progress(fraction, message)
            return 0
        case .done(let header, let result):
            guard let outcome = OutcomeReader.read(header: header, result: result) else {
                breach(process)
                return 0
            }
            let bytes = drainPipes(process)
            process.endJob(keepsOutputs: process.isOfSession)
            feed(.jobDone(execution.ticket))
            // A stopped job ends with its process; see the supervisor.
            if !execution.isInterrupted { execution.end(outcome) }
            return bytes
        }
    }

    // MARK: Writing

    func send(_ frame: JobFrame, with ends: JobPipes.WriteEnds? = nil, to process: JobProcess) {
        process.enqueue(frame.encoded, ends)
        flush(process)
    }

    private func flush(_ process: JobProcess) {
        do {
            let wasBlocked = process.isBlocked
            process.isBlocked = try !process.flush()
            guard wasBlocked != process.isBlocked else { return }
            try process.socketRegistration?.update(process.isBlocked ? [.read, .write] : .read)
        } catch {
            breach(process)
        }
    }

    // MARK: The end

    /// The process closed its socket or broke the rules: nothing it says counts any more, its output still does.
    func breach(_ process: JobProcess) {
        process.socketRegistration?.cancel()
        process.socketRegistration = nil
        feed(.processLost(token: process.token))
    }

    /// Lets go of everything we hold of a process.
    func release(_ token: WorkerSupervisor.Token) {
        guard let process = processes[token] else { return }
        if process.execution != nil { _ = drainPipes(process) }
        process.cancelRegistrations()
        processes[token] = nil
    }

    // MARK: Host functions

    private func call(_ json: [UInt8], from process: JobProcess, _ execution: Execution) {
        guard let request = (try? JSONParser.parse(json))?.object, let id = request["id"]?.int,
            let name = request["function"]?.string
        else {
            // Python nests deeper than we read, so not all that it can write can be read here.
            guard let id = Self.leadingID(json) else { return breach(process) }
            let error = HostError(type: "ValueError", "these arguments cannot be passed on as JSON")
            return reply(.failure(error), to: id, of: process)
        }
        guard process.outgoingBytes <= Self.maximumUnfetched else { return breach(process) }
        guard process.calls.count < Self.maximumCalls else {
            return reply(.failure(HostError("too many calls at once")), to: id, of: process)
        }
        guard let function = functions[name] else {
            let error = HostError(type: "AttributeError", "no host function '\(name)'")
            return reply(.failure(error), to: id, of: process)
        }
        let context = execution.context
        let call = HostCall(
            function: String(name.drop { $0 != "." }.dropFirst()), job: context.id,
            positional: request["args"]?.array ?? [], keywords: request["kwargs"]?.object ?? [:],
            log: { context.log($0, $1) })
        let (token, number) = (process.token, nextCall)
        nextCall += 1
        process.calls[number] = Task.detached { [logger] in
            let result: Result<JSON, HostError>
            do { result = .success(try await function(call)) } catch let error as HostError {
                result = .failure(error)
            } catch {
                logger.error(
                    "a host function failed",
                    ["function": .string(name), "job_id": context.id.json, "cause": .string("\(error)")])
                result = .failure(HostError("\(name) failed; the server's log has the cause"))
            }
            await self.finish(number, id, result, token)
        }
    }

    /// The id of a call that cannot be read whole; our runner writes it first.
    private static func leadingID(_ json: [UInt8]) -> Int? {
        let start = Array(#"{"id":"#.utf8)
        guard json.starts(with: start) else { return nil }
        let digits = json.dropFirst(start.count).prefix(18).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private func finish(
        _ number: UInt64, _ id: Int, _ result: Result<JSON, HostError>, _ token: WorkerSupervisor.Token
    ) {
        guard let process = processes[token], process.calls.removeValue(forKey: number) != nil else { return }
        reply(result, to: id, of: process)
    }

    private func reply(_ result: Result<JSON, HostError>, to id: Int, of process: JobProcess) {
        var object: JSONObject = ["id": .int(id)]
        switch result {
        case .success(let value): object["value"] = value
        case .failure(let error):
            object["error"] = ["type": .string(error.type), "message": .string(error.message)]
        }
        send(.reply(JSON.object(object).serialized()), to: process)
    }
}
