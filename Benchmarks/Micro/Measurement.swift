internal import Glibc

/// One piece of work, timed by the batch: median and spread of the batches, in nanoseconds a call.
///
/// The time is the thread's own on a processor, so that it does not count when others have it.
struct Measurement {
    let name: String
    /// Bytes worked on at each call, where a rate says more than a time.
    var bytes: Int?
    let work: () -> Int

    /// Batches of about 5 ms, so that the clock and an interrupt now and then do not matter.
    private static let batch = 5_000_000.0
    private static let batches = 61

    func run() {
        var count = 1
        while time(count) < Self.batch { count *= 2 }
        let times = (0..<Self.batches).map { _ in time(count) / Double(count) }.sorted()
        let (low, median, high) = (
            times[times.count / 10], times[times.count / 2], times[times.count * 9 / 10]
        )
        var line = "\(pad(name, 28)) \(pad(tenths(median), 10)) ns   \(tenths(low))–\(tenths(high))"
        if let bytes { line += "   \(Int(Double(bytes) / median * 1000)) MB/s" }
        print(line)
    }

    private func time(_ count: Int) -> Double {
        let start = Self.now()
        repeatWork(count)
        return Self.now() - start
    }

    private static func now() -> Double {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    /// So many calls and no clock: for callgrind.
    func repeatWork(_ count: Int) {
        var sum = 0
        for _ in 0..<count { sum &+= work() }
        blackHole(sum)
    }

    private func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// Takes a result so that the work behind it cannot be left out.
@inline(never) func blackHole(_ value: Int) { if value == .min { print(value) } }
