/// JSON of request bodies that would hold up everybody else on an event loop while it is read.
///
/// One body is read at a time, so that however many come, one thread of the cooperative pool works on them, and what
/// is read of a body is in memory once.
actor LongBody {
    /// Bodies of more bytes than this are not read on an event loop: some hundred microseconds, at the worst a few
    /// milliseconds, in which nobody else on the loop is answered, `/health` neither (contract §3).
    static let shortBytes = 64 << 10

    /// Reads a body as ``RoostService/object(_:)`` does, on the cooperative pool.
    ///
    /// - Throws: `INVALID_JSON` (400).
    nonisolated func object(_ body: [UInt8]) async throws -> JSONObject {
        // Detached, since a child of this task, and this actor itself, would run on the event loop.
        try await Task.detached { try await self.read(body) }.value
    }

    /// Lets go of a value on the cooperative pool: millions of parts take as long to free as to make.
    nonisolated func release(_ object: inout JSONObject?) {
        guard let last = object else { return }
        object = nil
        Task.detached { withExtendedLifetime(last) {} }
    }

    private func read(_ body: [UInt8]) throws -> JSONObject { try RoostService.object(body) }
}
