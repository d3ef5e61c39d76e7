"""From source text to code objects: the statements, and the last bare expression for the result."""

import __future__
import ast

_parse = ast.parse
_compile = compile
_Expr = ast.Expr
_Expression = ast.Expression
_CodeType = type((lambda: None).__code__)
FUTURES = 0
for _name in __future__.all_feature_names:
    FUTURES |= getattr(__future__, _name).compiler_flag

FILENAME = "<string>"


class Compiled:
    """`body` to run, then `last` to evaluate (None if the code does not end with an expression)."""

    def __init__(self, body, last):
        self.body = body
        self.last = last
        # Identity, and the objects kept alive for it: equal code objects of an `exec` are not the same.
        self.codes = {}
        queue = [body] if last is None else [body, last]
        while queue:
            code = queue.pop()
            self.codes[id(code)] = code
            queue.extend(constant for constant in code.co_consts if type(constant) is _CodeType)


def compile_source(data):
    """`data` is WTF-8. Raises whatever the compiler raises."""
    source = data.decode("utf-8", "surrogatepass")
    try:
        tree = _parse(source, FILENAME)
    except (RecursionError, MemoryError):
        # Deep code that the compiler takes and `ast` does not runs, without a result.
        return Compiled(_compile(source, FILENAME, "exec", dont_inherit=True), None)
    last = None
    if tree.body and isinstance(tree.body[-1], _Expr):
        last = _Expression(tree.body[-1].value)
        # A lone string is the docstring and the result.
        is_docstring = len(tree.body) == 1 and isinstance(getattr(last.body, "value", None), str)
        if not is_docstring:
            tree.body.pop()
    body = _compile(tree, FILENAME, "exec", dont_inherit=True)
    if last is not None:
        flags = body.co_flags & FUTURES
        last = _compile(last, FILENAME, "eval", flags=flags, dont_inherit=True)
    return Compiled(body, last)
