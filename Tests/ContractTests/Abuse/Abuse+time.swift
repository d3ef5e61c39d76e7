extension Abuse {
    /// Time: code that does not end.
    static let time: [Abuse] = [
        Abuse("a busy loop", [.timesOut], timeout: 1, "while True: pass"),
        Abuse("sleep", [.timesOut], timeout: 1, "import time\ntime.sleep(60)"),
        Abuse("a stop of itself", [.timesOut], timeout: 1, "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
        Abuse(
            "ignored signals", [.timesOut], timeout: 1,
            """
            import signal, time
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            time.sleep(60)
            """),
        Abuse(
            "blocked signals", [.timesOut], timeout: 1,
            "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(60)"),
        Abuse(
            "a loop around except BaseException", [.timesOut], timeout: 1,
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        Abuse("a blocking C call", [.timesOut], timeout: 1, "import ctypes\nctypes.PyDLL(None).sleep(60)"),
        Abuse("a C call that computes", [.timesOut], timeout: 1, "10 ** 10 ** 10"),
        Abuse(
            "a lock that nobody opens", [.timesOut], timeout: 1,
            "import threading\nthreading.Lock().acquire() and threading.Event().wait()"),
        Abuse(
            "a __repr__ that blocks", [.timesOut], timeout: 1,
            "import time\nclass C:\n    def __repr__(self): time.sleep(60)\nC()"),
        Abuse(
            "a __del__ that blocks", [.timesOut], timeout: 1,
            "import time\nclass C:\n    def __del__(self, sleep=time.sleep): sleep(60)\nx = C()"),
        Abuse(
            "an exit function that blocks", [.timesOut], timeout: 1,
            "import atexit, time\natexit.register(time.sleep, 60)"),
        Abuse(
            "a thread that goes on", [.timesOut], timeout: 1,
            "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"),
        Abuse(
            "a subprocess that goes on", [.timesOut], timeout: 1,
            "import subprocess\nsubprocess.run(['/bin/sleep', '60'])"),
        Abuse("a FIFO without a writer", [.timesOut], timeout: 1, "import os\nos.mkfifo('f')\nopen('f')"),
    ]
}
