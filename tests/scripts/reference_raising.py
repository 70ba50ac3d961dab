"""What a function may raise, read from the source: its own `raise` statements, and those of what it calls here by name.

Law: what is found is raised by a line that can be reached, as far as names tell; what is called by a method of a value
is not followed. What a `try` around it catches is not raised.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, TypeGuard

from msgspec import Struct
from reference_sources import imported_in

from puresponse.codecs.lossless.plain import is_sequence


@cache
def raised_by(function: Any) -> frozenset[type]:
    """The exceptions that a function, a constructor or a property may raise."""
    return _raised(function, ())


def _raised(function: Any, above: tuple[Any, ...]) -> frozenset[type]:
    if function in above:
        return frozenset()
    if isinstance(function, property):
        return frozenset() if function.fget is None else _raised(function.fget, above)
    if isinstance(function, type):
        makers = [vars(base).get(name) for base in function.__mro__ for name in ("__init__", "__post_init__")]
        own = [maker for maker in makers if isinstance(maker, FunctionType) and _is_ours(maker)]
        return _raised(own[0], (*above, function)) if own else frozenset()
    function = inspect.unwrap(getattr(function, "__func__", function))
    if not isinstance(function, FunctionType) or not _is_ours(function):
        return frozenset()
    return _found(function, (*above, function))


def _is_ours(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith("puresponse.")


def _found(function: FunctionType, above: tuple[Any, ...]) -> frozenset[type]:
    found: set[type] = set()
    for step in _steps(function):
        raised = step.raised if step.called is None else _raised(step.called, above)
        found |= {one for one in raised if not issubclass(one, step.caught)}
    return frozenset(found)


class _Step(Struct, frozen=True):
    """Something is raised, or called, where some exceptions are caught."""

    raised: frozenset[type]
    called: Any
    caught: tuple[type, ...]


@cache
def _steps(function: FunctionType) -> tuple[_Step, ...]:
    """What a function raises and calls, each once."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    names = _Names(import_module(function.__module__), tree)
    body = tree.body if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef) else []
    found: dict[_Step, None] = {}
    for node, handled in _walked(body, ()):
        raised: frozenset[type] = frozenset()
        called: Any = None
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = names.exception(node.exc)
        elif isinstance(node, ast.Call):
            value = names.value(node.func)
            called = value if isinstance(value, FunctionType | type) and not names.is_exception(value) else None
        if raised or (called is not None and _is_ours(called)):
            found[_Step(raised, called, tuple(kind for each in handled for kind in names.caught(each)))] = None
    return tuple(found)


def _walked(nodes: list[Any], caught: tuple[ast.expr, ...]) -> Iterator[tuple[ast.AST, tuple[ast.expr, ...]]]:
    """The nodes that run when a function does, each with what the `try`s around it catch."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        yield node, caught
        if isinstance(node, ast.Try):
            handled = tuple(handler.type or ast.Name("BaseException") for handler in node.handlers)
            yield from _walked([*node.body], (*caught, *handled))
            yield from _walked([*node.handlers, *node.orelse, *node.finalbody], caught)
        else:
            yield from _walked([*ast.iter_child_nodes(node)], caught)


class _Names:
    """What names mean in a function: those of its module, and those that it imports itself."""

    def __init__(self, module: ModuleType, tree: ast.AST) -> None:
        self.module = module
        self.own = {
            alias.asname or alias.name: (node, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def value(self, node: ast.expr) -> Any:
        """What a name is at run time; None where that cannot be told."""
        if not isinstance(node, ast.Name):
            return None
        if node.id in self.own:
            statement, there = self.own[node.id]
            home = "." * statement.level + (statement.module or "")
            package = self.module.__name__ if hasattr(self.module, "__path__") else self.module.__package__
            return getattr(import_module(home, package), there, None)
        value = vars(self.module).get(node.id, getattr(builtins, node.id, None))
        if not isinstance(value, FunctionType | type) and node.id in imported_in(self.module):
            home, there = imported_in(self.module)[node.id]
            return getattr(import_module(home), there, None)
        return value

    def is_exception(self, value: Any) -> TypeGuard[type]:
        """Whether a value is a type of exceptions."""
        return isinstance(value, type) and issubclass(value, BaseException)

    def exception(self, node: ast.expr) -> frozenset[type]:
        """What is raised: an exception, or what a function returns to be raised."""
        value = self.value(node.func if isinstance(node, ast.Call) else node)
        if self.is_exception(value):
            return frozenset({value})
        if isinstance(value, FunctionType):
            returned = str(inspect.signature(value).return_annotation)
            raised = vars(import_module(value.__module__)).get(returned, getattr(builtins, returned, None))
            return frozenset({raised}) if self.is_exception(raised) else frozenset()
        return frozenset()

    def caught(self, node: ast.expr) -> list[type]:
        """The exceptions that an `except` catches: of a name that is of several, all of them."""
        found: list[type] = []
        for kind in node.elts if isinstance(node, ast.Tuple) else [node]:
            value = self.value(kind)
            found += [each for each in (value if is_sequence(value) else (value,)) if isinstance(each, type)]
        return found
