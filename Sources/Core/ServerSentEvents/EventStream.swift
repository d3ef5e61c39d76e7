/// The bytes of a `text/event-stream`: events as they come, and a comment whenever none has come for a while.
///
/// One event is asked for at a time, so that a slow reader slows the source. The iteration ends with the source, and
/// the source is cancelled when the iteration is.
struct EventStream<Events: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Events.Element == ServerSentEvent {
    let events: Events
    let heartbeat: Duration

    func makeAsyncIterator() -> Iterator { Iterator(pump: EventPump(events, heartbeat: heartbeat)) }

    struct Iterator: AsyncIteratorProtocol {
        let pump: EventPump

        mutating func next() async throws -> [UInt8]? { try await pump.next() }
    }
}
