/// What the server sends to a child on its job socket.
public enum JobFrame: WireFrame, Equatable {
    /// The job. `header` is a JSON object (`job_id`, `mode`, `life`, `interrupts`); `source` is the code as WTF-8:
    /// UTF-8 that may hold NUL, and lone surrogates as three bytes each.
    ///
    /// `life` is `job` for a process that ends with it, `shared` or `session` for one that stays. Every job but the
    /// first comes with two descriptors (`SCM_RIGHTS`), its standard output and error, unless the process keeps those of
    /// the job before (`RunnerFrame.rested`). `interrupts` is how many
    /// interrupt signals were sent to this process for earlier jobs.
    case job(header: [UInt8], source: [UInt8])
    /// The answer to a `call`: JSON, `{"id":n,"value":…}` or `{"id":n,"error":{"type":"ValueError","message":"…"}}`.
    case reply([UInt8])
    /// The answer to a `barrier`: both pipes were drained.
    case proceed

    private enum Code {
        static let job: UInt8 = 0x01
        static let reply: UInt8 = 0x02
        static let proceed: UInt8 = 0x03
    }

    /// Whether this direction has frames of this type.
    ///
    /// - Parameter type: the type byte.
    /// - Returns: false for a type that ends the stream.
    public static func isKnown(type: UInt8) -> Bool {
        (Code.job...Code.proceed).contains(type)
    }

    /// The whole frame, header included.
    public var encoded: [UInt8] {
        switch self {
        case .job(let header, let source):
            encodeFrame(type: Code.job, payload: encodeTwoParts(header: header, rest: source))
        case .reply(let json):
            encodeFrame(type: Code.reply, payload: json)
        case .proceed:
            encodeFrame(type: Code.proceed, payload: [])
        }
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
        case Code.job:
            guard let (header, source) = reader.twoParts() else { throw .malformed(type: type) }
            self = .job(header: header, source: source)
        case Code.reply:
            self = .reply(reader.remaining())
        case Code.proceed:
            guard reader.isAtEnd else { throw .malformed(type: type) }
            self = .proceed
        default:
            throw .unknownType(type)
        }
    }
}
