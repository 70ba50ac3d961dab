"""Text from elsewhere, made fit to be shown.

Law: what a server or a file says can neither break a line nor control the terminal.
"""

from __future__ import annotations

_LONGEST_LINE = 500
"""Characters of a message that are shown; the JSON form has all of it."""


def is_text(value: str) -> bool:
    """False for a string with bytes in it that were not UTF-8 (PEP 383), which nothing can be asked about."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def encodable(text: str) -> str:
    """Escape what no encoding of Unicode has a form for."""
    return text if is_text(text) else text.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Escape what is not printable: line breaks, escape sequences, characters that turn the writing direction."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def one_line(text: str) -> str:
    """`text` as one line of bearable length."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _escaped(character: str) -> str:
    return (
        character.encode("ascii", "backslashreplace").decode() if ord(character) > 127 else f"\\x{ord(character):02x}"
    )
