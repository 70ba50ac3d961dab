"""Help as text: click's layout, in which no word is broken, however narrow the terminal is or says to be."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import TextWrapper

import click

_LEAST = 10
"""Characters of a line of an explanation; a longer word has a line to itself."""


class WholeWords(click.HelpFormatter):
    """Writes help."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        indent = " " * self.current_indent
        paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
        self.write("\n".join(f"{_wrapped(one, self.width, indent, indent)}\n" for one in paragraphs))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms, each with its explanation beside it; below it, where the term is too long for that."""
        pairs = list(rows)
        first = min(max((len(term) for term, _ in pairs), default=0), col_max) + col_spacing
        for term, text in pairs:
            before = f"{' ' * self.current_indent}{term}"
            self.write(before)
            rest = " " * (first + self.current_indent)
            if len(term) > first - col_spacing:
                self.write("\n")
                begun = rest
            else:
                begun = " " * (len(rest) - len(before))
            width = max(self.width, len(rest) + _LEAST)
            lines = _wrapped(text, width, rest, rest)
            self.write(f"{begun}{lines.removeprefix(rest)}\n" if text else "\n")


class HelpContext(click.Context):
    """A context whose help is written so."""

    formatter_class = WholeWords


def _wrapped(text: str, width: int, first: str, rest: str) -> str:
    wrapper = TextWrapper(
        width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.fill(text)
