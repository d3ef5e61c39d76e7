/// A decimal number while its digits are read: what decides, without a copy of its text, whether it is an `Int` or
/// which `Double` is nearest, for nearly every number there is.
struct JSONDecimal {
    /// Whether it is below zero, or minus zero.
    var isNegative = false
    /// The first digits as a whole number; 19 of them always fit.
    private var digits: UInt64 = 0
    /// Powers of ten that `digits` are to be multiplied with.
    private var exponent = 0
    /// Whether it has a fraction or an exponent.
    private var isWhole = true
    /// Whether there were more digits than `digits` holds.
    private var isCut = false

    /// What `digits` may be before one more digit comes.
    private static let room: UInt64 = 1_000_000_000_000_000_000

    /// Takes the next digit before the decimal point.
    mutating func append(_ digit: Int) {
        if digits < Self.room {
            digits = digits * 10 + UInt64(truncatingIfNeeded: digit)
        } else {
            isCut = true
        }
    }

    /// Takes the next digit behind the decimal point.
    mutating func append(afterPoint digit: Int) {
        isWhole = false
        append(digit)
        exponent -= 1
    }

    /// Takes the exponent.
    mutating func scale(by power: Int) {
        isWhole = false
        exponent += power
    }

    /// The number, if it was written as a whole one, fits, and is not minus zero.
    var int: Int? {
        guard isWhole, !isCut else { return nil }
        guard isNegative else { return Int(exactly: digits) }
        guard digits > 0, digits <= Int.min.magnitude else { return nil }
        return Int(truncatingIfNeeded: 0 &- digits)
    }

    /// The nearest `Double`, where one multiplication or division finds it: both operands are exact, so that the
    /// result is rounded once (Clinger, "How to read floating point numbers accurately", 1990). Else nil.
    var double: Double? {
        guard !isCut, digits <= 1 << 53, exponent.magnitude < Self.powers.count else { return nil }
        let power = Self.powers[Int(exponent.magnitude)]
        let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
        return isNegative ? -value : value
    }

    /// The powers of ten that a `Double` holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19,
        1e20, 1e21, 1e22,
    ]
}
