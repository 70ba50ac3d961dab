"""Values as text, for terminals and pipes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .blocks import Block, Code, Document, Facts, Folded, Link, Notes, Part, Picture, Words
from .documents import document_of
from .visible import cells, one_line, visible

_INDENT = "  "
_NARROWEST = 20
"""Columns. What is narrower is not wrapped."""

_RESET, _BOLD, _QUIET = "\x1b[0m", "\x1b[1m", "\x1b[2m"

_COLOURS = {
    "message": "\x1b[1;32m",
    "call": "\x1b[1;36m",
    "output": "\x1b[1;34m",
    "reasoning": "\x1b[1;35m",
    "image": "\x1b[1;33m",
    "refusal": "\x1b[1;31m",
    "error": "\x1b[1;31m",
}
"""The colours of titles, by the kind of a block (ECMA-48, section 8.3.117)."""


def text_of(value: Any, width: int | None, colour: bool) -> str:
    """What `to_text` returns."""
    written = _Text(width if width is not None and width >= _NARROWEST else None, colour)
    return "".join(f"{line}\n" for line in written.document(document_of(value)))


class _Text:
    def __init__(self, width: int | None, colour: bool) -> None:
        self._width = width
        self._colour = colour

    def document(self, document: Document) -> Iterator[str]:
        begun = False
        if document.title:
            yield self._marked(one_line(document.title), _BOLD)
        if document.title or document.about:
            yield from self._facts(document.about, "")
            begun = True
        for section in document.sections:
            if section.title:
                yield from ("",) if begun else ()
                yield self._marked(one_line(section.title), _BOLD)
                yield "-" * cells(one_line(section.title))
                begun = True
            for block in section.blocks:
                yield from ("",) if begun else ()
                yield from self._block(block)
                begun = True

    def _block(self, block: Block) -> Iterator[str]:
        about = ", ".join(f"{one_line(name)} {one_line(value)}" for name, value in block.about)
        title = self._marked(one_line(block.title), _COLOURS.get(block.kind, _BOLD))
        yield f"{title}  {self._marked(f'({about})', _QUIET)}" if about else title
        yield from self._parts(block.parts, _INDENT)

    def _parts(self, parts: Iterable[Part], indent: str) -> Iterator[str]:
        for part in parts:
            yield from self._part(part, indent)

    def _part(self, part: Part, indent: str) -> Iterator[str]:
        match part:
            case Words():
                for line in visible(part.text).split("\n"):
                    yield from self._wrapped(line, indent, _QUIET if part.quiet else "")
            case Code():
                if part.title:
                    yield self._marked(f"{indent}{one_line(part.title)}:", _QUIET)
                yield from (f"{indent}{line}".rstrip(" ") for line in visible(part.text).removesuffix("\n").split("\n"))
            case Picture():
                link = f": {one_line(part.link)}" if part.link else ""
                yield f"{indent}{one_line(part.about)}{link}"
            case Link():
                same = part.text == part.url
                yield f"{indent}{one_line(part.url) if same else f'{one_line(part.text)}: {one_line(part.url)}'}"
            case Notes():
                for note in part.notes:
                    said = ": ".join(filter(None, (one_line(note.text), one_line(note.url))))
                    yield self._marked(f"{indent}[{note.number}] {said}", _QUIET)
            case Facts():
                yield from self._facts(part.rows, indent)
            case Folded():
                yield self._marked(f"{indent}{one_line(part.title)}", _BOLD)
                yield from self._parts(part.parts, f"{indent}{_INDENT}")

    def _facts(self, rows: Iterable[tuple[str, str]], indent: str) -> Iterator[str]:
        for name, value in rows:
            yield f"{indent}{self._marked(f'{one_line(name)}:', _QUIET)} {one_line(value)}"

    def _wrapped(self, line: str, indent: str, style: str) -> Iterator[str]:
        """A line on as many as it takes, in time that its length alone decides."""
        if self._width is None or len(indent) + cells(line) <= self._width:
            yield self._marked(f"{indent}{line}".rstrip(" "), style)
            return
        words: list[str] = []
        taken = len(indent)
        for word in line.split(" "):
            long = cells(word) + 1
            if words and taken + long - 1 > self._width:
                yield self._marked(f"{indent}{' '.join(words)}".rstrip(" "), style)
                words, taken = [], len(indent)
            words.append(word)
            taken += long
        yield self._marked(f"{indent}{' '.join(words)}".rstrip(" "), style)

    def _marked(self, text: str, style: str) -> str:
        return f"{style}{text}{_RESET}" if self._colour and style and text else text
