"""Host modules: Python modules whose functions the server runs.

A function's path may go through classes: `SystemLibrary.get_project_directory` of `unreal` is a static method.
Everything else is as in a plain module, so an unknown name is an AttributeError in Python's own words.
"""

import builtins
import types

_ModuleType = types.ModuleType
_ERRORS = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception)
}


def make_module(config, channel):
    """The module of one entry of `modules`: `name`, `functions`, optionally `log_functions` and `prelude`."""
    name = config["name"]
    module = _ModuleType(name)

    def _call(function, *args, **kwargs):
        """Calls a function of this module's host; `function` is its path within the module."""
        return call_host(channel, name + "." + function, args, kwargs)

    module._call = _call
    levels = config.get("log_functions", {})
    for path in [*config.get("functions", ()), *levels]:
        owner, last = _owner(module, path)
        if path in levels:
            function = _log_function(channel, levels[path])
        else:
            function = _proxy(channel, name + "." + path)
        function.__name__ = last
        function.__qualname__ = path
        function.__module__ = name
        setattr(owner, last, function if owner is module else staticmethod(function))
    prelude = config.get("prelude") or ""
    if prelude:
        filename = "<roost>/prelude of %s" % name
        exec(compile(prelude, filename, "exec", dont_inherit=True), module.__dict__)
    return module


def call_host(channel, function, args, kwargs):
    """One call and its reply; an error reply raises the builtin exception it names."""
    reply = channel.call(function, args, kwargs)
    if reply is None:
        raise RuntimeError("%s: the host went away" % function)
    error = reply.get("error")
    if error is None:
        return reply.get("value")
    text = str(error.get("message", ""))
    kind = _ERRORS.get(error.get("type"), RuntimeError)
    try:
        raised = kind(text)
    except TypeError:
        raised = RuntimeError(text)  # such as UnicodeDecodeError, which needs more than a text
    raise raised


def _owner(module, path):
    """The class that holds the last part of `path`, made where it is missing; and that last part."""
    owner = module
    parts = path.split(".")
    for index, part in enumerate(parts[:-1]):
        found = vars(owner).get(part)
        if found is None:
            found = type(part, (), {"__module__": module.__name__, "__qualname__": ".".join(parts[: index + 1])})
            setattr(owner, part, found)
        owner = found
    return owner, parts[-1]


def _proxy(channel, function):
    def proxy(*args, **kwargs):
        return call_host(channel, function, args, kwargs)

    return proxy


def _log_function(channel, level):
    def log(message):
        channel.log(level, str(message))

    return log
