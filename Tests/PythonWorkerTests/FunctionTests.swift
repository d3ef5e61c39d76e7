import Foundation
import Testing

extension WorkerTests {
    /// Code whose top level may return, through the real worker. Jobs of one worker, since there are many.
    @Suite struct Functions {
        /// Runs each and expects its result (JSON; empty for null).
        private func check(_ cases: [(String, String)]) throws {
            let worker = try WorkerProcess()
            for (source, result) in cases {
                let report = try worker.fork().run(source, mode: "function")
                #expect(report.outcome == "completed", "\(source)\n\(report.header.map { "\($0)" } ?? "")")
                #expect(report.result == result, "\(source)")
            }
        }

        @Test func `what the top level returns is the result`() throws {
            try check([
                ("return 1 + 1", "2"), ("return", ""), ("return None", ""), ("1 + 1", ""), ("", ""), ("# note", ""),
                ("return *(1, 2), 3", "[1,2,3]"), ("return 'doc'", #""doc""#), ("x = 1\nif x:\n  return x\nreturn 2", "1"),
                ("for i in range(9):\n  while True:\n    with open('/dev/null') as f:\n      return i", "0"),
                ("match {'a': 1, 'b': 2}:\n  case {'a': v, **r}:\n    return [v, r]", #"[1,{"b":2}]"#),
                ("if False: pass\n" + String(repeating: "elif 0: pass\n", count: 500) + "else: return 5", "5"),
                ("try:\n  raise ExceptionGroup('g', [ValueError()])\nexcept* ValueError: r = 1\nreturn r", "1"),
            ])
        }

        @Test func `an except clause does not see the return and finally runs`() throws {
            try check([
                ("try:\n  return 1\nexcept: return 2", "1"),
                ("try:\n  return 1\nexcept BaseException: return 2\nelse: return 3", "1"),
                ("try:\n  return 1\nfinally: return 3", "3"),
                (
                    "import contextlib\n@contextlib.contextmanager\ndef c():\n  yield\n  seen.append(1)\nseen = []\n"
                        + "with c():\n  try: return seen\n  finally: seen.append(0)", "[0,1]"
                ),
            ])
            let report = try WorkerProcess.run(
                "try:\n  return 1\nfinally:\n  print('closed')", mode: "function")
            #expect(report.output == "closed\n")
        }

        @Test func `names of the top level are those of a script`() throws {
            try check([
                ("x = 1\ndef f(): return x\nreturn f()", "1"),
                ("def odd(n): return n and even(n - 1)\ndef even(n): return n == 0 or odd(n - 1)\nreturn even(10)", "true"),
                ("global q\nq = 1\ndef f():\n  global q\n  q += 1\nf()\nreturn q", "2"),
                ("def f():\n  global z\n  z = 1\nf()\nreturn z", "1"),
                ("exec('a = 5')\nreturn a", "5"), ("return locals() is globals() is vars()", "true"),
                ("b = 7\nreturn eval('b')", "7"),
                (
                    "ys = [y := i for i in range(3)]\ndef f(): return y\nreturn [f(), globals()['y'], 'i' in globals()]",
                    "[2,2,false]"
                ),
                ("try: 1/0\nexcept ZeroDivisionError as e: pass\nreturn 'e' in globals()", "false"),
                ("x = 1\ndel x\ntry: x\nexcept NameError as e: return str(e)", #""name 'x' is not defined""#),
                (
                    "if 0:\n  x = 1\ndef f(): return x\ntry: f()\nexcept NameError as e: return str(e)",
                    #""name 'x' is not defined""#
                ),
                ("x = 1\nclass A:\n  y = x\n  x = 2\n  z = [x for _ in (1,)]\nreturn [A.y, A.x, A.z]", "[1,2,[1]]"),
                ("class A:\n  __p = 1\n  def g(self): return self.__p\nreturn A().g()", "1"),
                (
                    "for i, (j, *k) in [(1, (2, 3))]: pass\nwith open('/dev/null') as f: pass\nimport os.path as p\n"
                        + "def g(): return [i, j, k, f.closed, p.sep]\nreturn g()", #"[1,2,[3],true,"/"]"#
                ),
                ("import sys\nreturn sys.modules['__main__'].__dict__ is globals()", "true"),
                ("if __name__ == '__main__': return __name__", #""__main__""#),
                (
                    "class A:\n  def m(self): pass\n  f = lambda: 0\ndef g():\n  def h(): pass\n  return h\n"
                        + "return [A.m.__qualname__, A.f.__qualname__, g.__qualname__, g().__qualname__, (lambda: 0).__qualname__]",
                    #"["A.m","A.<lambda>","g","g.<locals>.h","<lambda>"]"#
                ),
                ("import pickle\nclass P:\n  def __init__(self): self.x = 1\nreturn pickle.loads(pickle.dumps(P())).x", "1"),
                (
                    "import dataclasses\n@dataclasses.dataclass\nclass D:\n  a: int = 1\nreturn dataclasses.asdict(D())",
                    #"{"a":1}"#
                ),
                ("async def f(): return 5\nimport asyncio\nreturn asyncio.run(f())", "5"),
            ])
        }

        @Test func `what only a module may hold works`() throws {
            try check([
                ("from math import *\nreturn floor(2.5)", "2"),
                ("try:\n  from string import *\nfinally: pass\ndef f(): return digits\nreturn f()", #""0123456789""#),
                (
                    "try:\n  from nope import *\nexcept ImportError as e: return [str(e), e.__traceback__.tb_lineno]",
                    #"["No module named 'nope'",2]"#
                ),
                (
                    "'doc'\nfrom __future__ import annotations as a\nx: nope = 3\ndef f(y: nope): pass\n"
                        + "return [__doc__, __annotations__, f.__annotations__, a.compiler_flag > 0]",
                    #"["doc",{"x":"nope"},{"y":"nope"},true]"#
                ),
                ("x: 1 = 3\nif x:\n  y: 2\nreturn [__annotations__, x, 'y' in globals()]", #"[{"x":1,"y":2},3,false]"#),
                (
                    "out = []\n(z): out.append(1)\nimport types\na = types.SimpleNamespace()\na.b: out.append(2) = 4\n"
                        + "return [out, a.b, __annotations__]", "[[1,2],4,{}]"
                ),
                ("try: __annotations__\nexcept NameError: return 'none'", #""none""#),
                ("'''\nreturn 5\n'''\ns = '''\nreturn 6\n'''\nreturn [__doc__, s]", #"["\nreturn 5\n","\nreturn 6\n"]"#),
            ])
        }

        @Test(arguments: [
            ("x = 1\nclass A:\n  return 1", "'return' outside function", 3),
            ("return await f()", "'await' outside function", 1), ("await f()\nreturn", "'await' outside function", 1),
            ("return (yield 1)", "'yield' outside function", 1), ("\nyield 1\nreturn", "'yield' outside function", 2),
            ("async with x:\n  return 1", "'async with' outside async function", 1),
            ("nonlocal x\nreturn", "nonlocal declaration not allowed at module level", 1),
            ("def f():\n  nonlocal x\nx = 1\nreturn", "no binding for nonlocal 'x' found", 2),
            ("def f():\n  from os import *\nreturn", "import * only allowed at module level", 2),
            (
                "x = 1\nfrom __future__ import annotations\nreturn",
                "from __future__ imports must occur at the beginning of the file", 2
            ),
            ("x = 1\nglobal x\nreturn", "name 'x' is assigned to before global declaration", 2),
            ("return (", "'(' was never closed", 1), ("break\nreturn", "'break' outside loop", 1),
        ])
        func `what a script may not hold is a syntax error`(source: String, message: String, line: Int) throws {
            let report = try WorkerProcess.run(source, mode: "function")
            #expect(report.outcome == "syntax_error")
            #expect(report.header?.message == message)
            #expect(report.header?.line == line)
        }

        @Test func `lines and names in tracebacks are those of a script`() throws {
            let report = try WorkerProcess.run(
                "'''\ntwo\n'''\ndef f():\n  return 1/0\nif True:\n  return f()", mode: "function")
            #expect(report.outcome == "runtime_error")
            #expect(report.header?.line == 5)
            #expect(
                report.header?.traceback == """
                    Traceback (most recent call last):
                      File "<string>", line 7, in <module>
                      File "<string>", line 5, in f
                    ZeroDivisionError: division by zero
                    """)
            let star = try WorkerProcess.run("\nfrom nope import *\nreturn 1", mode: "function")
            #expect(
                star.header?.traceback == """
                    Traceback (most recent call last):
                      File "<string>", line 2, in <module>
                    ModuleNotFoundError: No module named 'nope'
                    """)
            #expect(star.header?.line == 2)
        }

        @Test func `a warning of the compiler is shown once`() throws {
            let report = try WorkerProcess.run("x = 1\nx is 1\nreturn 1", mode: "function")
            #expect(report.error.components(separatedBy: "SyntaxWarning").count == 2)
        }

        @Test func `what is no JSON is its repr and says so`() throws {
            let report = try WorkerProcess.run("return {1}", mode: "function")
            #expect(report.result == #""{1}""#)
            #expect(report.header?.result_repr == true)
            #expect(try WorkerProcess.run("return [1]", mode: "function").header?.result_repr == nil)
        }
    }
}
