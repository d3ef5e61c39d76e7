/// A point in time after which waiting is a failure.
struct Deadline: Sendable {
    let end: ContinuousClock.Instant

    init(in duration: Duration) { end = .now + duration }

    var hasPassed: Bool { ContinuousClock.now >= end }

    /// For `poll`: whole milliseconds left, never negative.
    var milliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: end)
        return Int32(clamping: max(0, Int(left / .milliseconds(1))))
    }
}

/// What did not happen in time.
struct TooLate: Error, CustomStringConvertible {
    let description: String
    init(_ what: String) { description = "not in time: \(what)" }
}

/// Waits until the condition holds.
func eventually(
    _ what: String, within duration: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let deadline = Deadline(in: duration)
    while try await !condition() {
        if deadline.hasPassed { throw TooLate(what) }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Waits until the closure has a value.
///
/// A closure that gives `JSON?` must say `.none`: a bare `nil` is the JSON `null`.
func eventually<Value>(
    _ what: String, within duration: Duration = .seconds(60), value: () async throws -> Value?
) async throws -> Value {
    let deadline = Deadline(in: duration)
    while true {
        if let found = try await value() { return found }
        if deadline.hasPassed { throw TooLate(what) }
        try await Task.sleep(for: .milliseconds(10))
    }
}
