import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Ending {
        @Test func `threads are joined and atexit runs, also after an error and an exit`() throws {
            for last in ["1", "1/0", "raise SystemExit(3)"] {
                let report = try WorkerProcess.run(
                    """
                    import atexit, threading
                    atexit.register(print, 'atexit')
                    go = threading.Event()
                    def work():
                        go.wait()
                        print('thread')
                    threading.Thread(target=work).start()
                    threading.Timer(0.05, go.set).start()
                    print('code')
                    \(last)
                    """)
                #expect(report.output == "code\nthread\natexit\n")
                #expect(report.doneCount == 1)
            }
        }

        @Test func `daemon threads are not waited for`() throws {
            let report = try WorkerProcess.run(
                "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n1")
            #expect(report.result == "1")
        }

        @Test func `errors in threads and in atexit functions go to standard error`() throws {
            let report = try WorkerProcess.run(
                "import atexit, threading\natexit.register(lambda: 1/0)\nthreading.Thread(target=lambda: [][0]).start()"
            )
            #expect(report.outcome == "completed")
            #expect(report.error.contains("Exception in thread Thread-1"))
            #expect(report.error.contains("IndexError"))
            #expect(report.error.contains("ZeroDivisionError"))
        }

        @Test func `names are dropped at the end, and open files written`() throws {
            let worker = try WorkerProcess()
            let path = worker.scratchRoot + "-kept"
            let report = try worker.fork().run(
                """
                class X:
                    def __del__(self): print('del')
                x = X()
                f = open('\(path)', 'w')
                n = f.write('kept')
                keep = [f]
                keep.append(keep)
                """)
            #expect(report.output == "del\n")
            let check = try worker.fork().run(
                "import os\ntext = open('\(path)').read()\nos.remove('\(path)')\ntext")
            #expect(check.result == "\"kept\"")
        }

        @Test func `a process that the code forks prints, but does not report`() throws {
            let report = try WorkerProcess.run(
                """
                import logging, os, sys
                if os.fork() == 0:
                    logging.info('dropped')
                    print('child')
                    print('child error', file=sys.stderr)
                    sys.exit(3)
                print(os.waitstatus_to_exitcode(os.wait()[1]))
                logging.info('kept')
                """)
            #expect(report.output == "child\n3\n")
            #expect(report.error == "child error\n")
            #expect(report.logs == ["kept"])
            #expect(report.doneCount == 1)
        }

        @Test func `a forked process that runs to the end of the code does not report either`() throws {
            let report = try WorkerProcess.run(
                "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint('end')")
            #expect(report.output == "end\nend\n")
            #expect(report.doneCount == 1)
        }

        @Test func `multiprocessing works`() throws {
            let report = try WorkerProcess.run(
                """
                import multiprocessing
                def double(x): return 2 * x
                if __name__ == '__main__':
                    with multiprocessing.Pool(2) as pool:
                        print(pool.map(double, [1, 2]))
                """)
            #expect(report.output == "[2, 4]\n")
        }
    }
}
