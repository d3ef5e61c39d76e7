import RoostCore

extension HistoryFile {
    /// What an import came to.
    public struct Imported: Sendable, Equatable {
        /// Jobs that were not there.
        public var added = 0
        /// Jobs whose id was there; they stay as they are.
        public var known = 0
    }

    /// Adds jobs from lines that ``export(since:until:report:write:)`` wrote; makes the file when there is none.
    ///
    /// Needs the file for itself. A job whose id is there is left alone, so that an import can be repeated. Imported jobs
    /// come after those that are there in lists that are not by time, and count in no rate. Empty lines are passed over.
    ///
    /// - Parameters:
    ///   - report: Called after each few hundred lines, without a total.
    ///   - nextLine: Gives the next line, with or without its newline, or nil at the end.
    /// - Returns: How many were added.
    /// - Throws: ``HistoryError``, `line` for one that is no job: those before it, less the last few hundred, are then there.
    public func `import`(report: Report = { _ in }, nextLine: () throws -> [UInt8]?) throws -> Imported {
        try changing(creates: true) { connection in
            var imported = Imported()
            var number = 0
            var isOver = false
            while !isOver {
                var batch = imported
                try connection.transaction {
                    var bytes = 0
                    var lines = 0
                    while lines < 500, bytes < 8 << 20 {
                        guard let line = try nextLine() else {
                            isOver = true
                            return
                        }
                        number += 1
                        lines += 1
                        bytes += line.count
                        guard line.contains(where: { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 }) else {
                            continue
                        }
                        let job: Job
                        do { job = try JobLine.read(line) } catch let problem as JobLine.Problem {
                            throw HistoryError.line(number, problem.text)
                        }
                        if try JobWrites.insert(job, accepted: 0, connection) {
                            batch.added += 1
                        } else {
                            batch.known += 1
                        }
                    }
                }
                imported = batch
                try report(HistoryProgress(unit: "lines", done: number, total: nil))
            }
            return imported
        }
    }
}
