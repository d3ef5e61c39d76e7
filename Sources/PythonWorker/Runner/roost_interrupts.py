"""The exceptions by which a job is told that its time is over or that it was cancelled."""

import _signal
import signal
import time

# Not `signal.signal`, which makes enums of numbers.
_set_handler = _signal.signal
_default_int_handler = _signal.default_int_handler
_set_mask = _signal.pthread_sigmask
_every_signal = _signal.valid_signals()
_sleep = time.sleep
_monotonic = time.monotonic


class JobInterrupt(BaseException):
    """Not an Exception: `except Exception` of the job must not swallow it."""

    __module__ = "builtins"


class JobTimeout(JobInterrupt):
    """The job ran longer than its timeout."""

    __module__ = "builtins"


class JobCancelled(JobInterrupt):
    """The job was cancelled."""

    __module__ = "builtins"


# RoostPythonWire's InterruptSignal has the same numbers.
_ERRORS = {
    int(signal.SIGRTMIN) + 1: (JobTimeout, "the time of this job is over"),
    int(signal.SIGRTMIN) + 2: (JobCancelled, "this job was cancelled"),
}
_SIGINT = int(signal.SIGINT)


class Interrupts:
    """Turns the two signals into one exception in the main thread; later ones are ignored."""

    def __init__(self):
        self.raised = None
        self.closed = False
        self._mask = set()
        # Interrupts counted: all there were; those when the job opened and when it rested; those sent for earlier jobs.
        self._seen = self._opened = self._rested = self._sent = 0
        self._last = None

    def install(self):
        """Sets the handlers. The worker keeps both signals blocked until `open`."""
        for number in _ERRORS:
            _set_handler(number, self._handle)
        # What Python itself does at start; the worker does not, for Ctrl-C is not meant for it.
        _set_handler(_SIGINT, _default_int_handler)

    def open(self):
        """Lets signals through; one that already waits raises here."""
        _set_mask(_signal.SIG_SETMASK, ())

    def rest(self):
        """Between two jobs of a process that stays: no handler of the job before runs. Returns the signals it had blocked."""
        self.closed = True
        self._mask = _set_mask(_signal.SIG_BLOCK, _every_signal)
        self._rested = self._seen
        return self._mask

    def reopen(self, sent):
        """For the next job. `sent` is how many interrupts there were for the jobs before; a late one is awaited, and ignored.

        One more than that is for the job that begins, and came before it: it raises here.
        """
        late = max(0, sent - self._sent - (self._rested - self._opened))
        self._sent = sent
        self._opened = self._rested + late
        self.closed = True
        _set_mask(_signal.SIG_SETMASK, self._mask)
        patience = _monotonic() + 1
        while self._seen < self._opened and _monotonic() < patience:
            _sleep(0.001)
        self.raised = None
        self.closed = False
        if self._seen > self._opened and self.raised is None:
            self._raise(self._last)

    def close(self):
        """From here on no signal raises: the report must not be torn."""
        self.closed = True

    def _handle(self, number, frame):
        self._seen += 1
        self._last = number
        if not self.closed and self.raised is None:
            self._raise(number)

    def _raise(self, number):
        kind, text = _ERRORS[number]
        self.raised = kind(text)
        raise self.raised
