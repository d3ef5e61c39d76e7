"""One job, from its source to `done`."""

import builtins
import os
import sys
import types

from roost_compile import compile_source
from roost_ending import complain, flush_files, release, run_exit_functions, wait_for_threads
from roost_error import class_name, exit_code, runtime_error, syntax_error
from roost_interrupts import JobInterrupt
from roost_result import result_json
from roost_text import strict_json

_getpid = os.getpid
_exit = os._exit
_eval = eval
_ModuleType = types.ModuleType
_modules = sys.modules
_COMPLETED = strict_json({"outcome": "completed"})
_builtins = vars(builtins)
_own_builtins = dict(_builtins)
_set_trace = sys.settrace
_set_profile = sys.setprofile
_set_recursion_limit = sys.setrecursionlimit
_get_recursion_limit = sys.getrecursionlimit


def warm_up():
    """What every job does, once for nothing, while the child waits: a forked process pays for each page it touches."""
    code = compile_source(b"1\n2")
    namespace = {"__builtins__": {}}
    _eval(code.body, namespace)
    result_json(_eval(code.last, namespace), 10)
    flush_files()


def _undisturbed(function, *arguments):
    """Calls a function that stands on the standard library, with the builtins that library was written for."""
    theirs = dict(_builtins)
    _builtins.update(_own_builtins)
    try:
        return function(*arguments)
    finally:
        _builtins.update(theirs)


class Job:
    """Runs once and does not return: the process ends with its report.

    In a process that stays (roost_resident) some steps differ, and `run` returns.
    """

    def __init__(self, source, compiler, config, channel, interrupts, hosts, ballast):
        self._source = source
        self._compile = compiler
        self._ballast = ballast
        self._config = config
        self._channel = channel
        self._interrupts = interrupts
        self._hosts = hosts
        self._pid = _getpid()
        self._codes = {}
        self._header = {"outcome": "completed"}
        self._result = b""

    def run(self):
        try:
            self._open()
            module = self._main_module()
            self._execute(module.__dict__)
            self._leave_if_forked(None)
            self._end(module)
            self._interrupts.close()
        except JobInterrupt as error:
            self._interrupts.close()
            self._leave_if_forked(error)
            self._header, self._result = self._describe(error), b""
            flush_files(plain_only=True)
        except BaseException as error:
            # Most likely no memory for the steps above; what the job did is still to be reported.
            self._interrupts.close()
            if self._header["outcome"] == "completed":
                self._header, self._result = self._describe(error), b""
        self._report()

    def _open(self):
        self._interrupts.open()

    def _end(self, module):
        """What comes after the code, within the job's time."""
        wait_for_threads()
        self._run_exit_functions()
        release(module.__dict__)
        flush_files()

    def _run_exit_functions(self):
        run_exit_functions(self._interrupts)

    def _main_module(self):
        module = _ModuleType("__main__")
        module.__dict__["__builtins__"] = _modules["builtins"]
        module.__dict__.update(self._hosts)
        _modules.update(self._hosts)
        _modules["__main__"] = module
        return module

    def _execute(self, namespace):
        """Compiles and runs. Every exception but an interrupt ends up in the header."""
        try:
            code = self._compile(self._source)
        except JobInterrupt:
            raise
        except BaseException as error:
            self._header = _undisturbed(syntax_error, error, self._config["max_traceback_bytes"])
            return
        self._codes = code.codes
        try:
            # What the body returns, for a function's; a module's gives None.
            value = _eval(code.body, namespace)
            if code.last is not None:
                value = _eval(code.last, namespace)
            self._undo_hooks()
            if value is not None:
                self._keep_result(value)
        except JobInterrupt:
            raise
        except SystemExit as error:
            self._undo_hooks()
            self._leave_if_forked(error)
            if exit_code(error) != 0:
                self._header = self._describe(error)
        except BaseException as error:
            self._undo_hooks()
            self._leave_if_forked(error)
            self._header = self._describe(error)

    def _keep_result(self, value):
        self._result, is_repr, is_cut = _undisturbed(result_json, value, self._config["max_result_bytes"])
        if is_repr:
            self._header["result_repr"] = True
        if is_cut:
            self._header["result_truncated"] = True

    def _undo_hooks(self):
        """What the code set for itself must not slow down or break its report."""
        _set_trace(None)
        _set_profile(None)
        if _get_recursion_limit() < 1000:
            _set_recursion_limit(1000)

    def _describe(self, error):
        if isinstance(error, MemoryError):
            # Under a limit on address space there is room again for the report.
            self._ballast.close()
        return _undisturbed(runtime_error, error, self._codes, self._config["max_traceback_bytes"])

    def _leave_if_forked(self, error):
        """In a process the code forked: end as a Python process does, and leave the report to the job."""
        if _getpid() == self._pid:
            return
        status = 0
        if isinstance(error, SystemExit):
            status = exit_code(error)
            if isinstance(error.code, str):
                complain(error)
        elif error is not None:
            status = 1
            complain(error)
        try:
            wait_for_threads()
            self._run_exit_functions()
            flush_files()
        finally:
            _exit(status & 0xFF)

    def _report(self):
        self._channel.finish(self._header_json(), self._result)
        self._leave()

    def _header_json(self):
        # What most jobs say; each builtin that `_undisturbed` copies costs a forked process a page.
        if len(self._header) == 1 and self._header["outcome"] == "completed":
            return _COMPLETED
        try:
            return _undisturbed(strict_json, self._header)
        except BaseException as error:
            return strict_json({"outcome": self._header["outcome"], "message": class_name(error)})

    def _leave(self):
        _exit(0)
