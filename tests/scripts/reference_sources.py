"""What a module says in its source, and not at run time: what it assigns, the docstring below, what it imports."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import resolve_name
from types import ModuleType

from msgspec import Struct

import puresponse.codecs
import puresponse.core
import puresponse.transports


class Assigned(Struct, frozen=True):
    """What is assigned to a name: the annotation and the value as they are written, and the docstring below them."""

    annotation: str
    value: str
    doc: str

    @property
    def is_alias(self) -> bool:
        """Whether it is the name of a type."""
        return self.annotation == "TypeAlias"


@cache
def tree_of(module: ModuleType) -> list[ast.stmt]:
    """The statements of a module, those within a condition included."""
    body = ast.parse(inspect.getsource(module)).body
    return [one for node in body for one in ([*node.body, *node.orelse] if isinstance(node, ast.If) else [node])]


@cache
def assigned_in(module: ModuleType) -> dict[str, Assigned]:
    """What a module assigns, by name."""
    found: dict[str, Assigned] = {}
    body = tree_of(module)
    for node, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
                written = ast.unparse(annotation)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                written = ""
            case _:
                continue
        found[name] = Assigned(written, ast.unparse(value), _docstring(after))
    return found


def _docstring(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str() as text)):
            return inspect.cleandoc(text)
        case _:
            return ""


@cache
def imported_in(module: ModuleType) -> dict[str, tuple[str, str]]:
    """The names that a module imports from another: that module, and what the name is there."""
    package = module.__name__ if hasattr(module, "__path__") else module.__name__.rpartition(".")[0]
    return {
        alias.asname or alias.name: (resolve_name("." * node.level + (node.module or ""), package), alias.name)
        for node in tree_of(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@cache
def aliases() -> dict[str, Assigned]:
    """Every name of a type in the library: of two of one name, the one that is found first."""
    packages = (puresponse.core, puresponse.codecs, puresponse.transports)
    found: dict[str, Assigned] = {}
    for package in packages:
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, one in assigned_in(import_module(info.name)).items():
                if one.is_alias:
                    found.setdefault(name, one)
    return found


def alias_of(module: ModuleType, name: str) -> Assigned | None:
    """What `name` means in an annotation of `module`, where that is the name of a type."""
    own = assigned_in(module).get(name)
    if own is not None:
        return own if own.is_alias else None
    home, there = imported_in(module).get(name, ("", name))
    if home.startswith("puresponse"):
        return alias_of(import_module(home), there)
    return None if home else aliases().get(name)


def assigned_to(module: ModuleType, name: str) -> Assigned | None:
    """What is assigned to a name that `module` has, where it does so itself or imports it; None for what is defined."""
    own = assigned_in(module).get(name)
    home, there = imported_in(module).get(name, ("", name))
    return own if own is not None or not home.startswith("puresponse") else assigned_to(import_module(home), there)


def members_of(union: str) -> Iterator[str]:
    """The members of a union, as they are written."""
    node: ast.expr = ast.parse(union, mode="eval").body
    found: list[str] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.append(ast.unparse(node.right))
        node = node.left
    return reversed([*found, ast.unparse(node)])
