/// Everything that happened to one job so far: a plain value that LiveJob guards.
///
/// Output is kept once; an event is a mark into it. A mark of output that nobody has read yet grows instead of
/// being followed by another, so that a job writing byte by byte costs no more than its bytes.
struct JobRecorder {
    private enum Mark {
        case status(JobStatus)
        case stdout(Range<Int>)
        case stderr(Range<Int>)
        case log(Int)
        case result
        case done
    }

    private(set) var job: Job
    /// The job as it ended, until that is in the store: nobody is told before (contract §10).
    private(set) var ended: Job?
    private let limits: JobLimits
    private var marks: [(timestamp: Timestamp, mark: Mark)] = []
    private var delivered = 0
    /// The latest report of progress, how many there were, and how many events it follows. Earlier ones are not kept.
    private var report: (progress: JobProgress, timestamp: Timestamp, count: Int, after: Int)?
    /// A job cannot be trusted to be modest: what it reports beyond this is seen by whoever asks for the job, and told to
    /// readers of its events with the next report or the end.
    private var reportAllowance = Allowance(burst: 200, perSecond: 100)
    private var hasUntoldReport = false
    private var logBytes = 0
    private var stdoutLines: LineSplitter
    private var stderrLines: LineSplitter

    init(job: Job, limits: JobLimits, at time: Timestamp) {
        self.job = job
        self.limits = limits
        stdoutLines = LineSplitter(maximumBytes: limits.maximumLogEntryBytes)
        stderrLines = LineSplitter(maximumBytes: limits.maximumLogEntryBytes)
        marks.append((time, .status(job.status)))
    }

    /// How many marks there are; grows with everything that is recorded.
    var eventCount: Int { marks.count }

    /// A number that changes whenever the output does.
    var outputVersion: Int { job.output.stdout.count &+ job.output.stderr.count &+ job.output.logs.count }

    mutating func started(at time: Timestamp) {
        job.summary.status = .running
        job.summary.startedAt = time
        marks.append((time, .status(.running)))
    }

    mutating func markSessionReset() { job.output.sessionWasReset = true }

    mutating func markResumed() { job.output.wasResumed = true }

    mutating func write(_ bytes: [UInt8], to stream: LiveJob.Stream, at time: Timestamp) {
        let kept: Int
        switch stream {
        case .stdout: kept = limits.maximumOutputBytes - job.output.stdout.count
        case .stderr: kept = limits.maximumOutputBytes - job.output.stderr.count
        }
        if bytes.count > kept { job.output.isTruncated = true }
        let taken = bytes.prefix(max(0, kept))
        guard !taken.isEmpty else { return }
        switch stream {
        case .stdout:
            let start = job.output.stdout.count
            job.output.stdout.append(contentsOf: taken)
            if let last = marks.indices.last, last >= delivered, case .stdout(let range) = marks[last].mark {
                marks[last].mark = .stdout(range.lowerBound..<start + taken.count)
            } else {
                marks.append((time, .stdout(start..<start + taken.count)))
            }
            var lines = stdoutLines
            lines.add(taken) { addLog(.info, $0, at: time) }
            stdoutLines = lines
        case .stderr:
            let start = job.output.stderr.count
            job.output.stderr.append(contentsOf: taken)
            if let last = marks.indices.last, last >= delivered, case .stderr(let range) = marks[last].mark {
                marks[last].mark = .stderr(range.lowerBound..<start + taken.count)
            } else {
                marks.append((time, .stderr(start..<start + taken.count)))
            }
            var lines = stderrLines
            lines.add(taken) { addLog(.error, $0, at: time) }
            stderrLines = lines
        }
    }

    mutating func addLog(_ level: JobLogEntry.Level, _ message: String, at time: Timestamp) {
        var message = message
        if message.utf8.count > limits.maximumLogEntryBytes {
            message = String(decoding: message.utf8.prefix(limits.maximumLogEntryBytes), as: UTF8.self)
        }
        guard job.output.logs.count < limits.maximumLogEntries,
            logBytes + message.utf8.count <= limits.maximumOutputBytes
        else {
            job.output.logsAreTruncated = true
            return
        }
        logBytes += message.utf8.count
        marks.append((time, .log(job.output.logs.count)))
        job.output.logs.append(JobLogEntry(level: level, message: message, timestamp: time))
    }

    mutating func report(_ progress: JobProgress, at time: Timestamp) {
        job.progress = progress
        let isTold = reportAllowance.take(at: time)
        report = (progress, time, (report?.count ?? 0) &+ (isTold ? 1 : 0), marks.count)
        hasUntoldReport = !isTold
    }

    /// Flushes unfinished lines and settles the end, which is not shown before ``done(at:)``.
    mutating func end(
        _ status: JobStatus, outcome: JobOutcome?, failure: JobFailure?, at time: Timestamp, duration: Int
    ) -> JobEnd {
        var lines = stdoutLines
        lines.end { addLog(.info, $0, at: time) }
        stdoutLines = lines
        lines = stderrLines
        lines.end { addLog(.error, $0, at: time) }
        stderrLines = lines
        var ended = job
        if status == .completed, case .completed(let result, let isTruncated, let isRepr)? = outcome {
            ended.output.result = result
            ended.output.resultIsTruncated = isTruncated
            ended.output.resultIsRepr = isRepr
        }
        ended.summary.status = status
        ended.summary.completedAt = time
        ended.summary.durationMilliseconds = duration
        ended.failure = failure
        ended.webhook?.state = .pending
        ended.webhook?.nextAttemptAt = time
        self.ended = ended
        return JobEnd(
            status: status, completedAt: time, durationMilliseconds: duration, output: ended.output,
            failure: failure, progress: ended.progress)
    }

    /// Shows the end that was settled, once it is in the store.
    mutating func done(at time: Timestamp) {
        if let ended { job = ended }
        ended = nil
        if hasUntoldReport { report?.count += 1 }
        if job.output.result != nil { marks.append((time, .result)) }
        marks.append((time, .status(job.status)))
        marks.append((time, .done))
    }

    /// What a reader gets next, and where it is then; nil when nothing more has happened yet.
    mutating func event(at cursor: JobEventCursor) -> (JobEvent, JobEventCursor)? {
        var cursor = cursor
        if let report, report.count != cursor.reports, report.after < cursor.next {
            cursor.reports = report.count
            let kind = JobEvent.Kind.progress(report.progress)
            return (JobEvent(number: report.after, timestamp: report.timestamp, kind: kind), cursor)
        }
        guard let event = event(cursor.next) else { return nil }
        cursor.next += 1
        return (event, cursor)
    }

    /// The event with this number, from 1, or nil when it has not happened yet.
    mutating func event(_ number: Int) -> JobEvent? {
        guard number >= 1, number <= marks.count else { return nil }
        delivered = max(delivered, number)
        let (timestamp, mark) = marks[number - 1]
        let kind: JobEvent.Kind
        switch mark {
        case .status(let status): kind = .status(status)
        case .stdout(let range): kind = .stdout(Array(job.output.stdout[range]))
        case .stderr(let range): kind = .stderr(Array(job.output.stderr[range]))
        case .log(let index): kind = .log(job.output.logs[index])
        case .result:
            guard let result = job.output.result else { return nil }
            kind = .result(result)
        case .done: kind = .done(job)
        }
        return JobEvent(number: number, timestamp: timestamp, kind: kind)
    }
}
