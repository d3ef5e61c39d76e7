internal import Glibc
internal import RoostCore
internal import Synchronization

/// The `Date` line of responses (RFC 9110 §6.6.1, IMF-fixdate), made anew once a second and shared by all loops.
package final class DateField: Sendable {
    private let seconds: @Sendable () -> Int64
    private let cached = Mutex<(second: Int64, line: [UInt8])>((.min, []))

    /// - Parameter seconds: The present time in seconds since 1970.
    package init(seconds: @escaping @Sendable () -> Int64) { self.seconds = seconds }

    /// By the system's clock.
    package convenience init() {
        self.init {
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
            return Int64(time.tv_sec)
        }
    }

    /// `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its CRLF.
    package func line() -> [UInt8] {
        let second = seconds()
        return cached.withLock { cached in
            if cached.second != second { cached = (second, Array("Date: \(Self.text(of: second))\r\n".utf8)) }
            return cached.line
        }
    }

    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func text(of second: Int64) -> String {
        // Core's RFC 3339 text holds every number that is needed: `1994-11-06T08:49:37.000Z`.
        let (milliseconds, overflow) = second.multipliedReportingOverflow(by: 1000)
        let iso = Array(Timestamp(milliseconds: overflow ? 0 : milliseconds).description.utf8)
        let part = { (range: Range<Int>) in iso.text(range) }
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let day = Int((second / 86_400 - (second % 86_400 < 0 ? 1 : 0)) % 7)
        let month = names[(Int(part(5..<7)) ?? 1) - 1]
        return "\(days[(day + 7) % 7]), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }
}
