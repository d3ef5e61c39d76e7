internal import Synchronization

/// Names one request in the log: 16 hexadecimal digits, unique within a process and unlikely to come back in another.
///
/// No secret: who knows one can guess others.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    private let value: UInt64

    /// Random once a process, since randomness for each request would cost it a system call.
    private static let count = Atomic(UInt64.random(in: .min ... .max))

    /// A new one.
    public init() {
        // SplitMix64 (Steele, Lea, Flood 2014): a bijection, so that different counts give different numbers.
        var mixed = Self.count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        value = mixed ^ mixed >> 31
    }

    /// 16 lower-case hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
