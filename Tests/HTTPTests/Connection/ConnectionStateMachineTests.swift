import RoostCore
import RoostEventLoop
import Testing

@testable import RoostHTTP

/// A machine with a clock in hand; what it asks for reads as short lines.
private struct Bench {
    var machine: ConnectionStateMachine
    var now = MonotonicTime(nanoseconds: 0)
    var sent = ""
    /// What the service says to heads; nil leaves the question open.
    var admission: Admission? = .proceed(ticket: .none, maximumBody: 100)
    /// Whether the socket takes everything at once.
    var flushesAtOnce = true

    init(options: HTTPOptions = HTTPOptions()) {
        machine = ConnectionStateMachine(options: options, date: DateField { 0 }, tally: RequestTally(), now: now)
    }

    mutating func wait(_ seconds: Double) { now = now + .milliseconds(Int64(seconds * 1000)) }

    mutating func receive(_ text: String) -> [String] {
        machine.received(Array(text.utf8)[...], now: now)
        return actions()
    }

    mutating func respond(_ response: Response = .text("hi")) -> [String] {
        machine.responded(response, now: now)
        return actions()
    }

    mutating func tick() -> [String] {
        machine.tick(now: now)
        return actions()
    }

    mutating func flush() -> [String] {
        machine.flushed(now: now)
        return actions()
    }

    mutating func actions() -> [String] {
        var lines: [String] = []
        var pending = false
        repeat {
            while let action = machine.nextAction() {
                switch action {
                case .admit(let head):
                    lines.append("admit \(head.target)")
                    if let admission { machine.admitted(admission, now: now) }
                case .respond(let head, let body, _):
                    lines.append("respond \(head.target) \(body.count)")
                case .send(let bytes):
                    let text = String(decoding: bytes, as: UTF8.self)
                    sent += text
                    let start = text.prefix { $0 != "\r\n" }
                    lines.append("send " + (start.hasPrefix("HTTP") ? String(start.dropFirst(9).prefix(3)) : String(start)))
                    pending = true
                case .pullChunk: lines.append("pull")
                case .cancelRequest: lines.append("cancel")
                case .finishSending: lines.append("finish sending")
                case .report(let report): lines.append("report \(report.status.code)" + (report.isComplete ? "" : " cut"))
                case .close(let reset): lines.append(reset ? "reset" : "close")
                }
            }
            guard flushesAtOnce, pending else { break }
            pending = false
            machine.flushed(now: now)
        } while true
        return lines
    }
}

@Suite struct ConnectionStateMachineTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func post(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n" }

    private let stream = Response.stream(BodyStream(ChunkSource { _ in nil }), contentType: "a/b")

    @Test func `serves one request after the other and reads nothing meanwhile`() {
        var bench = Bench()
        #expect(bench.machine.wantsInput)
        #expect(bench.receive(get + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n") == ["admit /", "respond / 0"])
        #expect(!bench.machine.wantsInput)
        #expect(bench.machine.deadline == nil)
        #expect(bench.respond() == ["send 200", "report 200", "admit /2", "respond /2 0"])
        #expect(bench.respond() == ["send 200", "report 200"])
        #expect(bench.machine.wantsInput)
    }

    @Test func `waits for the service's word on the head`() {
        var bench = Bench()
        bench.admission = nil
        #expect(bench.receive(post("Content-Length: 2") + "ab") == ["admit /"])
        #expect(!bench.machine.wantsInput)
        bench.machine.admitted(.proceed(ticket: .none, maximumBody: 2), now: bench.now)
        #expect(bench.actions() == ["respond / 2"])
    }

    // MARK: Time

    @Test func `a connection that says nothing closes after the header time-out`() {
        var bench = Bench()
        bench.wait(9.9)
        #expect(bench.tick() == [])
        bench.wait(0.1)
        #expect(bench.tick() == ["close"])
    }

    @Test func `a head that drips gets 408 at the header time-out, however steadily it drips`() {
        var bench = Bench()
        for byte in get.prefix(19) {
            _ = bench.receive(String(byte))
            bench.wait(0.5)
            #expect(bench.tick() == [])
        }
        bench.wait(0.5)
        #expect(bench.tick() == ["send 408", "report 408", "finish sending"])
        #expect(bench.sent.contains("Connection: close"))
        #expect(bench.sent.contains("BAD_REQUEST"))
    }

    @Test func `an idle connection closes after the idle time-out, counted from the last answer`() {
        var bench = Bench()
        _ = bench.receive(get)
        bench.wait(100)
        #expect(bench.tick() == [])
        _ = bench.respond()
        bench.wait(59.9)
        #expect(bench.tick() == [])
        bench.wait(0.1)
        #expect(bench.tick() == ["close"])
    }

    @Test func `the next request's head is timed from its first byte`() {
        var bench = Bench()
        _ = bench.receive(get)
        _ = bench.respond()
        bench.wait(50)
        #expect(bench.receive("G") == [])
        bench.wait(9.9)
        #expect(bench.tick() == [])
        bench.wait(0.1)
        #expect(bench.tick().first == "send 408")
    }

    @Test func `a body is timed from its last byte`() {
        var bench = Bench()
        #expect(bench.receive(post("Content-Length: 5")) == ["admit /"])
        for _ in 0..<4 {
            bench.wait(29)
            #expect(bench.tick() == [])
            #expect(bench.receive("x") == [])
        }
        bench.wait(30)
        #expect(bench.tick() == ["send 408", "report 408", "finish sending"])
    }

    @Test func `a reader is timed from the last byte it took, and reset`() {
        var bench = Bench()
        bench.flushesAtOnce = false
        _ = bench.receive(get)
        #expect(bench.respond() == ["send 200"])
        for _ in 0..<4 {
            bench.wait(29)
            #expect(bench.tick() == [])
            bench.machine.wrote(now: bench.now)
        }
        bench.wait(30)
        #expect(bench.tick() == ["report 200 cut", "reset"])
    }

    @Test func `a stream's reader is timed while it is written to, not while the producer thinks`() {
        var bench = Bench()
        bench.flushesAtOnce = false
        _ = bench.receive(get)
        #expect(bench.respond(stream) == ["send 200"])
        #expect(bench.flush() == ["pull"])
        bench.wait(1000)
        #expect(bench.tick() == [])
        bench.machine.chunk([0x61], now: bench.now)
        #expect(bench.actions() == ["send 1"])
        bench.wait(30)
        #expect(bench.tick() == ["cancel", "report 200 cut", "reset"])
    }

    @Test func `a body that is skipped is timed too`() {
        var bench = Bench()
        bench.admission = .respond(.text("no", status: .forbidden))
        #expect(bench.receive(post("Content-Length: 5")) == ["admit /", "send 403", "report 403"])
        bench.wait(30)
        #expect(bench.tick() == ["close"])
    }

    @Test func `lingering ends with the client, in time, or with too many bytes`() {
        var options = HTTPOptions()
        options.lingerBytes = 10
        let lingering = { () -> Bench in
            var bench = Bench(options: options)
            #expect(bench.receive("BAD\r\n") == ["send 400", "report 400", "finish sending"])
            return bench
        }
        var byTime = lingering()
        byTime.wait(5)
        #expect(byTime.tick() == ["close"])
        var byEnd = lingering()
        byEnd.machine.inputEnded(now: byEnd.now)
        #expect(byEnd.actions() == ["close"])
        var byBytes = lingering()
        #expect(byBytes.receive("123456789") == [])
        #expect(byBytes.receive("0") == ["close"])
    }

    // MARK: Bodies

    @Test func `asks for a body only when it is wanted and has not come yet`() {
        let expect = "Expect: 100-continue\r\nContent-Length: "
        var wanted = Bench()
        #expect(wanted.receive(post(expect + "2")) == ["admit /", "send 100"])
        #expect(wanted.receive("ab") == ["respond / 2"])
        var early = Bench()
        #expect(early.receive(post(expect + "2") + "a") == ["admit /"])
        var large = Bench()
        #expect(large.receive(post(expect + "101")) == ["admit /", "send 413", "report 413", "finish sending"])
        var refused = Bench()
        refused.admission = .respond(.text("no", status: .forbidden))
        #expect(refused.receive(post(expect + "2")) == ["admit /", "send 403", "report 403", "finish sending"])
        #expect(refused.sent.contains("Connection: close"))
    }

    @Test func `an unwanted body is skipped if short, else the connection ends`() {
        var bench = Bench()
        bench.admission = .respond(.text("no", status: .forbidden))
        #expect(bench.receive(post("Content-Length: 5") + "he") == ["admit /", "send 403", "report 403"])
        #expect(bench.receive("llo" + get) == ["admit /", "send 403", "report 403"])
        #expect(bench.receive(post("Content-Length: 65536")) == ["admit /", "send 403", "report 403"])
        var long = Bench()
        long.admission = bench.admission
        #expect(
            long.receive(post("Content-Length: 65537")) == ["admit /", "send 403", "report 403", "finish sending"])
        var chunked = Bench()
        chunked.admission = bench.admission
        #expect(
            chunked.receive(post("Transfer-Encoding: chunked"))
                == ["admit /", "send 403", "report 403", "finish sending"])
    }

    @Test func `a chunked body beyond the maximum gets 413`() {
        var bench = Bench()
        #expect(bench.receive(post("Transfer-Encoding: chunked") + "64\r\n") == ["admit /"])
        let rest = String(repeating: "x", count: 100) + "\r\n1\r\n"
        #expect(bench.receive(rest) == ["send 413", "report 413", "finish sending"])
    }

    // MARK: Ends

    @Test func `an answer without keep-alive ends the connection, at once if nothing is left to read`() {
        var bench = Bench()
        _ = bench.receive("GET / HTTP/1.0\r\n\r\n")
        #expect(bench.respond() == ["send 200", "report 200", "close"])
        var ahead = Bench()
        _ = ahead.receive("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET")
        #expect(ahead.respond() == ["send 200", "report 200", "finish sending"])
    }

    @Test func `a client that has finished sending gets all its answers`() {
        var bench = Bench()
        #expect(bench.receive(get + get) == ["admit /", "respond / 0"])
        bench.machine.inputEnded(now: bench.now)
        #expect(bench.actions() == [])
        #expect(bench.respond() == ["send 200", "report 200", "admit /", "respond / 0"])
        #expect(bench.respond() == ["send 200", "report 200", "close"])
    }

    @Test func `the end within a head or a body closes without an answer`() {
        for text in ["GET /", post("Content-Length: 5") + "he", ""] {
            var bench = Bench()
            _ = bench.receive(text)
            bench.machine.inputEnded(now: bench.now)
            #expect(bench.actions() == ["close"])
        }
    }

    @Test func `a broken connection cancels the handler, once`() {
        var bench = Bench()
        _ = bench.receive(get)
        bench.machine.connectionLost(now: bench.now)
        #expect(bench.actions() == ["cancel", "close"])
        bench.machine.connectionLost(now: bench.now)
        #expect(bench.actions() == [])
        #expect(bench.respond() == [])
        #expect(bench.receive(get) == [])
    }

    @Test func `a client that has finished sending is asked ever more rarely whether it is still there`() {
        var bench = Bench()
        _ = bench.receive(get)
        #expect(bench.machine.awaitsDeparture)
        bench.machine.inputIsClosing(now: bench.now)
        #expect(!bench.machine.awaitsDeparture)
        for wait in [1.0, 2, 4, 8] {
            bench.wait(wait - 0.1)
            #expect(bench.tick() == [])
            bench.wait(0.1)
            #expect(bench.tick() == ["send 100"])
        }
        #expect(bench.respond() == ["send 200", "report 200"])
        // The next of its requests as well.
        _ = bench.receive(get)
        bench.wait(1)
        #expect(bench.tick() == ["send 100"])
        bench.machine.connectionLost(now: bench.now)
        #expect(bench.actions() == ["cancel", "close"])
    }

    @Test func `a client of HTTP 1.0 is not asked, since it does not know the question`() {
        var bench = Bench()
        _ = bench.receive("GET / HTTP/1.0\r\n\r\n")
        bench.machine.inputIsClosing(now: bench.now)
        #expect(bench.machine.deadline == nil)
    }

    @Test func `a stream is pulled chunk by chunk and ended by the last chunk`() {
        var bench = Bench()
        _ = bench.receive(get)
        #expect(bench.respond(stream) == ["send 200", "pull"])
        bench.machine.chunk(Array("hello".utf8), now: bench.now)
        #expect(bench.actions() == ["send 5", "pull"])
        bench.machine.chunk([], now: bench.now)
        #expect(bench.actions() == ["pull"])
        bench.machine.streamEnded(now: bench.now)
        #expect(bench.actions() == ["send 0", "report 200"])
        #expect(bench.sent.hasSuffix("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
        #expect(bench.machine.wantsInput)
    }

    @Test func `a stream that fails cuts the connection so that the client sees it`() {
        for (version, end) in [("1.1\r\nHost: a", "close"), ("1.0", "reset")] {
            var bench = Bench()
            _ = bench.receive("GET / HTTP/\(version)\r\n\r\n")
            _ = bench.respond(stream)
            bench.machine.streamFailed(now: bench.now)
            #expect(bench.actions() == ["report 200 cut", end])
        }
    }

    @Test func `a stream is not asked for in answer to HEAD`() {
        var bench = Bench()
        _ = bench.receive("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(bench.respond(stream) == ["send 200", "report 200"])
        #expect(!bench.machine.isStreaming)
    }

    @Test func `draining closes what is idle and says so in the answers of the rest`() {
        var idle = Bench()
        idle.machine.beginDrain(now: idle.now)
        #expect(idle.actions() == ["close"])
        var busy = Bench()
        _ = busy.receive(get)
        busy.machine.beginDrain(now: busy.now)
        #expect(busy.actions() == [])
        #expect(busy.respond() == ["send 200", "report 200", "finish sending"])
        #expect(busy.sent.contains("Connection: close"))
        var half = Bench()
        _ = half.receive("GET / HT")
        half.machine.beginDrain(now: half.now)
        #expect(half.actions() == [])
        #expect(half.receive("TP/1.1\r\nHost: a\r\n\r\n") == ["admit /", "respond / 0"])
    }

    @Test func `draining without closing what is idle leaves each connection one more request`() {
        var idle = Bench()
        idle.machine.beginDrain(closingIdle: false, now: idle.now)
        #expect(idle.actions() == [])
        #expect(idle.receive(get) == ["admit /", "respond / 0"])
        #expect(idle.respond() == ["send 200", "report 200", "finish sending"])
        #expect(idle.sent.contains("Connection: close"))
        // The head of this answer was written before the drain and promised to stay.
        for (closesIdle, expected) in [(false, ["report 200"]), (true, ["report 200", "close"])] {
            var late = Bench()
            late.flushesAtOnce = false
            _ = late.receive(get)
            #expect(late.respond() == ["send 200"])
            late.machine.beginDrain(closingIdle: closesIdle, now: late.now)
            #expect(late.flush() == expected)
        }
    }

    @Test func `a connection beyond the limit gets its refusal before it speaks`() {
        var bench = Bench()
        bench.machine.refuseConnection(APIFailure(.serverError, status: .serviceUnavailable), now: bench.now)
        #expect(bench.actions() == ["send 503", "report 503", "finish sending"])
    }

    @Test func `any order of events is survived, and nothing follows the close`() {
        let texts = [
            get, post("Content-Length: 3") + "abc", post("Transfer-Encoding: chunked") + "2\r\nab\r\n0\r\n\r\n",
            post("Expect: 100-continue\r\nContent-Length: 200"), "GET / HTTP/1.0\r\n\r\n", "BAD\r\n", "\r\n", "x",
        ]
        let responses: [Response] = [.text("x"), .noContent, stream, .text("no", status: .forbidden)]
        let admissions: [Admission?] = [
            nil, .proceed(ticket: .none, maximumBody: 100), .respond(.text("no", status: .forbidden)),
        ]
        for _ in 0..<2000 {
            var bench = Bench()
            var isClosed = false
            for _ in 0..<30 {
                bench.admission = admissions.randomElement() ?? nil
                bench.flushesAtOnce = Bool.random()
                bench.wait(Double.random(in: 0...20))
                switch Int.random(in: 0..<11) {
                case 0...3:
                    let text = texts.randomElement() ?? ""
                    let piece = Array(text.utf8.prefix(Int.random(in: 0...text.utf8.count)))
                    bench.machine.received((Bool.random() ? Array(text.utf8) : piece)[...], now: bench.now)
                case 4: bench.machine.responded(responses.randomElement() ?? .noContent, now: bench.now)
                case 5: bench.machine.flushed(now: bench.now)
                case 6: bench.machine.chunk(Bool.random() ? [0x61] : [], now: bench.now)
                case 7: bench.machine.streamEnded(now: bench.now)
                case 8: bench.machine.tick(now: bench.now)
                case 9: bench.machine.wrote(now: bench.now)
                default:
                    switch Int.random(in: 0..<12) {
                    case 0: bench.machine.inputEnded(now: bench.now)
                    case 1: bench.machine.connectionLost(now: bench.now)
                    case 2: bench.machine.beginDrain(now: bench.now)
                    case 3: bench.machine.streamFailed(now: bench.now)
                    case 4: bench.machine.inputIsClosing(now: bench.now)
                    default: break
                    }
                }
                let actions = bench.actions()
                if isClosed { #expect(actions == []) }
                isClosed = isClosed || actions.contains("close") || actions.contains("reset")
                if isClosed { #expect(["close", "reset"].contains(actions.last ?? "close")) }
                #expect(!(isClosed && bench.machine.wantsInput))
            }
        }
    }

    @Test func `a large body goes behind its head without being copied to it`() {
        var bench = Bench()
        _ = bench.receive(get)
        let body = [UInt8](repeating: 0x61, count: ResponseEncoder.joinedBody + 1)
        #expect(bench.respond(Response(body: .bytes(body))).count == 3)
        #expect(bench.sent.hasSuffix("\r\n\r\n" + String(decoding: body, as: UTF8.self)))
    }
}
