"""How an interpreter of `shared` isolation looked before its first job, and whether a job left it otherwise.

What is easily put back is put back; everything else that is found changed has the interpreter replaced. Modules stay
imported: what a job changed inside one of them is not looked for.
"""

import _signal
import builtins
import gc
import logging
import os
import resource
import sys
import threading
import warnings

_open = os.open
_read = os.read
_close = os.close
_listdir = os.listdir
_fstat = os.fstat
_stat = os.stat
_umask = os.umask
_waitid = os.waitid
_current_frames = sys._current_frames
_get_handler = _signal.getsignal
_get_timer = _signal.getitimer
_get_limit = resource.getrlimit
_getrusage = resource.getrusage
_builtins = vars(builtins)
_sys = vars(sys)
_modules = sys.modules

_SIGNALS = tuple(sorted(_signal.valid_signals()))
_TIMERS = (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF)
_LIMITS = range(16)
# What of `sys` a job is likely to replace and would change the next one.
_SYS_NAMES = (
    "stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__", "displayhook", "excepthook",
    "unraisablehook", "breakpointhook", "__excepthook__", "modules", "path", "meta_path", "path_hooks", "exit",
)  # fmt: skip
_PAGE_BYTES = resource.getpagesize()
_MAX_GROWTH_PAGES = (256 << 20) // _PAGE_BYTES


def other_threads():
    """How many threads but this one run Python."""
    return len(_current_frames()) - 1


def has_children():
    """Whether there is a child process, running or not yet reaped."""
    try:
        _waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _open_descriptors():
    # The folder's size is their number from Linux 6.2 on, and 0 before.
    return _stat("/proc/self/fd").st_size or len(_listdir("/proc/self/fd")) - 1


class Baseline:
    """Made once, in a process that has run nothing yet; `begin` and `is_kept` frame each job."""

    def __init__(self, hosts):
        self._environ = os.environ
        self._hosts = [(module.__dict__, dict(module.__dict__)) for module in hosts.values()]
        self._modules = dict(_modules)
        self._main = self._modules.pop("__main__")
        self._builtins = dict(_builtins)
        self._lists = [(each, list(each)) for each in (sys.path, sys.argv, warnings.filters)]
        self._hooks = list(sys.meta_path), list(sys.path_hooks)
        self._limits = self._read_limits()
        self._handlers = self._read_handlers()
        self._umask = self._read_umask()
        self._stdin = _fstat(0).st_rdev
        self._pages = self._resident_pages()
        self._threading = (threading.excepthook, threading._trace_hook, threading._profile_hook)
        root = logging.root
        self._logging = (root.level, list(root.handlers), list(root.filters), logging.basicConfig)
        self._switch_interval = sys.getswitchinterval()
        self._recursion_limit = sys.getrecursionlimit()
        self._descriptors = None

    def begin(self):
        """Remembers what each job changes by right, just before its code runs."""
        if self._descriptors is None:
            self._descriptors = _open_descriptors()
        self._variables = dict(self._environ._data)
        self._sys = {name: _sys.get(name) for name in _SYS_NAMES}

    def is_kept(self, mask):
        """Puts back what can be, and looks for the rest; `mask` is what signals the job blocked."""
        return (
            other_threads() == 0
            and not has_children()
            and not mask
            and os.environ is self._environ
            and self._environ._data == self._variables
            and all(_sys.get(name) is value for name, value in self._sys.items())
            and self._hooks == (sys.meta_path, sys.path_hooks)
            and self._builtins == _builtins
            and self._modules.items() <= _modules.items()
            and self._read_handlers() == self._handlers
            and not any(_get_timer(timer)[0] for timer in _TIMERS)
            and _signal.set_wakeup_fd(-1) == -1
            and self._read_limits() == self._limits
            and self._read_umask() == self._umask
            and _open_descriptors() <= self._descriptors
            and _fstat(0).st_rdev == self._stdin
            and self._has_not_grown()
            and self._put_back()
        )

    def _put_back(self):
        _modules["__main__"] = self._main
        for each, kept in self._lists:
            if each != kept:
                each[:] = kept
                warnings._filters_mutated()
        for names, kept in self._hosts:
            if names != kept:
                names.clear()
                names.update(kept)
        threading.excepthook, threading._trace_hook, threading._profile_hook = self._threading
        sys.settrace(None)
        sys.setprofile(None)
        sys.setswitchinterval(self._switch_interval)
        sys.setrecursionlimit(self._recursion_limit)
        gc.enable()
        root = logging.root
        level, handlers, filters, logging.basicConfig = self._logging
        if root.level != level or root.manager.disable:
            root.setLevel(level)
            logging.disable(logging.NOTSET)
        root.handlers[:], root.filters[:] = handlers, filters
        tempfile = _modules.get("tempfile")
        if tempfile is not None:
            tempfile.tempdir = None  # it remembers the folder of the job before
        return True

    def _read_limits(self):
        return [_get_limit(number) for number in _LIMITS]

    def _read_handlers(self):
        return [_get_handler(number) for number in _SIGNALS]

    def _read_umask(self):
        mask = _umask(0o077)
        _umask(mask)
        return mask

    def _has_not_grown(self):
        # The most it ever had is asked first, since that needs no file.
        most = _getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // _PAGE_BYTES
        return most - self._pages < _MAX_GROWTH_PAGES or self._resident_pages() - self._pages < _MAX_GROWTH_PAGES

    def _resident_pages(self):
        descriptor = _open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        try:
            return int(_read(descriptor, 128).split()[1])
        finally:
            _close(descriptor)
