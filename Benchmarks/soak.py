"""Runs very many jobs and prints what the server and its Python hold meanwhile; started by Scripts/bench soak."""

import argparse
import json
import os
import sys
import tempfile
import time

from server import Server
from wrk import wrk

PATH = "/api/v1/python/execute"
KINDS = {
    "process": (["--isolation", "process"], {"code": "print('hello')"}),
    "shared": (["--isolation", "shared"], {"code": "print('hello')"}),
    "session": ([], {"code": "print('hello')", "session": "s%d"}),
}


def held(pid):
    """Resident MiB and open descriptors of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))
    return resident / 1024, len(os.listdir(f"/proc/{pid}/fd"))


def worker(pid):
    """The roost-python of a server."""
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children", encoding="utf-8") as file:
            for child in map(int, file.read().split()):
                with open(f"/proc/{child}/comm", encoding="utf-8") as name:
                    if name.read().strip() == "roost-python":
                        return child
    sys.exit("bench: the server has no roost-python")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--kind", choices=KINDS, default="process")
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()

    arguments, body = KINDS[options.kind]
    body = json.dumps(body)
    print(f"{options.kind}: {'jobs':>10}{'roost MiB':>12}{'descriptors':>13}{'roost-python MiB':>18}{'descriptors':>13}")
    with tempfile.TemporaryDirectory() as project:
        server = Server.roost(options.roost, project, *arguments)
        try:
            done, shown = 0, 0
            step = max(1, options.jobs // 10)
            while True:
                if done >= shown:
                    time.sleep(1)  # what the last jobs used is given back within moments
                    ours, theirs = held(server.process.pid), held(worker(server.process.pid))
                    print(f"{'':<{len(options.kind) + 1}} {done:>10}{ours[0]:>12.1f}{ours[1]:>13}"
                          f"{theirs[0]:>18.1f}{theirs[1]:>13}", flush=True)
                    shown = min(shown + step, options.jobs)
                if done >= options.jobs:
                    break
                done += wrk(server.port, PATH, body, options.connections, 5)["requests"]
        finally:
            server.stop()


main()
