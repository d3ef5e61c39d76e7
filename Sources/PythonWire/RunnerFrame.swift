/// What a child sends to the server on its job socket.
///
/// A job's code can write to this socket too, so nothing here is to be believed further than its shape.
public enum RunnerFrame: WireFrame, Equatable {
    /// A log entry. The server drains both pipes of the job before it takes the entry, which keeps the order.
    case log(level: RunnerLogLevel, message: String)
    /// The child waits with its next write: the server drains both pipes, then answers `JobFrame.proceed`.
    case barrier
    /// A call of a host module's function, answered by `JobFrame.reply`: JSON,
    /// `{"id":n,"function":"unreal.log","args":[…],"kwargs":{…}}`.
    case call([UInt8])
    /// The end of the job, once, after everything printed. `header` is a JSON object (`outcome` and, where Python
    /// raised, `message`, `type`, `traceback`, `line`); `result` is JSON, empty for null.
    case done(header: [UInt8], result: [UInt8])
    /// After `done`, from a process that stays: nothing of the job runs any more, and another can be sent. One that
    /// cannot say so ends. `keepsOutputs` is whether the next job is to write where this one did.
    case rested(keepsOutputs: Bool)
    /// How far the job is, from 0 to 1 if it is honest, and what it is doing: an IEEE double and text.
    case progress(fraction: Double, message: String)

    private enum Code {
        static let log: UInt8 = 0x81
        static let barrier: UInt8 = 0x82
        static let call: UInt8 = 0x83
        static let done: UInt8 = 0x84
        static let rested: UInt8 = 0x85
        static let progress: UInt8 = 0x86
    }

    /// Whether this direction has frames of this type.
    ///
    /// - Parameter type: the type byte.
    /// - Returns: false for a type that ends the stream.
    public static func isKnown(type: UInt8) -> Bool {
        (Code.log...Code.progress).contains(type)
    }

    /// The whole frame, header included.
    public var encoded: [UInt8] {
        switch self {
        case .log(let level, let message):
            encodeFrame(type: Code.log, payload: [level.rawValue] + message.utf8)
        case .barrier:
            encodeFrame(type: Code.barrier, payload: [])
        case .call(let json):
            encodeFrame(type: Code.call, payload: json)
        case .done(let header, let result):
            encodeFrame(type: Code.done, payload: encodeTwoParts(header: header, rest: result))
        case .rested(let keepsOutputs):
            encodeFrame(type: Code.rested, payload: [keepsOutputs ? 1 : 0])
        case .progress(let fraction, let message):
            encodeFrame(type: Code.progress, payload: encodeProgress(fraction, message))
        }
    }

    private func encodeProgress(_ fraction: Double, _ message: String) -> [UInt8] {
        var payload: [UInt8] = []
        payload.appendLittleEndian(fraction.bitPattern)
        return payload + message.utf8
    }

    /// Reads a whole payload.
    ///
    /// - Parameters:
    ///   - type: the type byte.
    ///   - payload: everything after the header.
    /// - Throws: `WireError.unknownType` or `.malformed`.
    public init(type: UInt8, payload: ArraySlice<UInt8>) throws(WireError) {
        var reader = ByteReader(payload)
        switch type {
        case Code.log:
            guard let level = reader.byte().flatMap(RunnerLogLevel.init(rawValue:)),
                let message = reader.remainingText()
            else { throw .malformed(type: type) }
            self = .log(level: level, message: message)
        case Code.barrier:
            guard reader.isAtEnd else { throw .malformed(type: type) }
            self = .barrier
        case Code.call:
            self = .call(reader.remaining())
        case Code.done:
            guard let (header, result) = reader.twoParts() else { throw .malformed(type: type) }
            self = .done(header: header, result: result)
        case Code.rested:
            guard let keepsOutputs = reader.byte(), keepsOutputs <= 1, reader.isAtEnd else {
                throw .malformed(type: type)
            }
            self = .rested(keepsOutputs: keepsOutputs == 1)
        case Code.progress:
            guard let bits = reader.integer(UInt64.self), let message = reader.remainingText() else {
                throw .malformed(type: type)
            }
            self = .progress(fraction: Double(bitPattern: bits), message: message)
        default:
            throw .unknownType(type)
        }
    }
}
