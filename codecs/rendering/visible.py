"""Text that shows what it holds: whatever would control a terminal, or turn the order of what is read, is escaped.

Law: what is returned has line breaks and tabs, and else only characters that are printed or that join those beside
them. No two texts differ in what cannot be seen, but for spaces.
"""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
"""In emoji, and in the writing of Persian and of Indian languages: they do no more than to join, or not."""


def visible(text: str) -> str:
    """`text`, what is not printable escaped: escape sequences, halves of surrogate pairs, turns of direction, tags."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_shown, line)) for line in lines)


def one_line(text: str) -> str:
    """The same, on one line."""
    return " ".join(visible(text).split()) if text else text


def _shown(character: str) -> str:
    if character.isprintable() or character == "\t" or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return (
        f"\\x{ord(character):02x}" if ord(character) < 128 else character.encode("ascii", "backslashreplace").decode()
    )


def cells(text: str) -> int:
    """The columns that a terminal gives to `text`."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


def _cell(character: str) -> int:
    if character in _JOINERS or unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
