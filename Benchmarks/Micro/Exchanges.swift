import RoostCore
import RoostEventLoop
import RoostHTTP

/// A kept-alive connection without a socket: what a request costs from its bytes to those of its answer.
final class Exchanges {
    private let service: any HTTPService
    private let client = ClientAddress(host: "127.0.0.1", serverPort: 8080)
    private var machine = ConnectionStateMachine(
        options: HTTPOptions(), date: DateField(), tally: RequestTally(), now: .now())

    init(_ service: any HTTPService) {
        self.service = service
        machine.makesReports = false
    }

    /// One request and its answer.
    ///
    /// - Returns: How many bytes were sent.
    func run(_ request: [UInt8]) -> Int {
        var sent = 0
        machine.received(request[...], now: .now())
        while let action = machine.nextAction() {
            switch action {
            case .admit(let head): machine.admitted(service.admit(head, from: client), now: .now())
            case .respond(let head, let body, let ticket):
                let incoming = IncomingRequest(head: head, body: body, client: client, ticket: ticket)
                if let response = service.answer(incoming) { machine.responded(response, now: .now()) }
            case .send(let bytes):
                sent += bytes.count
                machine.wrote(now: .now())
                machine.flushed(now: .now())
            case .report, .pullChunk, .cancelRequest, .finishSending, .close: break
            }
        }
        return sent
    }
}
