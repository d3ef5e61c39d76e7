import Glibc
import RoostCore
import RoostEventLoop
@testable import RoostPython
import Testing

@Suite(.timeLimit(.minutes(1))) struct `An answer that shows a whole job` {
    /// Whether the answer is made on the event loop that asks for it.
    private func isMadeOnLoop(outputBytes: Int) async throws -> Bool {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let summary = JobSummary(
            id: JobID(high: 1, low: 1), handler: "python", lane: "python", createdAt: Timestamp(milliseconds: 0),
            timeoutMilliseconds: 1000)
        let output = JobOutput(stdout: [UInt8](repeating: 0x0A, count: outputBytes))
        let job = Job(summary: summary, input: "", output: output)
        return await Task(executorPreference: loop) {
            let own = pthread_self()
            let response = await LongAnswer.write(job) { _ in
                pthread_equal(own, pthread_self()) != 0 ? .text("loop") : .text("elsewhere")
            }
            guard case .bytes(let body) = response.body else { return false }
            return body == Array("loop".utf8)
        }.value
    }

    @Test func `is made on the event loop when it is short`() async throws {
        #expect(try await isMadeOnLoop(outputBytes: 100))
    }

    @Test func `is made elsewhere when it is long, so that nobody on the loop waits for it`() async throws {
        #expect(try await isMadeOnLoop(outputBytes: 10 << 20) == false)
    }
}
