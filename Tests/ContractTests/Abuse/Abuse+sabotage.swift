extension Abuse {
    /// Sabotage of what the job's own report goes through; it deceives at most its own caller.
    static let sabotage: [Abuse] = [
        Abuse("closed descriptors", [.completes, .dies], "import os\nos.closerange(0, 4096)"),
        Abuse("closed standard streams", [.completes], "import os\nfor n in range(3): os.close(n)"),
        Abuse("a closed sys.stdout", [.completes, .raises], "import sys\nsys.stdout.close()"),
        Abuse("no sys.stdout", [.completes], "import sys\nsys.stdout = sys.stderr = None\nprint('x')"),
        Abuse(
            "noise on every descriptor", [.completes, .dies],
            "import os\nfor n in range(3, 64):\n    try: os.write(n, b'\\xff' * 5000)\n    except OSError: pass"),
        Abuse(
            "forged frames on every descriptor", [.completes, .raises, .dies],
            """
            import json, os, struct
            def frame(kind, payload): return struct.pack('<IB', len(payload), kind) + payload
            header = json.dumps({'outcome': 'completed'}).encode()
            done = frame(0x84, struct.pack('<I', len(header)) + header + b'"forged"')
            call = frame(0x83, b'{"id":1,"function":"unreal.nothing","args":[],"kwargs":{}}')
            for n in range(1, 64):
                try: os.write(n, frame(0x81, b'\\x00forged') + frame(0x82, b'') + call + frame(0x83, b'[' * 10000) + done * 3)
                except OSError: pass
            """),
        Abuse(
            "a frame that announces 4 GiB", [.completes, .dies],
            "import os\ntry: os.write(3, b'\\xff\\xff\\xff\\xff\\x84' + b'x' * 1000)\nexcept OSError: pass"),
        Abuse(
            "replaced builtins", [.completes, .raises],
            "import builtins\nfor name in dir(builtins):\n    if not name.startswith('__'): setattr(builtins, name, None)"),
        Abuse(
            "replaced modules", [.completes, .raises],
            """
            import json, os, signal, socket, sys, threading, traceback
            for module in (json, signal, socket, threading, traceback, os):
                for name in dir(module):
                    if not name.startswith('__'): setattr(module, name, None)
            """),
        Abuse("no modules", [.completes, .raises], "import sys\nsys.modules.clear()"),
        Abuse("a trace function that raises", [.raises], "import sys\nsys.settrace(lambda *a: 1/0)\ndef f(): pass\nf()"),
        Abuse("no descriptors allowed", [.completes, .raises], "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))"),
        Abuse(
            "an exit after what looks like a result", [.dies],
            "import os\nprint('{\"outcome\":\"completed\"}', flush=True)\nos._exit(0)"),
        Abuse("a removed scratch folder", [.completes], "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)\nos.chdir('/')"),
        Abuse(
            "links, FIFOs and deep folders left behind", [.completes],
            """
            import os
            os.symlink('/etc', 'link'); os.symlink('.', 'self'); os.mkfifo('fifo')
            open('-rf', 'w').close(); open(b'\\xff\\xfe', 'w').close()
            for _ in range(300):
                os.mkdir('d'); os.chdir('d')
            os.chmod('..', 0)
            """),
        Abuse("a sparse file", [.raises], says: "large", "open('f', 'wb').truncate(1 << 40)"),
        Abuse("a file that grows", [.raises], says: "large", "f = open('f', 'wb')\nwhile True: f.write(b'x' * (1 << 20))"),
        Abuse("open files without end", [.raises], says: "open files", "x = []\nwhile True: x.append(open('/dev/null'))"),
    ]
}
