"""Times executions one after the other, and what a bare fork would cost; started by Scripts/bench execute."""

import argparse
import http.client
import json
import os
import statistics
import tempfile
import time

from server import Server

CODE = "print('hello')"


def executions(port, count):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = json.dumps({"code": CODE})
    times = []
    for index in range(count + 20):
        start = time.perf_counter()
        connection.request("POST", "/api/v1/python/execute", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200 or b"hello" not in answer:
            raise SystemExit(f"bench: {response.status} {answer!r}")
        if index >= 20:
            times.append(time.perf_counter() - start)
    connection.close()
    return times


def forks(count):
    """What any design that gives each job a process has to pay: fork, run with output to a pipe, _exit, wait."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
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
        times.append(time.perf_counter() - start)
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as project:
        server = Server.roost(options.roost, project)
        try:
            bare = forks(options.count)
            ours = executions(server.port, options.count)
            bare += forks(options.count)
        finally:
            server.stop()
    middle, least = statistics.median(ours), statistics.median(bare)
    for name, times in (("execute", ours), ("bare fork", bare)):
        cuts = statistics.quantiles(times, n=100)
        print(f"{name:<10} p50 {cuts[49] * 1e6:7.0f} µs   p90 {cuts[89] * 1e6:7.0f} µs   p99 {cuts[98] * 1e6:7.0f} µs")
    print(f"{'ratio':<10} p50 {middle / least:7.2f}")


main()
