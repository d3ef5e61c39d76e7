"""Times executions in the three kinds of process, beside what they could cost; started by Scripts/bench execute.

The requests are wrk's, which takes little of the processors; a client in Python asks as well, since that is what most
users have, and takes as much of them as a job does. All of it runs in turns on one machine, so the ratios are what counts.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from kernel_gateway import KernelGateway
from server import Server
from wrk import wrk

CODE = "print('hello')"
PATH = "/api/v1/python/execute"
FIELDS = {"Content-Type": "application/json"}
TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()

# A job that does what any design has to pay that gives each job a process: fork, run with output to a pipe, _exit, wait.
# It is itself run by Roost without a sandbox, so the interpreter and what it has imported are the same.
BARE_FORK = """
import json, os, sys, time
source, seconds, loops = %r, %r, %r

def once():
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        exec(compile(source, "<string>", "exec"), {})
        os._exit(0)
    os.close(writer)
    while os.read(reader, 4096):
        pass
    os.close(reader)
    os.waitpid(child, 0)

def loop():
    times, end = [], time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        once()
        times.append(time.perf_counter() - start)
    return times

ends = []
for _ in range(loops - 1):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, b"%%d" %% len(loop()))
        os._exit(0)
    os.close(writer)
    ends.append(reader)
times = loop()
rate = (len(times) + sum(int(os.read(end, 64)) for end in ends)) / seconds
[times, rate]
"""

# Prints when it prints, and how late the first word of it is read is the delay of live output.
LIVE = """
import time
for _ in range(%d):
    time.sleep(0.02)
    print(time.time(), flush=True)
"""


class Client:
    """Posts one body again and again on one connection."""

    def __init__(self, port, body, status=200):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.body, self.status = json.dumps(body), status

    def post(self):
        self.connection.request("POST", PATH, self.body, FIELDS)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != self.status:
            raise SystemExit(f"bench: {response.status} {answer!r}")
        return answer


def python_rate(clients, seconds):
    """Requests a second of all clients together, each a thread of this process."""
    counts = [0] * len(clients)
    end = time.perf_counter() + seconds

    def run(index):
        while time.perf_counter() < end:
            clients[index].post()
            counts[index] += 1

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def cpu_seconds(pid):
    """User and system time of a process, of all that it has reaped, and of all its descendants."""
    total, left = 0, [pid]
    while left:
        pid = left.pop()
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="utf-8") as file:
                    left += map(int, file.read().split())
        except OSError:
            pass
    return total / TICKS


def measure(port, pid, body, options, path=PATH, refuses=False):
    """Latency one after the other, the rate from several connections, and what processor time a request took there."""
    body = json.dumps(body)
    wrk(port, path, body, options.connections, 1, refuses)  # warms caches, allocators and sessions
    one = wrk(port, path, body, 1, options.seconds, refuses)
    before = cpu_seconds(pid)
    many = wrk(port, path, body, options.connections, options.seconds, refuses)
    cpu = cpu_seconds(pid) - before
    return {"p50": one["p50"], "p99": one["p99"], "rate": many["rate"], "cpu": cpu / many["requests"] * 1e6}


def show(name, figures, digits=0):
    python = figures.get("python")
    cpu = figures.get("cpu")
    print(f"{name:<22}{figures['p50']:>9.{digits}f}{figures['p99']:>10.{digits}f}{figures['rate']:>10.0f}"
          f"{'' if cpu is None else f'{cpu:.0f}':>9}{'' if python is None else f'{python:.0f}':>12}", flush=True)


def roost(options, name, arguments, body, python_body, status=200):
    with tempfile.TemporaryDirectory() as project:
        server = Server.roost(options.roost, project, *arguments)
        try:
            figures = measure(server.port, server.process.pid, body, options, refuses=status != 200)
            clients = [Client(server.port, python_body(index), status) for index in range(options.connections)]
            figures["python"] = python_rate(clients, options.seconds)
        finally:
            server.stop()
    show(name, figures)
    return figures


def bare_fork(options, loops):
    with tempfile.TemporaryDirectory() as project:
        server = Server.roost(options.roost, project, "--sandbox", "off")
        try:
            code = BARE_FORK % (CODE, options.seconds, loops)
            times, rate = json.loads(Client(server.port, {"code": code, "timeout": 120}).post())["result"]
        finally:
            server.stop()
    cuts = statistics.quantiles(times, n=100)
    figures = {"p50": cuts[49] * 1e6, "p99": cuts[98] * 1e6, "rate": rate}
    show("bare fork" if loops == 1 else f"bare fork, {loops} loops", figures)
    return figures


def spawn(options):
    times, end = [], time.perf_counter() + options.seconds
    while (start := time.perf_counter()) < end:
        subprocess.run([sys.executable, "-c", CODE], stdout=subprocess.PIPE, check=True)
        times.append(time.perf_counter() - start)
    cuts = statistics.quantiles(times, n=100)
    show("subprocess.run", {"p50": cuts[49] * 1e6, "p99": cuts[98] * 1e6, "rate": 1 / statistics.mean(times)})


def live(options, isolation, count=100):
    """Milliseconds from each print of a running job to when a client of its events has read it."""
    with tempfile.TemporaryDirectory() as project:
        server = Server.roost(options.roost, project, "--isolation", isolation)
        try:
            body = {"code": LIVE % count, "async": True}
            job = json.loads(Client(server.port, body, 202).post())["job_id"]
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request("GET", f"/api/v1/python/events?id={job}")
            response = connection.getresponse()
            delays = []
            for line in response:
                if line.startswith(b'data: {"text":"'):
                    now = time.time()
                    delays += [(now - float(text)) * 1e3 for text in json.loads(line[6:])["text"].split()]
            connection.close()
        finally:
            server.stop()
    if len(delays) != count:
        sys.exit(f"bench: {len(delays)} of {count} lines of live output came")
    cuts = statistics.quantiles(delays, n=100)
    print(f"live output, {isolation:<8}  first {delays[0]:.2f} ms, p50 {cuts[49]:.2f}, p99 {cuts[98]:.2f}, "
          f"most {max(delays):.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--peers", help="the folder to install the peers in; none are measured without one")
    options = parser.parse_args()

    print(f"{CODE}: µs one after the other, requests a second from {options.connections} connections, "
          "their processor time in µs,\nand the same requests a second of a client in Python\n")
    print(f"{'':<22}{'p50':>9}{'p99':>10}{'a second':>10}{'CPU':>9}{'of Python':>12}")
    plain = {"code": CODE}
    process = roost(options, "process", ["--isolation", "process"], plain, lambda _: plain)
    shared = roost(options, "shared", ["--isolation", "shared"], plain, lambda _: plain)
    session = roost(options, "session", [], {"code": CODE, "session": "s%d"},
                    lambda index: {"code": CODE, "session": f"s{index}"})
    refused = roost(options, "the route answers 400", [], {"code": ""}, lambda _: {"code": ""}, 400)
    bare = bare_fork(options, 1)
    all_cores = bare_fork(options, CORES)
    spawn(options)
    if options.peers:
        gateway = KernelGateway.start(options.peers, CODE, CORES)
        if gateway:
            try:
                show("kernel gateway", measure(gateway.port, gateway.process.pid, {}, options, KernelGateway.PATH))
            finally:
                gateway.stop()
    print()
    live(options, "process")
    live(options, "shared")
    print(f"""
process, median   {process['p50'] / bare['p50']:.2f} × the bare fork's (goal: at most 2)
process, rate     {process['rate'] / bare['rate']:.2f} × the bare fork's (goal: at least 0.5), \
{process['rate'] / all_cores['rate']:.2f} × that of {CORES} loops
shared, rate      {shared['rate'] / refused['rate']:.2f} × the refusals' (goal: at least 0.5), \
{shared['python'] / refused['python']:.2f} × with the client in Python
session, rate     {session['rate'] / refused['rate']:.2f} × the refusals' (goal: at least 0.5), \
{session['python'] / refused['python']:.2f} × with the client in Python""")


main()
