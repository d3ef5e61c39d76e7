/// Why a running job is told to stop. The first reason counts.
public enum JobStopReason: Sendable, Equatable {
    /// Its time is over; it ends as `failed` with `TIMEOUT`.
    case timeout
    /// Somebody cancelled it; it ends as `cancelled`.
    case cancelled
    /// The server stops; it ends as `failed` with `SERVER_STOPPED`.
    case serverStopped
}
