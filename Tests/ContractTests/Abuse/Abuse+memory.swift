extension Abuse {
    /// Memory, with a limit far below what the machine has.
    static let memory: [Abuse] = [
        Abuse("a heap that grows", [.usesTooMuchMemory], "x = []\nwhile True: x.append(bytearray(1 << 20))"),
        Abuse("small objects without end", [.usesTooMuchMemory], "x = []\nwhile True: x.append([x, {}])"),
        Abuse("one huge allocation", [.usesTooMuchMemory], "bytearray(1 << 40)"),
        Abuse("one huge text", [.usesTooMuchMemory], "'x' * (1 << 40)"),
        Abuse("one huge list", [.usesTooMuchMemory], "[0] * 10 ** 12"),
        Abuse("a huge mapping", [.raises, .usesTooMuchMemory], "import mmap\nmmap.mmap(-1, 1 << 40)"),
        Abuse(
            "mappings without end", [.raises, .usesTooMuchMemory],
            "import mmap\nx = []\nwhile True: x.append(mmap.mmap(-1, 1 << 24))"),
        Abuse(
            "memory beyond what malloc gives", [.completes], says: "None",
            "import ctypes\nm = ctypes.CDLL(None).malloc\nm.restype = ctypes.c_void_p\nm.argtypes = [ctypes.c_size_t]\nprint(m(1 << 40))"),
        Abuse(
            "recursion into the C stack", [.dies], says: "SIGSEGV",
            "import sys\nsys.setrecursionlimit(10 ** 9)\nclass C:\n    def __repr__(self): return repr(self)\nrepr(C())"),
        Abuse("recursion", [.raises], says: "recursion", "def f(): f()\nf()"),
        Abuse("a megabyte of source", [.completes], "x = '" + String(repeating: "y", count: 1_000_000) + "'\nlen(x)"),
        Abuse("a wild pointer", [.dies], says: "SIGSEGV", "import ctypes\nctypes.string_at(8)"),
        Abuse("source that is too deep", [.doesNotCompile, .raises, .usesTooMuchMemory], String(repeating: "(", count: 5000)),
        Abuse(
            "source that is too deep for its compiler",
            [.completes, .doesNotCompile, .raises, .dies, .usesTooMuchMemory],
            String(repeating: "-", count: 100_000) + "1"),
    ]
}
