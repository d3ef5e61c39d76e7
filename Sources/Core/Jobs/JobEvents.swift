/// What happens to one job, from a given event on and then live, ending after `done`.
///
/// Each reader goes at its own pace over the one record of the job; a slow one holds nothing up.
public struct JobEvents: AsyncSequence, Sendable {
    package let live: LiveJob
    private var cursor = JobEventCursor()

    package init(live: LiveJob) { self.live = live }

    /// The same, but only events after the one with this number.
    public func after(_ number: Int) -> JobEvents {
        var copy = self
        copy.cursor.next = number < 1 ? 1 : number == .max ? .max : number + 1
        return copy
    }

    /// A reader of its own pace.
    public func makeAsyncIterator() -> Iterator { Iterator(live: live, cursor: cursor) }

    /// A reader.
    public struct Iterator: AsyncIteratorProtocol {
        let live: LiveJob
        var cursor: JobEventCursor

        /// The next event; nil after `done` or when the reading task is cancelled.
        public mutating func next() async -> JobEvent? {
            guard let (event, next) = await live.event(at: cursor) else { return nil }
            cursor = next
            return event
        }
    }
}
