/// How an input is delivered.
enum Cuts {
    /// 0: byte by byte; 1: line by line; else pieces whose lengths follow from the seed.
    static func pieces(of bytes: [UInt8], seed: UInt8) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        var state = UInt64(seed)
        while start < bytes.count {
            let end: Int
            switch seed {
            case 0: end = start + 1
            case 1: end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            default:
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                end = min(bytes.count, start + 1 + Int(state >> 33) % (1 << (Int(seed) % 12)))
            }
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }
}
