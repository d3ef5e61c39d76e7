extension Abuse {
    /// Processes and threads: too many of them, and ones that want to stay.
    static let processes: [Abuse] = [
        Abuse(
            "a fork bomb", [.timesOut, .dies], timeout: 2,
            "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
        Abuse(
            "more processes than allowed", [.raises], says: "unavailable",
            "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(100)"),
        Abuse(
            "thousands of threads", [.raises], says: "thread",
            """
            import threading, time
            for _ in range(5000): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
            """),
        Abuse(
            "a daemon of two forks and setsid", [.completes],
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 64)
                    time.sleep(1000)
                os._exit(0)
            os.wait()
            """),
        Abuse(
            "a process of a session of its own", [.completes],
            "import subprocess\nsubprocess.Popen(['/bin/sleep', '1000'], start_new_session=True).pid"),
        Abuse(
            "a grandchild that holds the output", [.completes], says: "parent",
            """
            import os, time
            if os.fork() == 0:
                if os.fork() == 0: time.sleep(1000)
                os._exit(0)
            os.wait()
            print('parent')
            """),
        Abuse(
            "a chain of processes that each leave their parent", [.completes, .raises], timeout: 5,
            """
            import os, time
            for _ in range(200):
                if os.fork(): os._exit(0) if _ else os.wait()
                if not _ and os.getpgrp() == os.getpid(): break
                os.setsid()
            else: time.sleep(1000)
            """),
        Abuse(
            "a child that goes on as the job", [.completes], says: "parent",
            "import os, time\nif os.fork() == 0:\n    print('child', flush=True)\n    time.sleep(100)\nprint('parent')"),
        Abuse(
            "a child that fails", [.completes], says: "parent",
            "import os\nif os.fork() == 0:\n    raise ValueError('child')\nos.wait()\nprint('parent')"),
        Abuse("another program in its place", [.dies], "import os\nos.execv('/bin/echo', ['echo', 'replaced'])"),
        Abuse("its own end", [.dies], says: "SIGKILL", "import os\nos.kill(os.getpid(), 9)"),
        Abuse("the end of its group", [.dies], says: "SIGKILL", "import os\nos.killpg(0, 9)"),
    ]

    /// What must fail or hit nobody but the job, where it is kept from its parent.
    static let confined: [Abuse] = [
        Abuse("the end of its parent", [.raises, .dies], "import os\nos.kill(os.getppid(), 9)"),
        Abuse(
            "the end of everybody", [.completes, .raises], says: "",
            "import os\ntry: os.kill(-1, 9)\nfinally: print('alive')"),
        Abuse(
            "the environment of its parent", [.raises, .completes],
            "import os\nassert not os.getppid() or not open(f'/proc/{os.getppid()}/environ').read()"),
        Abuse(
            "the memory of its parent", [.raises], says: "ermission",
            "import os\nopen(f'/proc/{os.getppid() or 1}/mem', 'rb')"),
        Abuse("the folders of other jobs", [.raises], "import os\nassert len(os.listdir('..')) <= 1, 'others'\nraise OSError"),
        Abuse("a device", [.raises], "import os, stat\nos.mknod('d', 0o600 | stat.S_IFBLK, os.makedev(8, 0))"),
        Abuse(
            "a set-user-ID program", [.raises],
            "import subprocess\nsubprocess.run(['/usr/bin/su', '-c', 'id'], check=True, stdin=subprocess.DEVNULL)"),
    ]
}
