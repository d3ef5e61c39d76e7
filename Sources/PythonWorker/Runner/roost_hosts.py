"""Host modules: Python modules whose functions the server runs.

A function's path may go through classes: `SystemLibrary.get_project_directory` of `unreal` is a static method.
Each function is compiled with the signature that was declared for it, so a wrong call is a TypeError in Python's own
words before anything is sent, and `help` and `inspect` show what is declared. Everything else is as in a plain
module, so an unknown name is an AttributeError.
"""

import builtins
import json
import sys
import types

_ModuleType = types.ModuleType
_loads = json.loads
_ERRORS = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception)
}


def make_modules(configs, channel, script):
    """What a job finds without importing: the host modules, and `roost`, which their preludes can import already."""
    sys.modules["roost"] = script
    return {"roost": script, **{config["name"]: make_module(config, channel) for config in configs}}


def make_module(config, channel):
    """The module of one entry of `modules`: `name`, `doc`, `functions`, and optionally `prelude`."""
    name = config["name"]
    module = _ModuleType(name, config.get("doc") or None)

    def _call(function, *args, **kwargs):
        """Calls a function of this module's host; `function` is its path within the module."""
        return call_host(channel, module, name + "." + function, args, kwargs)

    module._call = _call
    for entry in config.get("functions", ()):
        owner, last = _owner(module, entry["name"])
        function = _declare(module, entry, _body(channel, module, entry))
        setattr(owner, last, function if owner is module else staticmethod(function))
    prelude = config.get("prelude") or ""
    if prelude:
        filename = "<roost>/prelude of %s" % name
        exec(compile(prelude, filename, "exec", dont_inherit=True), module.__dict__)
    return module


def call_host(channel, module, function, args, kwargs):
    """One call and its reply; an error reply raises the exception it names: a builtin one, or one of the module."""
    reply = channel.call(function, args, kwargs)
    if reply is None:
        raise RuntimeError("%s: the host went away" % function)
    error = reply.get("error")
    if error is None:
        return reply.get("value")
    text = str(error.get("message", ""))
    kind = _exception(module, error.get("type"))
    try:
        raised = kind(text)
    except TypeError:
        raised = RuntimeError(text)  # such as UnicodeDecodeError, which needs more than a text
    raise raised


def _exception(module, name):
    kind = _ERRORS.get(name)
    if kind is None:
        kind = vars(module).get(name)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            return RuntimeError
    return kind


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


def _body(channel, module, entry):
    """What the function does with its arguments, which come by name."""
    if "level" in entry:
        level = entry["level"]
        return lambda arguments: channel.log(level, str(arguments["message"]))
    if "value" in entry:
        value = entry["value"]
        if not isinstance(value, (list, dict)):
            return lambda arguments: value
        text = json.dumps(value)
        return lambda arguments: _loads(text)  # the caller may change what it gets
    path = "%s.%s" % (module.__name__, entry["name"])
    return lambda arguments: call_host(channel, module, path, (), arguments)


def _declare(module, entry, body):
    """A function with the declared signature that gives its arguments to `body`."""
    path = entry["name"]
    name = path.rpartition(".")[2]
    parameters = entry.get("parameters", ())
    names = [parameter["name"] for parameter in parameters]
    words = [each["name"] + ("=None" if "default" in each else "") for each in parameters]
    for index, parameter in enumerate(parameters):
        if parameter.get("keyword_only"):
            words.insert(index, "*")
            break
    # The names are identifiers: the server checks its declarations before it sends them.
    source = "def %s(%s):\n    return __roost_body__({%s})\n" % (
        name,
        ", ".join(words),
        ", ".join("'%s': %s" % (each, each) for each in names),
    )
    namespace = {"__name__": module.__name__, "__roost_body__": body}
    exec(compile(source, "<roost>/host module " + module.__name__, "exec", dont_inherit=True), namespace)
    function = namespace[name]
    plain = [each["default"] for each in parameters if "default" in each and not each.get("keyword_only")]
    function.__defaults__ = tuple(plain) or None
    function.__kwdefaults__ = {
        each["name"]: each["default"] for each in parameters if "default" in each and each.get("keyword_only")
    } or None
    function.__annotations__ = {each["name"]: _type(each["type"]) for each in parameters if "type" in each}
    if "returns" in entry:
        function.__annotations__["return"] = _type(entry["returns"])
    function.__doc__ = entry.get("doc") or None
    function.__qualname__ = path
    return function


def _type(name):
    """The type that an annotation names; its name alone where that is none of the builtin types."""
    if name == "None":
        return None
    try:
        return eval(name, {"__builtins__": vars(builtins)})
    except Exception:
        return name
