import RoostCore
import Testing

/// What every ``JobStore`` promises.
struct JobStoreConformanceTests {
    @Test(arguments: StoreKind.allCases)
    func `keeps everything a job has`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var job = Job.sample(input: "x = '\u{0}é'\n")
            job.summary.session = "s.1"
            job.summary.client = "editor"
            try await store.insert(job)
            #expect(try await store.job(job.id) == job)

            #expect(try await store.start(job.id, at: .sample + 5))
            job.summary.status = .running
            job.summary.startedAt = .sample + 5
            #expect(try await store.job(job.id) == job)

            let failure = JobFailure(
                .pythonRuntimeError, message: "division by zero", traceback: "File \"<string>\", line 1", line: 1,
                type: "ZeroDivisionError", details: ["n": 1])
            var end = JobEnd.sample(.failed, output: .rich, failure: failure)
            end.progress = JobProgress(fraction: 0.25, message: "a quarter é")
            #expect(try await store.finish(job.id, end))
            job.summary.status = .failed
            job.summary.completedAt = .sample + 20
            job.summary.durationMilliseconds = 15
            job.output = .rich
            job.failure = failure
            job.progress = end.progress
            #expect(try await store.job(job.id) == job)
            #expect(try await store.list(JobQuery()).jobs == [job.summary])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists the jobs of one client`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var ids: [JobID] = []
            for (index, client) in ["a", "b", nil, "a", "a"].enumerated() {
                var job = Job.sample(at: .sample + Int64(index))
                job.summary.client = client
                try await store.insert(job)
                if client == "a" { ids.append(job.id) }
            }
            _ = try await store.finish(ids[0], .sample())
            let page = try await store.list(JobQuery(lane: "python", client: "a", limit: 2, order: .asc))
            #expect(page.jobs.map(\.id) == Array(ids[..<2]))
            #expect(page.total == 3)
            let rest = try await store.list(
                JobQuery(lane: "python", client: "a", limit: 2, order: .asc, cursor: page.nextCursor))
            #expect(rest.jobs.map(\.id) == [ids[2]])
            #expect(try await store.list(JobQuery(status: .completed, client: "a")).total == 1)
            _ = try await store.remove(ids[0])
            #expect(try await store.list(JobQuery(client: "a")).total == 2)
            #expect(try await store.list(JobQuery(client: "nobody")).total == 0)
            #expect(try await store.list(JobQuery()).total == 4)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `takes an idempotency key once in 24 hours`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let key = IdempotencyKey(client: "a", key: "k", fingerprint: [1, 2])
            var other = key
            other.fingerprint = [1, 3]
            let first = Job.sample()
            try await store.insert(first, once: key)
            let day = IdempotencyKey.lifetimeMilliseconds
            await #expect(throws: JobStoreError.keyInUse(first.id, isSame: true)) {
                try await store.insert(.sample(at: .sample + day), once: key)
            }
            await #expect(throws: JobStoreError.keyInUse(first.id, isSame: false)) {
                try await store.insert(.sample(at: .sample + 1), once: other)
            }
            #expect(try await store.list(JobQuery()).total == 1)
            // Another client, another key, a job with a taken id.
            try await store.insert(.sample(), once: IdempotencyKey(client: "b", key: "k", fingerprint: [9]))
            let second = IdempotencyKey(client: "a", key: "k2", fingerprint: [9])
            await #expect(throws: JobStoreError.duplicate(first.id)) {
                try await store.insert(.sample(id: first.id), once: second)
            }
            try await store.insert(.sample(), once: second)
            #expect(try await store.list(JobQuery()).total == 3)
            // After a day it may name another job, and a job that is removed takes it along.
            let late = Job.sample(at: .sample + (day + 1))
            try await store.insert(late, once: other)
            _ = try await store.finish(late.id, .sample())
            _ = try await store.remove(late.id)
            let next = Job.sample(at: .sample + (day + 2))
            try await store.insert(next, once: key)
            await #expect(throws: JobStoreError.keyInUse(next.id, isSame: true)) {
                try await store.insert(.sample(at: .sample + (day + 3)), once: key)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `knows no job that was not inserted`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let id = JobID.generate(at: .sample)
            #expect(try await store.job(id) == nil)
            #expect(try await store.start(id, at: .sample) == false)
            #expect(try await store.finish(id, .sample()) == false)
            #expect(try await store.remove(id) == nil)
            try await store.save(.rich, of: id)
            #expect(try await store.job(id) == nil)
            #expect(try await store.list(JobQuery()) == JobPage(jobs: [], total: 0, nextCursor: nil))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `refuses a second job with the same id`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let job = Job.sample()
            try await store.insert(job)
            await #expect(throws: JobStoreError.duplicate(job.id)) {
                try await store.insert(Job.sample(id: job.id, input: "another"))
            }
            #expect(try await store.job(job.id) == job)
            #expect(try await store.list(JobQuery()).total == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `starts a job once and only while it is pending`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let job = Job.sample()
            try await store.insert(job)
            #expect(try await store.start(job.id, at: .sample + 1))
            #expect(try await store.start(job.id, at: .sample + 2) == false)
            #expect(try await store.job(job.id)?.summary.startedAt == .sample + 1)
            #expect(try await store.finish(job.id, .sample()))
            #expect(try await store.start(job.id, at: .sample + 3) == false)
            #expect(try await store.job(job.id)?.status == .completed)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `writes only the first of two ends`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let job = Job.sample()
            try await store.insert(job)
            #expect(try await store.finish(job.id, .sample(.cancelled)))
            #expect(try await store.finish(job.id, .sample(.completed, output: .rich)) == false)
            let found = try await store.job(job.id)
            #expect(found?.status == .cancelled)
            #expect(found?.output == JobOutput())
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps the growing output of a running job`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let job = Job.sample()
            try await store.insert(job)
            try await store.save(.rich, of: job.id)
            #expect(try await store.job(job.id)?.output == JobOutput(), "it does not run yet")

            _ = try await store.start(job.id, at: .sample)
            var output = JobOutput(stdout: Array("one\n".utf8))
            try await store.save(output, of: job.id)
            #expect(try await store.job(job.id)?.output == output)
            output.stdout += Array("two\n".utf8)
            output.stderr = [0xFF]
            output.logs = JobOutput.rich.logs
            try await store.save(output, of: job.id)
            try await store.save(output, of: job.id)
            #expect(try await store.job(job.id)?.output == output)
            output.isTruncated = true
            try await store.save(output, of: job.id)
            #expect(try await store.job(job.id)?.output == output)

            #expect(try await store.finish(job.id, .sample(output: .rich)))
            #expect(try await store.job(job.id)?.output == .rich)
            try await store.save(output, of: job.id)
            #expect(try await store.job(job.id)?.output == .rich, "it has ended")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `takes an output that does not grow as it is`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let job = Job.sample()
            try await store.insert(job)
            _ = try await store.start(job.id, at: .sample)
            try await store.save(JobOutput(stdout: [1, 2, 3]), of: job.id)
            try await store.save(JobOutput(stdout: [4]), of: job.id)
            #expect(try await store.job(job.id)?.output.stdout == [4])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `removes finished jobs only`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let job = Job.sample()
            try await store.insert(job)
            #expect(try await store.remove(job.id) == nil)
            _ = try await store.start(job.id, at: .sample)
            #expect(try await store.remove(job.id) == nil)
            _ = try await store.finish(job.id, .sample(.failed, failure: JobFailure(.timeout)))
            #expect(try await store.remove(job.id) == .failed)
            #expect(try await store.remove(job.id) == nil)
            #expect(try await store.job(job.id) == nil)
            #expect(try await store.list(JobQuery()).total == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists by lane, status, order, limit and offset`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var ids: [JobID] = []
            for index in 0..<12 {
                let job = Job.sample(lane: index % 3 == 0 ? "other" : "python", at: .sample + Int64(index))
                try await store.insert(job)
                if index % 2 == 0 { _ = try await store.finish(job.id, .sample()) }
                ids.append(job.id)
            }
            let all = try await store.list(JobQuery(order: .asc))
            #expect(all.jobs.map(\.id) == ids)
            #expect(all.total == 12)
            #expect(all.nextCursor == nil)
            #expect(try await store.list(JobQuery()).jobs.map(\.id) == ids.reversed())

            let other = try await store.list(JobQuery(lane: "other", order: .asc))
            #expect(other.jobs.map(\.id) == [ids[0], ids[3], ids[6], ids[9]])
            let pending = try await store.list(JobQuery(status: .pending, limit: 2, offset: 1))
            #expect(pending.jobs.map(\.id) == [ids[9], ids[7]])
            #expect(pending.total == 6)
            let both = try await store.list(JobQuery(lane: "other", status: .completed))
            #expect(both.jobs.map(\.id) == [ids[6], ids[0]])
            #expect(both.total == 2)
            #expect(try await store.list(JobQuery(offset: 50)) == JobPage(jobs: [], total: 12, nextCursor: nil))
            #expect(try await store.list(JobQuery(lane: "nobody")).total == 0)
        }
    }

    @Test(arguments: StoreKind.allCases, JobQuery.Order.allCases)
    func `pages by cursor see every job once while others come and go`(
        _ kind: StoreKind, _ order: JobQuery.Order
    ) async throws {
        try await kind.withStore { store in
            var ids: [JobID] = []
            for index in 0..<25 {
                let job = Job.sample(at: .sample + Int64(index))
                try await store.insert(job)
                _ = try await store.finish(job.id, .sample())
                ids.append(job.id)
            }
            var seen: [JobID] = []
            var query = JobQuery(status: .completed, limit: 4, order: order)
            var pages = 0
            repeat {
                let page = try await store.list(query)
                seen += page.jobs.map(\.id)
                query.cursor = page.nextCursor
                pages += 1
                // New ones arrive, and one that was seen goes.
                try await store.insert(.sample(at: .sample + 1000))
                if pages == 2 { _ = try await store.remove(seen[0]) }
            } while query.cursor != nil && pages < 20
            #expect(seen == (order == .asc ? ids : ids.reversed()))
            #expect(pages == 7)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a page that ends exactly at the last job has no cursor`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for _ in 0..<4 { try await store.insert(.sample()) }
            let first = try await store.list(JobQuery(limit: 2))
            let second = try await store.list(JobQuery(limit: 2, cursor: first.nextCursor))
            #expect(second.jobs.count == 2)
            #expect(second.nextCursor == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sweeps by age, oldest by creation first, and spares what has not ended`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let running = Job.sample(at: .sample)
            try await store.insert(running)
            // Created in another order than inserted.
            let times: [Int64] = [3000, 1000, 2000, 4000]
            var jobs: [Job] = []
            for time in times {
                let job = Job.sample(at: .sample + time)
                try await store.insert(job)
                _ = try await store.finish(job.id, .sample())
                jobs.append(job)
            }
            let rule = JobRetention(maximumAgeMilliseconds: 1000, maximumCount: 100)
            #expect(try await store.sweep(rule, now: .sample + 3500) == 2)
            let left = try await store.list(JobQuery(order: .asc)).jobs.map(\.id)
            #expect(left == [running.id, jobs[0].id, jobs[3].id])
            #expect(try await store.sweep(rule, now: .sample + 3500) == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sweeps by count`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var ids: [JobID] = []
            for index in 0..<10 {
                let job = Job.sample(at: .sample + Int64(index))
                try await store.insert(job)
                if index > 0 { _ = try await store.finish(job.id, .sample()) }
                ids.append(job.id)
            }
            let rule = JobRetention(maximumAgeMilliseconds: .max, maximumCount: 3)
            #expect(try await store.sweep(rule, now: .sample) == 6)
            let left = try await store.list(JobQuery(order: .asc))
            #expect(left.jobs.map(\.id) == [ids[0], ids[7], ids[8], ids[9]])
            #expect(left.total == 4)
            let none = JobRetention(maximumAgeMilliseconds: .max, maximumCount: -5)
            #expect(try await store.sweep(none, now: .sample) == 3)
        }
    }
}
