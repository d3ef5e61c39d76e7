import RoostCore
import Testing

@testable import RoostPersistence

struct SearchIndexTests {
    let folder = TemporaryFolder()
    private var path: String { folder.file("jobs.sqlite") }

    private func open(budget: SearchBudget? = nil) async throws -> SQLiteJobStore {
        var options = SQLiteStoreOptions()
        options.indexPause = .milliseconds(1)
        options.searchBudget.scannedOutright = -1
        if let budget { options.searchBudget = budget }
        return try await SQLiteJobStore.open(path: path, options: options, now: .sample)
    }

    private func run(_ store: SQLiteJobStore, _ input: String, output: String = "") async throws -> JobID {
        let job = Job.sample(input: input)
        try await store.insert(job)
        _ = try await store.start(job.id, at: .sample)
        _ = try await store.finish(job.id, .sample(output: JobOutput(stdout: Array(output.utf8))))
        return job.id
    }

    private func isIndexed(_ store: SQLiteJobStore, but left: Int = 0) async throws {
        try await eventually("the index has caught up") { try await store.figures().unindexedJobs == left }
    }

    private func search(_ store: SQLiteJobStore, _ text: String) async throws -> [JobID] {
        try await store.list(JobQuery(text: JobTextQuery(text: text), order: .asc)).jobs.map(\.id)
    }

    /// What the index alone says, in rows.
    private func ask(_ store: SQLiteJobStore, _ text: String) async throws -> [Int64] {
        let query = try #require(JobTextQuery(text: text))
        return try await store.onReader { connection throws(SQLiteError) in
            try connection.rows(
                SearchReads.indexed, SearchIndex.expression(query), .int(Int64.min), .int(Int64.max)
            ) { $0.int(0) }
        }
    }

    @Test func `jobs come into the index when they have ended, and leave it when they are removed`() async throws {
        let store = try await open()
        let first = try await run(store, "alpha", output: "one two")
        let running = Job.sample(input: "alpha slow")
        try await store.insert(running)
        let third = try await run(store, "alpha", output: "three")
        try await isIndexed(store, but: 1)
        #expect(try await ask(store, "alpha") == [1, 3])
        #expect(try await search(store, "alpha") == [first, running.id, third])

        _ = try await store.finish(running.id, .sample(output: JobOutput(stdout: Array("late".utf8))))
        try await isIndexed(store)
        #expect(try await ask(store, "alpha late") == [2])
        #expect(try await search(store, "alpha late") == [running.id])

        _ = try await store.remove(running.id)
        #expect(try await ask(store, "alpha") == [1, 3])
        #expect(try await ask(store, "late").isEmpty)
        #expect(try await store.sweep(JobRetention(maximumCount: 1), now: .sample) == 1)
        #expect(try await ask(store, "alpha") == [3])
        #expect(try await search(store, "\"one two\"").isEmpty)
        await store.close()
    }

    @Test func `a history without an index gets one, and an opened one goes on where it was`() async throws {
        do {
            let connection = try SQLiteConnection(path: path, mode: .create)
            let all = JobSchema.migrations
            try Migrations(applicationID: all.applicationID, steps: Array(all.steps[..<5])).apply(to: connection)
            for number in 1...600 {
                try connection.executeScript(
                    """
                    INSERT INTO jobs VALUES (NULL, randomblob(16), 'code', 'python', 'completed', 1, 1, 2, 1, 1000, NULL, 'c');
                    INSERT INTO job_contents (seq, flags, size_bytes, input, stdout, stderr, logs)
                        VALUES (\(number), 0, 0, 'pass \(number)', x'', x'', '[]');
                    """)
            }
        }
        var store = try await open()
        try await isIndexed(store)
        #expect(try await ask(store, "pass 599") == [599])
        await store.close()
        store = try await open()
        let new = try await run(store, "pass new")
        try await isIndexed(store)
        #expect(try await ask(store, "\"pass new\"") == [601])
        #expect(try await search(store, "new") == [new])
        #expect(try await store.list(JobQuery(text: JobTextQuery(text: "pass"))).total == 601)
        await store.close()
    }

    @Test func `an entry whose job is gone is not found`() async throws {
        let store = try await open()
        _ = try await run(store, "alpha")
        try await isIndexed(store)
        _ = try await store.onWriter { connection throws(SQLiteError) in
            // As a program does whose library has no FTS5.
            try connection.execute("DELETE FROM jobs WHERE seq = 1")
        }
        #expect(try await ask(store, "alpha") == [1])
        let page = try await store.list(JobQuery(text: JobTextQuery(text: "alpha")))
        #expect(page.jobs.isEmpty && page.total == 0)
        await store.close()
    }

    @Test(arguments: JobQuery.Order.allCases)
    func `a search that stops at its budget goes on with its cursor`(_ order: JobQuery.Order) async throws {
        // By the index, by looking at each job, and by both.
        for budget in [
            SearchBudget(indexedJobs: 7, scannedOutright: -1), SearchBudget(scannedJobs: 7, scannedOutright: 1000),
            SearchBudget(scannedJobs: 2, indexedJobs: 3, scannedOutright: -1),
        ] {
            let store = try await open(budget: budget)
            if try await store.list(JobQuery()).total == 0 {
                for number in 0..<40 {
                    let job = Job.sample(handler: number % 4 == 0 ? "rare" : "python", input: "alpha")
                    try await store.insert(job)
                    if number % 10 != 9 { _ = try await store.finish(job.id, .sample()) }
                }
            }
            var query = JobQuery(handler: "rare", text: JobTextQuery(text: "alpha"), limit: 3, order: order)
            var found: [JobID] = []
            var pages = 0
            repeat {
                let page = try await store.list(query)
                if page.jobs.count < query.limit, page.nextCursor != nil { #expect(page.hint != nil) }
                found += page.jobs.map(\.id)
                query.cursor = page.nextCursor
                pages += 1
            } while query.cursor != nil && pages < 60
            let expected = try await store.list(JobQuery(handler: "rare", order: order)).jobs.map(\.id)
            #expect(found == expected && expected.count == 10)
            await store.close()
        }
    }

    @Test func `the rows an index needs are looked up`() async throws {
        let store = try await open()
        for (sql, values) in [
            (SearchIndexer.ended, [SQLiteValue.int(1)]), (SearchIndexer.next, [.int(1), .int(1)]),
            (SearchReads.skipped, [.int(1), .int(2)]), (SearchTexts.contents, [.int(1)]),
        ] {
            let lines = try await store.onReader { connection throws(SQLiteError) in
                var lines: [String] = []
                try connection.run("EXPLAIN QUERY PLAN " + sql, values) { row throws(SQLiteError) in
                    lines.append(row.text(3))
                    return true
                }
                return lines
            }
            // The table of those passed over is small.
            #expect(lines.allSatisfy { $0.hasPrefix("SEARCH") || $0 == "SCAN job_search_skipped" }, "\(lines)")
            #expect(!lines.contains { $0.contains("TEMP B-TREE") }, "\(lines)")
        }
        await store.close()
    }
}
