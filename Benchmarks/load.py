"""Measures Roost, without and with its access log, and Hummingbird in turns under wrk; started by Scripts/bench http.

The servers run one at a time, so that neither takes the other's processor; the rounds alternate, so that
whatever else the machine does meets both. The ratios are of medians.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from server import Server

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = "/api/v1/health"
TICKS = os.sysconf("SC_CLK_TCK")
# What both servers answer without being busy, so that the times say how soon an answer comes, not how long a queue is.
PACED_RATE = 4000


def get(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", PATH)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        sys.exit(f"bench: {server.name} answered {response.status}")
    return body.decode()


def cpu_seconds(server):
    """User and system time of all its threads."""
    with open(f"/proc/{server.process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(server, connections, seconds, pause=0):
    """One run of wrk: requests a second, CPU microseconds a request, p50 and p99 in microseconds."""
    before = cpu_seconds(server)
    run = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
         os.path.join(HERE, "report.lua"), f"http://127.0.0.1:{server.port}{PATH}", "--", str(pause)],
        capture_output=True, text=True, check=False)
    cpu = cpu_seconds(server) - before
    line = re.search(r"^FIGURES (.*)$", run.stdout, re.MULTILINE)
    if not line:
        sys.exit(f"bench: wrk failed: {run.stdout}{run.stderr}")
    figures = json.loads(line.group(1))
    if figures["failures"]:
        print(f"  {server.name}: {figures['failures']} failed requests", file=sys.stderr)
    return {
        "rate": figures["requests"] / figures["microseconds"] * 1e6,
        "cpu": cpu / figures["requests"] * 1e6,
        "p50": figures["p50"],
        "p99": figures["p99"],
    }


def compare(servers, connections, options, pause=0):
    """Rounds of all servers in turns, printed as medians, and the ratio of Roost to Hummingbird."""
    print(f"{'connections':>11} {'server':<12} {'requests/s':>10} {'CPU µs':>7} {'spread':>13} "
          f"{'p50 µs':>8} {'p99 µs':>8}")
    runs = {server.name: [] for server in servers}
    for turn in range(options.rounds):
        for server in servers if turn % 2 == 0 else reversed(servers):
            runs[server.name].append(measure(server, connections, options.seconds, pause))
    medians = {}
    for name, list_ in runs.items():
        middle = {key: statistics.median(run[key] for run in list_) for key in list_[0]}
        medians[name] = middle
        costs = [run["cpu"] for run in list_]
        spread = f"{min(costs):.1f}–{max(costs):.1f}"
        print(f"{connections:>11} {name:<12} {middle['rate']:>10.0f} {middle['cpu']:>7.1f} "
              f"{spread:>13} {middle['p50']:>8.0f} {middle['p99']:>8.0f}")
    if "hummingbird" in medians:
        ours, theirs = medians["roost"], medians["hummingbird"]
        ratio = {key: ours[key] / theirs[key] for key in ours}
        print(f"{connections:>11} {'ratio':<12} {ratio['rate']:>10.2f} {ratio['cpu']:>7.2f} "
              f"{'':>13} {ratio['p50']:>8.2f} {ratio['p99']:>8.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--hummingbird")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", default="1,32,256")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as project, tempfile.TemporaryDirectory() as other:
        servers = [Server.roost(options.roost, project), Server.roost_logging(options.roost, other)]
        try:
            body = get(servers[0])
            if options.hummingbird:
                servers.append(Server("hummingbird", [options.hummingbird, body]))
            for server in servers:
                get(server)
                measure(server, 32, 1)  # warms caches and allocators
            print(f"GET {PATH}, {len(body)} bytes, keep-alive; medians of {options.rounds} rounds "
                  f"of {options.seconds} s; the spread is lowest to highest")
            print("as fast as one thread of wrk can ask: whoever answers faster has a busier wrk in its times")
            counts = [int(text) for text in options.connections.split(",")]
            for connections in counts:
                compare(servers, connections, options)
            print(f"at {PACED_RATE} requests a second for each server")
            for connections in counts:
                pause = connections * 1000 // PACED_RATE
                if pause > 0:
                    compare(servers, connections, options, pause)
        finally:
            for server in servers:
                server.stop()


main()
