/// What one search looks at, at most; where it stops, the next page goes on.
struct SearchBudget: Sendable {
    /// Jobs whose text is read and compared.
    var scannedJobs = 5000
    /// Bytes of such text.
    var scannedBytes = 32 << 20
    /// Jobs that the index names, whatever the other filters make of them.
    var indexedJobs = 20_000
    /// Where the other filters leave so few jobs, their text is compared and the index not asked.
    var scannedOutright = 1000
}
