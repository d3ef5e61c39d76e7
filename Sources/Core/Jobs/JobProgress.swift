/// How far a running job is.
public struct JobProgress: Sendable, Equatable {
    /// From 0 to 1; values outside, and what is no number, are held at the nearest end.
    public let fraction: Double
    /// What it is doing.
    public let message: String

    /// Holds the fraction within 0 and 1.
    public init(fraction: Double, message: String) {
        self.fraction = fraction > 0 ? min(fraction, 1) : 0
        self.message = message
    }
}
