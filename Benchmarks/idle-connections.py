#!/usr/bin/env python3
"""Opens N keep-alive connections to a server, asks once on each, and prints what the server holds for them.

idle-connections.py PID PORT N [BYTES]; with BYTES each request has a body of that length, which nobody wants."""
import socket, sys, time, resource
pid, port, count = map(int, sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
def rss():
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"): return int(line.split()[1]) * 1024
body = b"x" * int(sys.argv[4]) if len(sys.argv) > 4 else None
request = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n" if body is None else b"POST /api/v1/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
def ask(s):
    s.sendall(request); data = b""
    while b"\r\n\r\n" not in data: data += s.recv(65536)
def connect():
    s = socket.create_connection(("127.0.0.1", port)); ask(s); return s
warm = [connect() for _ in range(200)]
for s in warm: s.close()
time.sleep(1)
before = rss(); start = time.time()
open_ = [connect() for _ in range(count)]
took = time.time() - start
time.sleep(1)
after = rss()
t = time.time()
for _ in range(100):
    s = connect(); s.close()
served = (time.time() - t) / 100
print(f"{count} idle connections: {(after - before) / count:.0f} bytes each (VmRSS {before >> 10} -> {after >> 10} KiB); opened in {took:.1f} s; a request meanwhile {served * 1000:.2f} ms")
for s in open_: s.close()
time.sleep(2)
print(f"after they closed: VmRSS {rss() >> 10} KiB")
