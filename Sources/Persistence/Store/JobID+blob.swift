import RoostCore

extension JobID {
    /// 16 bytes, big-endian, so that for version 7 the order of the index is the order of time.
    var blob: SQLiteValue {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for half in [high, low] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: half >> shift))
            }
        }
        return .blob(bytes)
    }

    /// Reads ``blob``; nil for another length.
    init?(blob bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }
}
