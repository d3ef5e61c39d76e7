/// One frame of a job's socket, in one direction.
///
/// The socket is an `AF_UNIX`, `SOCK_STREAM` one. A frame is a `u32` little-endian payload length, a type byte,
/// and the payload.
public protocol WireFrame: Sendable {
    /// Whether this direction has frames of this type; asked as soon as a header is there.
    ///
    /// - Parameter type: the type byte.
    /// - Returns: false for a type that ends the stream.
    static func isKnown(type: UInt8) -> Bool

    /// Reads a whole payload.
    ///
    /// - Parameters:
    ///   - type: the type byte.
    ///   - payload: everything after the header.
    /// - Throws: `WireError.unknownType` or `.malformed`.
    init(type: UInt8, payload: ArraySlice<UInt8>) throws(WireError)

    /// The whole frame, header included.
    var encoded: [UInt8] { get }
}

/// Bytes of a frame before its payload: the `u32` length and the type.
public let frameHeaderBytes = 5

/// A frame around `payload`. The payload stays below 4 GiB: each side bounds what it takes far lower.
func encodeFrame(type: UInt8, payload: some Collection<UInt8>) -> [UInt8] {
    var frame: [UInt8] = []
    frame.reserveCapacity(frameHeaderBytes + payload.count)
    frame.appendLittleEndian(UInt32(clamping: payload.count))
    frame.append(type)
    frame.append(contentsOf: payload)
    return frame
}

/// A payload of two parts: a `u32` little-endian length, the header of that length, then the rest.
func encodeTwoParts(header: [UInt8], rest: [UInt8]) -> [UInt8] {
    var payload: [UInt8] = []
    payload.reserveCapacity(4 + header.count + rest.count)
    payload.appendLittleEndian(UInt32(clamping: header.count))
    payload.append(contentsOf: header)
    payload.append(contentsOf: rest)
    return payload
}

extension ByteReader {
    /// The two parts of `encodeTwoParts`.
    mutating func twoParts() -> (header: [UInt8], rest: [UInt8])? {
        guard let length = integer(UInt32.self), let header = bytes(Int(length)) else { return nil }
        return (header, remaining())
    }
}
