/// What a worker's sandbox enforces on this machine, and what it cannot; each by a short name such as `memory`.
public struct SandboxReport: Sendable, Equatable {
    /// What holds for every job.
    public var enforced: [String]
    /// What was asked for and this kernel, or this user, cannot give.
    public var missing: [String]

    /// Names without line feeds.
    public init(enforced: [String] = [], missing: [String] = []) {
        self.enforced = enforced
        self.missing = missing
    }

    /// Lines, each with `+` for enforced and `-` for missing in front.
    var encoded: [UInt8] {
        Array((enforced.map { "+" + $0 } + missing.map { "-" + $0 }).joined(separator: "\n").utf8)
    }

    /// Reads such lines; nil when one of them starts otherwise.
    init?(text: String) {
        self.init()
        for line in text.split(separator: "\n") {
            switch line.first {
            case "+": enforced.append(String(line.dropFirst()))
            case "-": missing.append(String(line.dropFirst()))
            default: return nil
            }
        }
    }
}
