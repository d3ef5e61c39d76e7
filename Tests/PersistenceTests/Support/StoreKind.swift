import RoostCore
import RoostPersistence
import Testing

/// The stores that the conformance tests run against.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case memory
    case sqlite

    var testDescription: String { self == .memory ? "in memory" : "SQLite" }

    /// Runs a test with a new, empty store.
    func withStore(_ body: (any JobStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(InMemoryJobStore())
        case .sqlite:
            let folder = TemporaryFolder()
            let store = try await SQLiteJobStore.open(path: folder.file("jobs.sqlite"), now: .sample)
            try await body(store)
            await store.close()
        }
    }
}

/// Waits until a condition holds; fails the test after ten seconds.
func eventually(_ what: Comment, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
