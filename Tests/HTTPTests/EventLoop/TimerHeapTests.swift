import Synchronization
import Testing

@testable import RoostEventLoop

@Suite struct TimerHeapTests {
    private func time(_ value: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: value) }

    @Test func `gives timers by deadline, equal ones in the order set`() {
        var heap = TimerHeap()
        let fired = Mutex<[Int]>([])
        let deadlines: [Int64] = [50, 10, 30, 10, 40, 20, 10]
        for (index, deadline) in deadlines.enumerated() {
            _ = heap.insert(deadline: time(deadline)) { fired.withLock { $0.append(index) } }
        }
        while let work = heap.popDue(at: time(40)) { work() }
        #expect(fired.withLock { $0 } == [1, 3, 6, 5, 2, 4])
        let next = heap.nextDeadline()
        #expect(next == time(50))
    }

    @Test func `a cancelled timer neither fires nor counts, and its token cannot cancel another`() {
        var heap = TimerHeap()
        let first = heap.insert(deadline: time(1)) {}
        let cancelled = heap.cancel(first)
        #expect(cancelled != nil)
        let second = heap.insert(deadline: time(2)) {}
        let again = heap.cancel(first)
        #expect(again == nil)
        #expect(heap.count == 1)
        let next = heap.nextDeadline()
        #expect(next == time(2))
        let last = heap.cancel(second)
        #expect(last != nil)
        let none = heap.nextDeadline()
        #expect(none == nil)
        let work = heap.popDue(at: time(9))
        #expect(work == nil)
    }

    @Test func `does not grow by cancelled timers`() {
        var heap = TimerHeap()
        for index in 0..<10_000 {
            let token = heap.insert(deadline: time(Int64(1_000_000 - index))) {}
            let cancelled = heap.cancel(token)
            #expect(cancelled != nil)
        }
        #expect(heap.count == 0)
        #expect(heap.capacityInUse < 200)
    }

    @Test func `keeps its order over random insertions and cancellations`() {
        var heap = TimerHeap()
        var live: [(token: TimerToken, deadline: Int64)] = []
        for _ in 0..<5_000 {
            if Int.random(in: 0..<3) == 0, let index = live.indices.randomElement() {
                let cancelled = heap.cancel(live.remove(at: index).token)
                #expect(cancelled != nil)
            } else {
                let deadline = Int64.random(in: 0..<1_000)
                live.append((heap.insert(deadline: time(deadline)) {}, deadline))
            }
        }
        var deadlines: [Int64] = []
        while let next = heap.nextDeadline() {
            deadlines.append(next.nanoseconds)
            _ = heap.popDue(at: next)
        }
        #expect(deadlines == live.map(\.deadline).sorted())
    }

    @Test func `holds times at their ends instead of overflowing`() {
        #expect(time(.max) + .seconds(1) == time(.max))
        #expect(time(5) + .seconds(Int64.max) == time(.max))
        #expect(time(-5) + .seconds(Int64.min) == time(.min))
    }
}
