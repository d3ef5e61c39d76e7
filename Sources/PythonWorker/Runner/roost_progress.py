"""The module `roost` for scripts: how far a job is, its id, and whether it was told to stop.

A job may report as often as it likes. Reports go out at most `_RATE` times a second, after a first burst; of those in
between the latest is kept and goes with whatever is sent next, at the latest with the end of the job.
"""

import time
import types

_monotonic = time.monotonic
_BURST = 100.0
_RATE = 50.0


class Progress:
    """Makes the module, once before the forks; `begin` is for each job."""

    def __init__(self, channel, interrupts):
        self._channel = channel
        self._interrupts = interrupts
        self._tokens = _BURST
        self._at = 0.0
        module = types.ModuleType("roost", "What a script can say to, and know of, the job it runs as.")
        module.job_id = None
        self.module = module

        def progress(fraction, message=""):
            """Tells how far the job is: a number from 0 to 1, held within, and what is being done."""
            fraction = float(fraction)
            if fraction != fraction:
                raise ValueError("progress() argument 'fraction' must be a number from 0 to 1, not nan")
            if type(message) is not str:
                message = str(message)
            self._report(0.0 if fraction < 0.0 else 1.0 if fraction > 1.0 else fraction, message)

        def is_cancelled():
            """Whether the job was told to stop: for threads, since the main thread gets an exception then."""
            return interrupts.raised is not None

        for function in (progress, is_cancelled):
            function.__module__ = "roost"
            function.__qualname__ = function.__name__
            setattr(module, function.__name__, function)

    def begin(self, job_id):
        self.module.job_id = job_id
        self._tokens = _BURST
        self._at = _monotonic()
        self._channel.late = None

    def _report(self, fraction, message):
        channel = self._channel
        with channel.lock:
            now = _monotonic()
            tokens = self._tokens + (now - self._at) * _RATE
            self._at = now
            self._tokens = tokens = tokens if tokens < _BURST else _BURST
            channel.late = (fraction, message)
            if tokens >= 1.0:
                self._tokens = tokens - 1.0
                channel.send_late()
