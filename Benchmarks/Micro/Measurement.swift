/// One piece of work, timed by the batch: median and spread of the batches, in nanoseconds a call.
struct Measurement {
    let name: String
    /// Bytes worked on at each call, where a rate says more than a time.
    var bytes: Int?
    let work: () -> Int

    /// Batches of about 5 ms, so that the clock and an interrupt now and then do not matter.
    private static let batch = Duration.milliseconds(5)
    private static let batches = 61

    func run() {
        let clock = ContinuousClock()
        var count = 1
        while clock.measure({ repeatWork(count) }) < Self.batch { count *= 2 }
        let times = (0..<Self.batches).map { _ in
            clock.measure { repeatWork(count) } / .nanoseconds(1) / Double(count)
        }.sorted()
        let (low, median, high) = (
            times[times.count / 10], times[times.count / 2], times[times.count * 9 / 10]
        )
        var line = "\(pad(name, 28)) \(pad(tenths(median), 10)) ns   \(tenths(low))–\(tenths(high))"
        if let bytes { line += "   \(Int(Double(bytes) / median * 1000)) MB/s" }
        print(line)
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
