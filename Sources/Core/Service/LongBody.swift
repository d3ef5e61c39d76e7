internal import Synchronization

/// JSON of request bodies that would hold up everybody else on an event loop while it is read.
///
/// One body is read, or let go of, at a time: however many come, one thread of the cooperative pool works on them.
actor LongBody {
    /// Bodies of more bytes than this are not read on an event loop: some hundred microseconds, at the worst a few
    /// milliseconds, in which nobody else on the loop is answered, `/health` neither (contract §3).
    static let shortBytes = 64 << 10
    /// After bodies of more bytes than this it is worth asking the allocator for what was freed.
    private static let hugeBytes = 1 << 20

    /// The last reference to a value; an argument or a captured value would live until the call or the task ends.
    private final class Last: Sendable {
        private let object: Mutex<JSONObject?>

        init(_ object: JSONObject?) { self.object = Mutex(object) }

        func release() { object.withLock { $0 = nil } }
    }

    private let returnMemory: @Sendable () -> Void

    /// - Parameter returnMemory: Gives memory that is free back to the system.
    init(returnMemory: @escaping @Sendable () -> Void) { self.returnMemory = returnMemory }

    /// Reads a body as ``RoostService/object(_:)`` does, on the cooperative pool.
    ///
    /// - Throws: `INVALID_JSON` (400).
    nonisolated func object(_ body: [UInt8]) async throws -> JSONObject {
        // Detached, since a child of this task, and this actor itself, would run on the event loop.
        try await Task.detached { try await self.read(body) }.value
    }

    /// Lets go of what a body held, on the cooperative pool: millions of values take as long to free as to make.
    nonisolated func release(_ object: inout JSONObject?, bodyBytes: Int) {
        let last = Last(object)
        object = nil
        Task.detached { await self.drop(last, bodyBytes) }
    }

    private func read(_ body: [UInt8]) throws -> JSONObject { try RoostService.object(body) }

    private func drop(_ last: Last, _ bodyBytes: Int) {
        last.release()
        if bodyBytes > Self.hugeBytes { returnMemory() }
    }
}
