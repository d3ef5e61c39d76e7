import Foundation
import Glibc
import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Processes {
        /// Whether a process is there and no zombie.
        private func isRunning(_ pid: Int32) -> Bool {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
                return false
            }
            return stat.split(separator: ")").last?.hasPrefix(" Z") == false
        }

        private func pids(_ report: String) -> [Int32] {
            report.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        }

        @Test func `ready carries the version of the embedded Python`() throws {
            let worker = try WorkerProcess()
            #expect(worker.pythonVersion.hasPrefix("3."))
            let report = try worker.fork().run("import sys\n'%d.%d.%d' % sys.version_info[:3]")
            #expect(report.result == "\"\(worker.pythonVersion)\"")
        }

        @Test
        func `a job is a session of its own, in a folder of its own, with three descriptors and its socket`()
            throws
        {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            let report = try child.run(
                """
                import os, signal
                cwd = os.getcwd()
                [os.getsid(0) == os.getpid() == os.getpgid(0), cwd == os.environ['TMPDIR'],
                 oct(os.stat('.').st_mode), os.listdir('/proc/self/fd')[:4], os.readlink('/proc/self/fd/0'),
                 signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, len(signal.pthread_sigmask(0, ())), cwd]
                """)
            let expected =
                #"[true,true,"0o40700",["0","1","2","3"],"/dev/null",true,0,"\#(worker.scratchRoot)/"#
            #expect(report.result.hasPrefix(expected))
            #expect(report.result.hasSuffix("/job-\(worker.pid)-1\"]"))
            let inherited = try worker.fork().run(
                "import subprocess\nsubprocess.run(['ls', '/proc/self/fd'], close_fds=False, capture_output=True).stdout.decode()"
            )
            #expect(inherited.result == #""0\n1\n2\n3\n""#)
        }

        @Test func `a crash and an exit report the raw wait status and no done`() throws {
            let crash = try WorkerProcess.run("print('x')\nimport ctypes\nctypes.string_at(0)")
            #expect(crash.header == nil)
            #expect(crash.output == "x\n")
            #expect(crash.status.map { $0 & 0x7F } == SIGSEGV)
            let exit = try WorkerProcess.run("import os\nos._exit(7)")
            #expect(exit.header == nil)
            #expect(exit.status == 7 << 8)
        }

        @Test func `a kill takes the whole group, and only jobs of the worker can be named`() throws {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            child.start(
                """
                import os, signal, subprocess, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                a = subprocess.Popen(['sleep', '600'])
                b = subprocess.Popen(['sh', '-c', 'sleep 600 & sleep 601'])
                print(os.getpid(), a.pid, b.pid, 'ready', flush=True)
                time.sleep(600)
                """)
            var found: [Int32] = []
            try child.serve {
                found = pids($0.output)
                return $0.output.hasSuffix("ready\n")
            }
            worker.send(.kill(pid: getpid()))
            worker.send(.signal(pid: getpid(), signal: SIGKILL))
            worker.send(.kill(pid: child.pid))
            let report = try child.finish()
            #expect(report.status == SIGKILL)
            #expect(found.count == 3)
            for pid in found { try Waiting.until("\(pid) is gone") { !isRunning(pid) } }
        }

        @Test func `what a job leaves behind ends with it, also outside its group`() throws {
            let worker = try WorkerProcess()
            let report = try worker.fork().run(
                """
                import subprocess
                a = subprocess.Popen(['sleep', '600'], stdout=subprocess.DEVNULL)
                b = subprocess.Popen(['setsid', 'sleep', '600'], stdout=subprocess.DEVNULL)
                c = subprocess.Popen(['setsid', 'sh', '-c', 'setsid sleep 600 & echo $!; exec sleep 600'],
                                     stdout=subprocess.PIPE)
                print(a.pid, b.pid, c.pid, c.stdout.readline().decode())
                """)
            let found = pids(report.output)
            #expect(found.count == 4)
            for pid in found { try Waiting.until("\(pid) is gone") { !isRunning(pid) } }
        }

        @Test func `the scratch folder is removed with all it holds`() throws {
            let worker = try WorkerProcess()
            let outside = worker.scratchRoot + "-outside"
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(atPath: outside) }
            try "kept".write(toFile: outside + "/file", atomically: false, encoding: .utf8)
            let report = try worker.fork().run(
                """
                import os
                os.symlink('\(outside)', 'link')
                os.mkdir('closed')
                open('closed/file', 'w').close()
                os.symlink('\(outside)', 'closed/link')
                os.mkdir('closed/inner')
                open('closed/inner/file', 'w').close()
                os.chmod('closed/inner', 0)
                os.chmod('closed', 0)
                for i in range(3000):
                    os.mkdir('deep')
                    open('file', 'w').close()
                    os.chdir('deep')
                """)
            #expect(report.outcome == "completed")
            try Waiting.until("the scratch folder is gone") { try worker.scratchFolders().isEmpty }
            #expect(try String(contentsOfFile: outside + "/file", encoding: .utf8) == "kept")
        }

        @Test func `the end of the control channel ends every job and leaves nothing`() throws {
            let worker = try WorkerProcess()
            let idle = try worker.fork()
            let busy = try worker.fork()
            busy.start(
                """
                import subprocess, time
                open('file', 'w').close()
                a = subprocess.Popen(['setsid', 'sleep', '600'])
                print(a.pid, flush=True)
                time.sleep(600)
                """)
            var found: [Int32] = []
            try busy.serve {
                found = pids($0.output)
                return $0.output.hasSuffix("\n")
            }
            #expect(try worker.end() == 0)
            for pid in found + [idle.pid, busy.pid] { #expect(!isRunning(pid)) }
            #expect(try worker.scratchFolders().isEmpty)
        }

        @Test func `jobs die with a worker that is killed`() throws {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            kill(worker.pid, SIGKILL)
            try Waiting.until("the child is gone") { !isRunning(child.pid) }
            try worker.end()
            try FileManager.default.removeItem(atPath: worker.scratchRoot)
        }

        @Test func `an idle child whose server goes away ends quietly`() throws {
            let worker = try WorkerProcess()
            let child = try worker.fork()
            child.socket.close()
            #expect(try worker.receiveExit(of: child.pid) == 0)
        }

        @Test func `many children live at once, and a slow server loses no event`() throws {
            let worker = try WorkerProcess()
            for token in 0..<60 { worker.send(.fork(token: UInt64(token))) }
            var children: [ChildProcess] = []
            for token in 0..<60 {
                let (event, descriptors) = try worker.receive()
                guard case .forked(UInt64(token), let pid) = event else { throw HarnessError("\(event)") }
                children.append(ChildProcess(pid: pid, descriptors: descriptors, worker: worker))
            }
            #expect(Set(children.map(\.pid)).count == 60)
            for child in children.prefix(5) { #expect(try child.run("1").result == "1") }
        }

        @Test func `a fork that finds no descriptor left is refused, and the worker works on`() throws {
            let worker = try WorkerProcess()
            let limit = Process()
            limit.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
            limit.arguments = ["--pid", "\(worker.pid)", "--nofile=9:1024"]
            try limit.run()
            limit.waitUntilExit()
            worker.send(.fork(token: 7))
            #expect(try worker.receive().event == .forkFailed(token: 7, errno: EMFILE))
            let raise = Process()
            raise.executableURL = limit.executableURL
            raise.arguments = ["--pid", "\(worker.pid)", "--nofile=1024"]
            try raise.run()
            raise.waitUntilExit()
            #expect(try worker.fork().run("1").result == "1")
        }

        @Test func `signals of a terminal do not end the worker`() throws {
            let worker = try WorkerProcess()
            for number in [SIGINT, SIGTERM, SIGHUP] { kill(worker.pid, number) }
            #expect(try worker.fork().run("1").result == "1")
            let interrupted = try worker.fork().run(
                "import os, signal\ntry: os.kill(os.getpid(), signal.SIGINT)\nexcept KeyboardInterrupt: print('ctrl-c')"
            )
            #expect(interrupted.output == "ctrl-c\n")
        }
    }
}
