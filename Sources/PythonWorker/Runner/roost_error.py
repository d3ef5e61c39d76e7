"""What an exception becomes in the header of `done`."""

import traceback

from roost_interrupts import JobInterrupt
from roost_text import bounded, cut_middle

_TracebackException = traceback.TracebackException
_clear_frames = traceback.clear_frames

_PREFIX = "<roost>/"
_MAX_MESSAGE_BYTES = 65536


def syntax_error(error, max_traceback_bytes):
    """The header for code that does not compile, whatever way it fails to."""
    is_syntax = isinstance(error, SyntaxError)
    header = {
        "outcome": "syntax_error",
        "type": class_name(error),
        "message": _bounded(error.msg) if is_syntax and error.msg else message(error),
        "traceback": format_error(error, max_traceback_bytes, frames=False),
    }
    if is_syntax and isinstance(error.lineno, int) and error.lineno > 0:
        header["line"] = error.lineno
    return header


def runtime_error(error, codes, max_traceback_bytes):
    """The header for an exception that the code let through; `codes` are the code objects submitted."""
    header = {"outcome": "runtime_error", "type": class_name(error)}
    line = innermost_line(error, codes)
    if isinstance(error, MemoryError):
        header["outcome"] = "memory_error"
        # The frames hold what filled the memory, and the report needs some.
        _clear_frames(error.__traceback__)
    elif isinstance(error, JobInterrupt):
        header["outcome"] = "interrupted"
        # What it broke into is no cause of it, and its `__str__` is code whose time is over.
        error.__context__ = error.__cause__ = None
    if isinstance(error, SystemExit):
        header["exit_code"] = exit_code(error)
        header["message"] = _bounded("SystemExit: " + message(error, empty=""))
    else:
        header["message"] = message(error)
    if line is not None:
        header["line"] = line
    elif isinstance(error, JobInterrupt):
        return header  # it met the runner, waiting for threads: the code is nowhere in that traceback
    header["traceback"] = format_error(error, max_traceback_bytes)
    return header


def exit_code(error):
    """The number this SystemExit has; a process would end with its last eight bits, which of 256 are no failure."""
    code = error.code
    if code is None:
        return 0
    return int(code) if isinstance(code, int) else 1


def class_name(error):
    name = type(error).__name__
    return _bounded(name) if isinstance(name, str) else "Exception"


def message(error, empty=None):
    """The exception's text; its class name where there is none, or where `str()` fails."""
    try:
        text = _bounded(str(error))
    except JobInterrupt:
        raise
    except BaseException:
        text = ""
    if text or empty is not None:
        return text or empty
    return class_name(error)


def innermost_line(error, codes):
    """The line where the submitted code was left last: by identity, for `exec` of the job compiles code too."""
    line = None
    entry = error.__traceback__
    while entry is not None:
        if id(entry.tb_frame.f_code) in codes:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def format_error(error, limit, frames=True):
    """The traceback as Python prints it, without the runner's frames and without a final newline."""
    try:
        rendered = _TracebackException(type(error), error, error.__traceback__ if frames else None, compact=True)
        _leave_runner_out(rendered)
        return cut_middle("".join(rendered.format()).rstrip("\n"), limit)
    except JobInterrupt:
        raise
    except BaseException:
        # A hostile exception, or no memory left to describe this one.
        return bounded("%s: %s" % (class_name(error), message(error, empty="")), limit)


def _leave_runner_out(rendered):
    seen = set()
    queue = [rendered]
    while queue:
        part = queue.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        part.stack[:] = [frame for frame in part.stack if not frame.filename.startswith(_PREFIX)]
        queue.append(part.__cause__)
        queue.append(part.__context__)
        queue.extend(part.exceptions or ())


def _bounded(text):
    return bounded(str(text), _MAX_MESSAGE_BYTES)
