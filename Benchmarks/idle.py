"""Prints how soon the server answers after its start, and its memory at rest; started by Scripts/bench idle."""

import argparse
import http.client
import statistics
import tempfile
import time

from server import Server


def memory(pid):
    """Resident and proportional memory in MiB."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        lines = dict(line.split(":", 1) for line in file.read().splitlines()[1:])
    return [int(lines[key].split()[0]) / 1024 for key in ("Rss", "Pss", "Private_Dirty")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    starts, sizes = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as project:
            start = time.perf_counter()
            server = Server.roost(options.roost, project)
            try:
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
                connection.request("GET", "/api/v1/health")
                connection.getresponse().read()
                starts.append(time.perf_counter() - start)
                connection.close()
                sizes.append(memory(server.process.pid))
            finally:
                server.stop()
    middle = [statistics.median(column) for column in zip(*sizes)]
    print(f"start to first answer  {statistics.median(starts) * 1000:.0f} ms "
          f"({min(starts) * 1000:.0f}–{max(starts) * 1000:.0f})")
    print(f"idle server's memory   {middle[0]:.1f} MiB resident, {middle[1]:.1f} proportional, "
          f"{middle[2]:.1f} its own")


main()
