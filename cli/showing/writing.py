"""Writing what is shown: text on standard output, or a page into a file.

Law: text is written as it is received, one value after another; a page is written when all are there.
"""

from __future__ import annotations

import os
from typing import Any

from msgspec import Struct

from ...codecs import to_html, to_text
from ..failures import ExitCode
from ..output import Messages
from ..streams import FROM_STDIN, Process, Stopped, write


class TextWriter(Struct):
    """Writes values as text."""

    process: Process
    width: int | None
    colour: bool
    begun: bool = False

    def add(self, value: Any) -> None:
        """Write a value, apart from the one before."""
        text = to_text(value, width=self.width, colour=self.colour)
        write(self.process.stdout, f"\n{text}" if self.begun else text)
        self.begun = True

    def end(self, form: Messages) -> None:
        """Nothing is left to write."""


class PageWriter(Struct):
    """Writes values as a page, into a file or, for `-`, to standard output."""

    process: Process
    path: str
    values: list[Any]

    def add(self, value: Any) -> None:
        """Keep a value for the page."""
        self.values.append(value)

    def end(self, form: Messages) -> None:
        """Write the page, unless there is nothing on it. Raises `Stopped` where that cannot be done."""
        if not self.values:
            return
        html = to_html(self.values[0] if len(self.values) == 1 else self.values)
        if self.path == FROM_STDIN:
            write(self.process.stdout, html, "utf-8")
            return
        try:
            with open(self.path, "w", encoding="utf-8", newline="\n") as file:
                file.write(html)
        except OSError as error:
            raise Stopped(ExitCode.LOCAL_IO, f"cannot write {self.path}: {error.strerror or error}") from None
        write(self.process.stderr, form.note(f"written to {self.path}"), form.encoding)


def text_writer(process: Process, width: int | None) -> TextWriter:
    """For a terminal as wide as it is, with colours where it has them; for anything else nothing is wrapped."""
    terminal = process.stdout.isatty()
    if terminal and width is None:
        try:
            width = os.get_terminal_size(process.stdout.fileno()).columns
        except (OSError, ValueError):
            width = None
    plain = process.environ.get("NO_COLOR") or process.environ.get("TERM", "") in ("dumb", "unknown")
    return TextWriter(process, width, colour=terminal and not plain)
