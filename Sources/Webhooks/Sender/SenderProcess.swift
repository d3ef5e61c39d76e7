internal import CLinux
internal import Glibc
package import RoostEventLoop

/// Sends through `roost-webhooks`, a process that is there while there is something to send.
///
/// So neither Foundation nor libcurl is in the server, and what they do wrong is not either. See
/// `Documentation/Decisions.md`.
package actor SenderProcess: WebhookTransport {
    /// How long an idle sender is kept.
    private static let idlePatience = Duration.seconds(30)
    /// How much later than the request's time-out a sender that has not answered counts as stuck.
    private static let grace = Duration.seconds(2)

    /// A running sender.
    private final class Child {
        let pid: Int32
        let channel: OwnedDescriptor
        var registration: EventLoop.Registration?
        var outgoing: [[UInt8]] = []
        var sent = 0
        var incoming: [UInt8] = []

        init(pid: Int32, channel: consuming OwnedDescriptor) {
            self.pid = pid
            self.channel = channel
        }
    }

    private struct Waiting {
        let continuation: CheckedContinuation<WebhookResult, Never>
        let timer: TimerToken
    }

    private let executable: String
    private let arguments: [String]
    private nonisolated let loop: EventLoop
    private var child: Child?
    private var waiting: [Int: Waiting] = [:]
    private var nextNumber = 1
    private var idleTimer: TimerToken?
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var isClosed = false

    /// Its loop's thread runs everything.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// No process is started before there is something to send.
    ///
    /// - Parameters:
    ///   - executable: The program.
    ///   - allowPrivate: Whether it may connect to any address.
    ///   - skipsLookUp: For tests: leaves only the check of each connection.
    /// - Throws: ``SystemError`` when descriptors or threads run out.
    package init(executable: String, allowPrivate: Bool, skipsLookUp: Bool = false)
        throws(SystemError)
    {
        self.executable = executable
        arguments = (allowPrivate ? ["--allow-private"] : []) + (skipsLookUp ? ["--skip-look-up"] : [])
        loop = try EventLoop(name: "roost-webhooks")
        try loop.start()
    }

    /// See ``WebhookTransport``.
    package func post(
        _ url: String, fields: [(name: String, value: String)], body: [UInt8], timeout: Duration
    ) async -> WebhookResult {
        guard !isClosed else { return .failed("the server stops") }
        guard body.count <= Int(UInt32.max) else { return .failed("the body is too large") }
        let child: Child
        do { child = try running() } catch { return .failed("the sender does not start: \(error)") }
        let number = nextNumber
        nextNumber &+= 1
        let request = SenderRequest(
            number: number, url: url, fields: fields.map { [$0.name, $0.value] },
            timeoutMilliseconds: Int(min(max(1, timeout / .milliseconds(1)), 1e9)), body: body)
        child.outgoing.append(request.encodedHead)
        if !body.isEmpty { child.outgoing.append(body) }
        if let timer = idleTimer { loop.cancel(timer) }
        idleTimer = nil
        return await withCheckedContinuation { continuation in
            let timer = loop.schedule(after: timeout + Self.grace) { [weak self] in
                self?.assumeIsolated { $0.lose("the sender does not answer") }
            }
            waiting[number] = Waiting(continuation: continuation, timer: timer)
            flush()
        }
    }

    /// Ends the process; what is under way fails.
    package func close() {
        isClosed = true
        lose("the server stops")
        loop.stop()
    }

    // MARK: The process

    private func running() throws(SystemError) -> Child {
        if let child { return child }
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw .last("socketpair") }
        let ours = OwnedDescriptor(adopting: pair[0])
        let theirs = OwnedDescriptor(adopting: pair[1])
        _ = fcntl(ours.rawValue, F_SETFL, O_NONBLOCK)
        let pid = try ChildSpawner.spawn(
            executable, arguments: arguments,
            environment: ChildSpawner.environment(where: Self.environmentNames.contains),
            channel: theirs.rawValue)
        let child = Child(pid: pid, channel: ours)
        self.child = child
        do {
            child.registration = try loop.register(descriptor: child.channel.rawValue, interest: .read) {
                [weak self] readiness in self?.assumeIsolated { $0.isReady(readiness) }
            }
        } catch {
            lose("\(error)")
            throw error
        }
        return child
    }

    /// Where libraries are and how names are looked up, and nothing else: no proxy, no key.
    private static let environmentNames: Set<String> = [
        "PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "LOCALDOMAIN", "RES_OPTIONS",
    ]

    /// Gives up the process and everything that waits for it.
    private func lose(_ cause: String) {
        if let timer = idleTimer { loop.cancel(timer) }
        idleTimer = nil
        if let child {
            self.child = nil
            child.registration?.cancel()
            kill(child.pid, SIGKILL)
            // Dead or dying, so this does not wait for anything that could hold it.
            while waitpid(child.pid, nil, 0) < 0, errno == EINTR {}
        }
        let all = waiting.values
        waiting = [:]
        for one in all {
            loop.cancel(one.timer)
            one.continuation.resume(returning: .failed(cause))
        }
    }

    // MARK: The channel

    private func isReady(_ readiness: EventLoop.Readiness) {
        guard let child else { return }
        if readiness.contains(.writable) { flush() }
        guard self.child === child else { return }
        do {
            switch try NonBlocking.read(child.channel.rawValue, into: &buffer) {
            case .bytes(let count):
                child.incoming += buffer[..<count]
                while let reply = try SenderReply.take(from: &child.incoming) { settle(reply) }
            case .wouldBlock: break
            case .end: lose("the sender has ended")
            }
        } catch { lose("the sender failed: \(error)") }
    }

    private func flush() {
        guard let child else { return }
        do {
            while let bytes = child.outgoing.first {
                guard
                    case .bytes(let count) = try NonBlocking.send(
                        child.channel.rawValue, bytes, from: child.sent)
                else { break }
                child.sent += count
                if child.sent >= bytes.count {
                    child.outgoing.removeFirst()
                    child.sent = 0
                }
            }
            try child.registration?.update(child.outgoing.isEmpty ? .read : [.read, .write])
        } catch { lose("the sender failed: \(error)") }
    }

    private func settle(_ reply: SenderReply) {
        guard let one = waiting.removeValue(forKey: reply.number) else { return }
        loop.cancel(one.timer)
        one.continuation.resume(returning: reply.result)
        guard waiting.isEmpty, idleTimer == nil else { return }
        idleTimer = loop.schedule(after: Self.idlePatience) { [weak self] in
            self?.assumeIsolated { $0.lose("idle") }
        }
    }
}
