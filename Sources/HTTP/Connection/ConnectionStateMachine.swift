package import RoostCore
package import RoostEventLoop

/// The server's side of one HTTP/1.1 connection (RFC 9112 §9), without I/O and without a clock.
///
/// Events are method calls that carry the present time; what they lead to is asked for with ``nextAction()``.
/// One request is worked on at a time: while it is, nothing more is read, so that what a client sends ahead
/// (pipelining) waits in the kernel and its answers keep their order.
///
/// ```
///          ┌──────────────────────────── keep-alive ───────────────────────────┐
///          ▼                                                                   │
///   head ──► admission ──► body ──► handler ──► sending ──────────────► discarding
///    │           │          │          └──────► streaming ──► sending          │
///    └─ refused ─┴──────────┴─────────────────► sending ──► lingering ──► closed
/// ```
package struct ConnectionStateMachine {
    /// What the driver has to do, in order.
    package enum Action: Sendable {
        /// Ask the service about this head and come back with ``admitted(_:now:)``.
        case admit(RequestHead)
        /// Have the service answer, and come back with ``responded(_:now:)``.
        case respond(RequestHead, body: [UInt8], AdmissionTicket)
        /// Queue these bytes; say ``wrote(now:)`` when some have gone and ``flushed(now:)`` when all have.
        case send([UInt8])
        /// Ask the response's stream for its next chunk.
        case pullChunk
        /// Nobody waits for the answer any more.
        case cancelRequest
        /// Close the sending direction, and read on.
        case finishSending
        /// An exchange is over.
        case report(Report)
        /// Close the socket; by a reset, if the client must see that something is missing.
        case close(reset: Bool)
    }

    /// What is known about an exchange when it is over; the driver adds the client.
    package struct Report: Sendable {
        package var requestID: RequestID?
        package var clientName: String?
        package var method: HTTPMethod?
        package var target: String?
        package var status: HTTPStatus
        package var bodyBytes: Int
        package var duration: Duration
        package var isComplete: Bool
    }

    private enum State: Equatable {
        /// Between requests, or within a head.
        case head
        /// The service is asked about the head.
        case admission
        /// A wanted body is read.
        case body
        /// The service works on its answer.
        case handler
        /// The rest of an answer is on its way.
        case sending
        /// An answer that is produced while it is sent: waiting for the socket, or for the next chunk.
        case streaming(isFlushing: Bool)
        /// The answer is out; what is left of the request is skipped. Nothing, most of the time.
        case discarding
        /// Our end is said; the client's bytes are dropped until it closes too.
        case lingering
        case closed
    }

    /// The moment to call ``tick(now:)``; nil while nothing has to happen in time.
    package private(set) var deadline: MonotonicTime?

    /// False where nobody wants reports: then none are made.
    package var makesReports = true

    private let options: HTTPOptions
    private let date: DateField
    private let tally: RequestTally
    private var parser: RequestParser
    private var state = State.head
    private var actions: [Action] = []
    private var nextIndex = 0

    private var head: RequestHead?
    private var framing = RequestFraming()
    private var ticket = AdmissionTicket.none
    private var body: [UInt8] = []
    private var encoder: ResponseEncoder?
    private var bodyBytes = 0
    private var requestIsComplete = false
    private var startedAt: MonotonicTime
    private var isHeadTimed = true
    private var isDraining = false
    private var closesIdle = false
    private var inputHasEnded = false
    private var inputIsClosing = false
    private var probeWait = Duration.zero
    private var lingersAtClose = false
    private var lingerBudget: Int

    /// A connection just accepted: its first head is due within the header time-out. What it answers is counted in
    /// `tally`.
    package init(options: HTTPOptions, date: DateField, tally: RequestTally, now: MonotonicTime) {
        self.options = options
        self.date = date
        self.tally = tally
        parser = RequestParser(limits: options.limits)
        startedAt = now
        lingerBudget = options.lingerBytes
        deadline = now + options.headerTimeout
    }

    // MARK: What the driver asks

    /// Whether bytes should be read. While not, they wait in the kernel.
    package var wantsInput: Bool {
        switch state {
        case .head, .body, .discarding, .lingering: !inputHasEnded
        case .admission, .handler, .sending, .streaming, .closed: false
        }
    }

    /// Whether to say with ``inputIsClosing(now:)`` that the client has finished sending, while nothing is read.
    package var awaitsDeparture: Bool { !inputIsClosing && (state == .handler || isStreaming) }

    /// True while the answer's stream is to be asked for chunks.
    package var isStreaming: Bool { if case .streaming = state { true } else { false } }

    /// The next thing to do, or nil when there is nothing for now.
    package mutating func nextAction() -> Action? {
        guard nextIndex < actions.count else {
            actions.removeAll(keepingCapacity: true)
            nextIndex = 0
            return nil
        }
        // Taken out, not copied: a body must not stay referenced here while a handler works with it.
        var action = Action.pullChunk
        swap(&action, &actions[nextIndex])
        nextIndex += 1
        return action
    }

    // MARK: Input

    /// Bytes arrived.
    package mutating func received(_ bytes: ArraySlice<UInt8>, now: MonotonicTime) {
        switch state {
        case .closed: break
        case .lingering:
            lingerBudget -= bytes.count
            if lingerBudget <= 0 { close() }
        default:
            parser.feed(bytes)
            parse(now)
        }
    }

    /// The client has finished sending. One that still waits for an answer gets it.
    package mutating func inputEnded(now: MonotonicTime) {
        inputHasEnded = true
        switch state {
        case .head, .body, .discarding, .lingering: close()
        case .admission, .handler, .sending, .streaming, .closed: break
        }
    }

    /// The client has finished sending while the service works on its answer; there may be bytes before that end.
    ///
    /// It may wait for the answer with one direction closed, or be gone. Only bytes that it cannot take tell (its
    /// host resets the connection), so a `100 Continue` is sent now and then, which every client of HTTP/1.1 must
    /// be able to skip (RFC 9110 §15.2). A stream asks the same question by its chunks.
    package mutating func inputIsClosing(now: MonotonicTime) {
        inputIsClosing = true
        if state == .handler { scheduleProbe(now) }
    }

    private mutating func scheduleProbe(_ now: MonotonicTime) {
        guard head?.version == .http11 else { return }
        probeWait = options.probeInterval
        deadline = now + probeWait
    }

    /// The connection is broken: nobody will read an answer.
    package mutating func connectionLost(now: MonotonicTime) {
        switch state {
        case .closed: return
        case .handler, .streaming: actions.append(.cancelRequest)
        default: break
        }
        if encoder != nil { report(now, isComplete: false) }
        close()
    }

    private mutating func parse(_ now: MonotonicTime) {
        do throws(HTTPParseError) {
            while state == .head || state == .body || state == .discarding {
                guard let event = try parser.next(body: &body) else { return awaitInput(now) }
                switch event {
                case .head(let head, let framing): begin(head, framing, now)
                case .body:
                    deadline = now + options.bodyTimeout
                    if state == .discarding { body.removeAll(keepingCapacity: true) }
                case .end:
                    requestIsComplete = true
                    state == .body ? askForResponse(now) : awaitRequest()
                }
            }
        } catch { refuse(error.failure, now) }
    }

    /// Everything that came is read: closes if no more will come, else sees to the deadline.
    private mutating func awaitInput(_ now: MonotonicTime) {
        if inputHasEnded { return close() }
        guard state == .head else {
            if deadline == nil { deadline = now + options.bodyTimeout }
            return
        }
        if parser.isInsideMessage {
            if !isHeadTimed { deadline = now + options.headerTimeout }
            isHeadTimed = true
        } else if deadline == nil {
            closesIdle ? close() : (deadline = now + options.idleTimeout)
        }
    }

    private mutating func awaitRequest() {
        state = .head
        head = nil
        ticket = .none
        encoder = nil
        body = []
        deadline = nil
        isHeadTimed = false
    }

    // MARK: Request

    private mutating func begin(_ head: RequestHead, _ framing: RequestFraming, _ now: MonotonicTime) {
        state = .admission
        self.head = head
        self.framing = framing
        startedAt = now
        bodyBytes = 0
        requestIsComplete = false
        deadline = nil
        actions.append(.admit(head))
    }

    /// The service has looked at the head.
    package mutating func admitted(_ admission: Admission, now: MonotonicTime) {
        guard state == .admission else { return }
        switch admission {
        case .respond(let response): answerWithoutBody(response, now)
        case .proceed(let ticket, let maximumBody):
            self.ticket = ticket
            if case .length(let count) = framing.body {
                guard count <= maximumBody else {
                    let message = "Request body is larger than \(maximumBody) bytes"
                    return answerWithoutBody(APIFailure(.payloadTooLarge, message: message).response, now)
                }
                // Not the whole length at once: a promise of much costs the client nothing.
                body.reserveCapacity(min(count, 64 * 1024))
            }
            parser.maximumBody = maximumBody
            state = .body
            deadline = now + options.bodyTimeout
            if framing.expectsContinue, parser.bufferedCount == 0 {
                actions.append(.send(ResponseEncoder.continueHead))
            }
            parse(now)
        }
    }

    private mutating func askForResponse(_ now: MonotonicTime) {
        guard let head else { return }
        state = .handler
        deadline = nil
        if inputIsClosing { scheduleProbe(now) }
        let body = self.body
        self.body = []
        actions.append(.respond(head, body: body, ticket))
    }

    // MARK: Response

    /// The service has its answer; a stream is then asked for chunk by chunk while ``isStreaming``.
    package mutating func responded(_ response: Response, now: MonotonicTime) {
        guard state == .handler else { return }
        send(response, keepsAlive: framing.keepsAlive, now)
    }

    /// Answers a request whose body nobody wants. The connection can stay only if that body is surely coming
    /// and short; a client that waits for `100 Continue` may send it or not (RFC 9110 §10.1.1).
    private mutating func answerWithoutBody(_ response: Response, _ now: MonotonicTime) {
        let isSkippable =
            switch framing.body {
            case .none: true
            case .length(let count):
                !framing.expectsContinue && count - parser.bufferedCount <= options.skippableBody
            case .chunked: false
            }
        lingersAtClose = framing.body != .none
        send(response, keepsAlive: framing.keepsAlive && isSkippable, now)
    }

    /// Answers what is no request, or none in time, and gives the connection up.
    private mutating func refuse(_ failure: APIFailure, _ now: MonotonicTime) {
        lingersAtClose = true
        if head == nil { startedAt = now }
        send(failure.response, keepsAlive: false, now)
    }

    /// Answers a connection beyond the limit before it has said anything.
    package mutating func refuseConnection(_ failure: APIFailure, now: MonotonicTime) { refuse(failure, now) }

    private mutating func send(_ response: Response, keepsAlive: Bool, _ now: MonotonicTime) {
        // When the end is our own idea, the client's next request may be on its way already.
        if keepsAlive && isDraining { lingersAtClose = true }
        let encoder = ResponseEncoder(
            response, version: head?.version ?? .http11, isHead: head?.method == .head,
            keepsAlive: keepsAlive && !isDraining)
        self.encoder = encoder
        var bytes = encoder.head(date: date.line())
        deadline = now + options.writeTimeout
        state = .sending
        switch encoder.response.body {
        case .bytes(let content) where encoder.sendsBody:
            bodyBytes = content.count
            if content.count <= ResponseEncoder.joinedBody {
                bytes.append(contentsOf: content)
                actions.append(.send(bytes))
            } else {
                actions.append(.send(bytes))
                actions.append(.send(content))
            }
        case .stream where encoder.sendsBody:
            state = .streaming(isFlushing: true)
            actions.append(.send(bytes))
        case .bytes, .stream: actions.append(.send(bytes))
        }
    }

    /// The stream gave a chunk.
    package mutating func chunk(_ content: [UInt8], now: MonotonicTime) {
        guard isStreaming, let encoder else { return }
        guard !content.isEmpty else { return actions.append(.pullChunk) }
        bodyBytes += content.count
        state = .streaming(isFlushing: true)
        deadline = now + options.writeTimeout
        actions.append(.send(encoder.framing == .chunked ? ResponseEncoder.chunk(content) : content))
    }

    /// The stream has ended.
    package mutating func streamEnded(now: MonotonicTime) {
        guard isStreaming, let encoder else { return }
        state = .sending
        deadline = now + options.writeTimeout
        if encoder.framing == .chunked {
            actions.append(.send(ResponseEncoder.lastChunk))
        } else {
            finishExchange(now)
        }
    }

    /// The stream failed: the connection is cut so that the client sees that the body is not whole.
    package mutating func streamFailed(now: MonotonicTime) {
        guard isStreaming else { return }
        report(now, isComplete: false)
        // A chunked body shows by its missing last chunk that it is not whole; one that ends with the
        // connection shows it only by a reset.
        close(reset: encoder?.framing == .untilClose)
    }

    // MARK: Output

    /// Some of what was given to send has gone.
    package mutating func wrote(now: MonotonicTime) {
        switch state {
        case .sending, .streaming: deadline = now + options.writeTimeout
        default: break
        }
    }

    /// All that was given to send has gone.
    package mutating func flushed(now: MonotonicTime) {
        switch state {
        case .sending: finishExchange(now)
        case .streaming:
            state = .streaming(isFlushing: false)
            deadline = nil
            actions.append(.pullChunk)
        default: break
        }
    }

    private mutating func finishExchange(_ now: MonotonicTime) {
        report(now, isComplete: true)
        let keepsAlive = encoder?.keepsAlive ?? false
        encoder = nil
        if keepsAlive {
            deadline = nil
            if requestIsComplete { awaitRequest() } else { state = .discarding }
            parse(now)
        } else if inputHasEnded || !(lingersAtClose || parser.bufferedCount > 0) {
            close()
        } else {
            // Closing a socket with unread input resets it, and a reset takes the answer from the client's
            // hands (RFC 9112 §9.6).
            state = .lingering
            deadline = now + options.lingerTimeout
            actions.append(.finishSending)
        }
    }

    private mutating func report(_ now: MonotonicTime, isComplete: Bool) {
        guard let encoder else { return }
        tally.record(
            route: ticket.route?.route, method: head?.method, status: encoder.response.status,
            nanoseconds: now.nanoseconds &- startedAt.nanoseconds)
        guard makesReports else { return }
        actions.append(
            .report(
                Report(
                    requestID: encoder.response.requestID, clientName: encoder.response.clientName,
                    method: head?.method, target: head?.target,
                    status: encoder.response.status, bodyBytes: bodyBytes, duration: now - startedAt,
                    isComplete: isComplete)))
    }

    // MARK: Time and end

    /// A deadline may have passed.
    package mutating func tick(now: MonotonicTime) {
        guard let deadline, deadline <= now else { return }
        switch state {
        case .head where parser.isInsideMessage, .body:
            refuse(
                APIFailure(.badRequest, status: .requestTimeout, message: "The request took too long"), now)
        case .streaming:
            actions.append(.cancelRequest)
            report(now, isComplete: false)
            close(reset: true)
        case .sending:
            report(now, isComplete: false)
            close(reset: true)
        case .head, .discarding, .lingering: close()
        case .handler:
            actions.append(.send(ResponseEncoder.continueHead))
            probeWait = probeWait * 2
            self.deadline = now + probeWait
        case .admission, .closed: break
        }
    }

    /// No further request after the present one; at once if there is none.
    package mutating func beginDrain(closingIdle: Bool = true, now: MonotonicTime) {
        isDraining = true
        closesIdle = closesIdle || closingIdle
        if closingIdle, state == .head, !parser.isInsideMessage { close() }
    }

    private mutating func close(reset: Bool = false) {
        guard state != .closed else { return }
        state = .closed
        deadline = nil
        actions.append(.close(reset: reset))
    }
}
