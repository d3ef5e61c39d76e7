/// Turns the events of one job into server-sent events (contract §5), leaving out what the client has seen.
///
/// A plain state machine: job events in, server-sent events out.
struct JobEventTranslator {
    /// Bytes of one stream on their way to text.
    private struct TextStream {
        /// Bytes that have come.
        var received = 0
        /// The last ones, when they are the beginning of a character whose rest has not come.
        var rest: [UInt8] = []

        /// The bytes that can be told now, without the `seen` first bytes of the stream.
        mutating func take(_ bytes: [UInt8], seen: Int) -> [UInt8] {
            let known = max(0, min(bytes.count, seen - received))
            received += bytes.count
            var ready = rest + bytes.dropFirst(known)
            rest = Self.incompleteEnd(of: ready)
            ready.removeLast(rest.count)
            return ready
        }

        /// What is left when nothing more comes.
        mutating func end() -> [UInt8] {
            defer { rest = [] }
            return rest
        }

        /// At most three bytes that begin a character of UTF-8 and do not end it.
        private static func incompleteEnd(of bytes: [UInt8]) -> [UInt8] {
            for length in 1...3 where length <= bytes.count {
                let byte = bytes[bytes.count - length]
                let wanted =
                    switch byte {
                    case 0xC2...0xDF: 2
                    case 0xE0...0xEF: 3
                    case 0xF0...0xF4: 4
                    default: 0
                    }
                if wanted > length { return Array(bytes.suffix(length)) }
                // Anything but a continuation byte ends the search.
                if byte & 0xC0 != 0x80 { return [] }
            }
            return []
        }
    }

    private let seen: JobEventPosition
    private let present: @Sendable (Job) -> JSON
    private var position: JobEventPosition
    private var statuses = 0
    private var logs = 0
    private var stdout = TextStream()
    private var stderr = TextStream()

    init(after seen: JobEventPosition, present: @escaping @Sendable (Job) -> JSON) {
        self.seen = seen
        self.present = present
        position = seen
    }

    /// The server-sent events that one event of the job comes to: none, one, or what was held back and then one.
    mutating func translate(_ event: JobEvent) -> [ServerSentEvent] {
        let time = JSON.string(event.timestamp.description)
        switch event.kind {
        case .status(let status):
            statuses += 1
            var told = status.isFinished ? flush(time) : []
            guard statuses > seen.statuses else { return told }
            position.statuses = statuses
            told.append(make("status", ["status": status.json, "timestamp": time]))
            return told
        case .stdout(let bytes):
            return tell("stdout", stdout.take(bytes, seen: seen.stdout), time)
        case .stderr(let bytes):
            return tell("stderr", stderr.take(bytes, seen: seen.stderr), time)
        case .log(let entry):
            logs += 1
            guard logs > seen.logs else { return [] }
            position.logs = logs
            return [
                make(
                    "log",
                    [
                        "level": entry.level.json, "message": .string(entry.message),
                        "timestamp": .string(entry.timestamp.description),
                    ])
            ]
        case .progress(let progress):
            // It has no place in a position: whoever comes back is told the latest once more.
            return [
                make(
                    "progress",
                    [
                        "fraction": progress.fraction.json, "message": .string(progress.message),
                        "timestamp": time,
                    ])
            ]
        case .result(let result):
            guard !seen.hasResult else { return [] }
            position.hasResult = true
            return [make("result", ["result": .text(result)])]
        case .done(let job):
            position.isDone = true
            return [make("done", present(job))]
        }
    }

    private mutating func flush(_ time: JSON) -> [ServerSentEvent] {
        tell("stdout", stdout.end(), time) + tell("stderr", stderr.end(), time)
    }

    private mutating func tell(_ name: String, _ bytes: [UInt8], _ time: JSON) -> [ServerSentEvent] {
        guard !bytes.isEmpty else { return [] }
        if name == "stdout" {
            position.stdout = stdout.received - stdout.rest.count
        } else {
            position.stderr = stderr.received - stderr.rest.count
        }
        // Invalid bytes read as U+FFFD, as in the job's `output`.
        return [make(name, ["text": .string(String(decoding: bytes, as: UTF8.self)), "timestamp": time])]
    }

    private func make(_ name: String, _ data: JSON) -> ServerSentEvent {
        .json(data, event: name, id: position.description)
    }
}
