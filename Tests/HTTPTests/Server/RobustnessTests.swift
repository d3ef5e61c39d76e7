import Glibc
import RoostCore
import RoostEventLoop
import Synchronization
import Testing

@testable import RoostHTTP

@Suite(.timeLimit(.minutes(10))) struct RobustnessTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A service whose `/wait` never answers unless cancelled.
    private static func waiting(_ started: Signal, _ cancelled: Signal) -> TestService {
        TestService(onRespond: { request in
            guard request.head.target == "/wait" else { return .text("other") }
            await withTaskCancellationHandler {
                started.fire()
                await cancelled.wait()
            } onCancel: {
                cancelled.fire()
            }
            return .noContent
        })
    }

    // MARK: Clients that leave

    @Test func `a client that closes in order stops the work that only it needs`() async throws {
        var options = HTTPOptions()
        options.probeInterval = .milliseconds(20)
        let (started, cancelled) = (Signal(), Signal())
        try await TestServer.run(Self.waiting(started, cancelled), options: options) { server in
            let client = try server.connect()
            try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { started.hasFired })
            #expect(!cancelled.hasFired)
            client.close()
            #expect(eventually { cancelled.hasFired && server.server.connectionCount == 0 })
        }
    }

    @Test func `a client that closes behind a pipeline stops it too`() async throws {
        var options = HTTPOptions()
        options.probeInterval = .milliseconds(20)
        let (started, cancelled) = (Signal(), Signal())
        try await TestServer.run(Self.waiting(started, cancelled), options: options) { server in
            let client = try server.connect()
            try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { started.hasFired })
            try client.send(get)
            // Two round trips on the same loop: it has seen the second request before it sees the end.
            let other = try server.connect()
            for _ in 0..<2 { #expect(try other.get("/other").status == 200) }
            other.reset()
            client.close()
            #expect(eventually { cancelled.hasFired && server.server.connectionCount == 0 })
        }
    }

    @Test func `a client that closes stops also the later one of two requests sent together`() async throws {
        var options = HTTPOptions()
        options.probeInterval = .milliseconds(20)
        let (started, cancelled) = (Signal(), Signal())
        try await TestServer.run(Self.waiting(started, cancelled), options: options) { server in
            let client = try server.connect()
            // The second one's task begins while the first one's answer is sent.
            try client.send(get + "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readReply().body == "other")
            #expect(eventually { started.hasFired })
            client.close()
            #expect(eventually { cancelled.hasFired && server.server.connectionCount == 0 })
        }
    }

    @Test func `a client that only finishes sending is asked whether it is there, and gets its answer`() async throws {
        var options = HTTPOptions()
        options.probeInterval = .milliseconds(5)
        let go = Signal()
        let service = TestService(onRespond: { _ in
            await go.wait()
            return .text(Task.isCancelled ? "cancelled" : "whole")
        })
        try await TestServer.run(service, options: options) { server in
            let client = try server.connect()
            try client.send(get)
            client.finishSending()
            for _ in 0..<3 { #expect(try client.readReply().status == 100) }
            go.fire()
            var reply = try client.readReply()
            while reply.status == 100 { reply = try client.readReply() }
            #expect(reply.body == "whole")
            #expect(try client.isAtEnd())
        }
    }

    @Test func `a client of HTTP 1.0 that finishes sending gets its answer, and stops the work by a reset`() async throws {
        var options = HTTPOptions()
        options.probeInterval = .milliseconds(1)
        let (started, cancelled) = (Signal(), Signal())
        try await TestServer.run(Self.waiting(started, cancelled), options: options) { server in
            // It does not know `100 Continue`, so nothing is asked, and its answer comes alone.
            let half = try server.connect()
            try half.send("GET /wait HTTP/1.0\r\n\r\n")
            half.finishSending()
            #expect(eventually { started.hasFired })
            let other = try server.connect()
            for _ in 0..<20 {
                #expect(try other.get("/other").status == 200)
                pauseBriefly()
            }
            #expect(!cancelled.hasFired)
            cancelled.fire()
            #expect(try half.readReply().status == 204)
            #expect(try half.isAtEnd())
        }
        let (startedAgain, cancelledAgain) = (Signal(), Signal())
        try await TestServer.run(Self.waiting(startedAgain, cancelledAgain), options: options) { server in
            let client = try server.connect()
            try client.send("GET /wait HTTP/1.0\r\n\r\n")
            #expect(eventually { startedAgain.hasFired })
            client.reset()
            #expect(eventually { cancelledAgain.hasFired && server.server.connectionCount == 0 })
        }
    }

    @Test func `a handler that never returns harms no other connection of its loop`() async throws {
        let (started, cancelled) = (Signal(), Signal())
        try await TestServer.run(Self.waiting(started, cancelled)) { server in
            let stuck = try (0..<20).map { _ in try server.connect() }
            for client in stuck { try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") }
            #expect(eventually { started.hasFired })
            for _ in 0..<20 { #expect(try server.connect().get("/other").body == "other") }
            #expect(server.server.connectionCount >= 20)
        }
        // The stop cancels what still waits, or this test would not end.
        #expect(cancelled.hasFired)
    }

    @Test func `events that are silent beat until their reader leaves, and end with it`() async throws {
        let (events, continuation) = AsyncStream<ServerSentEvent>.makeStream()
        let ended = Signal()
        continuation.onTermination = { _ in ended.fire() }
        let service = TestService(onRespond: { _ in .serverSentEvents(events, heartbeat: .milliseconds(10)) })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send(get)
            #expect(try client.read(through: "\r\n\r\n").contains("Cache-Control: no-store\r\n"))
            for _ in 0..<3 { _ = try client.read(through: ": \n\n") }
            continuation.yield(ServerSentEvent(event: "x", data: "1\n2", id: "7"))
            _ = try client.read(through: "event: x\nid: 7\ndata: 1\ndata: 2\n\n")
            #expect(!ended.hasFired)
            client.close()
            #expect(eventually { ended.hasFired && server.server.connectionCount == 0 })
        }
    }

    // MARK: Bounds

    @Test func `reads no further into a pipeline than one buffer while a request is worked on`() async throws {
        let go = Signal()
        let begun = Atomic(0)
        let service = TestService(onRespond: { _ in
            begun.wrappingAdd(1, ordering: .relaxed)
            await go.wait()
            return .noContent
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            // More than the kernel's buffers take on both sides: the rest stays with the client.
            let pipeline = Array(String(repeating: get, count: 1_000_000).utf8)
            client.makeNonBlocking()
            var sent = 0
            #expect(
                eventually {
                    let before = sent
                    while sent < pipeline.count,
                        case .bytes(let count)? = try? NonBlocking.send(client.descriptor, pipeline, from: sent)
                    { sent += count }
                    for _ in 0..<50 { pauseBriefly() }
                    return sent > 0 && sent == before
                })
            #expect(sent < pipeline.count)
            #expect(begun.load(ordering: .relaxed) == 1)
            #expect(server.server.connectionCount == 1)
            client.reset()
            #expect(eventually { server.server.connectionCount == 0 })
            go.fire()
        }
    }

    @Test func `readers that are slow at a large answer share its bytes`() async {
        await #expect(processExitsWith: .success) {
            let body = [UInt8](repeating: 0x61, count: 32_000_000)
            let service = TestService(onRespond: { _ in Response(body: .bytes(body)) })
            try await TestServer.run(service) { server in
                let before = residentBytes()
                let clients = try (0..<8).map { _ in try server.connect() }
                for client in clients {
                    client.shrinkReceiveBuffer()
                    try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try client.read(through: "\r\n\r\n")
                }
                // Eight copies would be 256 MB; the kernel's send buffers are not ours.
                if residentBytes() - before > 32_000_000 { exit(2) }
                for client in clients { client.reset() }
                if !eventually({ server.server.connectionCount == 0 }) { exit(3) }
            }
            exit(0)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `connections that come and go leave no descriptor and no memory behind`() async {
        await #expect(processExitsWith: .success) {
            let loops = try EventLoopGroup(count: 2, name: "churn")
            try loops.start()
            let server = HTTPServer(service: TestService(), loops: loops, logger: .silent)
            let port = try server.bind(addresses: ["127.0.0.1"], port: 0)
            try await server.start()
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = min(limit.rlim_max, 4096)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let descriptors = openDescriptors()
            var settled = 0
            for round in 0..<100 {
                for batch in 0..<10 {
                    let clients = try (0..<100).map { _ in
                        try BlockingClient(address: "127.0.0.1", port: port)
                    }
                    for (index, client) in clients.enumerated() {
                        switch (index + batch) % 4 {
                        case 0: if try client.get("/").status != 200 { exit(2) }
                        case 1: try client.send("GET / HT")
                        case 2: try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nx")
                        default: break
                        }
                    }
                    // By a reset, or the client's ports would wait for a minute each.
                    for client in clients { client.reset() }
                }
                if !eventually({ server.connectionCount == 0 }) { exit(3) }
                if openDescriptors() > descriptors + 4 { exit(4) }
                if round == 20 { settled = residentBytes() }
            }
            let growth = residentBytes() - settled
            exit(growth < 4_000_000 ? 0 : 5)
        }
    }

    // MARK: Time

    @Test func `each time-out is reached through a socket`() async throws {
        var options = HTTPOptions()
        // Long enough for a busy machine to send a head in.
        options.headerTimeout = .milliseconds(400)
        options.bodyTimeout = .milliseconds(100)
        options.idleTimeout = .milliseconds(50)
        options.writeTimeout = .milliseconds(50)
        options.lingerTimeout = .milliseconds(50)
        let service = TestService(onRespond: { request in
            Response(body: .bytes([UInt8](repeating: 0x61, count: request.head.target == "/large" ? 64_000_000 : 1)))
        })
        try await TestServer.run(service, options: options) { server in
            let silent = try server.connect()
            #expect(try silent.isAtEnd())
            let head = try server.connect()
            try head.send("GET / HTTP/1.1\r\nHost:")
            #expect(try head.readReply().status == 408)
            #expect(try head.isAtEnd())
            let body = try server.connect()
            try body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
            #expect(try body.readReply().status == 408)
            #expect(try body.isAtEnd())
            let chunked = try server.connect()
            try chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")
            #expect(try chunked.readReply().status == 408)
            let idle = try server.connect()
            #expect(try idle.get("/").status == 200)
            #expect(try idle.isAtEnd())
            let write = try server.connect()
            write.shrinkReceiveBuffer()
            try write.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            let linger = try server.connect()
            try linger.send("BAD\r\n")
            // Neither reads nor closes: the server gives them up by itself.
            #expect(eventually { server.server.connectionCount == 0 })
            #expect(throws: BlockingClient.Failure.failed(ECONNRESET)) { _ = try write.count(upTo: 64_000_000) }
            #expect(try linger.readReply().status == 400)
        }
    }
}

/// What the process holds in memory, by `/proc/self/statm`.
func residentBytes() -> Int {
    let file = unsafe open("/proc/self/statm", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    guard case .bytes(let count) = try? NonBlocking.read(file, into: &bytes) else { return 0 }
    let pages = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
    return (Int(pages[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}

/// How many descriptors the process has open.
func openDescriptors() -> Int {
    (0..<4096).count { fcntl(Int32($0), F_GETFD) >= 0 }
}
