import Glibc
import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Interrupts {
        /// Runs `source`, and interrupts it once it has printed "ready".
        private func interrupt(_ source: String, _ signal: InterruptSignal, times: Int = 1) throws
            -> JobReport
        {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            child.start(source)
            try child.serve { $0.output.contains("ready\n") }
            for _ in 0..<times { worker.send(.signal(pid: child.pid, signal: signal.rawValue)) }
            return try child.finish()
        }

        @Test(arguments: InterruptSignal.allCases)
        func `a sleep ends with an exception that the code can clean up after`(signal: InterruptSignal) throws {
            let report = try interrupt(
                """
                import time
                try:
                    print('ready')
                    time.sleep(60)
                except Exception:
                    print('caught')
                finally:
                    print('cleaned')
                """, signal)
            #expect(report.output == "ready\ncleaned\n")
            #expect(report.outcome == "interrupted")
            #expect(report.header?.type == (signal == .timeout ? "JobTimeout" : "JobCancelled"))
            #expect(report.header?.line == 4 || report.header?.line == 3)  // print is a call too
            #expect(report.status == 0)
        }

        @Test(arguments: [
            "print('ready')\nwhile True: pass",
            "import threading\nprint('ready')\nthreading.Lock().acquire() and threading.Event().wait()",
            "import subprocess\nprint('ready')\nsubprocess.run(['sleep', '60'])",
            "import threading\nthreading.Thread(target=threading.Event().wait).start()\nprint('ready')",
            "import atexit, time\natexit.register(lambda: time.sleep(60))\nprint('ready')",
            "import time\nclass X:\n    def __repr__(self): time.sleep(60)\nprint('ready')\nX()",
            "import time\nclass E(Exception):\n    def __str__(self): time.sleep(60)\nprint('ready')\nraise E",
            "class X:\n    def __del__(self):\n        while True: pass\nprint('ready')\ntry:\n    while True: pass\nfinally: 1",
        ])
        func `whatever the job does, it ends`(source: String) throws {
            let report = try interrupt(source, .timeout, times: 2)
            #expect(report.outcome == "interrupted")
            #expect(report.doneCount == 1)
            #expect(!report.error.contains("JobTimeout"))
        }

        @Test func `only the first interrupt raises`() throws {
            let report = try interrupt(
                """
                import time
                try:
                    print('ready')
                    time.sleep(60)
                except BaseException as error:
                    for i in range(200): time.sleep(0.001)
                    print(type(error).__name__)
                """, .cancel, times: 5)
            #expect(report.output == "ready\nJobCancelled\n")
            #expect(report.outcome == "completed")
        }

        @Test func `an interrupt before the job's first line is not lost`() throws {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            let signal = InterruptSignal.cancel.rawValue
            worker.send(.signal(pid: child.pid, signal: signal))
            // The request and the job go by two channels: the signal must be there before the job is.
            try Waiting.until("the signal waits") { PendingSignals.contains(signal, of: child.pid) }
            let report = try child.run("print('never')")
            #expect(report.outcome == "interrupted")
            #expect(report.output.isEmpty)
        }

        @Test(arguments: ["session", "shared"])
        func `an interrupt before a job's first line is not lost in a process that stays, nor taken for the next job's`(
            life: String
        ) throws {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            let signal = InterruptSignal.cancel.rawValue
            func interrupt() throws {
                worker.send(.signal(pid: child.pid, signal: signal))
                try Waiting.until("the signal waits") { PendingSignals.contains(signal, of: child.pid) }
            }
            // Each comes before its job; the third was meant for the job before, and came too late.
            for (number, (sent, outcome)) in [(0, "interrupted"), (1, "interrupted"), (3, "completed")].enumerated() {
                try interrupt()
                child.start("import time\ntime.sleep(0.2)", life: life, interrupts: sent)
                var report = JobReport()
                try child.serve {
                    report = $0
                    return $0.restedCount == number + 1
                }
                #expect(report.outcome == outcome)
            }
            kill(child.pid, SIGKILL)
            _ = try child.finish()
        }

        @Test func `interrupts amid output and logs leave the frames whole`() throws {
            for round in 0..<10 {
                let worker = try WorkerProcess()
                let child = try worker.fork()
                child.start(
                    "import sys, logging\nwhile True:\n    print(1)\n    print(2, file=sys.stderr)\n    logging.info('x' * 500)"
                )
                try child.serve { $0.output.utf8.count > round * 20 }
                worker.send(.signal(pid: child.pid, signal: InterruptSignal.timeout.rawValue))
                let report = try child.finish()
                #expect(report.outcome == "interrupted")
            }
        }
    }
}
