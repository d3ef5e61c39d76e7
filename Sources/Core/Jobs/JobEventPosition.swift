/// How much of a job's events a client has seen: what goes over the wire as the id of a server-sent event.
///
/// It counts what was seen and not which events carried it, so that a client that comes back gets exactly the rest
/// even after a restart, when output that was told piece by piece is told in one piece.
struct JobEventPosition: Sendable, Equatable, CustomStringConvertible {
    /// States told.
    var statuses = 0
    /// Bytes of standard output told.
    var stdout = 0
    /// Bytes of standard error told.
    var stderr = 0
    /// Log entries told.
    var logs = 0
    /// Whether the result was told.
    var hasResult = false
    /// Whether the end was told; nothing follows then.
    var isDone = false

    init() {}

    /// Reads what `description` wrote; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard part.utf8.count <= 18, let number = Int(text: String(part)), number >= 0 else { return nil }
            numbers.append(number)
        }
        guard numbers[4] <= 1, numbers[5] <= 1 else { return nil }
        statuses = numbers[0]
        stdout = numbers[1]
        stderr = numbers[2]
        logs = numbers[3]
        hasResult = numbers[4] == 1
        isDone = numbers[5] == 1
    }

    /// Six numbers between dots.
    var description: String {
        "\(statuses).\(stdout).\(stderr).\(logs).\(hasResult ? 1 : 0).\(isDone ? 1 : 0)"
    }
}
