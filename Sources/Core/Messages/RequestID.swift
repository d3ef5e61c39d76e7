/// Names one request in the log: 16 hexadecimal digits, random.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    private let value: UInt64

    /// A new one.
    public init() { value = UInt64.random(in: .min ... .max) }

    /// 16 lower-case hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
