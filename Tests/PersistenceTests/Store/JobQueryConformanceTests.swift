import RoostCore
import Testing

/// What every filter of a list promises, against both stores.
struct JobQueryConformanceTests {
    /// Thirty jobs of two handlers in one lane and one in another, a minute apart, with sessions, clients and every state.
    private func fill(_ store: any JobStore) async throws -> [Job] {
        var jobs: [Job] = []
        for number in 0..<30 {
            let handler = ["python", "code", "echo"][number % 3]
            var job = Job.sample(
                handler: handler, lane: handler == "echo" ? "echo" : "python", at: .sample + Int64(number) * 60_000,
                input: "print('number \(number)')")
            job.summary.client = [nil, "ci", "editor", "ci"][number % 4]
            job.summary.session = number % 5 == 0 ? "s.\(number % 2)" : nil
            try await store.insert(job)
            jobs.append(job)
        }
        for (number, job) in jobs.enumerated() where number % 6 != 0 {
            let status = JobStatus.allCases[1 + number % 4]
            _ = try await store.start(job.id, at: job.summary.createdAt + 5)
            jobs[number].summary.status = status
            jobs[number].summary.startedAt = job.summary.createdAt + 5
            guard status.isFinished else { continue }
            let end = JobEnd.sample(status, at: job.summary.createdAt + 20)
            _ = try await store.finish(job.id, end)
            jobs[number].summary.completedAt = end.completedAt
            jobs[number].summary.durationMilliseconds = end.durationMilliseconds
        }
        return jobs
    }

    @Test(arguments: StoreKind.allCases)
    func `every combination of filters finds what a look at each job finds`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let jobs = try await fill(store)
            let times: [Timestamp?] = [nil, .sample + 15 * 60_000 + 1]
            for lane in [nil, "python", "nobody"] {
                for handler in [nil, "code", "echo"] {
                    for status in [nil, JobStatus.pending, .completed, .failed] {
                        for client in [nil, "ci", "nobody"] {
                            for session in [nil, "s.0"] {
                                for since in times {
                                    for until in times {
                                        try await check(
                                            JobQuery(
                                                lane: lane, handler: handler, status: status, client: client,
                                                session: session, since: since, until: until, limit: 4), jobs, store)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Both orders, page by page, by cursor and by offset.
    private func check(_ query: JobQuery, _ jobs: [Job], _ store: any JobStore) async throws {
        for order in JobQuery.Order.allCases {
            var query = query
            query.order = order
            let all = jobs.map(\.summary).filter(query.matches)
            let expected = order == .asc ? all : all.reversed()
            var found: [JobSummary] = []
            repeat {
                let page = try await store.list(query)
                #expect(page.total == expected.count && !page.totalIsMinimum, "\(query)")
                found += page.jobs
                query.cursor = page.nextCursor
            } while query.cursor != nil && found.count <= expected.count
            #expect(found == expected, "\(query)")
            query.offset = 3
            let page = try await store.list(query)
            #expect(page.jobs == Array(expected.dropFirst(3).prefix(4)), "\(query)")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `times are inclusive at since and exclusive at until`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let jobs = try await fill(store)
            let query = JobQuery(since: jobs[3].summary.createdAt, until: jobs[6].summary.createdAt, order: .asc)
            #expect(try await store.list(query).jobs.map(\.id) == jobs[3..<6].map(\.id))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `jobs that were created in another order than they arrived are found by time`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var ids: [JobID] = []
            for minutes in [50, 10, 30, 90, 20] as [Int64] {
                let job = Job.sample(at: .sample + minutes * 60_000)
                try await store.insert(job)
                ids.append(job.id)
            }
            let query = JobQuery(since: .sample + 15 * 60_000, until: .sample + 60 * 60_000, order: .asc)
            #expect(try await store.list(query).jobs.map(\.id) == [ids[0], ids[2], ids[4]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a handler that changed its lane keeps its jobs apart`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let (old, new) = (Job.sample(lane: "old"), Job.sample(lane: "new"))
            try await store.insert(old)
            try await store.insert(new)
            try await store.insert(.sample(handler: "echo", lane: "echo"))
            #expect(try await store.list(JobQuery(lane: "new")).jobs.map(\.id) == [new.id])
            #expect(try await store.list(JobQuery(lane: "old", handler: "python")).jobs.map(\.id) == [old.id])
            #expect(try await store.list(JobQuery(handler: "python")).total == 2)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `finds text in code, output and errors`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let code = Job.sample(input: "import json\njson.dumps(my_value)  # Größe")
            let printed = Job.sample(input: "print(1)")
            let raised = Job.sample(input: "1/0")
            let running = Job.sample(input: "while True: pass  # value")
            for job in [code, printed, raised, running] {
                try await store.insert(job)
                _ = try await store.start(job.id, at: .sample)
            }
            _ = try await store.finish(code.id, .sample())
            let output = JobOutput(stdout: Array("My value: 42\n".utf8), stderr: Array("WARNUNG\n".utf8))
            _ = try await store.finish(printed.id, .sample(output: output))
            let failure = JobFailure(.pythonRuntimeError, message: "division by zero", type: "ZeroDivisionError")
            _ = try await store.finish(raised.id, .sample(.failed, failure: failure))
            func found(_ text: String, _ query: JobQuery = JobQuery(order: .asc)) async throws -> [JobID] {
                var query = query
                query.text = JobTextQuery(text: text)
                #expect(query.text != nil)
                let page = try await store.list(query)
                #expect(page.total == page.jobs.count)
                return page.jobs.map(\.id)
            }
            #expect(try await found("my value") == [code.id, printed.id])
            #expect(try await found("\"my value\"") == [code.id, printed.id])
            #expect(try await found("my_value") == [code.id, printed.id])
            #expect(try await found("\"value my\"").isEmpty)
            #expect(try await found("value") == [code.id, printed.id, running.id])
            #expect(try await found("VALUE", JobQuery(status: .running)) == [running.id])
            #expect(try await found("json.dumps(") == [code.id])
            #expect(try await found("größe") == [code.id])
            #expect(try await found("warnung 42") == [printed.id])
            #expect(try await found("ZeroDivisionError division") == [raised.id])
            #expect(try await found("valu").isEmpty)
            #expect(try await found("NEAR( AND OR NOT * ^ \"").isEmpty)
            _ = try await store.remove(printed.id)
            #expect(try await found("my value") == [code.id])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a search is paged like any list`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let jobs = try await fill(store)
            for order in JobQuery.Order.allCases {
                var query = JobQuery(lane: "python", limit: 3, order: order)
                query.text = JobTextQuery(text: "print number")
                let matching = jobs.filter { $0.summary.lane == "python" }.map(\.id)
                let expected = order == .asc ? matching : matching.reversed()
                var found: [JobID] = []
                repeat {
                    let page = try await store.list(query)
                    #expect(page.total == expected.count)
                    found += page.jobs.map(\.id)
                    query.cursor = page.nextCursor
                } while query.cursor != nil && found.count <= expected.count
                #expect(found == expected)
                query.offset = 5
                #expect(try await store.list(query).jobs.map(\.id) == Array(expected.dropFirst(5).prefix(3)))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a large offset is answered with a hint`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(.sample())
            #expect(try await store.list(JobQuery(offset: JobPage.cheapOffset)).hint == nil)
            #expect(try await store.list(JobQuery(offset: JobPage.cheapOffset + 1)).hint?.contains("cursor") == true)
        }
    }
}
