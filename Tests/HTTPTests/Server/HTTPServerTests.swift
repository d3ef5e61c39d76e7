import Glibc
import RoostCore
import RoostEventLoop
import Synchronization
import Testing

@testable import RoostHTTP

@Suite(.timeLimit(.minutes(5))) struct HTTPServerTests {
    @Test func `answers many requests on one connection`() async throws {
        try await TestServer.run { server in
            let client = try server.connect()
            for index in 0..<20 {
                let reply = try client.get("/\(index)")
                #expect(reply.status == 200)
                #expect(reply.body == "GET /\(index) 0")
                #expect(reply.field("Connection") == nil)
                #expect(reply.field("Date")?.hasSuffix("GMT") == true)
                #expect(reply.field("Server") == nil)
            }
        }
    }

    @Test func `answers a pipeline in order, also to a client that has finished sending`() async throws {
        let release = Signal()
        let service = TestService(onRespond: { request in
            // The first is the slowest: order must not depend on speed.
            if request.head.target == "/0" { await release.wait() }
            return .text(request.head.target)
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send((0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            client.finishSending()
            // There is one loop, so with this answer it has looked at all that the pipeline sent.
            #expect(try server.connect().get("/other").status == 200)
            release.fire()
            for index in 0..<50 { #expect(try client.readReply().body == "/\(index)") }
            #expect(try client.isAtEnd())
        }
    }

    @Test func `serves IPv4 and IPv6 on one port from several loops`() async throws {
        try await TestServer.run(loops: 2, addresses: ["127.0.0.1", "::1"]) { server in
            for address in ["127.0.0.1", "::1"] where server.server.boundAddresses.contains(address) {
                let clients = try (0..<8).map { _ in try server.connect(address) }
                for client in clients { #expect(try client.get("/").status == 200) }
            }
        }
    }

    @Test func `takes a chunked upload and a long one`() async throws {
        let service = TestService(onRespond: { .init(body: .bytes($0.body)) })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            try client.send("5\r\nhello\r\n")
            try client.send("7;x=y\r\n, world\r\n0\r\nT: x\r\n\r\n")
            #expect(try client.readReply().body == "hello, world")
            let long = String(repeating: "0123456789", count: 100_000)
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(long.utf8.count)\r\n\r\n\(long)")
            #expect(try client.readReply().body == long)
        }
    }

    @Test func `says 100 Continue only when the body is wanted`() async throws {
        let service = TestService(onAdmit: { head in
            head.target == "/no"
                ? .respond(APIError.unauthorized("no").response) : .proceed(ticket: .none, maximumBody: 10)
        })
        try await TestServer.run(service) { server in
            let expect = "Host: a\r\nExpect: 100-continue\r\nContent-Length:"
            let client = try server.connect()
            try client.send("POST /yes HTTP/1.1\r\n\(expect) 5\r\n\r\n")
            #expect(try client.readReply().status == 100)
            try client.send("hello")
            #expect(try client.readReply().body == "POST /yes 5")
            try client.send("POST /large HTTP/1.1\r\n\(expect) 11\r\n\r\n")
            let large = try client.readReply()
            #expect(large.status == 413)
            #expect(large.body.contains("PAYLOAD_TOO_LARGE"))
            #expect(large.field("Connection") == "close")
            #expect(try client.isAtEnd())
            let other = try server.connect()
            try other.send("POST /no HTTP/1.1\r\n\(expect) 5\r\n\r\n")
            let refused = try other.readReply()
            #expect(refused.status == 401)
            #expect(refused.field("Connection") == "close")
        }
    }

    @Test func `skips a short body that nobody wants and keeps the connection`() async throws {
        let service = TestService(onAdmit: { head in
            head.method == .post
                ? .respond(.text("no", status: .forbidden)) : .proceed(ticket: .none, maximumBody: 0)
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
            #expect(try client.readReply().status == 403)
            try client.send("helloGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readReply().body == "GET /next 0")
        }
    }

    @Test func `a client that sends far too much can still read its 413`() async throws {
        try await TestServer.run { server in
            for framing in ["Content-Length: 8388608", "Transfer-Encoding: chunked"] {
                let client = try server.connect()
                try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
                if framing.hasPrefix("T") { try client.send("800000\r\n") }
                try client.send([UInt8](repeating: 0x61, count: 8_388_608))
                // A client that says it is done must not lose the answer to the reset of an early close.
                if framing.hasPrefix("C") { client.finishSending() }
                let reply = try client.readReply()
                #expect(reply.status == 413)
                #expect(reply.field("Connection") == "close")
                #expect(try client.isAtEnd())
            }
        }
    }

    @Test func `answers what is no HTTP with its status and closes`() async throws {
        try await TestServer.run { server in
            for name in RequestFile.invalid {
                let file = try RequestFile(name)
                let status = try #require(file.refusedStatus, "\(name) must be refused")
                let client = try server.connect()
                // The server may have heard enough before all is sent.
                try? client.send(file.bytes)
                var reply = try client.readReply()
                for _ in 0..<file.wholeRequests {
                    #expect(reply.status == 200, "\(name)")
                    reply = try client.readReply()
                }
                #expect(reply.status == status, "\(name)")
                #expect(reply.body.hasPrefix(#"{"success":false,"error":{"code":"BAD_REQUEST","message":"#))
                #expect(reply.field("Content-Type") == "application/json")
                #expect(reply.field("Connection") == "close")
                #expect(try client.isAtEnd(), "\(name)")
            }
        }
    }

    @Test func `answers every request that is whole`() async throws {
        try await TestServer.run { server in
            for name in RequestFile.valid {
                let file = try RequestFile(name)
                let client = try server.connect()
                try client.send(file.bytes)
                client.finishSending()
                // A fixed length that is too large gets its 413 before the body is read.
                let answers = try client.readToEnd().ranges(of: "HTTP/1.1 200 OK\r\n").count
                #expect(answers == file.wholeRequests, "\(name)")
            }
        }
    }

    @Test func `sends no body to HEAD but its length`() async throws {
        let service = TestService(onRespond: { request in
            request.head.target == "/stream"
                ? .stream(BodyStream(ChunkSource { _ in [1] }), contentType: "x/y") : .text("hello")
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            let reply = try client.readReply(toHead: true)
            #expect(reply.field("Content-Length") == "5")
            try client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readReply(toHead: true).field("Transfer-Encoding") == "chunked")
            #expect(try client.get("/").body == "hello")
        }
    }

    @Test func `speaks HTTP/1.0: closes unless asked to stay, streams until it closes`() async throws {
        let service = TestService(onRespond: { request in
            guard request.head.target == "/stream" else { return .text("hello") }
            return .stream(
                BodyStream(ChunkSource { $0 < 3 ? Array("chunk\($0) ".utf8) : nil }), contentType: "x/y")
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let kept = try client.readReply()
            #expect(kept.field("Connection") == "keep-alive")
            try client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try client.readReply().field("Connection") == "close")
            #expect(try client.isAtEnd())
            let other = try server.connect()
            try other.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let stream = try other.readReply()
            #expect(stream.body == "chunk0 chunk1 chunk2 ")
            #expect(stream.field("Transfer-Encoding") == nil)
            #expect(stream.field("Connection") == "close")
        }
    }

    @Test func `flushes each chunk of a stream at once`() async throws {
        let (first, second) = (Signal(), Signal())
        let service = TestService(onRespond: { _ in
            .stream(
                BodyStream(
                    ChunkSource { index in
                        if index == 1 { await first.wait() }
                        if index == 2 { await second.wait() }
                        return index < 3 ? Array("data \(index)\n".utf8) : nil
                    }), contentType: "text/event-stream")
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.read(through: "data 0\n").contains("chunked"))
            first.fire()
            _ = try client.read(through: "data 1\n")
            second.fire()
            #expect(try client.read(through: "0\r\n\r\n").contains("data 2\n"))
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readReply().body == "data 0\ndata 1\ndata 2\n")
        }
    }

    @Test func `asks a stream for no more than a slow reader takes`() async throws {
        let produced = Atomic(0)
        let service = TestService(onRespond: { _ in
            .stream(
                BodyStream(
                    ChunkSource { index in
                        produced.store(index + 1, ordering: .relaxed)
                        return index < 1000 ? [UInt8](repeating: 0x61, count: 64 * 1024) : nil
                    }), contentType: "x/y")
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.read(through: "\r\n\r\n")
            // The kernel's buffers take some megabytes of the 64, then the producer has to stand still.
            var last = -1
            #expect(
                eventually {
                    for _ in 0..<50 { pauseBriefly() }
                    defer { last = produced.load(ordering: .relaxed) }
                    return last == produced.load(ordering: .relaxed)
                })
            #expect(last < 500)
            #expect(try client.count(upTo: 60_000_000) >= 60_000_000)
            #expect(eventually { produced.load(ordering: .relaxed) > 900 })
        }
    }

    @Test func `a client's reset cancels the handler, its half-close does not`() async throws {
        let (waiting, cancelled, release) = (Signal(), Signal(), Signal())
        let service = TestService(onRespond: { request in
            guard request.head.target == "/wait" else {
                if request.head.target == "/half" { await release.wait() }
                return .text(Task.isCancelled ? "cancelled" : "whole")
            }
            await withTaskCancellationHandler {
                waiting.fire()
                await cancelled.wait()
            } onCancel: {
                cancelled.fire()
            }
            return .noContent
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { waiting.hasFired })
            client.reset()
            #expect(eventually { cancelled.hasFired })
            #expect(eventually { server.server.connectionCount == 0 })
            let half = try server.connect()
            try half.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
            half.finishSending()
            // There is one loop, so with this answer it has seen the half-close, too.
            #expect(try server.connect().get("/other").status == 200)
            release.fire()
            #expect(try half.readReply().body == "whole")
            #expect(try half.isAtEnd())
        }
    }

    @Test func `a reader that leaves ends the stream's iteration`() async throws {
        final class Watch: Sendable {
            let released: Signal
            init(_ released: Signal) { self.released = released }
            deinit { released.fire() }
        }
        let released = Signal()
        let service = TestService(onRespond: { _ in
            let watch = Watch(released)
            return .stream(
                BodyStream(
                    ChunkSource { _ in
                        try await Task.sleep(for: .milliseconds(2))
                        return withExtendedLifetime(watch) { [0x61] }
                    }), contentType: "x/y")
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.read(through: "a")
            #expect(!released.hasFired)
            client.reset()
            #expect(eventually { released.hasFired })
        }
    }

    @Test func `a stream that fails cuts the connection`() async throws {
        struct Broken: Error {}
        let service = TestService(onRespond: { _ in
            .stream(
                BodyStream(ChunkSource { if $0 == 0 { [0x61] } else { throw Broken() } }), contentType: "x/y")
        })
        try await TestServer.run(service) { server in
            let client = try server.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let all = try client.readToEnd()
            #expect(all.hasSuffix("1\r\na\r\n"))
            let old = try server.connect()
            try old.send("GET / HTTP/1.0\r\n\r\n")
            #expect(throws: BlockingClient.Failure.failed(ECONNRESET)) { _ = try old.readToEnd() }
        }
    }

    @Test func `refuses a connection beyond the limit with 503`() async throws {
        var options = HTTPOptions()
        options.maximumConnections = 2
        try await TestServer.run(options: options) { server in
            let first = try server.connect()
            let second = try server.connect()
            #expect(try first.get("/").status == 200)
            #expect(try second.get("/").status == 200)
            let third = try server.connect()
            let reply = try third.readReply()
            #expect(reply.status == 503)
            #expect(reply.field("Retry-After") == "1")
            #expect(try third.isAtEnd())
            third.close()
            first.close()
            #expect(eventually { server.server.connectionCount == 1 })
            #expect(try server.connect().get("/").status == 200)
        }
    }

    @Test func `drains: closes idle connections, finishes requests, accepts no more`() async throws {
        let (started, go) = (Signal(), Signal())
        let service = TestService(onRespond: { request in
            if request.head.target == "/slow" {
                started.fire()
                await go.wait()
            }
            return .text("done")
        })
        let drained = Signal()
        try await TestServer.run(service, loops: 2) { server in
            let (idle, busy) = try (server.connect(), server.connect())
            #expect(try idle.get("/").status == 200)
            try busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { started.hasFired })
            server.server.beginDrain()
            Task {
                await server.server.awaitDrained()
                drained.fire()
            }
            #expect(try idle.isAtEnd())
            #expect(eventually { (try? server.connect()) == nil })
            #expect(!drained.hasFired)
            go.fire()
            let reply = try busy.readReply()
            #expect(reply.body == "done")
            #expect(reply.field("Connection") == "close")
            #expect(try busy.isAtEnd())
            busy.close()
            #expect(eventually { drained.hasFired })
        }
    }

    @Test func `closes a slow head with 408 and an idle connection without a word`() async throws {
        var options = HTTPOptions()
        options.headerTimeout = .milliseconds(60)
        options.idleTimeout = .milliseconds(60)
        try await TestServer.run(options: options) { server in
            let slow = try server.connect()
            try slow.send("GET / HT")
            #expect(try slow.readReply().status == 408)
            let idle = try server.connect()
            #expect(try idle.get("/").status == 200)
            #expect(try idle.isAtEnd())
        }
    }

    @Test func `resets a reader that takes nothing`() async throws {
        var options = HTTPOptions()
        options.writeTimeout = .milliseconds(100)
        let service = TestService(onRespond: { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 64_000_000)))
        })
        let exchanges = Mutex<[Exchange]>([])
        try await TestServer.run(
            service, options: options,
            onExchange: { exchange in
                exchanges.withLock { $0.append(exchange) }
            }
        ) { server in
            let client = try server.connect()
            client.shrinkReceiveBuffer()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { server.server.connectionCount == 0 && !exchanges.withLock { $0 }.isEmpty })
            #expect(exchanges.withLock { $0 }.first?.isComplete == false)
        }
    }

    @Test func `reports each exchange`() async throws {
        let exchanges = Mutex<[Exchange]>([])
        try await TestServer.run(onExchange: { exchange in exchanges.withLock { $0.append(exchange) } }) {
            server in
            let client = try server.connect()
            _ = try client.get("/a?b")
            try client.send("BAD\r\n")
            _ = try client.readReply()
            #expect(eventually { exchanges.withLock { $0.count } == 2 })
            let all = exchanges.withLock { $0 }
            #expect(all[0].method == .get && all[0].target == "/a?b" && all[0].status == .ok)
            #expect(all[0].bodyBytes == "GET /a?b 0".utf8.count && all[0].isComplete)
            #expect(all[0].client == ClientAddress(host: "127.0.0.1", serverPort: server.port))
            #expect(all[1].method == nil && all[1].status == .badRequest)
        }
    }

    @Test func `runs the service on the connection's loop`() async throws {
        let names = Mutex<Set<String>>([])
        let service = TestService(onRespond: { _ in
            names.withLock { _ = $0.insert(threadName()) }
            await Task.yield()
            names.withLock { _ = $0.insert(threadName()) }
            return .noContent
        })
        try await TestServer.run(service, loops: 2) { server in
            // Connections are given to the loops in turn, whichever of them accepted.
            for expected: Set<String> in [["test-0"], ["test-1"], ["test-0"]] {
                let reply = try server.connect().get("/")
                #expect(reply.status == 204)
                let seen = names.withLock { names in
                    defer { names = [] }
                    return names
                }
                #expect(seen == expected)
            }
        }
    }
}

private func threadName() -> String {
    let file = unsafe open("/proc/thread-self/comm", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 32)
    guard case .bytes(let count) = try? NonBlocking.read(file, into: &bytes) else { return "" }
    return String(decoding: bytes[..<(count - 1)], as: UTF8.self)
}
