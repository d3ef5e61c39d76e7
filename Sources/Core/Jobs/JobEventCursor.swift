/// Where a reader of a job's events is.
struct JobEventCursor: Sendable {
    /// The number of the next event.
    var next = 1
    /// How many reports of progress there were when the last one was read.
    var reports = 0
}
