import RoostCore
import Testing

/// `--isolation shared`. There are two interpreters, for one may still clean up when the next job comes.
@Suite(.server("--isolation", "shared", "--workers", "1"), .serialized) struct `A shared interpreter` {
    /// Runs code and says in which process. Of those that are ready that is the one used last, once it has cleaned up.
    private func run(_ code: String) async throws -> (answer: HTTPAnswer, process: String) {
        try await eventually("both interpreters are ready") {
            try await server.get("/api/v1/health")["python"]?["ready"] == 2
        }
        let answer = try await server.execute("import os; print(os.getpid(), 'out')\n" + code)
        let words = try #require(answer["output"]?.string).split(separator: " ").map(String.init)
        #expect(words.last?.hasPrefix("out") == true, "the job itself is answered as always")
        return (answer, try #require(words.first))
    }

    /// Runs code in the process that had the job before, which has to be there still.
    private func run(_ code: String, in process: String) async throws -> HTTPAnswer {
        let (answer, other) = try await run(code)
        #expect(other == process, "it stays and runs the next job too")
        return answer
    }

    @Test func `is named by health`() async throws {
        let python = try await server.get("/api/v1/health")["python"]
        #expect(python?["isolation"] == "shared")
        #expect(python?["sessions"] == 0)
    }

    @Test func `runs the next job too, with a fresh main module and the modules it imported`() async throws {
        let process = try await run("import fractions\nfractions.mark = 7\nx = 1").process
        let next = try await run(
            "import sys\n['x' in globals(), sys.modules['fractions'].mark, __name__, unreal.__name__]", in: process)
        #expect(next["result"] == [false, 7, "__main__", "unreal"])
    }

    @Test func `gives each job a folder of its own, gone afterwards`() async throws {
        let server = try server
        let code = """
            import os, tempfile
            print(os.getcwd() == os.environ['TMPDIR'] == tempfile.gettempdir(), os.listdir())
            os.makedirs('a/b'); open('a/b/c', 'w').write('x'); open('d', 'w').write('x')
            os.getcwd()
            """
        let first = try await server.execute(code)
        #expect(first["output"] == "True []")
        let folder = try #require(first["result"]?.string)
        let second = try await server.execute(code)
        #expect(second["output"] == "True []")
        #expect(second["result"] != first["result"])
        try await eventually("the folder is gone") { !Files.exists(folder) }
    }

    @Test(arguments: [
        "os.chmod('.', 0o500)", "open('a', 'w')", "os.setxattr('.', 'user.mark', b'1')", "os.mkdir('a')",
        "os.rename(os.getcwd(), '../moved'); os.mkdir(os.environ['TMPDIR'])", "os.symlink('a', 'b')",
    ])
    func `gives a job an empty folder whatever the one before made of its own`(_ change: String) async throws {
        let look = "[os.listdir(), oct(os.stat('.').st_mode), os.listxattr('.')]"
        let (answer, _) = try await run("import os\n\(change)")
        expectSuccess(answer)
        #expect(try await run("import os\n\(look)").answer["result"] == [[], "0o40700", []])
    }

    @Test(arguments: [
        "import threading, time\nthreading.Thread(target=time.sleep, args=(100,), daemon=True).start()",
        "import subprocess\nsubprocess.Popen(['/bin/sleep', '100'])",
        "import os\nif os.fork() == 0: os._exit(0)",
        "import signal\nsignal.signal(signal.SIGUSR1, print)", "import signal\nsignal.alarm(100)",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])",
        "kept = open('/dev/null')\nimport fractions\nfractions.kept = kept", "import os\nos.dup(1)",
        "import os\nos.environ['A'] = 'b'", "import os\nos.umask(0)", "import os\nos.close(0)",
        "import sys\nsys.stdout = sys.stderr", "import sys\nsys.excepthook = print",
        "import sys\nsys.displayhook = print", "import sys\nsys.meta_path.clear()", "import builtins\nbuiltins.len = print",
        "import builtins\nbuiltins.x = 1", "import sys\ndel sys.modules['os']", "import sys\nsys.modules['os'] = sys",
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))",
        "import fractions\nfractions.kept = bytearray(300 << 20)\nNone", "import os\nos.mkdir('../left')",
    ])
    func `is replaced when a job leaves something in it`(code: String) async throws {
        let (answer, process) = try await run(code)
        expectSuccess(answer)
        try await eventually("the interpreter is gone") { !Files.exists("/proc/\(process)/stat") }
        let check = try await server.execute(
            "import os, signal, sys\nprint(len([1]), os.environ.get('A'), signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL, 'x' in globals())"
        )
        #expect(check["output"] == "1 None True False")
    }

    @Test(arguments: [
        "import sys\nsys.path.append('/nowhere')\nsys.argv.append('x')", "import sys\nsys.setrecursionlimit(50)",
        "import gc\ngc.disable()", "import os\nos.chdir('/')", "import logging\nlogging.root.setLevel('DEBUG')",
        "import logging\nlogging.root.handlers.clear()", "import logging\nlogging.disable()",
        "import sys\nsys.settrace(lambda *a: None)", "import unreal\nunreal.log = None", "del unreal.log",
        "import sys\nsys.exit(3)", "1/0", "raise MemoryError", "import sys\nsys.stdout.close()",
        "import atexit\natexit.register(print, 'end')",
        "import warnings\nwarnings.simplefilter('error')", "import threading\nthreading.Thread(target=len, args=([],)).start()",
        "import subprocess\nsubprocess.run(['/bin/true'])", "f = open('/dev/null')\ng = [f]\ng.append(g)",
        "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor().submit(len, []).result()",
    ])
    func `stays when what a job changed can be put back`(code: String) async throws {
        let process = try await run(code).process
        let check = try await run(
            """
            import gc, logging, os, sys, warnings
            unreal.log('host')
            logging.info('record')
            logging.debug('none')
            warnings.warn('once')
            ['/nowhere' in sys.path, len(sys.argv), sys.getrecursionlimit() >= 1000, gc.isenabled(), os.getcwd() != '/']
            """, in: process)
        expectSuccess(check)
        #expect(check["result"] == [false, 1, true, true, true])
        #expect(logs(check["logs"])?.dropFirst().prefix(2) == [["info", "host"], ["info", "record"]])
    }

    @Test func `no job gets another's output`() async throws {
        let noisy = [
            "import threading, time\ndef f():\n    while True: print('LATE', flush=True); time.sleep(0.001)\nthreading.Thread(target=f, daemon=True).start()",
            "import subprocess\nsubprocess.Popen(['/bin/sh', '-c', 'while :; do echo LATE; echo LATE >&2; done'])",
            "import subprocess\nsubprocess.Popen(['/bin/sh', '-c', 'while :; do echo LATE; done'], start_new_session=True)",
            "class A:\n    def __del__(self): print('own')\na = A()\na.a = a",
            "import weakref, logging\nclass A:\n    def __del__(self): logging.info('LATE')\na = A()\nimport fractions\n",
            "import os\nif os.fork() == 0:\n    while True: os.write(1, b'LATE')",
        ]
        for code in noisy {
            let answer = try await server.execute(code)
            expectSuccess(answer)
            if code.contains("own") { #expect(answer["output"] == "own", "it is the job's own end") }
            for _ in 1...5 {
                let next = try await server.execute("import time\ntime.sleep(0.02)\nprint('mine')")
                #expect(next["output"] == "mine")
                #expect(next["stderr"] == "")
            }
        }
    }

    @Test func `a job's exit functions run at its end, and only then`() async throws {
        let answer = try await server.execute(
            "import atexit\natexit.register(print, 'first')\n@atexit.register\ndef last(): print('second')\natexit.unregister(len)\nprint('code')"
        )
        #expect(answer["output"] == "code\nsecond\nfirst")
        #expect(try await server.execute("print('next')")["output"] == "next")
    }

    @Test func `dies with its job and is replaced`() async throws {
        let (answer, process) = try await run("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)")
        let error = expectFailure(answer, 500, "PYTHON_PROCESS_DIED")
        #expect(error["details"]?["signal"] == "SIGSEGV")
        #expect(!Files.exists("/proc/\(process)/stat"))
        for _ in 1...4 { expectSuccess(try await server.execute("1")) }
    }

    @Test func `runs many jobs at once and each is answered for itself`() async throws {
        try await withServer("--isolation", "shared", "--workers", "4") { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            let answer = try await server.execute(
                                "import sys\nprint('out \(client) \(number)')\nprint('err \(client) \(number)', file=sys.stderr)\n[\(client), \(number)]"
                            )
                            #expect(answer["output"] == .string("out \(client) \(number)"))
                            #expect(answer["stderr"] == .string("err \(client) \(number)\n"))
                            #expect(answer["result"] == [.int(client), .int(number)])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
