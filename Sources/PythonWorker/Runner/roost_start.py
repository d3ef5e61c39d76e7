"""What the parent process does once, before the forks: the path of jobs, preloaded modules, the project's own start.

Nothing but the server's log hears of it: what is printed or logged here becomes lines there.
"""

import _socket
import importlib
import io
import os
import sys
import threading
import types

from roost_error import class_name, format_error, message
from roost_native import control_descriptor
from roost_text import utf8

_NOTE = 0x86
# One packet of the control channel, which the server reads into 64 KiB.
_MAX_NOTE_BYTES = 32768
_MAX_TRACEBACK_BYTES = 16384
_MAX_LINES = 1000
INFO, WARNING, ERROR = 0, 1, 2


class StartError(Exception):
    """Why the server cannot start: one line for the operator."""

    # The worker reports the text alone, without the class.
    is_sentence = True


def prepare(config, channel, hosts, program):
    """Does all of it. `program` is the interpreter of the embedded library, `hosts` are the modules of jobs."""
    for name in hosts:
        if name in sys.stdlib_module_names:
            raise StartError("the host module '%s' has the name of a module of the standard library" % name)
    log = _ServerLog()
    sys.executable = sys._base_executable = program
    if config.get("virtual_environment"):
        _enter_environment(config["virtual_environment"])
    for folder in config.get("paths", ()):
        if not os.path.isdir(folder):
            raise StartError("the Python path '%s': there is no such folder; make it or leave it out" % folder)
    project = config.get("project_scripts")
    project = [project] if project and os.path.isdir(project) else []
    sys.path[:0] = [*config.get("paths", ()), *project]
    sys.modules.update(hosts)
    for name in config.get("preload", ()):
        _preload(name, log, channel)
    for folder in project:
        path = os.path.join(folder, "init_unreal.py")
        if os.path.isfile(path):
            _run_script(path, log, channel, hosts)


def _enter_environment(folder):
    """Checks that the interpreter, which was started as the one of this virtual environment, is in it."""
    version = "%d.%d" % sys.version_info[:2]
    advice = "make one with 'python%s -m venv %s'" % (version, folder)
    about = "the virtual environment '%s'" % folder
    if not os.path.isdir(folder):
        raise StartError("%s: there is no such folder; %s" % (about, advice))
    try:
        with open(os.path.join(folder, "pyvenv.cfg"), encoding="utf-8", errors="replace") as file:
            lines = [line.partition("=") for line in file]
    except OSError as error:
        reason = "it has no pyvenv.cfg" if isinstance(error, FileNotFoundError) else "pyvenv.cfg: %s" % error.strerror
        raise StartError("%s: %s, so it is none; %s" % (about, reason, advice)) from None
    settings = {key.strip().lower(): value.strip() for key, _, value in lines}
    # `venv` writes `version`, `virtualenv` and `uv` write `version_info`.
    made_for = settings.get("version") or settings.get("version_info") or ""
    parts = made_for.split(".")
    if len(parts) >= 2 and ".".join(parts[:2]) != version:
        raise StartError("%s is for Python %s, and roost-python embeds %s; %s" % (about, made_for, version, advice))
    packages = os.path.join(folder, "lib", "python" + version, "site-packages")
    if not os.path.isdir(packages):
        raise StartError("%s: there is no folder %s; %s" % (about, packages, advice))
    if os.path.abspath(sys.prefix) != os.path.abspath(folder):
        raise StartError("%s: Python did not take it (sys.prefix is '%s')" % (about, sys.prefix))
    programs = os.path.join(folder, "bin")
    python = os.path.join(programs, "python")
    if os.access(python, os.X_OK):
        sys.executable = python
    # As its `activate` does.
    os.environ["VIRTUAL_ENV"] = folder
    os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", os.defpath)


def _preload(name, log, channel):
    threads = _thread_count()
    try:
        with _Capture(log, channel, "preloading " + name):
            importlib.import_module(name)
    except BaseException as error:
        if not isinstance(error, ModuleNotFoundError):
            log.note(ERROR, "preloading %s\n%s" % (name, format_error(error, _MAX_TRACEBACK_BYTES)))
        reason = "%s: %s" % (class_name(error), " ".join(message(error, empty="").split()))
        raise StartError("the module '%s' cannot be preloaded: %s" % (name, reason)) from None
    _warn_of_threads("the preloaded module '%s'" % name, threads, WARNING, log)


def _run_script(path, log, channel, hosts):
    """As a script of its own. An error in it is the project's matter; the server starts all the same."""
    threads = _thread_count()
    module = types.ModuleType("__main__")
    module.__dict__.update(hosts, __file__=path, __builtins__=sys.modules["builtins"])
    before = sys.modules.get("__main__")
    sys.modules["__main__"] = module
    name = os.path.basename(path)
    try:
        with _Capture(log, channel, name):
            with open(path, "rb") as file:
                code = compile(file.read(), path, "exec", dont_inherit=True)
            exec(code, module.__dict__)
    except BaseException as error:
        if not (isinstance(error, SystemExit) and error.code in (None, 0)):
            log.note(ERROR, "%s failed; the server goes on\n%s" % (path, format_error(error, _MAX_TRACEBACK_BYTES)))
    finally:
        if before is not None:
            sys.modules["__main__"] = before
    # What it defined lives as long as what it registered elsewhere may call it.
    _scripts.append(module)
    _warn_of_threads(path, threads, ERROR, log)


_scripts = []


def _warn_of_threads(who, before, level, log):
    count = _thread_count() - before
    if count <= 0:
        return
    names = [each.name for each in threading.enumerate() if each is not threading.main_thread()]
    log.note(
        level,
        "%s left %d thread%s running%s; jobs are forks of this process without them, and a lock that one of them holds "
        "stays locked there: start threads in jobs instead"
        % (who, count, "" if count == 1 else "s", " (%s)" % ", ".join(names) if names else ""),
    )


def _thread_count():
    """All threads of the process, those of native libraries too."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


class _ServerLog:
    """Lines for the server's log, over the control channel, which only the start writes to by itself."""

    def __init__(self):
        self._lines = 0

    def line(self, level, text):
        """What the code itself wrote: so many lines and no more."""
        self._lines += 1
        if self._lines <= _MAX_LINES:
            self.note(level, text)
        elif self._lines == _MAX_LINES + 1:
            self.note(WARNING, "more lines of the Python start are left out")

    def note(self, level, text):
        socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, control_descriptor)
        try:
            socket.send(bytes((_NOTE, level)) + utf8(text, _MAX_NOTE_BYTES), _socket.MSG_NOSIGNAL)
        except OSError:
            pass  # the server is gone, which this process learns soon enough
        finally:
            socket.detach()


class _Capture:
    """While it lasts, output, `logging` and the log functions of host modules go to the server's log."""

    def __init__(self, log, channel, name):
        self._channel = channel
        self._note = lambda level, text: log.line(level, "%s: %s" % (name, text))

    def __enter__(self):
        self._streams = sys.stdout, sys.stderr
        self._lines = _Lines(self._note, INFO), _Lines(self._note, WARNING)
        sys.stdout, sys.stderr = self._lines
        self._channel.log = self._note
        self._channel.call = self._refuse

    def __exit__(self, kind, error, traceback):
        for lines in self._lines:
            lines.end()
        sys.stdout, sys.stderr = self._streams
        del self._channel.log, self._channel.call

    @staticmethod
    def _refuse(function, args, kwargs):
        raise RuntimeError(
            "%s() asks the host, which answers while a job runs; this code runs once before any job" % function
        )


class _Lines(io.TextIOBase):
    """A text stream that makes a note of each line."""

    def __init__(self, note, level):
        self._note = note
        self._level = level
        self._rest = ""

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._note(self._level, line)
        return len(text)

    def end(self):
        if self._rest:
            self._note(self._level, self._rest)
            self._rest = ""
