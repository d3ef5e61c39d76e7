"""Kills a loaded server again and again, and looks whether anything that it answered is lost, changed or run twice.

Started by Scripts/bench crash, and for a few rounds by a test. Exit status 1 when something is wrong; the folder with
the database is then kept.
"""

import argparse
import collections
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from crashload import CODE, Client, Connection, Notes
from server import Server

STATES = ["pending", "running", "completed", "failed", "cancelled"]


class Check:
    """Compares what a restarted server says with what was told before."""

    def __init__(self, port, mistakes):
        self.connection, self.mistakes = Connection(port), mistakes

    def wrong(self, told, *what):
        text = " ".join(str(part) if len(str(part)) < 2000 else f"{part!s:.1000} … {str(part)[-900:]}" for part in what)
        self.mistakes.append(f"job {told.id} ({told.path} {told.body}): {text}")

    def job(self, job_id, query=""):
        status, answer = self.connection.ask("GET", f"/api/v1/job?id={job_id}" if not query else query)
        return answer["job"] if status == 200 else None

    def ended(self, job_id):
        """The job at its end, for which a queued job that runs after the restart is waited for; nil for none."""
        deadline = time.monotonic() + 60
        while True:
            job = self.job(job_id)
            if not job or job["completed_at"] or time.monotonic() > deadline:
                return job
            time.sleep(0.02)

    def told(self, told):
        """One job."""
        if not told.id:
            return  # never answered, and the id was not the client's own
        job = self.ended(told.id)
        if told.removal == "done" and job:
            self.wrong(told, "was removed and is back")
        if told.removal:
            return
        if not job:
            if told.is_accepted:
                self.wrong(told, "was accepted and is lost")
            return
        if not job["completed_at"]:
            self.wrong(told, "has no end:", job)
        if told.record and told.record != job:
            self.wrong(told, "changed from", told.record, "to", job)
        if told.cancelled and job["status"] != "cancelled":
            self.wrong(told, "was cancelled and is", job)
        if told.answer:
            self.answer(told, *told.answer, job)
        told.record = job

    def answer(self, told, status, answer, job):
        """A request that waited, and the record of its job."""
        if told.path == CODE:
            parts = answer["response"] or answer
            said = {"output": parts["stdout"].removesuffix("\n"), "stderr": parts["stderr"]}
            said |= {"result": parts["result"]} if answer["code"] == 200 else {}
            status = answer["code"]
        else:
            if "classic" in told.path:
                job = self.job(told.id, f"/api/v1/python/job?id={told.id}&dialect=classic")
            names = ["output", "logs", "stderr", "duration_ms", "session_reset"]
            names += ["result"] if status == 200 else ["error"] if "classic" not in told.path and status != 409 else []
            said = {name: answer[name] for name in names if name in answer}
        said["status"] = {200: "completed", 409: "cancelled"}.get(status, "failed")
        for name, value in said.items():
            if value != job.get(name):
                self.wrong(told, f"was answered with {status} and {name} {value!r}, but has", repr(job.get(name)))

    def totals(self):
        """Every total against a count, page by page."""
        seen = collections.Counter()
        ids, target = set(), "/api/v1/jobs?limit=1000"
        while target:
            _, page = self.connection.ask("GET", target)
            for job in page["jobs"]:
                seen[job["handler"], job["status"]] += 1
                ids.add(job["job_id"])
            target = page["next_cursor"] and f"/api/v1/jobs?limit=1000&cursor={page['next_cursor']}"
        if len(ids) != seen.total():
            self.mistakes.append(f"{seen.total() - len(ids)} jobs are listed twice")
        _, stats = self.connection.ask("GET", "/api/v1/jobs/stats")
        for state in STATES:
            for path, handlers in [("jobs", ["python", "code", "countdown"]), ("python/jobs", ["python", "code"]),
                                   ("jobs?handler=code", ["code"])]:
                count = sum(seen[handler, state] for handler in handlers)
                mark = "&" if "?" in path else "?"
                _, page = self.connection.ask("GET", f"/api/v1/{path}{mark}status={state}&limit=1")
                if page["total"] != count:
                    self.mistakes.append(f"{path}: total of {state} is {page['total']}, but there are {count}")
            if stats["by_status"][state] != sum(seen[handler, state] for handler in ("python", "code", "countdown")):
                self.mistakes.append(f"stats of {state} are {stats['by_status'][state]}")

    def settle(self):
        """Waits until the jobs that were taken up again have ended, of which some were never answered."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            _, stats = self.connection.ask("GET", "/api/v1/jobs/stats")
            if not any(stats["by_status"][state] for state in STATES[:2]):
                return
            time.sleep(0.02)
        self.mistakes.append(f"jobs still wait or run: {stats['by_status']}")

    def left(self):
        """Nothing of the server before waits or runs."""
        for state in STATES[:2]:
            _, page = self.connection.ask("GET", f"/api/v1/jobs?status={state}")
            if page["total"]:
                self.mistakes.append(f"{page['total']} jobs are {state} after the restart: {page['jobs'][0]}")

    def again(self, told):
        """A request that was answered is sent again, by its key or its own id: the same answer, and no second run."""
        fields = {"Idempotency-Key": told.key} if told.key else {}
        status, answer = self.connection.ask("POST", told.path, told.body, fields)
        if told.answer and (status, answer) != told.answer:
            self.wrong(told, "was answered", told.answer, "and sent again", status, answer)


class Run:
    """One database through all rounds."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="roost-crash-")
        # Jobs of a server that is root are other users, who write to the ledger.
        os.chmod(self.folder, 0o711)
        self.project, self.ledger = self.folder + "/project", self.folder + "/ledger"
        os.mkdir(self.project)
        with open(self.ledger, "wb"):
            os.chmod(self.ledger, 0o666)
        self.notes, self.mistakes, self.old = Notes(), [], []
        self.figures = collections.Counter()

    def arguments(self, number):
        return ["--examples", "--workers", "2", "--drain-seconds", "1", "--max-queue", "60",
                "--isolation", "shared" if number % 2 else "process",
                "--resume", "requeue" if number % 3 else "fail"]

    def start(self, number):
        return Server.roost(self.options.roost, self.project, *self.arguments(number))

    def kill_start(self, number):
        """A start that is killed on its way, while it cleans up after the kill before."""
        command = [self.options.roost, "serve", "--port", "0", "--project", self.project, "--log-level", "error"]
        with subprocess.Popen(
                command + self.arguments(number), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(random.uniform(0, 0.3))
            process.kill()
        self.figures["killed starts"] += 1

    def load(self, server, seconds):
        """Clients, until the server is stopped under them."""
        stopped = threading.Event()
        clients = [Client(server.port, self.notes, self.ledger, stopped) for _ in range(self.options.clients)]
        for client in clients:
            client.start()
        time.sleep(seconds)
        return stopped, clients

    def round(self, number):
        server = self.start(number)
        stopped, clients = self.load(server, random.uniform(0.2, self.options.seconds))
        # Every fifth stop is a polite one, in the middle of it all.
        is_polite = number % 5 == 4
        server.process.send_signal(signal.SIGTERM if is_polite else signal.SIGKILL)
        try:
            status = server.process.wait(30)
        except subprocess.TimeoutExpired:
            server.process.kill()
            status = "nothing but a kill"
        if status != (0 if is_polite else -signal.SIGKILL):
            self.mistakes.append(f"the server ended with {status}")
        stopped.set()
        for client in clients:
            client.join(60)
            self.mistakes += client.mistakes
        self.figures["terms" if is_polite else "kills"] += 1
        if random.random() < 0.2:
            self.kill_start(number)
        server = self.start(number)
        try:
            self.check(number, server.port)
        finally:
            server.process.kill()
            server.process.wait()

    def check(self, number, port):
        check = Check(port, self.mistakes)
        if "fail" in self.arguments(number):
            check.left()
        new, self.notes.jobs = self.notes.jobs, []
        for told in new + random.sample(self.old, min(len(self.old), 30)):
            check.told(told)
        check.settle()
        check.totals()
        repeatable = [told for told in new if told.answer and not told.removal and (told.key or "job_id" in told.body)]
        for told in random.sample(repeatable, min(len(repeatable), 5)):
            check.again(told)
        self.old += new
        for told in new:
            self.figures["jobs"] += 1
            self.figures["answered"] += bool(told.answer)
            self.figures["accepted"] += told.is_accepted and not told.answer
            self.figures["cut off"] += not told.is_accepted

    def finish(self):
        """A last look at everything, over the wire and then into the file."""
        server = self.start(0)
        check = Check(server.port, self.mistakes)
        for told in self.old:
            check.told(told)
        check.settle()
        check.totals()
        server.process.terminate()
        if server.process.wait(30) != 0:
            self.mistakes.append("the last stop was not clean")
        with contextlib.closing(sqlite3.connect(self.project + "/Saved/Roost.sqlite")) as database:
            for question, expected in [("PRAGMA integrity_check", [("ok",)]), ("PRAGMA foreign_key_check", [])]:
                found = database.execute(question).fetchall()
                if found != expected:
                    self.mistakes.append(f"{question}: {found[:5]}")
            inputs = "\n".join(text for text, in database.execute("SELECT input FROM job_contents"))
        with open(self.ledger, encoding="ascii") as file:
            ran = collections.Counter(file.read().split())
        self.figures["runs"] = ran.total()
        for token, count in ran.items():
            if count > 1:
                self.mistakes.append(f"{token} ran {count} times")
        removed = {told.token for told in self.old if told.removal}
        for token in ran:
            # Accepted jobs are in the file before they start, whether or not anybody was told of them.
            if token not in inputs and token not in removed:
                self.mistakes.append(f"{token} ran and is not in the history")
        for told in self.old:
            if not told.record or not told.token:
                continue
            details = (told.record["error"] or {}).get("details") or {}
            self.figures["resumed"] += "resumed" in told.record
            if told.record["status"] == "completed" and told.token not in ran:
                self.mistakes.append(f"{told.token} is said to have run and did not: {told.record}")
            if details.get("previous_status") == "pending" and told.token in ran:
                self.mistakes.append(f"{told.token} is said not to have run and did: {told.record}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.5, help="longest load of a round")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    random.seed(options.seed)
    run = Run(options)
    print(f"seed {options.seed}", flush=True)
    for number in range(options.rounds):
        run.round(number)
        if sys.stderr.isatty():
            print(f"\rround {number + 1} of {options.rounds}, {len(run.mistakes)} mistakes", end="", file=sys.stderr)
        if run.mistakes:
            break
    if not run.mistakes:
        run.finish()
    print(", ".join(f"{count} {name}" for name, count in run.figures.items()))
    for mistake in run.mistakes[:20]:
        print(mistake[:4000])
    if run.mistakes:
        sys.exit(f"crash: {len(run.mistakes)} mistakes; the history is kept in {run.folder}")
    shutil.rmtree(run.folder)
    print("nothing lost, nothing changed, nothing twice")


main()
