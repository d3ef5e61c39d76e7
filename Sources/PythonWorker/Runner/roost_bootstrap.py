"""Loads the other files of the runner. The worker runs this file first and calls `load`.

The runner's modules see a private copy of the builtins and are not left in `sys.modules`, so a job that
replaces `len` or clears `sys.modules` breaks itself and not its own report.
"""

import builtins
import sys
import types

# Each file may import those before it, by plain `import`.
ORDER = (
    "roost_text",
    "roost_interrupts",
    "roost_channel",
    "roost_streams",
    "roost_result",
    "roost_error",
    "roost_compile",
    "roost_function",
    "roost_hosts",
    "roost_progress",
    "roost_logging",
    "roost_ending",
    "roost_job",
    "roost_baseline",
    "roost_resident",
    "roost_start",
    "roost_worker",
)

# Code objects of the runner carry this in front of their file name; tracebacks leave such frames out.
PREFIX = "<roost>/"


def load(sources, flush_c_streams, control_descriptor):
    """Runs the files in `sources` (name to UTF-8 bytes) and returns the module `roost_worker`.

    They import what the worker gives them, `flush_c_streams` and `control_descriptor`, from `roost_native`.
    """
    private = dict(vars(builtins))
    native = types.ModuleType("roost_native")
    native.flush_c_streams = flush_c_streams
    native.control_descriptor = control_descriptor
    sys.modules["roost_native"] = native
    for name in ORDER:
        module = types.ModuleType(name)
        module.__dict__["__builtins__"] = private
        sys.modules[name] = module
        exec(compile(sources[name], PREFIX + name + ".py", "exec", dont_inherit=True), module.__dict__)
    del sys.modules["roost_native"]
    for name in ORDER:
        worker = sys.modules.pop(name)
    return worker
