/// How long finished jobs are kept.
public struct JobRetention: Sendable, Equatable {
    /// Finished jobs created longer ago than this go; in milliseconds.
    public var maximumAgeMilliseconds: Int64
    /// Of finished jobs at most this many stay.
    public var maximumCount: Int

    /// Contract §1: 30 days and 1,000,000 unless said otherwise.
    public init(maximumAgeMilliseconds: Int64 = 30 * 86_400_000, maximumCount: Int = 1_000_000) {
        self.maximumAgeMilliseconds = maximumAgeMilliseconds
        self.maximumCount = maximumCount
    }
}
