import Glibc
import RoostCore
import Testing

@Suite(
    .server(["--workers", "2", "--memory-limit", "402653184", "--sandbox", "strict"]), .enabled(if: StrictSandbox.isPossible), .serialized)
struct `A strict sandbox` {
    @Test func `says that it holds`() async throws {
        let sandbox = try await server.get("/api/v1/health")["python"]?["sandbox"]
        #expect(sandbox?["mode"] == "strict")
        let enforced = (sandbox?["enforced"]?.array ?? []).compactMap(\.string)
        for name in ["network", "read_only_files", "process_table", "system_calls"] { #expect(enforced.contains(name)) }
    }

    @Test func `has no network, not even loopback`() async throws {
        let port = try server.port
        let answer = try await server.execute(
            """
            import socket
            results = []
            for family, address in ((socket.AF_INET, ('127.0.0.1', \(port))), (socket.AF_INET6, ('::1', \(port))), (socket.AF_INET, ('192.0.2.1', 80))):
                try: socket.socket(family).connect(address); results.append('connected')
                except OSError as error: results.append(error.strerror)
            try: socket.socket(40)
            except OSError as error: results.append(error.strerror)
            results
            """)
        #expect(
            answer["result"]
                == [
                    "Network is unreachable", "Cannot assign requested address", "Network is unreachable",
                    "Address family not supported by protocol",
                ]
                || answer["result"]
                    == [
                        "Network is unreachable", "Network is unreachable", "Network is unreachable",
                        "Address family not supported by protocol",
                    ],
            "\(answer.text)")
    }

    @Test func `has read-only files but for the scratch folder`() async throws {
        let answer = try await server.execute(
            """
            import errno, os, tempfile
            results = []
            for path in ('/tmp/x', '/var/tmp/x', '/dev/shm/x', '/x', '../x', '/etc/x'):
                try: open(path, 'w'); results.append('written')
                except OSError as error: results.append(errno.errorcode[error.errno])
            with tempfile.NamedTemporaryFile('w') as file: file.write('x')
            open('own', 'w').write('y')
            assert open('/dev/null', 'w').write('z') == 1
            results
            """)
        let results = answer["result"]?.array?.compactMap(\.string) ?? []
        #expect(results.count == 6 && results.allSatisfy { ["EROFS", "EACCES"].contains($0) }, "\(answer.text)")
    }

    @Test func `has a process table of its own`() async throws {
        let answer = try await server.execute(
            "import os\nif os.fork() == 0: os._exit(7)\nprint(os.waitstatus_to_exitcode(os.wait()[1]))\nprint(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()))\nos.getpid()"
        )
        #expect(answer["output"] == "7\n[1, 2]", "\(answer.text)")
        #expect(answer["result"] == 2)
    }

    @Test func `reaps what is orphaned`() async throws {
        let answer = try await server.execute(
            """
            import os, time
            for _ in range(30):
                if os.fork() == 0:
                    if os.fork() == 0: os._exit(0)
                    os._exit(0)
                os.wait()
            deadline = time.monotonic() + 30
            while len([n for n in os.listdir('/proc') if n.isdigit()]) > 2 and time.monotonic() < deadline: time.sleep(0.01)
            len([n for n in os.listdir('/proc') if n.isdigit()])
            """, ["timeout": 60])
        #expect(answer["result"] == 2, "\(answer.text)")
    }

    @Test func `refuses the system calls of its list, and those of programs still work`() async throws {
        let answer = try await server.execute(
            """
            import ctypes, errno, os, platform, subprocess, threading
            libc = ctypes.CDLL(None, use_errno=True)
            x86 = {'mount': 165, 'ptrace': 101, 'bpf': 321, 'keyctl': 250, 'init_module': 175, 'settimeofday': 164, 'unshare': 272, 'setns': 308, 'kexec_load': 246, 'pivot_root': 155, 'io_uring_setup': 425}
            arm = {'mount': 40, 'ptrace': 117, 'bpf': 280, 'keyctl': 219, 'init_module': 105, 'settimeofday': 170, 'unshare': 97, 'setns': 268, 'kexec_load': 104, 'pivot_root': 41, 'io_uring_setup': 425}
            for name, number in (x86 if platform.machine() == 'x86_64' else arm).items():
                result = libc.syscall(number, 0, 0, 0, 0, 0)
                print(name, result, errno.errorcode.get(ctypes.get_errno()))
            clone = 56 if platform.machine() == 'x86_64' else 220
            print('clone', libc.syscall(clone, 0x10000000 | 17, 0, 0, 0, 0), errno.errorcode.get(ctypes.get_errno()))
            print('clone3', libc.syscall(435, 0, 0), errno.errorcode.get(ctypes.get_errno()))
            thread = threading.Thread(target=lambda: print('thread'))
            thread.start(); thread.join()
            print(subprocess.run(['/bin/echo', 'echo'], capture_output=True, text=True).stdout, end='')
            """)
        let lines = (answer["output"]?.string ?? "").split(separator: "\n")
        #expect(lines.count == 15, "\(answer.text)")
        for line in lines.prefix(12) { #expect(line.hasSuffix(" -1 EPERM"), "\(line)") }
        #expect(lines.dropFirst(12) == ["clone3 -1 ENOSYS", "thread", "echo"])
    }

    @Test(.enabled(if: UInt8(truncatingIfNeeded: MemoryLayout<Int>.size) == 8))
    func `kills a process that speaks another architecture's language`() async throws {
        #if arch(x86_64)
            // x32: the same numbers with bit 30.
            let answer = try await server.execute("import ctypes\nctypes.CDLL(None).syscall(0x40000000 + 39)")
            let error = expectFailure(answer, 500, "PYTHON_PROCESS_DIED")
            #expect(error["details"] == ["signal": "SIGSYS"])
        #endif
    }

    @Test(.enabled(if: geteuid() == 0)) func `bounds the memory of a whole job`() async throws {
        let sandbox = try await server.get("/api/v1/health")["python"]?["sandbox"]
        guard sandbox?["enforced"]?.array?.contains("job_memory") == true else { return }
        // Each process stays below the limit of one; together they do not.
        let answer = try await server.execute(
            """
            import os, time
            def use(count):
                memory = bytearray(count << 20)
                for i in range(0, len(memory), 4096): memory[i] = 1
                return memory
            ready, tell = os.pipe()
            for _ in range(3):
                if os.fork() == 0:
                    memory = use(90)
                    os.write(tell, b'.')
                    time.sleep(60)
            for _ in range(3): os.read(ready, 1)
            # The job's own process is the largest by now, so that it is the one that the kernel chooses.
            memory = use(220)
            time.sleep(60)
            """, ["timeout": 50])
        expectFailure(answer, 500, "MEMORY_LIMIT")
        expectSuccess(try await server.execute("1"))
    }
}
