import RoostCore

/// A service made of two closures.
struct TestService: HTTPService {
    var onAdmit: @Sendable (RequestHead) -> Admission = { _ in
        .proceed(ticket: .none, maximumBody: 1024 * 1024)
    }
    var onRespond: @Sendable (IncomingRequest) async -> Response = { request in
        .text("\(request.head.method) \(request.head.target) \(request.body.count)")
    }

    func admit(_ head: RequestHead, from client: ClientAddress) -> Admission { onAdmit(head) }

    func respond(to incoming: IncomingRequest) async -> Response { await onRespond(incoming) }
}

/// Chunks from a closure that is asked for each.
struct ChunkSource: AsyncSequence, Sendable {
    let next: @Sendable (Int) async throws -> [UInt8]?

    struct AsyncIterator: AsyncIteratorProtocol {
        let source: @Sendable (Int) async throws -> [UInt8]?
        var index = 0

        mutating func next() async throws -> [UInt8]? {
            defer { index += 1 }
            return try await source(index)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: next) }
}
