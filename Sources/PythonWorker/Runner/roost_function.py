"""From source text to a code object in which the top level may `return`, and is a script's in every other way.

The source is compiled twice. First as a module, with every top-level `return X` read as the plain expression `X`:
that finds every error as a script has it, and it is all there is to do where nothing returns. Then as the body of
a function that declares all its names `global`; the code object of that body, told to work on the module's names
instead of locals of its own (two flags), is what runs, and `eval` gives what it returns. `return` is Python's own,
so `finally` and `with` see it and `except` does not.

What only a module may hold is done by code objects of modules, which the body calls in the same place: `import *`,
`from __future__`, and the making of `__annotations__`.
"""

import __future__
import ast
import os
import sys
import warnings

from roost_compile import FILENAME, FUTURES, Compiled

_parse = ast.parse
_unparse = ast.unparse
_compile = compile
_copy = ast.copy_location
_random = os.urandom
_exec = exec
_caller = sys._getframe
_catch_warnings = warnings.catch_warnings
_ignore_warnings = warnings.simplefilter

# As in `<roost>/roost_job.py`: tracebacks leave such frames out.
_HIDDEN = "<roost>/function"
_NAME = "<module>"
_NESTED = _NAME + ".<locals>."
_CO_OPTIMIZED = 0x01
_CO_NEWLOCALS = 0x02
_STRINGS = __future__.annotations.compiler_flag
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody")
_CodeType = type(_compile("", "", "exec"))


def compile_function(data):
    """`data` is WTF-8. Raises whatever the compiler raises."""
    source = data.decode("utf-8", "surrogatepass")
    try:
        tree = _parse(source, FILENAME)
    except (RecursionError, MemoryError):
        # Code too deep for `ast` and not for the compiler runs as long as it does not return.
        return Compiled(_compile(source, FILENAME, "exec", dont_inherit=True), None)
    returns = [place for place in _statements(tree) if isinstance(place[0][place[1]], ast.Return)]
    for block, index in returns:
        statement = block[index]
        block[index] = _copy(ast.Expr(statement.value) if statement.value else ast.Pass(), statement)
        block[index].roost_return = statement
    module = _compile(tree, FILENAME, "exec", dont_inherit=True)
    if not returns:
        return Compiled(module, None)
    with _catch_warnings():
        # They were all shown just now.
        _ignore_warnings("ignore")
        return Compiled(_Body(tree, module).code, None)


def _statements(tree):
    """Every statement of the top level, those within `if`, `for`, `try`, … too, as (block, index)."""
    # A list and not recursion: a long chain of `elif` is deep.
    queue = [tree.body]
    while queue:
        block = queue.pop()
        for index, statement in enumerate(block):
            yield block, index
            if isinstance(statement, _SCOPES):
                continue
            for name in _BLOCKS:
                inner = getattr(statement, name, None)
                if inner:
                    queue.append(inner)
            for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
                queue.append(part.body)


class _Module:
    """What stands in the code of a body as a constant: runs code of a module in the names of its caller."""

    __slots__ = ("_code",)

    def __init__(self, code):
        self._code = code

    def run(self):
        _exec(self._code, _caller(1).f_globals)


class _Body:
    """The second compilation; `code` is its result."""

    def __init__(self, tree, module):
        self._flags = module.co_flags & FUTURES
        self._strings = bool(module.co_flags & _STRINGS)
        self._constants = {}
        # Not to be met by accident among the constants of the code.
        self._token = _random(16).hex()
        places = list(_statements(tree))
        has_annotations = any(isinstance(block[index], ast.AnnAssign) for block, index in places)
        self._replace_docstring(tree.body)
        for block, index in sorted(places, key=lambda place: -place[1]):
            block[index : index + 1] = self._replacement(block[index])
        if has_annotations:
            # Never runs; the compiler makes `__annotations__` for it all the same, as for any module that has some.
            made = ast.parse("if 0: x: 0")
            tree.body.insert(0, self._run(made, ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)))
        # Any name that the module uses may be declared global, whether or not it is bound there.
        names = [name for name in module.co_names if "." not in name]
        code = self._compile(tree.body, names)
        while missing := {*code.co_varnames, *code.co_cellvars}.difference(names):
            # `[y := f(x) for x in xs]` binds a name that only the comprehension's own code holds.
            names.extend(sorted(missing))
            code = self._compile(tree.body, names)
        self.code = self._finish(code)

    def _compile(self, body, names):
        function = ast.parse("def f(): pass").body[0]
        function.name = _NAME
        declared = [_copy(ast.Global(names), function)] if names else []
        function.body = declared + body
        tree = ast.Module(body=[function], type_ignores=[])
        code = _compile(tree, FILENAME, "exec", flags=self._flags, dont_inherit=True)
        return next(constant for constant in code.co_consts if isinstance(constant, _CodeType))

    def _finish(self, code):
        code = _rename(code)
        return code.replace(
            co_flags=code.co_flags & ~(_CO_OPTIMIZED | _CO_NEWLOCALS),
            co_consts=tuple(
                self._constants.get(constant, constant) if type(constant) is str else constant
                for constant in code.co_consts
            ),
        )

    def _replace_docstring(self, block):
        value = getattr(block[0], "value", None)
        # A `return` of a string that comes first is an expression only for now.
        if isinstance(block[0], ast.Expr) and not hasattr(block[0], "roost_return"):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                block[0] = self._assign(ast.Name("__doc__", ast.Store()), value, block[0])

    def _replacement(self, statement):
        if hasattr(statement, "roost_return"):
            return [statement.roost_return]
        if isinstance(statement, ast.Global):
            # All are; and the compiler takes it ill when a name was used before it is declared.
            return [_copy(ast.Pass(), statement)]
        if isinstance(statement, ast.ImportFrom):
            is_future = statement.module == "__future__" and statement.level == 0
            if is_future or statement.names[0].name == "*":
                return [self._run(ast.Module(body=[statement], type_ignores=[]), statement)]
        if isinstance(statement, ast.AnnAssign):
            return self._annotated(statement)
        return [statement]

    def _annotated(self, statement):
        """The value first and the annotation last, as the compiler does it for a module."""
        parts = []
        target, annotation = statement.target, statement.annotation
        if not isinstance(target, ast.Name):
            parts.append(statement)
        elif statement.value is not None:
            parts.append(self._assign(target, statement.value, statement))
        if statement.simple:
            if self._strings:
                annotation = _copy(ast.Constant(_unparse(annotation)), annotation)
            kept = ast.Subscript(
                _copy(ast.Name("__annotations__", ast.Load()), statement),
                _copy(ast.Constant(target.id), statement),
                ast.Store(),
            )
            parts.append(self._assign(_copy(kept, statement), annotation, statement))
        elif not self._strings:
            parts.append(_copy(ast.Expr(annotation), statement))
        return parts or [_copy(ast.Pass(), statement)]

    def _assign(self, target, value, statement):
        return _copy(ast.Assign([_copy(target, statement)], value), statement)

    def _run(self, tree, statement):
        """A statement that runs `tree` as a module does."""
        key = "%s:%d" % (self._token, len(self._constants))
        code = _compile(tree, _HIDDEN, "exec", flags=self._flags, dont_inherit=True)
        self._constants[key] = _Module(code)
        call = ast.Call(
            _copy(ast.Attribute(_copy(ast.Constant(key), statement), "run", ast.Load()), statement), [], []
        )
        return _copy(ast.Expr(_copy(call, statement)), statement)


def _rename(code):
    """Takes the function that is none out of the qualified names of what is nested in it."""
    constants = tuple(
        _rename(constant) if isinstance(constant, _CodeType) else constant for constant in code.co_consts
    )
    name = code.co_qualname
    if name.startswith(_NESTED):
        name = name[len(_NESTED) :]
    return code.replace(co_consts=constants, co_qualname=name)
