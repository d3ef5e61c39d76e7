import Glibc
import RoostPythonWire

/// A forked child, with this test doing what the server does with its descriptors.
final class ChildProcess {
    let pid: Int32
    let socket: Descriptor
    private let output: Descriptor
    private let error: Descriptor
    private let worker: WorkerProcess
    private var decoder = FrameDecoder<RunnerFrame>(maxPayloadBytes: 16 << 20)
    private var report = JobReport()
    /// The answer to a call of a host function: the JSON members after `id`, such as `"value":1`.
    var answer: (CallRequest) -> String = { _ in #""value":null"# }
    /// Asked after each event, with what was reported so far.
    var onProgress: (JobReport) -> Void = { _ in }

    init(pid: Int32, descriptors: [Int32], worker: WorkerProcess) {
        self.pid = pid
        socket = Descriptor(descriptors[0])
        output = Descriptor(descriptors[1])
        error = Descriptor(descriptors[2])
        self.worker = worker
        for descriptor in [socket, output, error] { descriptor.setNonBlocking() }
    }

    func start(_ source: String, mode: String = "module", life: String = "job", interrupts: Int = 0) {
        start(source: Array(source.utf8), mode: mode, life: life, interrupts: interrupts)
    }

    /// `life` is `job`, `shared` or `session`; `interrupts` how many were sent for earlier jobs.
    func start(source: [UInt8], mode: String = "module", life: String = "job", interrupts: Int = 0) {
        let header = #"{"job_id":"1","mode":"\#(mode)","life":"\#(life)","interrupts":\#(interrupts)}"#
        socket.write(JobFrame.job(header: Array(header.utf8), source: source).encoded)
    }

    func run(_ source: String, mode: String = "module") throws -> JobReport {
        start(source, mode: mode)
        return try finish()
    }

    /// Serves the job until its socket ends and its leader is reaped.
    func finish() throws -> JobReport {
        while try serve() {}
        report.status = try worker.receiveExit(of: pid)
        drain()
        return report
    }

    /// Serves the job until `condition` holds for what was reported.
    func serve(until condition: (JobReport) -> Bool) throws {
        while !condition(report) {
            guard try serve() else { throw HarnessError("the job ended first: \(report)") }
        }
    }

    /// One round; false at the end of the socket.
    private func serve() throws -> Bool {
        var watched = [socket.raw]
        if !report.outputEnded { watched.append(output.raw) }
        if !report.errorEnded { watched.append(error.raw) }
        _ = try Waiting.forReading(watched)
        // The socket first: what a frame stands behind was written before it.
        let bytes = socket.readAvailable()
        drain()
        if let bytes {
            if bytes.isEmpty { return false }
            decoder.append(bytes)
            while let frame = try decoder.next() { try take(frame) }
        }
        onProgress(report)
        return true
    }

    private func take(_ frame: RunnerFrame) throws {
        switch frame {
        case .log(let level, let message):
            report.events.append(.log(level, message))
        case .barrier:
            report.barriers += 1
            drain()
            socket.write(JobFrame.proceed.encoded)
        case .call(let json):
            let request = try CallRequest(json: json)
            report.calls.append(request)
            socket.write(JobFrame.reply(Array("{\"id\":\(request.id),\(answer(request))}".utf8)).encoded)
        case .progress(let fraction, let message):
            report.progress.append(JobReport.Progress(fraction: fraction, message: message))
        case .done(let header, let result):
            report.doneCount += 1
            report.header = try JobReport.Header(json: header)
            report.result = String(decoding: result, as: UTF8.self)
        case .rested:
            report.restedCount += 1
        }
    }

    private func drain() {
        while let bytes = output.readAvailable() {
            if bytes.isEmpty {
                report.outputEnded = true
                break
            }
            report.append(bytes, isError: false)
        }
        while let bytes = error.readAvailable() {
            if bytes.isEmpty {
                report.errorEnded = true
                break
            }
            report.append(bytes, isError: true)
        }
    }
}
