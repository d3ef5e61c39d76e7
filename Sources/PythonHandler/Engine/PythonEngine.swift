internal import Glibc
public import RoostCore
internal import RoostEventLoop
internal import RoostPythonWire
internal import Synchronization

/// Runs Python jobs in processes that were forked ahead of need: one for each job, or one for many; see
/// ``PythonIsolation``. Jobs of a session run in the process of that session.
///
/// What is to be done is decided by ``WorkerSupervisor``; the engine does it: it spawns `roost-python`, passes
/// messages, moves bytes, and resumes those who wait. All of it happens on one event loop of its own, so no state
/// needs a lock and no thread waits for a job.
public actor PythonEngine {
    nonisolated let loop: EventLoop
    /// Everything of the engine happens on its own event loop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
    nonisolated let configuration: PythonEngineConfiguration
    nonisolated let logger: Logger
    nonisolated let shown: Shown
    let functions: [String: @Sendable (HostCall) async throws -> JSON]
    let origin = MonotonicTime.now()

    private var supervisor: WorkerSupervisor
    private var events: [WorkerSupervisor.Event] = []
    private var isFeeding = false
    private var timer: TimerToken?
    /// Rings when a session has been without a job for too long.
    var expiryTimer: TimerToken?
    private var nextTicket: WorkerSupervisor.Ticket = 1
    private var startWaiter: CheckedContinuation<Void, any Error>?
    private var startResult: Result<Void, PythonEngineError>?
    private(set) var isStopping = false
    private var worker: WorkerConnection?
    /// Waits for the end of a worker that was lost.
    private var farewell: Task<Void, Never>?
    /// The process that the kernel killed for want of memory, until its exit is told.
    private var outOfMemory: Int32?
    private var executions: [WorkerSupervisor.Ticket: Execution] = [:]
    var processes: [WorkerSupervisor.Token: JobProcess] = [:]
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var nextCall: UInt64 = 1

    /// What can be seen of the engine from anywhere, at once.
    final class Shown: Sendable {
        let status: Mutex<PythonStatus>
        let sessions: Mutex<SessionTable>

        init(_ status: PythonStatus, _ sessions: SessionTable) {
            self.status = Mutex(status)
            self.sessions = Mutex(sessions)
        }
    }

    /// An engine with a running loop and no Python yet; see ``start()``.
    ///
    /// - Throws: ``PythonEngineError`` when a host module has an impossible name, or descriptors or threads run out.
    public init(configuration: PythonEngineConfiguration, logger: Logger) throws(PythonEngineError) {
        if let problem = configuration.modules.lazy.compactMap(\.problem).first {
            throw PythonEngineError(problem)
        }
        do {
            loop = try EventLoop(name: "python")
            try loop.start()
        } catch {
            throw PythonEngineError("the Python engine cannot start: \(error)")
        }
        self.configuration = configuration
        self.logger = logger
        supervisor = WorkerSupervisor(
            settings: .init(
                workers: configuration.workers, keepsProcesses: configuration.isolation == .shared))
        shown = Shown(
            PythonStatus(
                version: "", isolation: configuration.isolation, workers: configuration.workers, busy: 0,
                ready: 0, sessions: 0,
                sandbox: .init(mode: configuration.sandbox.mode, enforced: [], missing: [])),
            SessionTable(maximum: configuration.maximumSessions, idle: configuration.sessionIdle))
        var functions: [String: @Sendable (HostCall) async throws -> JSON] = [:]
        for module in configuration.modules {
            for function in module.functions {
                if case .call(let body) = function.kind {
                    functions[module.name + "." + function.name] = body
                }
            }
        }
        self.functions = functions
    }

    /// What it is doing; answers at once from memory.
    public nonisolated var status: PythonStatus {
        var status = shown.status.withLock { $0 }
        status.sessions = shown.sessions.withLock { $0.count }
        return status
    }

    deinit { loop.stop() }

    /// The lane of its jobs: one a worker at once. All handlers over one engine share it by its name.
    public nonisolated var lane: JobLane {
        JobLane(name: "python", width: configuration.workers, executor: loop)
    }

    // MARK: Start and stop

    /// Spawns the first worker and waits until it is ready.
    ///
    /// - Throws: ``PythonEngineError`` when it cannot be spawned, says why it cannot work, or ends.
    public func start() async throws {
        guard startResult == nil, startWaiter == nil else { return }
        do {
            let scratch = configuration.scratch
            try await BlockingWork.shared.run { try ScratchFolder.prepare(scratch) }
            try await withCheckedThrowingContinuation { continuation in
                startWaiter = continuation
                feed(.start)
            }
        } catch {
            await shutdown()
            throw error
        }
    }

    /// Ends every process and the worker; jobs that still run fail. Returns when the worker is gone.
    public func shutdown() async {
        guard !isStopping else { return }
        isStopping = true
        feed(.stop)
        if let worker {
            self.worker = nil
            worker.registration?.cancel()
            let pid = worker.pid
            // The worker leaves when its control channel closes, and takes its children along.
            _ = shutdown(worker.control.rawValue)
            if await reap(pid, within: .seconds(2)) == nil {
                kill(pid, SIGKILL)
                _ = await reap(pid, within: .seconds(2))
                for process in processes.values { killGroup(process.pid) }
            }
        }
        await farewell?.value
        feed(.workerGone(reason: "the server stops"))
        for execution in executions.values {
            execution.give(nil)
            execution.end(.failed(JobFailure(.serverStopped)))
        }
        for token in processes.keys { release(token) }
        if let timer { loop.cancel(timer) }
        if let expiryTimer { loop.cancel(expiryTimer) }
        let scratch = configuration.scratch
        try? await BlockingWork.shared.run { ScratchFolder.remove(scratch) }
        loop.stop()
    }

    private nonisolated func shutdown(_ descriptor: Int32) -> Int32 {
        Glibc.shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Waits for a child of ours without blocking; nil when it is still there at the end.
    private func reap(_ pid: Int32, within patience: Duration) async -> ExitCause? {
        let deadline = MonotonicTime.now() + patience
        while true {
            var status: Int32 = 0
            let result = unsafe waitpid(pid, &status, WNOHANG)
            if result == pid { return ExitCause(waitStatus: status) }
            // Somebody else took it: it is gone all the same.
            if result < 0, errno != EINTR { return .exited(0) }
            guard MonotonicTime.now() < deadline else { return nil }
            await withCheckedContinuation { continuation in
                _ = loop.schedule(after: .milliseconds(5)) { continuation.resume() }
            }
        }
    }

    // MARK: Running a job

    /// Runs code as a job's work and returns how it ended; see ``JobWork``.
    ///
    /// Waits for a ready process first, which does not count against the job's time; then calls ``JobContext/start()``,
    /// so the request has to be one that ``JobRequest/startsItself``. Cancelling the task interrupts the code, and
    /// kills its process group half a second later.
    ///
    /// - Parameters:
    ///   - source: The code as UTF-8; may hold NUL and, as in WTF-8, lone surrogates, which then fail to compile.
    ///   - mode: What the source is; see ``PythonMode``.
    ///   - context: Takes output and log.
    /// - Returns: How the code ended; a failure of the code is no error here.
    /// - Throws: `CancellationError` when the job was stopped before it began, and what ``JobContext/start()`` throws.
    public nonisolated func run(
        source: [UInt8], mode: PythonMode = .module, context: JobContext
    ) async throws -> JobOutcome {
        try await run(source, mode, in: context)
    }

    /// As ``run(source:mode:context:)``, for any kind of context, and in a session if the job has a place in one.
    package func run(
        _ source: [UInt8], _ mode: PythonMode = .module, in context: some ExecutionContext,
        session: SessionPlace? = nil
    ) async throws -> JobOutcome {
        guard !isStopping else { return .failed(JobFailure(.serverStopped)) }
        if let session, !isOpen(session) {
            // Whoever closed it is about to cancel its jobs.
            try await Task.sleep(for: .seconds(60))
            return .failed(JobFailure(.jobCancelled))
        }
        let execution = Execution(ticket: nextTicket, context: context, session: session?.key)
        let ticket = execution.ticket
        nextTicket += 1
        executions[ticket] = execution
        defer { executions[ticket] = nil }
        return try await withTaskCancellationHandler {
            try await perform(execution, source, mode)
        } onCancel: {
            loop.execute { [weak self] in self?.assumeIsolated { $0.interrupt(ticket) } }
        }
    }

    private func perform(
        _ execution: Execution, _ source: [UInt8], _ mode: PythonMode
    ) async throws -> JobOutcome {
        let ticket = execution.ticket
        var hasStarted = false
        while true {
            try Task.checkCancellation()
            guard let token = try await process(for: execution) else {
                if isStopping, hasStarted || !Task.isCancelled { return .failed(JobFailure(.serverStopped)) }
                throw CancellationError()
            }
            if !hasStarted {
                do { try await execution.context.start() } catch {
                    feed(.jobWithdrawn(ticket))
                    throw error
                }
                hasStarted = true
            }
            if execution.isInterrupted || Task.isCancelled {
                feed(.jobWithdrawn(ticket))
                throw CancellationError()
            }
            // Its process may have died while the start was written; then the next one will do.
            guard supervisor.token(of: ticket) == token, let process = processes[token] else { continue }
            begin(execution, in: process, source, mode)
            return await withCheckedContinuation { execution.wait($0) }
        }
    }

    private func process(for execution: Execution) async throws -> WorkerSupervisor.Token? {
        if isStopping { return nil }
        feed(.jobRequested(execution.ticket, session: execution.session))
        if execution.isWaiting {
            do { try await execution.context.queue() } catch {
                feed(.jobWithdrawn(execution.ticket))
                throw error
            }
        }
        return await withCheckedContinuation { execution.take($0) }
    }

    private func begin(
        _ execution: Execution, in process: JobProcess, _ source: [UInt8], _ mode: PythonMode
    ) {
        feed(.jobBegan(execution.ticket))
        enterSession(execution)
        process.execution = execution
        process.isOfSession = execution.session != nil
        var ends: JobPipes.WriteEnds?
        if process.pipes == nil {
            do { (process.pipes, ends) = try JobPipes.make(for: process.owner) } catch {
                logger.error("a job cannot be given its output: \(error)")
                return breach(process)
            }
        }
        watchPipes(process)
        let life =
            execution.session != nil ? "session" : configuration.isolation == .shared ? "shared" : "job"
        var header: JSONObject = [
            "job_id": execution.context.id.json, "mode": .string(mode.rawValue), "life": .string(life),
            "interrupts": .int(process.interrupts),
        ]
        // A process that stays has only the clock on the wall (contract §8).
        if life == "job", configuration.sandbox.mode != .off,
            let milliseconds = execution.context.timeoutMilliseconds
        {
            // Rounded up, and 5 s more: the clock on the wall comes first but for many threads.
            header["cpu_seconds"] = .int((milliseconds + 999) / 1000 + 5)
        }
        send(.job(header: JSON.object(header).serialized(), source: source), with: ends, to: process)
    }

    private func interrupt(_ ticket: WorkerSupervisor.Ticket) {
        guard let execution = executions[ticket] else { return }
        execution.isInterrupted = true
        feed(.interrupt(ticket, execution.context.stopReason == .timeout ? .timeout : .cancel))
    }

    // MARK: The supervisor

    /// Gives the supervisor an event and does what it says. Events that come up meanwhile wait for their turn.
    func feed(_ event: WorkerSupervisor.Event) {
        events.append(event)
        guard !isFeeding else { return }
        isFeeding = true
        var index = 0
        while index < events.count {
            let actions = supervisor.handle(events[index], at: MonotonicTime.now() - origin)
            index += 1
            for action in actions { perform(action) }
        }
        events.removeAll(keepingCapacity: true)
        isFeeding = false
        setTimer()
        show()
    }

    private func setTimer() {
        if let timer { loop.cancel(timer) }
        timer = supervisor.nextDeadline.map { deadline in
            loop.schedule(at: origin + deadline) { [weak self] in
                self?.assumeIsolated {
                    $0.timer = nil
                    $0.feed(.tick)
                }
            }
        }
    }

    private func show() {
        let (busy, ready, pid) = (supervisor.busyCount, supervisor.readyCount, worker?.pid)
        let processes = supervisor.tally
        shown.status.withLock { status in
            status.busy = busy
            status.ready = ready
            status.workerPID = pid
            status.processes = processes
        }
    }

    /// What the sandbox cannot do is said once, not by every worker that is started again.
    private func show(_ report: SandboxReport) {
        let before = shown.status.withLock { status in
            defer { (status.sandbox.enforced, status.sandbox.missing) = (report.enforced, report.missing) }
            return status.sandbox.missing
        }
        guard !report.missing.isEmpty, report.missing != before else { return }
        logger.warning(
            "the sandbox '\(configuration.sandbox.mode.rawValue)' cannot enforce all it promises on this system: \(report.missing.joined(separator: ", "))"
        )
    }

    private func perform(_ action: WorkerSupervisor.Action) {
        switch action {
        case .spawnWorker: spawnWorker()
        case .killWorker: if let worker { kill(worker.pid, SIGKILL) }
        case .started(let version):
            shown.status.withLock { $0.version = version }
            settleStart(.success(()))
        case .startFailed(let reason):
            settleStart(.failure(PythonEngineError("Python cannot run: \(reason)")))
        case .fork(let token): tell(.fork(token: token))
        case .assign(let ticket, let token):
            executions[ticket]?.give(token)
        case .abandon(let ticket):
            executions[ticket]?.give(nil)
        case .signal(let pid, let signal):
            processes.values.first { $0.pid == pid }?.interrupts += 1
            tell(.signal(pid: pid, signal: signal.rawValue))
        case .kill(let pid): killGroup(pid)
        case .release(let token): release(token)
        case .end(let ticket, let cause): executions[ticket]?.end(.failed(OutcomeReader.died(cause)))
        case .settle(let ticket): executions[ticket]?.end(.completed(result: nil))
        case .sessionLost(let session): sessionLost(session)
        case .note(let note): logger.log(note.isError ? .error : .warning, note.text)
        }
    }

    /// The worker does it, which knows whether the group is still there; without one there is only us. The leader
    /// died with its worker just now, and as long as others are in its group the kernel gives its number to nobody.
    private func killGroup(_ pid: Int32) {
        if worker != nil { tell(.kill(pid: pid)) } else if pid > 1 { kill(-pid, SIGKILL) }
    }

    private func settleStart(_ result: Result<Void, PythonEngineError>) {
        guard startResult == nil else { return }
        startResult = result
        startWaiter?.resume(with: result.mapError { $0 as any Error })
        startWaiter = nil
    }

    // MARK: The worker

    private func spawnWorker() {
        do {
            let worker = try WorkerSpawner.spawn(
                configuration.executable, virtualEnvironment: configuration.virtualEnvironment,
                scratch: configuration.scratch)
            self.worker = worker
            let pid = worker.pid
            worker.registration = try loop.register(descriptor: worker.control.rawValue, interest: .read) {
                [weak self] readiness in self?.assumeIsolated { $0.controlIsReady(pid, readiness) }
            }
            tell(.confine(configuration.sandbox.settings))
            tell(.configure(configuration.message))
        } catch {
            loseWorker("\(configuration.executable) cannot be started: \(error)")
        }
    }

    private func tell(_ request: WorkerRequest) {
        guard let worker else { return }
        worker.enqueue(request)
        flush(worker)
    }

    private func flush(_ worker: WorkerConnection) {
        do {
            let isDone = try worker.flush()
            try worker.registration?.update(isDone ? .read : [.read, .write])
        } catch {
            // Reading finds the end, and says so.
            logger.debug("the worker's control channel broke: \(error)")
            guard error.code == EMSGSIZE else { return }
            loseWorker("the host modules do not fit into one message of the control channel")
        }
    }

    private func controlIsReady(_ pid: Int32, _ readiness: EventLoop.Readiness) {
        guard let worker, worker.pid == pid else { return }
        if readiness.contains(.writable) { flush(worker) }
        // Bounded, so that no worker can keep the loop to itself.
        for _ in 0..<64 where self.worker === worker {
            do {
                switch try worker.receive() {
                case .packet(let packet, let descriptors): take(packet, descriptors)
                case .wouldBlock: return
                case .end: return loseWorker(nil)
                }
            } catch {
                return loseWorker("\(error)")
            }
        }
    }

    private func take(_ packet: [UInt8], _ descriptors: [Int32]) {
        guard let event = try? WorkerEvent(packet: packet), descriptors.count == event.descriptorCount else {
            for descriptor in descriptors { close(descriptor) }
            return loseWorker("it sent something that is no message")
        }
        switch event {
        case .sandbox(let report): show(report)
        case .outOfMemory(let pid): outOfMemory = pid
        case .ready(let version): feed(.ready(version: version))
        case .failed(let reason): feed(.failed(reason: reason))
        case .note(let level, let text): logger.log(level.logLevel, "Python: " + text)
        case .forked(let token, let pid): adopt(token, pid, descriptors)
        case .forkFailed(let token, let errno): feed(.forkFailed(token: token, errno: errno))
        case .exited(let pid, let status):
            if let process = processes.values.first(where: { $0.pid == pid }) { drain(process) }
            let cause = outOfMemory == pid ? .memoryLimit : ExitCause(waitStatus: status)
            outOfMemory = nil
            feed(.processExited(pid: pid, cause: cause))
        }
    }

    private func adopt(_ token: WorkerSupervisor.Token, _ pid: Int32, _ descriptors: [Int32]) {
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        let process = JobProcess(
            token: token, pid: pid, socket: OwnedDescriptor(adopting: descriptors[0]),
            pipes: JobPipes(
                stdout: OwnedDescriptor(adopting: descriptors[1]),
                stderr: OwnedDescriptor(adopting: descriptors[2])),
            maximumPayload: maximumPayload)
        guard processes[token] == nil else { return loseWorker("it used a token twice") }
        processes[token] = process
        watchSocket(process)
        feed(.forked(token: token, pid: pid))
    }

    /// The worker is gone or no longer to be trusted: whatever it still is, it is ended.
    private func loseWorker(_ reason: String?) {
        guard let worker else {
            feed(.workerGone(reason: reason ?? "it ended"))
            return
        }
        self.worker = nil
        worker.registration?.cancel()
        let pid = worker.pid
        if reason != nil { kill(pid, SIGKILL) }
        farewell = Task {
            // A worker that closed its channel is about to leave; how it left is worth a moment.
            var cause = await reap(pid, within: .milliseconds(500))
            if cause == nil {
                kill(pid, SIGKILL)
                cause = await reap(pid, within: .seconds(2))
            }
            guard !isStopping else { return }
            // What its processes had to say before they went with it.
            for process in Array(processes.values) { drain(process) }
            feed(.workerGone(reason: reason ?? cause.map(Self.describe) ?? "it ended"))
        }
    }

    private static func describe(_ cause: ExitCause) -> String {
        switch cause {
        case .exited(let code): "it exited with code \(code)"
        case .signalled(let signal): "it was ended by \(SignalName.of(signal))"
        case .memoryLimit: "there was not enough memory"
        }
    }
}
