"""The exceptions by which a job is told that its time is over or that it was cancelled."""

import signal

_set_handler = signal.signal
_set_mask = signal.pthread_sigmask


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
    signal.SIGRTMIN + 1: (JobTimeout, "the time of this job is over"),
    signal.SIGRTMIN + 2: (JobCancelled, "this job was cancelled"),
}


class Interrupts:
    """Turns the two signals into one exception in the main thread; later ones are ignored."""

    def __init__(self):
        self.raised = None
        self.closed = False

    def install(self):
        """Sets the handlers. The worker keeps both signals blocked until `open`."""
        for number in _ERRORS:
            _set_handler(number, self._handle)
        # What Python itself does at start; the worker does not, for Ctrl-C is not meant for it.
        _set_handler(signal.SIGINT, signal.default_int_handler)

    def open(self):
        """Lets signals through; one that already waits raises here."""
        _set_mask(signal.SIG_SETMASK, ())

    def close(self):
        """From here on no signal raises: the report must not be torn."""
        self.closed = True

    def _handle(self, number, frame):
        if self.closed or self.raised is not None:
            return
        kind, text = _ERRORS[number]
        self.raised = kind(text)
        raise self.raised
