import Foundation
import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Start {
        private func run(_ arguments: [String]) throws -> (status: Int32, output: String, error: String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: WorkerProcess.program)
            process.arguments = arguments
            let (output, error) = (Pipe(), Pipe())
            process.standardOutput = output
            process.standardError = error
            try process.run()
            let texts = [output, error].map {
                String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            }
            process.waitUntilExit()
            return (process.terminationStatus, texts[0], texts[1])
        }

        @Test func `--version names the embedded Python, --help teaches`() throws {
            let version = try run(["--version"])
            #expect(version.status == 0)
            #expect(version.output.wholeMatch(of: /roost-python \(CPython 3\.\d+\.\d+\S*\)\n/) != nil)
            let help = try run(["--help"])
            #expect(help.status == 0)
            #expect(help.output.contains("--control-fd N"))
        }

        @Test(arguments: [
            [], ["--nope"], ["--control-fd"], ["--control-fd", "x"], ["--control-fd", "1"],
            ["--control-fd", "99"],
        ])
        func `wrong usage is refused with status 2`(arguments: [String]) throws {
            let outcome = try run(arguments)
            #expect(outcome.status == 2)
            #expect(outcome.error.contains("usage:"))
        }

        @Test(arguments: [
            "{", "[]", "{}",
            #"{"scratch": "relative", "max_log_entries": 1, "max_log_entry_bytes": 1, "max_result_bytes": 1, "max_traceback_bytes": 1}"#,
            #"{"scratch": "/tmp", "max_log_entries": 1, "max_log_entry_bytes": 1, "max_result_bytes": 1, "max_traceback_bytes": 1, "modules": [{"name": "m", "prelude": "1/0"}]}"#,
        ])
        func `a configuration that cannot be applied is reported, and the worker exits with status 1`(
            json: String
        ) throws {
            let (pid, control) = try WorkerProcess.spawn()
            control.write(WorkerRequest.configure(Array(json.utf8)).encoded)
            _ = try Waiting.forReading([control.raw])
            let (event, _) = try WorkerProcess.receive(control.raw)
            guard case .failed(let reason) = event else { throw HarnessError("\(event)") }
            #expect(!reason.isEmpty)
            #expect(try WorkerProcess.waitForExit(of: pid) == 1 << 8)
        }

        @Test func `a first message other than configure is refused`() throws {
            let (pid, control) = try WorkerProcess.spawn()
            control.write(WorkerRequest.fork(token: 1).encoded)
            _ = try Waiting.forReading([control.raw])
            guard case .failed = try WorkerProcess.receive(control.raw).event else {
                throw HarnessError("not failed")
            }
            #expect(try WorkerProcess.waitForExit(of: pid) == 1 << 8)
        }
    }
}
