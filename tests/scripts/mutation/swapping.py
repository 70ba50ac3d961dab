"""A mutant takes the place of its function in the process that runs: nothing is imported anew.

What a function did while modules were imported is done already; a mutant of such a function is judged in a process of
its own as well (`fresh.py`).
"""

from __future__ import annotations

import ast
import functools
import gc
import sys
from collections.abc import Iterable, Iterator
from os.path import realpath
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from .targets import Mutant

Functions = dict[tuple[str, str], list[FunctionType]]
"""Functions by file and qualified name."""

REMEMBERING: Any = type(functools.lru_cache(len))


class NoSwapError(Exception):
    """The mutant cannot take the place of its function: there is none to be found, or it closes over other names."""


def live_functions(files: Iterable[Path]) -> Functions:
    """The functions of these files that the process holds, whatever decorator is around them."""
    wanted = {str(file) for file in files}
    found: Functions = {}
    paths: dict[str, str] = {}
    for thing in _objects():
        if type(thing) is FunctionType:
            name = thing.__code__.co_filename
            path = paths.get(name) or paths.setdefault(name, realpath(name))
            if path in wanted:
                found.setdefault((path, thing.__code__.co_qualname), []).append(thing)
    return found


def remembering(package: str) -> list[Any]:
    """The functions of a package that remember what they have returned: it was computed before the mutant was there."""
    return [
        thing
        for thing in _objects()
        if isinstance(thing, REMEMBERING) and str(getattr(thing, "__module__", "")).startswith(package)
    ]


def _objects() -> list[Any]:
    """All that the garbage collector knows. It lists nothing that is frozen, and conftest freezes what it collects."""
    gc.unfreeze()
    objects = gc.get_objects()
    gc.freeze()
    return objects


def swap(mutant: Mutant, root: Path, functions: Functions) -> None:
    """Put the mutant's code and defaults into the function that is there."""
    path = str(root / mutant.file)
    targets = functions.get((path, mutant.function))
    if not targets:
        raise NoSwapError(f"no function {mutant.function} of {mutant.file} is alive")
    for target in targets:
        code, defaults, keyword_defaults = _compiled(mutant, target)
        try:
            target.__code__ = code
        except ValueError as error:
            raise NoSwapError(str(error)) from error
        target.__defaults__, target.__kwdefaults__ = defaults, keyword_defaults


def _compiled(mutant: Mutant, target: FunctionType) -> tuple[CodeType, Any, Any]:
    tree = ast.parse(mutant.source)
    *outer, name = mutant.function.split(".")
    body: list[ast.stmt] = tree.body
    for part in outer:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == part)
    definitions = [
        node
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name == name
        and not any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)
    ]
    definition = definitions[-1]
    # In Python a default is a value that is computed where the function is defined; nearly all are constants.
    names: dict[str, Any] = {**vars(sys.modules[target.__module__]), **target.__globals__}
    positional = tuple(_value(default, names) for default in definition.args.defaults) or None
    by_keyword = {
        argument.arg: _value(default, names)
        for argument, default in zip(definition.args.kwonlyargs, definition.args.kw_defaults, strict=True)
        if default is not None
    }
    module = compile(tree, target.__code__.co_filename, "exec", dont_inherit=True)
    found = [code for code in _codes(module) if code.co_qualname == mutant.function]
    if not found:
        raise NoSwapError(f"{mutant.function} is not in what was compiled")
    return found[-1], positional, by_keyword or None


def _value(default: Any, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(default), "<default>", "eval"), names)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)
