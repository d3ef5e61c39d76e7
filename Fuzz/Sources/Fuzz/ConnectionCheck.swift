import RoostCore
import RoostEventLoop

@testable import RoostHTTP

/// A connection whose service answers everything at once.
private struct Run {
    var machine = ConnectionStateMachine(
        options: HTTPOptions(), date: DateField { 0 }, tally: RequestTally(),
        now: MonotonicTime(nanoseconds: 0))
    var sent: [UInt8] = []
    var isClosed = false
    private var reports = 0
    private var answers = 0

    /// Moves time on, so that deadlines are set and moved.
    private var now = MonotonicTime(nanoseconds: 0)

    init(_ bytes: [UInt8], _ pieces: [Range<Int>]) {
        for piece in pieces {
            now = now + .milliseconds(1)
            machine.received(bytes[piece], now: now)
            act()
        }
        machine.inputEnded(now: now)
        act()
        // Whatever is left ends in time.
        for _ in 0..<4 where !isClosed {
            now = now + .seconds(100)
            machine.tick(now: now)
            act()
        }
        precondition(isClosed, "a connection that never closes")
        precondition(reports == answers, "an answer without its report")
    }

    private mutating func act() {
        while true {
            var pending = false
            while let action = machine.nextAction() {
                precondition(!isClosed, "an action after the close")
                switch action {
                case .admit: machine.admitted(.proceed(ticket: .none, maximumBody: 100_000), now: now)
                case .respond(let head, let body, _):
                    machine.responded(.text("\(head.method) \(head.target) \(body.count)"), now: now)
                case .send(let bytes):
                    pending = true
                    // Whether 100 Continue is sent depends on whether the body has come already.
                    if bytes != ResponseEncoder.continueHead {
                        answers += bytes.starts(with: Array("HTTP/1.1 ".utf8)) ? 1 : 0
                        sent += bytes
                    }
                case .report: reports += 1
                case .close: isClosed = true
                case .pullChunk, .cancelRequest: preconditionFailure("nothing streams here")
                case .finishSending: break
                }
            }
            guard pending, !isClosed else { return }
            machine.wrote(now: now)
            machine.flushed(now: now)
        }
    }
}

/// Whole or in pieces, a connection answers the same, and it always closes.
func checkConnection(_ bytes: [UInt8], _ pieces: [Range<Int>]) {
    precondition(Run(bytes, [bytes.indices]).sent == Run(bytes, pieces).sent, "the cuts make a difference")
}
