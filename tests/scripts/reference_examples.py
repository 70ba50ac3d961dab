"""An example of a docstring, as it is pasted into an empty file: with the imports that the docstring does not show."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from types import ModuleType

from reference_docstrings import statements
from reference_names import public_names

_OWN_IMPORT = re.compile(r">>> from puresponse(?:\.core|\.codecs|\.transports)? import ([\w, ]+)")


def runnable(example: str, module: ModuleType) -> str:
    """The example of a docstring of `module`, with what it takes from there imported in its first lines."""
    needed: dict[str, set[str]] = {}
    for name in _free(statements(example)):
        home, imported = _home(name, module)
        needed.setdefault(home, set()).add(imported)
    kept: list[str] = []
    for line in example.splitlines():
        match = _OWN_IMPORT.fullmatch(line)
        if match is None or any(name not in public_names() for name in match[1].split(", ")):
            kept.append(line)
        else:  # a reader imports from `puresponse`; a docstring of the core, which does without transports, from there
            for name in match[1].split(", "):
                needed.setdefault(public_names()[name][0], set()).add(name)
    example = "\n".join(kept)
    lines = [f">>> import {name}" for name in sorted(needed.pop("", ()))]
    lines += [f">>> from {home} import {', '.join(sorted(names))}" for home, names in sorted(needed.items())]
    return "\n".join([*lines, example])


def _free(parts: list[str]) -> Iterator[str]:
    """The names that the statements use and do not make."""
    tree = ast.parse("".join(parts))
    made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    made |= {node.name for node in ast.walk(tree) if isinstance(node, defined)}
    made |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            made |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            made.add(node.name)
    seen: set[str] = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Name)
            and node.id not in made
            and not hasattr(builtins, node.id)
            and node.id not in seen
        ):
            seen.add(node.id)
            yield node.id


def _home(name: str, module: ModuleType) -> tuple[str, str]:
    """Where a name of `module` is imported from, and as what."""
    if name in public_names():
        return public_names()[name][0], name
    value = vars(module).get(name)
    if isinstance(value, ModuleType):
        return "", value.__name__ if value.__name__ == name else f"{value.__name__} as {name}"
    home: object = getattr(value, "__module__", None)
    if not isinstance(home, str) or not hasattr(value, "__name__"):
        raise LookupError(f"an example in {module.__name__} uses {name!r}, which nobody can import")
    return {"msgspec._core": "msgspec"}.get(home, home), name
