import RoostCore
import Synchronization

/// The ends of jobs that could not be written, until they are (contract §10).
final class UnsavedEnds: Sendable {
    private let ends = Mutex<[JobID: JobEnd]>([:])

    /// Those there are, in no order.
    var all: [(id: JobID, end: JobEnd)] { ends.withLock { $0.map { (id: $0.key, end: $0.value) } } }

    subscript(id: JobID) -> JobEnd? {
        get { ends.withLock { $0[id] } }
        set { ends.withLock { $0[id] = newValue } }
    }

    /// Writes those there are, on the writer's thread.
    ///
    /// - Returns: True while some are left.
    func write(with writer: Writer, _ connection: SQLiteConnection, _ logger: Logger) -> Bool {
        var isOver = true
        for (id, end) in all {
            let failure = writer.transaction(connection, within: .milliseconds(50)) {
                () throws(SQLiteError) in
                do throws(SQLiteError) { _ = try JobWrites.finish(id, end, connection) } catch {
                    guard error.isTooBig else { throw error }
                    // Will never fit. That it ended, and how, is worth more than what it wrote.
                    var short = end
                    short.output = JobOutput(
                        isTruncated: true, logsAreTruncated: true, resultIsTruncated: true)
                    short.webhookBody = nil
                    _ = try JobWrites.finish(id, short, connection)
                }
            }
            guard let failure else {
                self[id] = nil
                logger.info("the end of a job has been written after all", ["job_id": id.json])
                continue
            }
            isOver = false
            // Locked: the others would only wait as long again. Full: a smaller one may fit.
            if failure.isBusy { break }
        }
        return !isOver
    }
}
