internal import Glibc
public import RoostCore

/// The system's wall clock.
public enum WallClock {
    /// The present moment, `CLOCK_REALTIME` in milliseconds.
    @Sendable public static func now() -> Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
