import RoostCore

extension JobOutput {
    /// The marks as bits: 1 output, 2 logs, 4 result truncated; 8 result is a repr; 16 the session had been reset;
    /// 32 the job was taken up after a restart.
    var flags: Int64 {
        (isTruncated ? 1 : 0) | (logsAreTruncated ? 2 : 0) | (resultIsTruncated ? 4 : 0)
            | (resultIsRepr ? 8 : 0) | (sessionWasReset ? 16 : 0)
            | (wasResumed ? 32 : 0)
    }

    /// Sets the marks that are set in `flags`.
    mutating func mark(_ flags: Int64) {
        if flags & 1 != 0 { isTruncated = true }
        if flags & 2 != 0 { logsAreTruncated = true }
        if flags & 4 != 0 { resultIsTruncated = true }
        if flags & 8 != 0 { resultIsRepr = true }
        if flags & 16 != 0 { sessionWasReset = true }
        if flags & 32 != 0 { wasResumed = true }
    }

    /// About how much memory and disk it takes, in bytes.
    var weight: Int {
        stdout.count + stderr.count + (result?.bytes.count ?? 0)
            + logs.reduce(0) { $0 + $1.message.utf8.count + 40 }
    }
}
