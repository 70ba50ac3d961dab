"""JSON lines on a terminal: coloured where colours are wanted, and harmless whatever they hold.

Law: without its escape sequences, a line is JSON of the same value. Only what is not printable (control characters,
those that turn the writing direction) is written as JSON escapes it; a terminal is given none of it.
"""

from __future__ import annotations

import re

from .output import JsonLines

_TOKEN = re.compile(
    r"""
    (?P<text> " [^"\\]* (?: \\. [^"\\]* )* " ) (?P<key> \s* (?= : ) )?
    | (?P<number> -? [0-9] [-+.0-9Ee]* )
    | (?P<true> true ) | (?P<false> false ) | (?P<null> null )
    """,
    re.VERBOSE | re.DOTALL,
)


class TerminalJson(JsonLines, frozen=True):
    """Values as they were received from the server, one object a line, for a terminal."""

    coloured: bool

    def line(self, text: str) -> str:
        """A line of JSON for standard output, with colours where they are wanted."""
        shown = harmless(text)
        return f"{coloured(shown) if self.coloured else shown}\n"


def harmless(text: str) -> str:
    """JSON of the same value, in which all characters are printable."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def coloured(text: str) -> str:
    """JSON with the colours that rich has for it."""
    around = _colours()

    def colour(token: re.Match[str]) -> str:
        before, after = around[token.lastgroup or "text"]  # the last group: `key` is within what `text` begins
        return f"{before}{token[0]}{after}"

    return _TOKEN.sub(colour, text)


def _colours() -> dict[str, tuple[str, str]]:
    """What is written before and after a token of each kind."""
    from rich.color import ColorSystem
    from rich.default_styles import DEFAULT_STYLES

    named = {
        "key": "key",
        "text": "str",
        "number": "number",
        "true": "bool_true",
        "false": "bool_false",
        "null": "null",
    }
    mark = "\0"
    around: dict[str, tuple[str, str]] = {}
    for kind, name in named.items():
        before, _, after = (
            DEFAULT_STYLES[f"json.{name}"].render(mark, color_system=ColorSystem.STANDARD).partition(mark)
        )
        around[kind] = before, after
    return around


def _escaped(character: str) -> str:
    """A character of a JSON string as its escape; white space between tokens as a space."""
    if character in "\t\r\n":  # in a string these are escaped already
        return " "
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
