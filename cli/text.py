"""Text from elsewhere, made fit to be shown.

Law: what a server or a file says can neither break a line nor control the terminal.
"""

from __future__ import annotations

_LONGEST_LINE = 500
"""Characters of a message that are shown; the JSON form has all of it."""

_LONGEST_WORD = 80
"""Characters of a word. A longer one is an id (some servers give ids of 485), base64 or the like."""

_HEAD, _TAIL = 40, 12
"""Characters of a longer word that are left at its beginning and at its end, where ids differ."""


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
    """`text` as one line of bearable length. Long words are cut first, so that a long id leaves room for the reason."""
    line = printable(" ".join(map(_short, text.split())))
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else f"{word[:_HEAD]}…{word[-_TAIL:]}"


def _escaped(character: str) -> str:
    return (
        character.encode("ascii", "backslashreplace").decode() if ord(character) > 127 else f"\\x{ord(character):02x}"
    )
