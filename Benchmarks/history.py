"""Times lists, writes and retention of histories of different sizes; started by Scripts/bench history."""

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from server import Server

KEEP = 1_000_000_000


def base36(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class History:
    """A server on a history of some size, and one connection to it."""

    def __init__(self, arguments, count, database, kept=KEEP):
        self.count = count
        self.server = Server.roost(
            arguments.roost, tempfile.mkdtemp(dir=arguments.folder), "--database", database, "--workers", "2",
            "--retention-age", str(KEEP), "--retention-count", str(kept))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def get(self, query):
        self.connection.request("GET", "/api/v1/python/jobs?" + query)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise SystemExit(f"bench: {query}: {response.status} {answer!r}")
        return answer


def fill(arguments, count):
    """A filled history, made once."""
    path = os.path.join(arguments.cache, f"{count}-jobs.sqlite")
    if arguments.fresh or not os.path.exists(path):
        subprocess.run([arguments.bench, "fill", path + ".part", str(count)], check=True)
        os.rename(path + ".part", path)
    size = os.path.getsize(path)
    print(f"{count:>10} jobs  {size / 1e6:>9.1f} MB  {size / count:.0f} bytes a job")
    return path


def queries(count):
    """Each with the same meaning whatever the size: the share of the jobs that a filter leaves is the same."""
    middle = time.time() - 12.5 * 86400
    return [
        ("status=completed", "status=completed&limit=100"),
        ("all", "limit=100"),
        ("oldest first", "order=asc&limit=100"),
        ("status=completed, cursor in the middle", f"status=completed&limit=100&cursor=c{base36(count // 2)}"),
        ("status=completed, offset half", f"status=completed&limit=100&offset={min(count // 2, 100_000)}"),
        ("handler=code", "handler=code&limit=100"),
        ("client=client3", "client=client3&limit=100"),
        ("client=client3, status=failed", "client=client3&status=failed&limit=100"),
        ("session=s7", "session=s7&limit=100"),
        ("since, until: a day in the middle", f"since={stamp(middle)}&until={stamp(middle + 86400)}&limit=100"),
        ("the same, status=failed", f"since={stamp(middle)}&until={stamp(middle + 86400)}&status=failed&limit=100"),
        ("q=compute_17", "q=compute_17&limit=100"),
        ("q=result (in every job)", "q=result&limit=100"),
        ("q=compute_17, client=client3", "q=compute_17&client=client3&limit=100"),
    ]


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1e3


def lists(arguments, histories):
    print(f"\nGET /api/v1/python/jobs, ms, {arguments.count} requests each, in turns")
    sizes = [history.count for history in histories]
    print(f"{'':42}" + "".join(f"{f'p50 {size:.0e}':>12}{f'p99 {size:.0e}':>12}" for size in sizes) + f"{'p50 ratio':>11}")
    rows = [queries(size) for size in sizes]
    for row in zip(*rows):
        times = [[] for _ in histories]
        for _ in range(arguments.count + 5):
            for index, history in enumerate(histories):
                start = time.perf_counter()
                history.get(row[index][1])
                times[index].append(time.perf_counter() - start)
        times = [each[5:] for each in times]
        p50 = [quantile(each, 0.5) for each in times]
        print(
            f"{row[0][0]:42}"
            + "".join(f"{quantile(each, 0.5):>12.2f}{quantile(each, 0.99):>12.2f}" for each in times)
            + f"{p50[-1] / p50[0]:>11.2f}")
    big = histories[-1]
    for offset in (100_000, 500_000, big.count - 1000):
        times = []
        for _ in range(15):
            start = time.perf_counter()
            page = json.loads(big.get(f"status=completed&limit=100&offset={offset}"))
            times.append(time.perf_counter() - start)
        print(f"{f'offset {offset}':42}{'':24}{quantile(times, 0.5):>12.2f}{'  with a hint' if page.get('hint') else ''}")


def writes(arguments, path):
    print("\nrecords a second (insert, start, finish), 128 callers, the whole process on one core")
    for name, source, durability in (
        ("normal, empty history", None, "normal"),
        ("full, empty history", None, "full"),
        ("normal, the largest history", path, "normal"),
    ):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            target = os.path.join(folder, "jobs.sqlite")
            if source:
                shutil.copyfile(source, target)
            command = [arguments.bench, "write", target, durability, str(arguments.seconds)]
            if shutil.which("taskset"):
                command = ["taskset", "-c", "0", *command]
            answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            print(
                f"{name:42}{answer['per_second']:>12,.0f} a second{answer['per_cpu_second']:>12,.0f} a second of CPU"
                f"{answer['records'] * 3 / max(1, answer['commits']):>8.0f} a commit"
                f"{answer['log_bytes'] / 1e6:>8.1f} MB of log")


def execute(port, seconds, times):
    """One client: the times of its requests."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = json.dumps({"code": "print('hello')"})
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        connection.request("POST", "/api/v1/python/execute", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise SystemExit(f"bench: {response.status} {answer!r}")
        times.append(time.perf_counter() - start)


def retention(arguments, path):
    print("\nPOST /api/v1/python/execute by 8 clients while the sweep removes all but 1000, ms")
    results = []
    for name, kept in (("no sweep", KEEP), ("sweep", 1000), ("no sweep", KEEP)):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            target = os.path.join(folder, "jobs.sqlite")
            shutil.copyfile(path, target)
            history = History(arguments, 0, target, kept)
            before = json.loads(history.get("limit=1"))["total"]
            times = []
            clients = [
                threading.Thread(target=execute, args=(history.server.port, arguments.seconds * 2, times))
                for _ in range(8)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            swept = before + len(times) - json.loads(history.get("limit=1"))["total"]
            history.server.stop()
            results.append((name, times))
            print(
                f"{name:42}p50{quantile(times, 0.5):>8.2f}  p99{quantile(times, 0.99):>8.2f}  "
                f"{len(times) / arguments.seconds / 2:>8.0f} a second{swept:>10} swept")
    without = statistics.mean(quantile(times, 0.99) for name, times in results if name == "no sweep")
    print(f"{'p99, sweep : none':42}{quantile(results[1][1], 0.99) / without:.2f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--sizes", default="1000,1000000")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--fresh", action="store_true", help="fill anew")
    parser.add_argument("--only", choices=("lists", "writes", "retention"))
    arguments = parser.parse_args()
    os.makedirs(arguments.cache, exist_ok=True)
    # Beside the filled histories, so that a copy stays on the same disk.
    with tempfile.TemporaryDirectory(dir=arguments.cache) as folder:
        arguments.folder = folder
        sizes = sorted(int(size) for size in arguments.sizes.split(","))
        paths = [fill(arguments, size) for size in sizes]
        sys.stdout.flush()
        if arguments.only in (None, "lists"):
            histories = [History(arguments, size, path) for size, path in zip(sizes, paths)]
            lists(arguments, histories)
            for history in histories:
                history.server.stop()
        sys.stdout.flush()
        if arguments.only in (None, "writes"):
            writes(arguments, paths[-1])
        sys.stdout.flush()
        if arguments.only in (None, "retention"):
            retention(arguments, paths[-1])


main()
