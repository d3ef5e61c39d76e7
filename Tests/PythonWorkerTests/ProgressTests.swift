import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Progress {
        @Test func `reports come as they are made, held between 0 and 1`() throws {
            let report = try WorkerProcess.run(
                """
                import roost
                roost.progress(0)
                roost.progress(0.5, 'half')
                roost.progress(7, 'more')
                roost.progress(-1, message=3)
                [roost.job_id, roost.is_cancelled(), roost.progress.__module__]
                """)
            #expect(report.result == #"["1",false,"roost"]"#)
            #expect(
                report.progress == [
                    .init(fraction: 0, message: ""), .init(fraction: 0.5, message: "half"),
                    .init(fraction: 1, message: "more"), .init(fraction: 0, message: "3"),
                ])
        }

        @Test(arguments: [
            ("float('nan')", "ValueError"), ("'x'", "ValueError"), ("None", "TypeError"), ("[]", "TypeError"), ("", "TypeError"),
        ])
        func `what is no number is refused`(argument: String, type: String) throws {
            let report = try WorkerProcess.run("roost.progress(\(argument))")
            #expect(report.header?.type == type)
            #expect(report.progress == [])
            #expect(report.header?.traceback?.contains("<roost>") == false)
        }

        @Test func `a million reports cost little, and the last one always arrives`() throws {
            let report = try WorkerProcess.run(
                """
                import roost, time
                began = time.process_time()
                for i in range(1_000_000):
                    roost.progress(i / 1_000_000, 'step')
                roost.progress(0.123, 'last')
                time.process_time() - began
                """)
            #expect(report.progress.last == .init(fraction: 0.123, message: "last"))
            // The burst, and fifty a second for as long as it takes.
            #expect(report.progress.count < 5000, "\(report.progress.count) reports")
            let seconds = try #require(Double(report.result))
            #expect(seconds < 30, "a report may take some microseconds, not \(seconds) of them")
        }

        @Test func `what was held back goes with the next frame, in order`() throws {
            let report = try WorkerProcess.run(
                """
                import roost, unreal
                for i in range(1000): roost.progress(i / 1000)
                unreal.log('here')
                roost.progress(1.0)
                """, modules: HostTests.modules)
            #expect(report.progress.suffix(2).map(\.fraction) == [0.999, 1])
            #expect(report.logs == ["here"])
        }

        @Test func `a long message is cut on a character`() throws {
            let report = try WorkerProcess.run("roost.progress(1, 'é' * 5000 + '\\ud800')")
            #expect(report.progress.first?.message == String(repeating: "é", count: 512))
        }

        @Test func `a process that the code forks reports nothing`() throws {
            let report = try WorkerProcess.run(
                """
                import os, roost
                if os.fork() == 0:
                    roost.progress(0.9)
                    os._exit(0)
                os.wait()
                roost.progress(0.1)
                """)
            #expect(report.progress.map(\.fraction) == [0.1])
        }
    }
}
