"""Python's `logging` goes to the job's log entries instead of to standard error."""

import functools
import logging
import sys

from roost_error import format_error

_original = logging.basicConfig
_Handler = logging.Handler
_NullHandler = logging.NullHandler
_MAX_TRACEBACK_BYTES = 65536


class _Formatter(logging.Formatter):
    def formatException(self, info):
        return format_error(info[1], _MAX_TRACEBACK_BYTES) if info[1] is not None else ""


class _LogHandler(_Handler):
    """One log entry a record: message, then exception and stack if there are any."""

    def __init__(self, channel):
        super().__init__()
        self._channel = channel
        self._plain = _Formatter("%(message)s")

    def emit(self, record):
        try:
            level = 2 if record.levelno >= 40 else 1 if record.levelno >= 30 else 0
            self._channel.log(level, self._plain.format(record))
        except Exception:
            self.handleError(record)


def install(channel):
    """Root level INFO, one handler, and a `basicConfig` that does not take that handler for a configuration."""
    root = logging.root
    ours = _LogHandler(channel)
    root.addHandler(ours)
    root.setLevel(logging.INFO)

    @functools.wraps(_original)
    def basicConfig(**options):
        kept = ours in root.handlers
        if kept:
            root.handlers.remove(ours)
        stand_in = None
        try:
            if options.get("stream") in (None, sys.stderr, sys.__stderr__) and not options.get("filename"):
                options.pop("stream", None)
                if options.get("handlers") is None:
                    # No place named: Python would take standard error. Levels and bad options still count.
                    stand_in = _NullHandler()
                    options["handlers"] = [stand_in]
            _original(**options)
        finally:
            if stand_in is not None:
                root.removeHandler(stand_in)
            if kept:
                root.handlers.insert(0, ours)

    logging.basicConfig = basicConfig
