"""Where a public name is defined, in the source: its statement, and what the names in that statement mean.

Law: nothing is evaluated. So annotations print as they are written, on every Python alike.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

ROOT = Path(__file__).resolve().parents[2]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Statement: TypeAlias = Function | ast.ClassDef | ast.Assign | ast.AnnAssign


class Definition(NamedTuple):
    """The statements that define a name (several for one with overloads), and the file that they are in."""

    path: Path
    name: str
    statements: tuple[Statement, ...]


def path_of(module: str) -> Path:
    """The file of a module, by its dotted name without `puresponse`."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def definitions(path: Path) -> dict[str, tuple[Statement, ...]]:
    """What a file defines at its top; of an `if` and an `else` that which type-checkers see."""
    found: dict[str, list[Statement]] = {}
    for statement in _at_the_top(ast.parse(path.read_text()).body):
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.setdefault(name, []).append(statement)
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                found[name] = [statement]
            case _:
                pass
    return {name: tuple(statements) for name, statements in found.items()}


def _at_the_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        match statement:
            case ast.If(test=ast.Name("TYPE_CHECKING"), body=seen):
                yield from _at_the_top(seen)
            case ast.If(body=seen, orelse=otherwise):
                yield from _at_the_top([*seen, *otherwise])
            case ast.Try(body=seen):
                yield from _at_the_top(seen)
            case _:
                yield statement


@cache
def imports(path: Path) -> dict[str, tuple[Path, str]]:
    """The names that a file has from other files of the library, with the file and the name there."""
    found: dict[str, tuple[Path, str]] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        folder = path.parents[node.level - 1]
        for alias in node.names:
            inside = folder.joinpath(*(node.module or "").split("."))
            source = inside / "__init__.py" if inside.is_dir() else inside.with_suffix(".py")
            if source.exists():
                found[alias.asname or alias.name] = (source, alias.name)
    return found


def find(path: Path, name: str) -> Definition | None:
    """What a name in a file means, wherever in the library it is defined; None for what is of elsewhere."""
    seen: set[tuple[Path, str]] = set()
    while (path, name) not in seen:
        seen.add((path, name))
        statements = definitions(path).get(name)
        if statements is not None:
            return Definition(path, name, statements)
        if name in imports(path):
            path, name = imports(path)[name]
        else:
            for sibling in sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else ():
                if name in definitions(sibling):
                    return Definition(sibling, name, definitions(sibling)[name])
    return None
