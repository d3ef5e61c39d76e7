import Testing

@testable import RoostEventLoop

@Suite struct `A loop's turn on its processor` {
    private func time(_ microseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: microseconds * 1000) }

    @Test func `is over when it found work all the time`() {
        var turn = ProcessorTurn(startedAt: time(0))
        for start in stride(from: Int64(0), to: 490, by: 10) {
            turn.waited(from: time(start), to: time(start + 2))
            #expect(!turn.isOver(at: time(start + 10)))
        }
        #expect(turn.isOver(at: time(500)))
    }

    @Test func `begins anew with each rest`() {
        var turn = ProcessorTurn(startedAt: time(0))
        for start in stride(from: Int64(100), to: 10_000, by: 100) {
            turn.waited(from: time(start), to: time(start + 50))
            #expect(!turn.isOver(at: time(start + 100)))
        }
        #expect(turn.isOver(at: time(10_600)))
    }
}
