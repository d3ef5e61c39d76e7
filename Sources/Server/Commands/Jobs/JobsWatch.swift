internal import RoostCore

/// `roost jobs --watch`: the table on a screen of its own, again and again.
struct JobsWatch {
    private static let interval = Duration.seconds(2)

    private var client: RoostClient
    private let interrupts: Interrupts
    private let values: ParsedOptions
    private let output: Terminal

    init(_ client: RoostClient, _ values: ParsedOptions, _ output: Terminal) throws {
        self.client = client
        self.values = values
        self.output = output
        interrupts = try Interrupts.install()
        self.client.http.interrupts = interrupts
    }

    /// Shows it until a signal comes; Ctrl-C is the way to end it, and so no failure.
    func run() throws -> Int32 {
        // The other screen, without a cursor; and back, whatever happens.
        output.write("\u{1B}[?1049h\u{1B}[?25l")
        defer { output.write("\u{1B}[?25h\u{1B}[?1049l") }
        while true {
            let next = ContinuousClock.now + Self.interval
            do {
                output.write(screen(try lines()))
            } catch ClientError.interrupted(let signal) {
                return signal == 2 ? 0 : 128 + signal
            } catch let error as ClientError where error.mayPass {
                output.write(
                    screen([output.style.yellow(DisplayWidth.cut("\(error)", to: output.columns ?? 80))]))
            }
            var size = (output.columns, output.rows)
            while ContinuousClock.now < next {
                if let signal = interrupts.take() { return signal == 2 ? 0 : 128 + signal }
                Interrupts.wait(interrupts, milliseconds: 100)
                // A terminal that was made larger or smaller gets its table at once.
                if size != (output.columns, output.rows) {
                    size = (output.columns, output.rows)
                    break
                }
            }
        }
    }

    private func lines() throws -> [String] {
        let now = WallClock.now()
        let room = max(1, (output.rows ?? 24) - 3)
        var jobs: [JSON] = []
        var total = JobSearch.Total()
        try JobSearch(values, now: now).pages(client, count: min(room, values[JobSearch.limit] ?? room)) {
            jobs += $0
            total = $1
            return true
        }
        let width = output.columns ?? 80
        let head = "\(total) jobs  ·  \(client.address)  ·  Ctrl-C ends"
        let table = JobLine.table(jobs.map { JobLine($0, now: now) }, now: now)
        return [output.style.dim(DisplayWidth.cut(head, to: width)), ""]
            + (jobs.isEmpty ? [] : table.lines(width: width, style: output.style))
    }

    /// Drawn over what was there, so that it does not flicker.
    private func screen(_ lines: [String]) -> String {
        "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
    }
}
