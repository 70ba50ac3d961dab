"""Values as Python source, laid out as black does it: on one line where that fits, else a line for each part.

Law: evaluated where its `names` are imported, the source makes an equal value.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from ....codecs.lossless.plain import is_sequence

WIDTH = 120
"""Characters of a line."""

_INDENT = 4
_POSITIONAL = {"HttpRequest": 2, "Interrupted": 2, "NotSent": 2, "InvalidArgument": 2}
"""How many fields are written without their names."""


class Source:
    """Writes values; `names` has the types that they are made of."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def lines(self, value: Any, indent: int, before: str = "", after: str = ",") -> list[str]:
        """The lines of a value that is indented so far, and has something `before` and `after` it."""
        margin = " " * indent
        flat = f"{margin}{before}{self.flat(value)}{after}"
        if len(flat) <= WIDTH:
            return [flat]
        inner = indent + _INDENT
        if isinstance(value, bytes | str):
            parts = _parts(value, WIDTH - inner - 4)
            if len(parts) == 1:
                return [flat]
            written = [f"{' ' * inner}{literal(part)}" for part in parts]
            return [f"{margin}{before}(", *written, f"{margin}){after}"]
        opens, members, closes = self._members(value)
        if not members:
            return [flat]
        written = [line for name, member in members for line in self.lines(member, inner, name)]
        return [f"{margin}{before}{opens}", *written, f"{margin}{closes}{after}"]

    def flat(self, value: Any) -> str:
        """The value on one line."""
        if isinstance(value, bytes | str):
            return literal(value)
        opens, members, closes = self._members(value)
        if not closes:
            return opens
        written = ", ".join(f"{name}{self.flat(member)}" for name, member in members)
        return f"{opens}{written}{',' if len(members) == 1 and opens == '(' else ''}{closes}"

    def _members(self, value: Any) -> tuple[str, list[tuple[str, Any]], str]:
        """What opens a value, its members, each with its name, and what closes it; nothing, where it has none."""
        if isinstance(value, Struct):
            kind = type(value)
            self.names.add(kind.__name__)
            positional = _POSITIONAL.get(kind.__name__, 0)
            members = [
                ("" if index < positional else f"{field.name}=", getattr(value, field.name))
                for index, field in enumerate(fields(value))
                if index < positional or field.required or getattr(value, field.name) != field.default
            ]
            return f"{kind.__name__}(", members, ")"
        if is_sequence(value):
            opens, closes = "[]" if isinstance(value, list) else "()"
            return opens, [("", member) for member in value], closes
        return repr(value), [], ""


def literal(text: bytes | str) -> str:
    """A text or bytes as a literal, in double quotes unless that takes more escapes."""
    prefix = "b" if isinstance(text, bytes) else ""
    shown = repr(text)[len(prefix) :]
    quote, inner = shown[0], shown[1:-1]
    plain = inner.replace(f"\\{quote}", quote)
    double = plain.replace('"', '\\"')
    single = plain.replace("'", "\\'")
    return f'{prefix}"{double}"' if len(double) <= len(single) else f"{prefix}'{single}'"


def _parts(text: Any, most: int) -> list[Any]:
    """A text or bytes in parts, the literal of each no longer than that."""
    parts: list[Any] = []
    start = 0
    while start < len(text):
        end = min(len(text), start + most)
        while end > start + 1 and len(literal(text[start:end])) > most:
            end -= max(1, (len(literal(text[start:end])) - most) // 4)
        parts.append(text[start:end])
        start = end
    return parts
