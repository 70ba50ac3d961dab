"""Turns a visitor's source into a program, and whatever is wrong with it into a sentence and a line.

Law: nothing that a visitor writes breaks the page. What their code raises, at once or in a later step, is a `Problem`.
The source is a module as anyone could paste it; its last statement is the program, by itself or given a name, and is
evaluated twice to show whether building a program again makes an equal one.
"""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any, Literal, TypeAlias, TypeGuard

from msgspec import Struct

from puresponse import Close, Done, Emit, End, Fork, Open, Operation, Perform, Read, Send, Stream, Wait

Program: TypeAlias = Operation[Any] | Stream[Any]

FILE = "program.py"
"""What tracebacks call the source."""

MODULE = "visitors_program"
"""What the module is called that the source becomes."""

FRAMES = 5
"""How many frames of a traceback are shown: of a recursion without end there are a thousand."""

WANTED = "the last line has to be the program: an operation or a stream, or a name that is given to one"


class Problem(Struct, frozen=True):
    """What is wrong, in one sentence; where in the source, if it is there; and the traceback, if there is one.

    `line` and `column` are counted from 1; `code` is that line.
    """

    sentence: str
    line: int | None = None
    column: int | None = None
    code: str = ""
    trace: str = ""


class Built(Struct, frozen=True):
    """A program, how to build its twin, and what the visitor defined, by its name: a checkpoint needs to know."""

    program: Program
    again: Callable[[], Any]
    names: dict[str, Any]

    @property
    def kind(self) -> Literal["operation", "stream"]:
        """Which of the two unions the program belongs to."""
        return "operation" if isinstance(self.program, Send | Wait | Fork | Done) else "stream"

    def twin(self) -> Any:
        """What the last statement evaluates to the second time; None where that raises."""
        try:
            return self.again()
        except (Exception, SystemExit):
            return None


def is_program(value: object) -> TypeGuard[Program]:
    """Whether `value` is an operation or a stream."""
    return isinstance(value, Send | Wait | Fork | Done | Emit | Perform | Open | Read | Close | End)


def build(source: str) -> Built | Problem:
    """Run `source`, and return the program that its last statement makes."""
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    try:
        tree = ast.parse(source, FILE)
        last = tree.body.pop() if tree.body else None
        evaluated = _evaluated(last)
        if last is None or evaluated is None:
            return Problem(WANTED, None if last is None else last.lineno)
        module = ModuleType(MODULE)
        sys.modules[MODULE] = module
        exec(compile(tree, FILE, "exec", dont_inherit=True), module.__dict__)
        again = Evaluate(compile(ast.Expression(evaluated), FILE, "eval", dont_inherit=True), module)
        value = again()
        if isinstance(last, ast.Assign | ast.AnnAssign):
            module.__dict__[_name_of(last)] = value
    except (Exception, SystemExit) as error:
        return problem_of(error)
    if not is_program(value):
        code = linecache.getline(FILE, last.lineno).rstrip()
        return Problem(f"{WANTED}; it gives a value of type {type(value).__name__}", last.lineno, code=code)
    return Built(value, again, _defined_in(module))


def _defined_in(module: ModuleType) -> dict[str, Any]:
    """The functions and types that the source defines, each under the name that it has."""
    defined: dict[str, Any] = {}
    for value in vars(module).values():
        if isinstance(value, FunctionType | type) and value.__module__ == MODULE and value.__name__.isidentifier():
            defined[value.__name__] = value
    return defined


class Evaluate(Struct, frozen=True):
    """Evaluates an expression in a module."""

    code: CodeType
    module: ModuleType

    def __call__(self) -> Any:
        return eval(self.code, self.module.__dict__)


def problem_of(error: BaseException) -> Problem:
    """Say what was raised, and on which line of the source."""
    name = type(error).__name__
    try:
        sentence = f"{name}: {error}" if str(error) else name
    except Exception:  # an exception of the visitor's own, which cannot say what it is
        sentence = name
    if isinstance(error, SyntaxError) and error.filename == FILE:
        code = linecache.getline(FILE, error.lineno or 0).rstrip()
        return Problem(f"{type(error).__name__}: {error.msg}", error.lineno, error.offset, code)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    if not frames:
        return Problem(sentence)
    trace = "".join(traceback.format_list(frames[-FRAMES:])).rstrip()
    return Problem(sentence, frames[-1].lineno, None, frames[-1].line or "", trace)


def _evaluated(statement: ast.stmt | None) -> ast.expr | None:
    """The expression that a last statement evaluates; None for a statement that makes no program."""
    match statement:
        case ast.Expr(value=value) | ast.Assign(targets=[ast.Name()], value=value):
            return value
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value
        case _:
            return None


def _name_of(statement: ast.Assign | ast.AnnAssign) -> str:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    return target.id if isinstance(target, ast.Name) else ""
