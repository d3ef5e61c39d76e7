/// How far a job is, as it says itself.
public struct JobProgress: Sendable, Equatable {
    /// Bytes kept of a message; the rest is cut off.
    public static let maximumMessageBytes = 1024

    /// From 0 to 1; values outside, and what is no number, are held at the nearest end.
    public let fraction: Double
    /// What it is doing.
    public let message: String

    /// Holds the fraction within 0 and 1, and the message within ``maximumMessageBytes``.
    public init(fraction: Double, message: String) {
        self.fraction = fraction > 0 ? min(fraction, 1) : 0
        self.message =
            message.utf8.count <= Self.maximumMessageBytes
            ? message : String(decoding: message.utf8.prefix(Self.maximumMessageBytes), as: UTF8.self)
    }
}

extension JobProgress: JSONConvertible {
    /// `{"fraction","message"}`.
    public var json: JSON { ["fraction": fraction.json, "message": .string(message)] }
}
