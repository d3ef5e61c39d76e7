"""The end of a job, as at the end of a Python process: threads, exit functions, files, the names of `__main__`."""

import _thread
import atexit
import gc
import io
import sys
import threading
import traceback

from roost_interrupts import JobInterrupt
from roost_native import flush_c_streams

_join_threads = threading._shutdown
_threads = threading.enumerate
_current_thread = threading.current_thread
_run_exit_functions = atexit._run_exitfuncs
_running_threads = _thread._count
_get_objects = gc.get_objects
_print_exception = traceback.print_exception
_FILES = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)


def wait_for_threads():
    """Joins the threads that are no daemons. Raises the interrupt that breaks the wait."""
    try:
        _join_threads()
    except JobInterrupt:
        raise
    except BaseException as error:
        complain(error)


def join_threads():
    """As `wait_for_threads`, in a process that stays: Python's own way of doing it works only once."""
    try:
        _end_pools("concurrent.futures.thread", "_shutdown")
        _end_pools("concurrent.futures.process", "_global_shutdown")
        own = _current_thread()
        while waited_for := [each for each in _threads() if not each.daemon and each is not own]:
            for each in waited_for:
                each.join()
    except JobInterrupt:
        raise
    except BaseException as error:
        complain(error)


def _end_pools(name, flag):
    """Ends the workers of executors nobody shut down, as Python's end does; new executors work again afterwards."""
    module = sys.modules.get(name)
    if module is not None:
        try:
            module._python_exit()
        finally:
            setattr(module, flag, False)


def run_exit_functions(interrupts):
    """Runs what `atexit` holds; their errors go to standard error. Raises an interrupt that one of them met."""
    before = interrupts.raised
    original = sys.unraisablehook

    def quiet(unraisable):
        # `atexit` reports and swallows every exception; the interrupt is reported by the job's outcome.
        if not isinstance(unraisable.exc_value, JobInterrupt):
            original(unraisable)

    sys.unraisablehook = quiet
    try:
        _run_exit_functions()
    finally:
        sys.unraisablehook = original
    if before is None and interrupts.raised is not None:
        raise interrupts.raised


def release(namespace):
    """Drops the names of `__main__` as Python does at its end, so that `__del__` runs and files are written."""
    if _running_threads() > 0:
        return  # a daemon thread still works with them
    for name in [name for name in namespace if isinstance(name, str) and name.startswith("_")]:
        if name != "__builtins__":
            namespace[name] = None
    for name in list(namespace):
        if name != "__builtins__":
            namespace[name] = None


def flush_files(plain_only=False):
    """Writes out what the job left in the buffers of files it did not close, those of C code included.

    `plain_only` leaves out what is not Python's own: the time for the job's code is over.
    """
    for stream in () if plain_only else (sys.__dict__.get("stdout"), sys.__dict__.get("stderr")):
        try:
            stream.flush()
        except JobInterrupt:
            raise
        except BaseException:
            pass
    kinds = {id(kind) for kind in _FILES}  # by identity: a class of the job may define `==` for itself
    things = [thing for thing in _get_objects() if id(type(thing)) in kinds]
    for kind in _FILES:  # text before binary: the first flushes into the second
        for thing in things:
            if type(thing) is kind:
                try:
                    thing.flush()
                except JobInterrupt:
                    raise
                except BaseException:
                    pass
    flush_c_streams()


def complain(error):
    """Prints a traceback on standard error, wherever that goes by now."""
    try:
        _print_exception(type(error), error, error.__traceback__)
    except JobInterrupt:
        raise
    except BaseException:
        pass
