"""`sys.stdout` and `sys.stderr` of a job: written through to the descriptor, in order with the other channels."""

import io
import os
import select

_write = os.write
_poll = select.poll
_POLLOUT = select.POLLOUT


class PipeWriter(io.BufferedIOBase):
    """The binary layer: no buffer, so that nothing is lost when the process is killed."""

    def __init__(self, channel, descriptor, name):
        self._channel = channel
        self._descriptor = descriptor
        self.name = name
        self.mode = "wb"

    def write(self, data):
        if self.closed:
            raise ValueError("write to closed file")
        if type(data) is not bytes:
            data = bytes(memoryview(data))
        channel = self._channel
        with channel.lock:
            if channel.last is not self:
                channel.before_pipe(self)
            done = 0
            while done < len(data):
                try:
                    done += _write(self._descriptor, data[done:] if done else data)
                except BlockingIOError:
                    # The job made the pipe non-blocking; a print is still whole.
                    poll = _poll()
                    poll.register(self._descriptor, _POLLOUT)
                    poll.poll()
        return len(data)

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def isatty(self):
        return False


def make_stdout(channel):
    """As Python's UTF-8 mode opens it."""
    return _text(PipeWriter(channel, 1, "<stdout>"), "surrogateescape")


def make_stderr(channel):
    return _text(PipeWriter(channel, 2, "<stderr>"), "backslashreplace")


def make_stdin():
    """Descriptor 0 is /dev/null, in the worker and in every job."""
    stream = open(0, "r", encoding="utf-8", errors="surrogateescape", closefd=False)
    stream.mode = "r"
    return stream


def _text(writer, errors):
    stream = io.TextIOWrapper(writer, encoding="utf-8", errors=errors, newline="\n", write_through=True)
    stream.mode = "w"
    return stream
