import RoostCore
import Testing

@testable import RoostPersistence

/// The stores that the conformance tests run against.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case memory
    case sqlite
    /// With a search that asks the index however few jobs there are.
    case indexed

    var testDescription: String {
        switch self {
        case .memory: "in memory"
        case .sqlite: "SQLite"
        case .indexed: "SQLite, searched by its index"
        }
    }

    /// Runs a test with a new, empty store.
    func withStore(_ body: (any JobStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(InMemoryJobStore())
        case .sqlite, .indexed:
            let folder = TemporaryFolder()
            var options = SQLiteStoreOptions()
            if self == .indexed {
                options.indexPause = .milliseconds(1)
                options.searchBudget.scannedOutright = -1
            }
            let store = try await SQLiteJobStore.open(
                path: folder.file("jobs.sqlite"), options: options, now: .sample)
            try await body(store)
            await store.close()
        }
    }
}

/// Waits until a condition holds; fails the test after a minute.
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
