import RoostCore
import RoostPython
import Synchronization

/// A job that remembers what was done to it.
final class RecordingContext: ExecutionContext {
    struct Record {
        var stdout: [UInt8] = []
        var stderr: [UInt8] = []
        var logs: [String] = []
        /// Everything in the order in which it came.
        var order: [String] = []
        var progress: [JobProgress] = []
        var hasStarted = false
        var stopReason: JobStopReason?
        var sessionWasReset = false

        /// One entry for what comes together, however it was cut on the way.
        mutating func add(_ stream: String, _ bytes: [UInt8]) {
            let text = String(decoding: bytes, as: UTF8.self)
            if let last = order.last, last.hasPrefix(stream) {
                order[order.count - 1] = last + text
            } else {
                order.append(stream + text)
            }
        }
    }

    let id = JobID.generate(at: Timestamp(milliseconds: 1_700_000_000_000))
    private let record = Mutex(Record())

    var current: Record { record.withLock { $0 } }
    var output: String { String(decoding: current.stdout, as: UTF8.self) }
    var errors: String { String(decoding: current.stderr, as: UTF8.self) }

    func stop(_ reason: JobStopReason) { record.withLock { $0.stopReason = reason } }

    func start() async throws { record.withLock { $0.hasStarted = true } }

    func writeOutput(_ bytes: [UInt8]) {
        record.withLock {
            $0.stdout += bytes
            $0.add("out ", bytes)
        }
    }

    func writeError(_ bytes: [UInt8]) {
        record.withLock {
            $0.stderr += bytes
            $0.add("err ", bytes)
        }
    }

    func log(_ level: JobLogEntry.Level, _ message: String) {
        record.withLock {
            $0.logs.append("\(level.rawValue) \(message)")
            $0.order.append("log " + message)
        }
    }

    func progress(_ fraction: Double, _ message: String) {
        record.withLock { $0.progress.append(JobProgress(fraction: fraction, message: message)) }
    }
    func markSessionReset() { record.withLock { $0.sessionWasReset = true } }

    var stopReason: JobStopReason? { record.withLock { $0.stopReason } }
}
