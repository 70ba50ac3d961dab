"""Responses written as text, one after another, or as one page, when all are there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ...codecs import to_html, to_text
from ..colour import has_colour
from ..failures import ExitCode
from ..output import Sentences
from ..parameters import Invocation
from ..streams import FROM_STDIN, Process, Stopped, write

_PAGE = "<!doctype html>"
"""What a page begins with."""


class ShownText(Sentences):
    """Values as text, each apart from the one before. What is said besides are sentences."""

    def __init__(self, given: Invocation, width: int | None) -> None:
        stdout = given.process.stdout
        terminal = stdout.isatty()
        self._width = _columns(given.process) if terminal and width is None else width
        self._colour = has_colour(given.options.color, given.process.environ, terminal=terminal)
        self._begun = False

    def values(self, values: Sequence[Any]) -> str:
        """The text of values."""
        text = "\n".join(to_text(value, width=self._width, colour=self._colour) for value in values)
        begun, self._begun = self._begun, True
        return f"\n{text}" if begun else text


def _columns(process: Process) -> int | None:
    try:
        return os.get_terminal_size(process.stdout.fileno()).columns
    except (OSError, ValueError):
        return None


class ShownPage(Sentences):
    """Values as a page, in a file or, for `-`, on standard output."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._values: list[Any] = []

    def values(self, values: Sequence[Any]) -> str:
        """Nothing: values are kept for the page."""
        self._values += values
        return ""

    def finish(self, process: Process) -> None:
        """Write the page, unless there is nothing on it. Raises `Stopped` where it cannot be written."""
        if not self._values:
            return
        html = to_html(self._values[0] if len(self._values) == 1 else self._values)
        if self._path == FROM_STDIN:
            write(process.stdout, html, "utf-8")
            return
        try:
            with open(self._path, "w", encoding="utf-8", newline="\n") as file:
                file.write(html)
        except OSError as error:
            raise Stopped(ExitCode.LOCAL_IO, f"cannot write {self._path}: {error.strerror or error}") from None
        write(process.stderr, self.note(f"written to {self._path}"), self.encoding)


def not_to_be_replaced(path: str) -> bool:
    """Whether a file is there that is no page: it may be somebody's export."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            begun = file.read(len(_PAGE))
    except OSError:
        return False
    return begun.lower() not in ("", _PAGE)
