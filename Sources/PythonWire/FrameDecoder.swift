/// Cuts a job socket's bytes into frames, however they arrive. It does no I/O.
///
/// Every byte is copied and looked at a constant number of times, also when bytes come one at a time. After an
/// error the decoder stays in error: the stream has no place to start again.
public struct FrameDecoder<Frame: WireFrame>: Sendable {
    private let maxPayloadBytes: Int
    private var buffer: [UInt8] = []
    /// Bytes at the front of `buffer` that were handed out already.
    private var consumed = 0
    private var failure: WireError?

    /// A decoder at the start of a stream.
    ///
    /// - Parameter maxPayloadBytes: the largest payload taken, in bytes, header excluded. A frame that announces
    ///   more is refused before its payload arrives.
    public init(maxPayloadBytes: Int) {
        self.maxPayloadBytes = maxPayloadBytes
    }

    /// Bytes held that belong to no complete frame yet, or to frames not asked for yet.
    public var bufferedBytes: Int { buffer.count - consumed }

    /// Takes what was read from the socket, in any cut.
    ///
    /// - Parameter bytes: the next bytes of the stream.
    public mutating func append(_ bytes: some Collection<UInt8>) {
        guard failure == nil else { return }
        if consumed > 0, consumed >= buffer.count / 2 {
            buffer.removeFirst(consumed)
            consumed = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next complete frame out.
    ///
    /// - Returns: a frame, or `nil` when more bytes are needed.
    /// - Throws: `WireError.unknownType`, `.oversize` (both as soon as the header is there) or `.malformed`.
    public mutating func next() throws(WireError) -> Frame? {
        if let failure { throw failure }
        do throws(WireError) {
            return try decodeNext()
        } catch {
            failure = error
            buffer = []
            consumed = 0
            throw error
        }
    }

    private mutating func decodeNext() throws(WireError) -> Frame? {
        guard bufferedBytes >= frameHeaderBytes else { return nil }
        var header = ByteReader(buffer[consumed..<consumed + frameHeaderBytes])
        guard let length = header.integer(UInt32.self), let type = header.byte() else { return nil }
        guard Frame.isKnown(type: type) else { throw .unknownType(type) }
        guard length <= UInt32(clamping: maxPayloadBytes) else {
            throw .oversize(announced: Int(length), maximum: maxPayloadBytes)
        }
        let start = consumed + frameHeaderBytes
        guard buffer.count - start >= Int(length) else { return nil }
        let end = start + Int(length)
        let frame = try Frame(type: type, payload: buffer[start..<end])
        consumed = end
        if consumed == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 65_536)
            consumed = 0
        }
        return frame
    }
}
