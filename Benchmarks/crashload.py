"""The load of Scripts/bench crash: clients that ask for everything a job can go through, and note what they were told."""

import http.client
import json
import random
import threading
import time
import uuid

REFERENCE, CODE, COUNTDOWN = "/api/v1/python/execute", "/v1/code/execute/python", "/api/v1/countdown/start"
# What may happen when the server dies under a request: it is not known then what became of it.
CUT_OFF = (OSError, http.client.HTTPException)


class Told:
    """What the server said about one job."""

    def __init__(self, token, body=None, path=REFERENCE, key=None):
        self.token = token  # what its code writes to the ledger; None when it does not get that far
        self.body, self.path, self.key = body, path, key
        self.id = (body or {}).get("job_id")
        self.is_accepted = False  # its id was given to the client
        self.answer = None  # status and body of the request that waited for it
        self.record = None  # the whole job, seen after its end
        self.cancelled = False
        self.removal = None  # "asked", then "done"


class Notes:
    """All that was told, by all clients; each adds under the lock and reads copies."""

    def __init__(self):
        self.lock = threading.Lock()
        self.jobs = []

    def add(self, told):
        with self.lock:
            self.jobs.append(told)
        return told

    def pick(self, wanted):
        with self.lock:
            some = random.sample(self.jobs, min(len(self.jobs), 40))
        return next((told for told in some if wanted(told)), None)


class Connection:
    """One kept-alive connection."""

    def __init__(self, port):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method, target, body=None, fields=None):
        """Status and body; raises one of CUT_OFF when the answer does not come, or not whole."""
        fields = dict(fields or {})
        if body is not None:
            body = json.dumps(body)
            fields["Content-Type"] = "application/json"
        self.http.request(method, target, body, fields)
        response = self.http.getresponse()
        data = response.read()
        self.fields = response.headers
        return response.status, json.loads(data) if data else None


class Client(threading.Thread):
    """Asks without a pause until it is stopped or the server is gone."""

    def __init__(self, port, notes, ledger, stopped):
        super().__init__(daemon=True)
        self.port, self.notes, self.ledger, self.stopped = port, notes, ledger, stopped
        self.mistakes = []

    def run(self):
        self.connection = Connection(self.port)
        actions = [
            (6, self.waiting), (4, self.asynchronous), (3, self.code), (2, self.code_async), (2, self.keyed), (3, self.own_id),
            (2, self.classic), (2, self.session), (2, self.countdown), (6, self.look), (2, self.cancel), (1, self.remove),
        ]
        weights, works = zip(*actions)
        try:
            while not self.stopped.is_set():
                random.choices(works, weights)[0]()
        except CUT_OFF:
            pass
        except Exception as error:  # pylint: disable=broad-except
            self.mistakes.append(f"a client failed: {error!r}")

    # What jobs do

    def program(self):
        """A token for the ledger, and code that writes it there and then does something; no token where it cannot."""
        token = uuid.uuid4().hex
        write = f"open({self.ledger!r}, 'a').write('{token}\\n')\n"
        rest = random.choice([
            "print('a')\n40 + 2", "import sys\nprint('e', file=sys.stderr)\n1/0", "print('x' * 100_000)",
            "import sys\nprint('leaving')\nsys.exit(3)", "import os\nprint('gone', flush=True)\nos._exit(4)",
            "import unreal\nunreal.log_warning('w')\n[None, 'é', {'a': 1.5}]",
            f"import time\nfor n in range(4):\n    print(n, flush=True)\n    time.sleep({random.uniform(0.01, 0.2):.3f})",
            "for n in range(300): print(n)", "raise ValueError('é' * 1000)",
        ])
        if random.random() < 0.05:
            return None, f"# {token}\nx = = 1"
        return token, write + rest

    def ask(self, told, **fields):
        """Posts what it says; keeps the answer when there is one."""
        self.notes.add(told)
        status, answer = self.connection.ask("POST", told.path, told.body, fields)
        if status in (429, 503) and not answer.get("job_id"):
            return None  # refused
        if told.key and status == 409:
            return None  # the same key at the same time
        told.id = answer["job_id"]
        told.is_accepted = True
        if status != 202:
            told.answer = (status, answer)
        return answer

    # What clients ask

    def waiting(self):
        token, code = self.program()
        self.ask(Told(token, {"code": code, "timeout": 20}))

    def asynchronous(self):
        token, code = self.program()
        self.ask(Told(token, {"code": code, "async": True}))

    def own_id(self):
        token, code = self.program()
        body = {"code": code, "job_id": str(uuid.uuid4()), "async": random.random() < 0.3}
        self.ask(Told(token, body))

    def classic(self):
        token, code = self.program()
        self.ask(Told(token, {"code": code}, REFERENCE + "?dialect=classic"))

    def session(self):
        token, code = self.program()
        self.ask(Told(token, {"code": code, "session": random.choice("abc"), "async": random.random() < 0.5}))

    def keyed(self):
        token, code = self.program()
        key = uuid.uuid4().hex
        self.ask(Told(token, {"code": code}, key=key), **{"Idempotency-Key": key})

    def code(self):
        token, code = self.program()
        self.ask(Told(token, {"code": code + "\nreturn [1, 'é']"}, CODE))

    def code_async(self):
        token, code = self.program()
        self.ask(Told(token, {"code": code}, CODE), Prefer="respond-async")

    def countdown(self):
        body = {"from": random.randint(1, 5), "interval_ms": random.randint(1, 100), "async": random.random() < 0.7}
        told = self.notes.add(Told(None, body, COUNTDOWN))
        status, answer = self.connection.ask("POST", COUNTDOWN, body)
        if status == 202:
            told.id, told.is_accepted = answer["job_id"], True

    def look(self):
        """Keeps the record of a job that has ended."""
        told = self.notes.pick(lambda told: told.id and told.is_accepted and not told.record and not told.removal)
        if not told:
            return
        status, answer = self.connection.ask("GET", f"/api/v1/job?id={told.id}")
        if status == 200 and answer["job"]["completed_at"] and not told.removal:
            told.record = answer["job"]
        elif status != 200 and not told.removal:
            self.mistakes.append(f"{told.id} was accepted, and then: {status} {answer}")

    def cancel(self):
        token = uuid.uuid4().hex
        code = f"open({self.ledger!r}, 'a').write('{token}\\n')\nimport time\nprint('c', flush=True)\ntime.sleep(30)"
        told = Told(token, {"code": code, "async": True})
        if not self.ask(told):
            return
        time.sleep(random.choice([0, 0, 0.05, 0.2]))
        status, answer = self.connection.ask("DELETE", f"/api/v1/job?id={told.id}&mode=cancel")
        if status == 200:
            told.cancelled = True
        elif status not in (400, 500, 503):
            self.mistakes.append(f"{told.id} could not be cancelled: {status} {answer}")

    def remove(self):
        """Removes a job whose end it has seen."""
        with self.notes.lock:
            told = next((told for told in self.notes.jobs if told.record and not told.removal), None)
            if not told:
                return
            told.removal = "asked"
        status, answer = self.connection.ask("DELETE", f"/api/v1/job?id={told.id}&mode=remove")
        if status == 200:
            told.removal = "done"
        else:
            self.mistakes.append(f"{told.id} could not be removed: {status} {answer}")
