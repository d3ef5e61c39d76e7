"""The worker's side of the runner: what happens once before the forks, and first in each child."""

import gc
import json
import mmap
import os
import resource
import sys
import traceback

from roost_channel import Channel
from roost_compile import compile_source
from roost_function import compile_function
from roost_hosts import make_modules
from roost_interrupts import Interrupts
from roost_job import Job, warm_up
from roost_logging import install
from roost_progress import Progress
from roost_resident import Resident
from roost_start import prepare
from roost_streams import make_stderr, make_stdin, make_stdout

# Imported for the jobs' sake: after the fork they cost nothing.
import collections.abc  # noqa: F401
import signal  # noqa: F401
import threading  # noqa: F401

_print_exc = traceback.print_exc
_exit = os._exit

# How the source is read, by the `mode` of the job.
_COMPILERS = {"module": compile_source, "function": compile_function}

_BOUNDS = ("max_log_entries", "max_log_entry_bytes", "max_result_bytes", "max_traceback_bytes")

# Given back when a job's memory is used up, so that its report can be made.
_BALLAST_BYTES = 8 << 20

# An exit status of our own for a child that could not even begin (EX_SOFTWARE of sysexits.h).
_CANNOT_BEGIN = 70


class Worker:
    """Everything a child needs, made before it is forked."""

    def __init__(self, data):
        config = json.loads(data)
        for name in _BOUNDS:
            if type(config.get(name)) is not int or config[name] < 0:
                raise ValueError("configure: %s must be an integer, at least 0" % name)
        if not isinstance(config.get("scratch"), str) or not os.path.isabs(config["scratch"]):
            raise ValueError("configure: scratch must be an absolute path")
        self.scratch = config["scratch"]
        self._config = config
        self._channel = Channel(config["max_log_entries"], config["max_log_entry_bytes"])
        self._interrupts = Interrupts()
        self._progress = Progress(self._channel, self._interrupts)
        self._hosts = make_modules(config.get("modules", ()), self._channel, self._progress.module)
        install(self._channel)
        self._stdin = make_stdin()
        self._stdout = make_stdout(self._channel)
        self._stderr = make_stderr(self._channel)
        self._ballast = _make_ballast()
        self._user = os.geteuid()
        prepare(config, self._channel, self._hosts, _python_program())
        gc.collect()
        gc.freeze()

    def run_child(self, descriptor, scratch):
        """The life of a child: waits for its job, runs it, ends; or, when its first job says so, stays for others."""
        try:
            sys.stdin = sys.__stdin__ = self._stdin
            sys.stdout = sys.__stdout__ = self._stdout
            sys.stderr = sys.__stderr__ = self._stderr
            os.environ["TMPDIR"] = scratch
            if os.geteuid() != self._user:
                _adopt_user(scratch)
            self._channel.attach(descriptor)
            self._interrupts.install()
            warm_up()
            resident = None
            while True:
                job = self._channel.receive_job()
                if job is None:
                    _exit(0)
                header, source, descriptors = job
                self._progress.begin(header.get("job_id"))
                mode = header.get("mode", "module")
                if mode not in _COMPILERS:
                    raise ValueError("roost-python does not know the mode %r" % mode)
                parts = (source, _COMPILERS[mode], self._config, self._channel, self._interrupts)
                parts += (self._hosts, self._ballast)
                if header.get("life", "job") == "job":
                    _limit_time(header.get("cpu_seconds"))
                    Job(*parts).run()
                if resident is None:
                    resident = Resident(
                        header["life"] == "session", scratch, self._channel, self._interrupts, self._hosts
                    )
                resident.run(header, descriptors, parts)
                if self._ballast.closed:
                    self._ballast = _make_ballast()
        except BaseException:
            _print_exc()
        _exit(_CANNOT_BEGIN)


def _make_ballast():
    """Address space only: no page of it is ever touched."""
    return mmap.mmap(-1, _BALLAST_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def _adopt_user(scratch):
    """The job runs as a user of its own, who has no home and no name but these."""
    os.environ["HOME"] = scratch
    os.environ["USER"] = os.environ["LOGNAME"] = "roost-job"


def _limit_time(seconds):
    """Bounds the processor time of this process and of each that it starts; SIGXCPU first, then SIGKILL."""
    if seconds is None:
        return
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if most == resource.RLIM_INFINITY or most > seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _python_program():
    """The interpreter that belongs to the embedded library, for `subprocess.run([sys.executable, …])`."""
    path = "%s/bin/python%d.%d" % (sys.base_exec_prefix, *sys.version_info[:2])
    return path if os.access(path, os.X_OK) else ""
