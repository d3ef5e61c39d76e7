extension Abuse {
    /// Output that is too much or no text.
    static let output: [Abuse] = [
        Abuse("a flood of output", [.timesOut], timeout: 1, "while True: print('x' * 1000)"),
        Abuse("a flood of errors", [.timesOut], timeout: 1, "import sys\nwhile True: sys.stderr.write('e' * 1000)"),
        Abuse("a flood of log entries", [.timesOut], timeout: 1, "import unreal\nwhile True: unreal.log('x')"),
        Abuse("a flood without a newline", [.timesOut], timeout: 1, "import os\nwhile True: os.write(1, b'x' * 65536)"),
        Abuse("one line of 10 MB", [.completes], "print('x' * 10_000_000)"),
        Abuse("bytes that are no UTF-8", [.completes], "import os\nos.write(1, bytes(range(256)) * 100)"),
        Abuse("NUL", [.completes], says: "a\0b", "print('a\\0b')"),
        Abuse("lone surrogates", [.completes, .raises], "print('\\ud800')\n'\\udfff'"),
        Abuse("a huge result", [.completes], "'x' * 20_000_000"),
        Abuse("a huge repr", [.completes], "class C:\n    def __repr__(self): return 'x' * 20_000_000\nC()"),
        Abuse("a result that refers to itself", [.completes], "x = []\nx.append(x)\nx"),
        Abuse("a huge message", [.raises], "raise ValueError('x' * 20_000_000)"),
        Abuse(
            "a huge traceback", [.raises],
            "def f(n):\n    try: 1/0\n    except Exception: f(n - 1) if n else 1/0\n    raise ValueError('y' * 100_000)\nf(200)"),
        Abuse("a __str__ that raises", [.raises], "raise type('E', (Exception,), {'__str__': lambda self: 1/0})()"),
        Abuse("an exception that is no Exception", [.raises], "raise BaseException('base')"),
        Abuse("a __del__ that raises", [.completes], "class C:\n    def __del__(self): raise ValueError('late')\nx = C()"),
        Abuse("an exit function that raises", [.completes], says: "main", "import atexit\natexit.register(lambda: 1/0)\nprint('main')"),
        Abuse(
            "a thread whose hook raises", [.completes],
            "import threading\nthreading.excepthook = lambda a: 1/0\nthreading.Thread(target=lambda: 1/0).start()"),
    ]
}
