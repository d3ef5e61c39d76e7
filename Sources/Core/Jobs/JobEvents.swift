/// What happens to one job, from a given event on and then live, ending after `done`.
///
/// Each reader goes at its own pace over the one record of the job; a slow one holds nothing up.
public struct JobEvents: AsyncSequence, Sendable {
    package let live: LiveJob
    private var first = 1

    package init(live: LiveJob) { self.live = live }

    /// The same, but only events after the one with this number.
    public func after(_ number: Int) -> JobEvents {
        var copy = self
        copy.first = number < 1 ? 1 : number == .max ? .max : number + 1
        return copy
    }

    /// A reader of its own pace.
    public func makeAsyncIterator() -> Iterator { Iterator(live: live, next: first) }

    /// A reader.
    public struct Iterator: AsyncIteratorProtocol {
        let live: LiveJob
        var next: Int

        /// The next event; nil after `done` or when the reading task is cancelled.
        public mutating func next() async -> JobEvent? {
            guard let event = await live.event(next) else { return nil }
            next += 1
            return event
        }
    }
}
