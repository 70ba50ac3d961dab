"""What was chosen in a life, as a value, and as text that can be pasted.

Law: a row of choices says of a life all that distinguishes it from the one in which nothing goes wrong: at which point,
counted from 0, what went wrong. The text of a row is read as the same row.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, TypeAlias, get_args

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from ....codecs.lossless.plain import is_mapping
from ..lives.lives import Mishap


class Chosen(Struct, frozen=True):
    """Another `option` than the first was taken, where the code lets it be chosen; counted from 0."""

    option: int


Choice: TypeAlias = Mishap | Chosen
"""What is chosen at a point of a life, in place of what happens where nothing goes wrong."""

Row: TypeAlias = tuple[tuple[int, Choice], ...]
"""What was chosen in a life, with the number of its point, in order."""

_KINDS: dict[str, type[Struct]] = {kind.__name__: kind for kind in (*get_args(Mishap), Chosen)}
_FORM = "what a failure says, such as `2: Reset(acted=True), 5: Dies()`"


def text_of(row: Row) -> str:
    """A row as text; empty for the life in which nothing goes wrong."""
    return ", ".join(f"{position}: {_shown(choice)}" for position, choice in row)


def as_row(given: str | Mapping[int, Choice]) -> Row:
    """The row that a text, or a mapping from points to choices, says. Raises `ValueError` for what says none."""
    if is_mapping(given):
        return tuple(sorted(given.items(), key=_position))
    try:
        tree = ast.parse(f"{{{given}}}", mode="eval").body
        if not isinstance(tree, ast.Dict):
            raise ValueError
        pairs = [(_number(key), _choice(value)) for key, value in zip(tree.keys, tree.values, strict=True)]
    except (SyntaxError, ValueError, TypeError, KeyError):
        raise ValueError(f"only: must be {_FORM}, got {given!r}") from None
    return tuple(sorted(pairs, key=_position))


def _position(pair: tuple[int, Choice]) -> int:
    return pair[0]


def _shown(choice: Choice) -> str:
    given = [
        f"{field.name}={getattr(choice, field.name)!r}"
        for field in fields(choice)
        if field.default is NODEFAULT or field.default != getattr(choice, field.name)
    ]
    return f"{type(choice).__name__}({', '.join(given)})"


def _number(node: ast.expr | None) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    raise ValueError


def _choice(node: ast.expr) -> Any:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise ValueError
    given = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in node.keywords}
    return _KINDS[node.func.id](*map(ast.literal_eval, node.args), **given)
