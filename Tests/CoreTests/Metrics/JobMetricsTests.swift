@testable import RoostCore
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Metrics of jobs` {
    private let queue = JobQueue(
        store: InMemoryJobStore(), lanes: [JobLane(name: "lane", width: 1), JobLane(name: "other", width: 1)],
        logger: .silent, now: { Timestamp(milliseconds: 1_769_256_000_000) })

    private func submit(_ work: @escaping JobWork) async throws -> JobHandle {
        try await queue.submit(
            JobRequest(input: "", timeoutMilliseconds: 60_000), handler: "words", lane: "lane", work: work)
    }

    private func samples(_ name: String) async -> [MetricSample] {
        await queue.metrics().first { $0.name == name }?.samples ?? []
    }

    private func number(_ name: String, _ labels: String...) async -> Double? {
        let sample = await samples(name).first { $0.labels.map(\.value) == labels }
        guard case .number(let number)? = sample?.value else { return nil }
        return number
    }

    @Test func `count what comes and how it ends`() async throws {
        let gate = Gate()
        let running = try await submit { _ in
            await gate.wait()
            return .completed(result: nil)
        }
        let failing = try await submit { _ in throw APIError.jobNotFound }
        let cancelled = try await submit { _ in .completed(result: nil) }
        #expect(await number("roost_jobs_accepted_total", "words") == 3)
        #expect(await number("roost_jobs_running", "lane") == 1)
        #expect(await number("roost_jobs_queued", "lane") == 2)
        #expect(await number("roost_jobs_queued", "other") == 0)
        #expect(await number("roost_jobs_oldest_wait_seconds", "lane") == 0)
        _ = try await queue.cancel(cancelled.id)
        gate.open()
        _ = try await running.finished()
        _ = try await failing.finished()
        for status in ["completed", "failed", "cancelled"] {
            #expect(await number("roost_jobs_finished_total", "words", status) == 1)
        }
        // The cancelled one never ran.
        guard case .histogram(let durations)? = await samples("roost_job_duration_seconds").first?.value else {
            Issue.record("no durations")
            return
        }
        #expect(durations.count == 2)
    }
}
