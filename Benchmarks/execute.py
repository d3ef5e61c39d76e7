"""Times executions in the three kinds of process, beside what they could cost; started by Scripts/bench execute."""

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

from server import Server

CODE = "print('hello')"
PATH = "/api/v1/python/execute"
FIELDS = {"Content-Type": "application/json"}


class Client:
    """Posts one body again and again on one connection."""

    def __init__(self, port, body, status):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.body, self.status = json.dumps(body), status

    def post(self):
        self.connection.request("POST", PATH, self.body, FIELDS)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != self.status:
            raise SystemExit(f"bench: {response.status} {answer!r}")


def timed(function, count, warm_up=20):
    times = []
    for index in range(count + warm_up):
        start = time.perf_counter()
        function()
        if index >= warm_up:
            times.append(time.perf_counter() - start)
    return times


def rate(clients, seconds):
    """Requests a second of all clients together."""
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


def fork():
    """What any design that gives each job a process has to pay: fork, run with output to a pipe, _exit, wait."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        exec(compile(CODE, "<string>", "exec"), {})  # what is measured
        os.write(1, b"hello\n")
        os._exit(0)
    os.close(writer)
    while os.read(reader, 4096):
        pass
    os.close(reader)
    os.waitpid(child, 0)


def spawn():
    subprocess.run([sys.executable, "-c", CODE], stdout=subprocess.PIPE, check=True)


def show(name, times, throughput):
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:<16} p50 {cuts[49] * 1e6:7.0f} µs   p99 {cuts[98] * 1e6:7.0f} µs   {throughput:7.0f} a second")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    kinds = [
        ("process", ["--isolation", "process"], lambda _: {"code": CODE}, 200),
        ("shared", ["--isolation", "shared"], lambda _: {"code": CODE}, 200),
        ("session", [], lambda index: {"code": CODE, "session": f"s{index}"}, 200),
        ("answers 400", [], lambda _: {"code": ""}, 400),
    ]
    medians = {}
    for name, arguments, body, status in kinds:
        with tempfile.TemporaryDirectory() as project:
            server = Server.roost(options.roost, project, *arguments)
            try:
                clients = [Client(server.port, body(index), status) for index in range(options.connections)]
                times = timed(clients[0].post, options.count)
                show(name, times, rate(clients, options.seconds))
            finally:
                server.stop()
        medians[name] = statistics.median(times)
    for name, function, count in (("bare fork", fork, options.count), ("subprocess.run", spawn, 50)):
        times = timed(function, count, warm_up=5)
        show(name, times, 1 / statistics.mean(times))
        medians[name] = statistics.median(times)
    print(f"process / bare fork: {medians['process'] / medians['bare fork']:.2f}")


main()
