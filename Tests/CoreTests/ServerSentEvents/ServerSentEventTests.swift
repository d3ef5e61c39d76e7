@testable import RoostCore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Server-sent events` {
    private static func text(_ event: ServerSentEvent) -> String { String(decoding: event.serialized, as: UTF8.self) }

    @Test func `are written line by line and end with an empty one`() {
        let event = ServerSentEvent(event: "stdout", data: "a\nb", id: "7", retryMilliseconds: 500, comment: "c")
        #expect(Self.text(event) == ": c\nevent: stdout\nid: 7\nretry: 500\ndata: a\ndata: b\n\n")
    }

    @Test(arguments: ["", " ", "a", " a", "a\n", "\n", "a\r\nb\rc\nd", "\r\r\n\n", ":x", "data: y", "é\u{1F600}", "a\0b"])
    func `are read back as they were`(data: String) {
        let parser = EventStreamParser(ServerSentEvent(event: "x", data: data, id: "1").serialized)
        // By bytes: as characters, CR LF is one, and replacing it could make another.
        var lines: [UInt8] = []
        for byte in data.utf8 {
            if byte == 0x0A, lines.last == 0x0D { lines.removeLast() }
            lines.append(byte)
        }
        let expected = String(decoding: lines.map { $0 == 0x0D ? 0x0A : $0 }, as: UTF8.self)
        #expect(parser.dispatched == [.init(type: "x", data: expected, lastEventID: "1")])
    }

    @Test func `cannot be made to hold fields of their own by a line break in a name`() {
        let event = ServerSentEvent(event: "a\ndata: evil", data: "good", id: "1\r\nevent: evil")
        let parser = EventStreamParser(event.serialized)
        #expect(parser.dispatched == [.init(type: "a data: evil", data: "good", lastEventID: "1  event: evil")])
    }

    @Test func `leave out an id that readers would ignore, and a negative retry`() {
        let text = Self.text(ServerSentEvent(data: "x", id: "a\0", retryMilliseconds: -1))
        #expect(text == "data: x\n\n")
    }

    @Test func `without data are no event for a reader`() {
        let parser = EventStreamParser(ServerSentEvent(retryMilliseconds: 10, comment: "two\nlines").serialized)
        #expect(parser.dispatched == [])
        #expect(parser.comments == ["two", "lines"])
        #expect(parser.retry == 10)
    }

    private static func chunks(_ response: Response) -> BodyStream.Iterator? {
        guard case .stream(let stream) = response.body else { return nil }
        return stream.makeIterator()
    }

    @Test func `become a response that no cache keeps`() async throws {
        let (events, continuation) = AsyncStream<ServerSentEvent>.makeStream()
        continuation.yield(ServerSentEvent(data: "1"))
        continuation.yield(ServerSentEvent(data: "2"))
        continuation.finish()
        let response = Response.serverSentEvents(events)
        #expect(response.fields["Content-Type"] == "text/event-stream")
        #expect(response.fields["Cache-Control"] == "no-store")
        var iterator = try #require(Self.chunks(response))
        #expect(try await iterator.next() == Array("data: 1\n\n".utf8))
        #expect(try await iterator.next() == Array("data: 2\n\n".utf8))
        #expect(try await iterator.next() == nil)
    }

    @Test func `are kept awake by comments while none comes, and go on after them`() async throws {
        let (events, continuation) = AsyncStream<ServerSentEvent>.makeStream()
        var iterator = try #require(Self.chunks(.serverSentEvents(events, heartbeat: .milliseconds(20))))
        #expect(try await iterator.next() == Array(": \n\n".utf8))
        #expect(try await iterator.next() == Array(": \n\n".utf8))
        continuation.yield(ServerSentEvent(data: "late"))
        var bytes = try await iterator.next()
        while bytes == Array(": \n\n".utf8) { bytes = try await iterator.next() }
        #expect(bytes == Array("data: late\n\n".utf8))
    }

    @Test func `do not spin with a heartbeat of zero`() async throws {
        let (events, continuation) = AsyncStream<ServerSentEvent>.makeStream()
        var iterator = try #require(Self.chunks(.serverSentEvents(events, heartbeat: .zero)))
        let start = ContinuousClock.now
        for _ in 0..<10 { #expect(try await iterator.next() == Array(": \n\n".utf8)) }
        #expect(start.duration(to: .now) >= .milliseconds(80))
        withExtendedLifetime(continuation) {}
    }

    @Test func `pass on an error of their source`() async throws {
        struct Broken: Error {}
        let events = AsyncThrowingStream<ServerSentEvent, any Error> { $0.finish(throwing: Broken()) }
        var iterator = try #require(Self.chunks(.serverSentEvents(events)))
        await #expect(throws: Broken.self) { try await iterator.next() }
    }

    /// A source that counts what is asked of it and says when it is let go.
    private struct Counting: AsyncSequence, Sendable {
        let asked: Shared
        final class Shared: Sendable {
            let count = Atomic<Int>(0)
        }
        struct Iterator: AsyncIteratorProtocol {
            let asked: Shared
            mutating func next() async -> ServerSentEvent? {
                let number = asked.count.add(1, ordering: .sequentiallyConsistent).newValue
                return ServerSentEvent(data: "\(number)")
            }
        }
        func makeAsyncIterator() -> Iterator { Iterator(asked: asked) }
    }

    @Test func `are asked for one at a time, and their source ends with its reader`() async throws {
        let shared = Counting.Shared()
        do {
            var iterator = try #require(Self.chunks(.serverSentEvents(Counting(asked: shared))))
            for number in 1...100 {
                #expect(try await iterator.next() == Array("data: \(number)\n\n".utf8))
                #expect(shared.count.load(ordering: .sequentiallyConsistent) <= number + 1)
            }
        }
        // Let go of, the source is asked once more, as a cancelled task, so that it hears of its end; and never again.
        let last = shared.count.load(ordering: .sequentiallyConsistent)
        for _ in 0..<1000 { await Task.yield() }
        #expect(shared.count.load(ordering: .sequentiallyConsistent) <= last + 1)
    }

    @Test func `tell their source that the reader left also while one of them waits to be read`() async throws {
        let (events, continuation) = AsyncStream<ServerSentEvent>.makeStream()
        let (ends, end) = AsyncStream<Void>.makeStream()
        continuation.onTermination = { _ in end.finish() }
        for number in 1...3 { continuation.yield(ServerSentEvent(data: "\(number)")) }
        do {
            var iterator = try #require(Self.chunks(.serverSentEvents(events)))
            #expect(try await iterator.next() == Array("data: 1\n\n".utf8))
        }
        for await _ in ends {}
        withExtendedLifetime(continuation) {}
    }

    @Test func `end when the reading task is cancelled while none comes`() async throws {
        let (events, continuation) = AsyncStream<ServerSentEvent>.makeStream()
        let reader = Task {
            var iterator = Self.chunks(.serverSentEvents(events))
            return try await iterator?.next()
        }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        withExtendedLifetime(continuation) {}
    }
}
