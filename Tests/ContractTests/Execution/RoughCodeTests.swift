import RoostCore
import Testing

@Suite(.server("--workers", "2", "--max-output", "100000")) struct `Code that treats its process roughly` {
    @Test(arguments: [
        ("import os\nfor fd in range(3, 64):\n    try: os.close(fd)\n    except OSError: pass", [200, 500]),
        ("import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'\\xff' * 5000)\n    except OSError: pass", [200, 500]),
        ("import os\nos.close(0); os.close(1); os.close(2)", [200]),
        ("import sys\nsys.stdout = sys.stderr = None\nprint('x')", [200]),
        ("import sys\nsys.stdout.close()", [200, 500]),
        ("import builtins\nfor name in dir(builtins):\n    if not name.startswith('__'): setattr(builtins, name, None)", [200, 500]),
        ("import sys\nsys.modules.clear()", [200, 500]),
        ("import sys\nsys.setrecursionlimit(10 ** 9)\nclass C:\n    def __repr__(self): return repr(self)\nrepr(C())", [500]),
        ("import os\nif os.fork() == 0:\n    import time\n    print('child', flush=True)\n    time.sleep(100)\nprint('parent')", [200]),
        ("import os\nif os.fork() == 0:\n    raise ValueError('child')\nos.wait()\nprint('parent')", [200]),
        ("import os, shutil\nshutil.rmtree(os.getcwd())\nos.chdir('/')", [200]),
        ("import os\nos.execv('/bin/echo', ['echo', 'replaced'])", [500]),
        ("import gc, threading\nthreading.excepthook = lambda a: 1/0\nthreading.Thread(target=lambda: 1/0).start()", [200]),
        ("import atexit\natexit.register(lambda: 1/0)\nprint('main')", [200, 500]),
        ("import sys\nsys.settrace(lambda *a: 1/0)\ndef f(): pass\nf()", [500]),
        ("import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))", [200, 500]),
        ("import unreal\nfor i in range(100_000): unreal.log('x')", [200]),
        ("import sys\nfor i in range(300): sys.stderr.write('e' * 10_000)", [200]),
        ("class C:\n    def __del__(self): raise ValueError('late')\nx = C()", [200]),
        ("raise type('E', (Exception,), {'__str__': lambda self: 1/0})()", [500]),
        ("raise BaseException('base')", [500]),
        ("import signal, os\nos.kill(os.getppid(), 0)", [200, 500]),
        ("x = '" + String(repeating: "y", count: 1_000_000) + "'\nlen(x)", [200]),
        (String(repeating: "(", count: 5000), [400, 500]),
        (String(repeating: "-", count: 100_000) + "1", [200, 400, 500]),
    ])
    func `is answered, and the server goes on`(code: String, statuses: [Int]) async throws {
        let answer = try await server.execute(code, ["timeout": 10])
        #expect(statuses.contains(answer.status), "\(answer.text.prefix(600))")
        #expect(answer["job_id"]?.string.map(isJobID) == true, "strict JSON with the job's id")
        #expect(answer.time < .seconds(10))
        let next = try await server.execute("print('next')\n1 + 1")
        expectSuccess(next)
        #expect(next["output"] == "next")
        #expect(next["result"] == 2)
    }

    @Test func `takes nothing with it that it started in a session of its own`() async throws {
        let answer = try await server.execute(
            "import subprocess\np = subprocess.Popen(['/bin/sleep', '1000'], start_new_session=True)\np.pid")
        expectSuccess(answer)
        let process = try #require(answer["result"]?.int)
        try await eventually("nothing a job starts outlives it") { !Files.exists("/proc/\(process)/stat") }
    }

    @Test func `cannot write into another job`() async throws {
        let server = try server
        async let quiet = server.execute("import time\ntime.sleep(1)\nprint('only me')")
        _ = try await server.execute(
            "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'intruder')\n    except OSError: pass")
        let answer = try await quiet
        expectSuccess(answer)
        #expect(answer["output"] == "only me")
    }
}
