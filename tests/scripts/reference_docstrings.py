"""A docstring, taken apart: its text, the parameters and attributes that it tells, its example.

The form of a docstring: a line of what; `Args:` or `Attributes:` with an entry `name: …` or `one, other: …` for each
parameter; paragraphs, of which one that begins with `Errors` or `Raises` tells the errors; links; an example.
"""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator

from msgspec import Struct

SECTIONS = ("Args", "Attributes", "Raises")
_ENTRY = re.compile(r"\*{0,2}([A-Za-z_]\w*(?:, \*{0,2}[A-Za-z_]\w*)*): (.*)")
SPAN = re.compile(r"``(.+?)``|`([^`]+)`", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*")


class Section(Struct, frozen=True):
    """What is under `Args:` and its like: pairs of the names that an entry is for, and its text."""

    title: str
    entries: tuple[tuple[tuple[str, ...], str], ...]


class Docstring(Struct, frozen=True):
    """`blocks` are paragraphs, lists and tables as they are written, and sections; `example` is a doctest."""

    blocks: tuple[str | Section, ...]
    example: str = ""

    @property
    def text(self) -> str:
        """All of it but the example."""
        return "\n\n".join(
            block if isinstance(block, str) else "\n".join(text for _, text in block.entries) for block in self.blocks
        )

    @property
    def listed(self) -> dict[str, str]:
        """What has an entry of its own in a section of parameters or attributes."""
        sections = [block for block in self.blocks if isinstance(block, Section) and block.title != "Raises"]
        return {name: text for section in sections for names, text in section.entries for name in names}

    @property
    def words(self) -> set[str]:
        """Every word that is in a code span, or has an entry."""
        spans = (one or other for one, other in SPAN.findall(self.text))
        raised = {
            name for block in self.blocks if isinstance(block, Section) for names, _ in block.entries for name in names
        }
        return {word for span in spans for word in _WORD.findall(span)} | raised


def parsed(docstring: str | None) -> Docstring:
    """A docstring as `inspect.getdoc` returns it."""
    text, example = _without_example(docstring or "")
    blocks: list[str | Section] = []
    for chunk in re.split(r"\n{2,}", text.strip()):
        title, _, rest = chunk.partition(":\n")
        if title in SECTIONS and rest.startswith("    "):
            blocks.append(Section(title, tuple(_entries(rest))))
        elif chunk:
            blocks.append(chunk)
    return Docstring(tuple(blocks), example)


def _without_example(text: str) -> tuple[str, str]:
    """A text without its doctest, and the doctest."""
    kept: list[str] = []
    example: list[str] = []
    inside = False
    for line in text.splitlines():
        inside = line.lstrip().startswith(">>> ") or (inside and bool(line.strip()))
        (example if inside else kept).append(line)
    return "\n".join(kept), "\n".join(example)


def _entries(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The entries of a section, whose lines are indented; what goes on is indented further."""
    entry: list[str] = []
    for line in [*(line[4:] for line in text.splitlines()), "end: "]:
        if entry and not line.startswith(" "):
            match = _ENTRY.fullmatch(" ".join(entry))
            if match is None:
                raise ValueError(f"no entry of a section: {entry}")
            yield tuple(name.lstrip("*") for name in match[1].split(", ")), match[2]
            entry = []
        entry.append(line.strip())


def statements(example: str) -> list[str]:
    """The statements of a doctest."""
    return [one.source for one in doctest.DocTestParser().get_examples(example)]
