"""A process that stays after its job: an interpreter of `shared` isolation, or a session.

Each job gets its own standard output and error, so what an earlier one left behind cannot write into them. After a job
everything it started has to be gone: threads and child processes. What cannot be got rid of ends the process.
"""

import _thread
import atexit
import fcntl
import gc
import os
import shutil
import signal
import stat
import sys
import time
import types

from roost_baseline import Baseline, has_children, other_threads
from roost_ending import complain, flush_files, join_threads, release
from roost_interrupts import JobInterrupt
from roost_job import Job
from roost_streams import make_stderr, make_stdout

_exit = os._exit
_dup2 = os.dup2
_duplicate = fcntl.fcntl
_F_DUPFD_CLOEXEC = fcntl.F_DUPFD_CLOEXEC
_close = os.close
_open = os.open
_mkdir = os.mkdir
_fstat = os.fstat
_lstat = os.lstat
_listxattr = os.listxattr
_rename = os.rename
_chdir = os.chdir
_listdir = os.listdir
_rmtree = shutil.rmtree
_collect = gc.collect
_kill = os.kill
_waitpid = os.waitpid
_sleep = time.sleep
_monotonic = time.monotonic
_get_frame = sys._getframe
_modules = sys.modules
_ModuleType = types.ModuleType
_register = atexit.register
_unregister = atexit.unregister

# A folder as it is made for a job.
_FOLDER_MODE = stat.S_IFDIR | 0o700

# How long what a session's job left running may take to end.
_PATIENCE_SECONDS = 0.25


class Resident:
    """Runs one job after the other, as long as each leaves a process that can take the next."""

    def __init__(self, is_session, scratch, channel, interrupts, hosts):
        self._is_session = is_session
        self._scratch = scratch
        self._channel = channel
        self._interrupts = interrupts
        self._hosts = hosts
        self._baseline = None
        self._main = None
        self._jobs = 0
        # Whether the folder of the next job is there.
        self._has_folder = False
        self.exit_functions = []
        atexit.register, atexit.unregister = self._register, self._unregister

    def run(self, header, descriptors, parts):
        """One job, up to the word that this process can take another; ends the process if it cannot."""
        self._channel.begin()
        if descriptors:
            self._set_outputs(*descriptors)
        self._jobs += 1
        folder = self._scratch
        if self._is_session:
            outputs = _identity(1), _identity(2)
        else:
            self._baseline = self._baseline or Baseline(self._hosts)
            folder = self._folder(self._jobs)
            if not self._has_folder:
                _mkdir(folder, 0o700)
            _chdir(folder)
            os.environ["TMPDIR"] = folder
            sys.stdout = sys.__stdout__ = make_stdout(self._channel)
            sys.stderr = sys.__stderr__ = make_stderr(self._channel)
            self._baseline.begin()
        job = _ResidentJob(self, header.get("interrupts", 0), parts)
        job.run()
        del job
        mask = self._interrupts.rest()
        # A session's jobs are one after the other in its outputs, as long as it left them where they were.
        keeps_outputs = self._is_session and outputs == (_identity(1), _identity(2))
        if not keeps_outputs:
            # Whatever is still written belongs to nobody.
            null = _open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
            self._set_outputs(null, null)
        self._channel.lock.release()
        kept = self._clean_session() if self._is_session else self._clean(folder, mask)
        if not kept or not self._channel.rested(keeps_outputs):
            _exit(0)

    def _folder(self, number):
        return "%s/%d" % (self._scratch, number)

    def main_module(self):
        """A fresh one for each job, the same one throughout a session."""
        if self._main is None or not self._is_session:
            self._main = _ModuleType("__main__")
            self._main.__dict__["__builtins__"] = _modules["builtins"]
            return self._main, True
        return self._main, False

    def end(self, module):
        """What comes after a job's code, within its time."""
        join_threads()
        self.run_exit_functions()
        if not self._is_session:
            release(module.__dict__)
            self._main = None
            _collect()  # what the job's objects print at their end is this job's output
        flush_files()

    def run_exit_functions(self):
        """Those that the job registered; modules that stay keep theirs for the end of the process."""
        while self.exit_functions:
            function, arguments, keywords = self.exit_functions.pop()
            try:
                function(*arguments, **keywords)
            except JobInterrupt:
                raise
            except BaseException as error:
                complain(error)

    def _register(self, function, *arguments, **keywords):
        if _get_frame(1).f_globals.get("__name__") != "__main__":
            return _register(function, *arguments, **keywords)
        self.exit_functions.append((function, arguments, keywords))
        return function

    def _unregister(self, function):
        self.exit_functions = [entry for entry in self.exit_functions if entry[0] != function]
        return _unregister(function)

    def _set_outputs(self, stdout, stderr):
        # Where a job closed its own, new descriptors have their numbers.
        new = {each: _duplicate(each, _F_DUPFD_CLOEXEC, 3) for each in {stdout, stderr}}
        for each in new:
            _close(each)
        _dup2(new[stdout], 1)
        _dup2(new[stderr], 2)
        for each in new.values():
            _close(each)

    def _clean(self, folder, mask):
        """Whether nothing of the job is left in this interpreter, its folder neither."""
        self.exit_functions.clear()
        if not self._baseline.is_kept(mask):
            _collect()  # what the frames of an exception hold may be all there is
            if not self._baseline.is_kept(mask):
                return False
        _chdir(self._scratch)
        self._has_folder = self._pass_on(folder)
        if self._has_folder:
            return len(_listdir(self._scratch)) == 1
        try:
            _rmtree(folder)
        except (OSError, RecursionError):
            return False
        return not _listdir(self._scratch)

    def _pass_on(self, folder):
        """Makes an empty folder that of the next job: a new name costs a tenth of removing one and making another."""
        try:
            if _lstat(folder).st_mode != _FOLDER_MODE or _listdir(folder) or _listxattr(folder):
                return False
            _rename(folder, self._folder(self._jobs + 1))
        except OSError:
            return False
        return True

    def _clean_session(self):
        """Whether nothing that the job started still runs. Everything else is the session's own."""
        self.exit_functions.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        return _end_threads() and _end_children()


class _ResidentJob(Job):
    """A job that leaves its process behind."""

    def __init__(self, resident, interrupts_sent, parts):
        super().__init__(*parts)
        self._resident = resident
        self._interrupts_sent = interrupts_sent

    def _open(self):
        self._interrupts.reopen(self._interrupts_sent)

    def _main_module(self):
        module, is_new = self._resident.main_module()
        if is_new:
            module.__dict__.update(self._hosts)
        _modules.update(self._hosts)
        _modules["__main__"] = module
        return module

    def _end(self, module):
        self._resident.end(module)

    def _run_exit_functions(self):
        self._resident.run_exit_functions()

    def _leave(self):
        pass


def _identity(descriptor):
    """Which file it is; None for a closed one."""
    try:
        status = _fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _end_threads():
    """Asks the threads that are left to end. One that waits for something does not hear it."""
    if other_threads() == 0:
        return True
    try:
        import ctypes

        own = _thread.get_ident()
        for thread in sys._current_frames():
            if thread != own:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(SystemExit))
    except Exception:
        return False
    return _wait(lambda: other_threads() == 0)


def _end_children():
    """Kills the child processes that are left, and those that come to this process when their parents end."""
    return _wait(lambda: not has_children() or _kill_children())


def _kill_children():
    with open("/proc/thread-self/children") as file:
        for child in map(int, file.read().split()):
            try:
                _kill(child, signal.SIGKILL)
                _waitpid(child, os.WNOHANG)
            except OSError:
                pass
    return not has_children()


def _wait(condition):
    patience = _monotonic() + _PATIENCE_SECONDS
    while not condition():
        if _monotonic() > patience:
            return False
        _sleep(0.002)
    return True
