/// A type that is read from one JSON value without a container.
protocol JSONPrimitive: Decodable {
    /// Reads the value.
    ///
    /// - Throws: ``JSONMismatch`` when it is of another type or does not fit.
    static func read(_ json: JSON) throws(JSONMismatch) -> Self
}

extension Bool: JSONPrimitive {
    static func read(_ json: JSON) throws(JSONMismatch) -> Bool {
        guard let bool = json.bool else { throw JSONMismatch(expectation: "a boolean") }
        return bool
    }
}

extension String: JSONPrimitive {
    static func read(_ json: JSON) throws(JSONMismatch) -> String {
        switch json {
        case .string(let string): return string
        case .unpairedString: throw JSONMismatch(expectation: "a string without unpaired surrogates")
        default: throw JSONMismatch(expectation: "a string")
        }
    }
}

extension Double: JSONPrimitive {
    static func read(_ json: JSON) throws(JSONMismatch) -> Double {
        guard let double = json.double else { throw JSONMismatch(expectation: "a number") }
        return double
    }
}

extension Float: JSONPrimitive {
    static func read(_ json: JSON) throws(JSONMismatch) -> Float {
        let float = Float(try Double.read(json))
        guard float.isFinite else { throw JSONMismatch(expectation: "a number that fits 32 bits") }
        return float
    }
}

extension JSONPrimitive where Self: FixedWidthInteger {
    static func read(_ json: JSON) throws(JSONMismatch) -> Self {
        guard let int = json.int else {
            // A whole number beyond 64 bits was read as a double and has lost its last digits.
            guard json.double.map({ $0 >= 0x1p63 || $0 < -0x1p63 }) == true else {
                throw JSONMismatch(expectation: "an integer")
            }
            throw outOfRange
        }
        guard let integer = Self(exactly: int) else { throw outOfRange }
        return integer
    }

    private static var outOfRange: JSONMismatch {
        JSONMismatch(expectation: "an integer from \(Int(clamping: Self.min)) to \(Int(clamping: Self.max))")
    }
}

extension Int: JSONPrimitive {}
extension Int8: JSONPrimitive {}
extension Int16: JSONPrimitive {}
extension Int32: JSONPrimitive {}
extension Int64: JSONPrimitive {}
extension UInt: JSONPrimitive {}
extension UInt8: JSONPrimitive {}
extension UInt16: JSONPrimitive {}
extension UInt32: JSONPrimitive {}
extension UInt64: JSONPrimitive {}
