"""The table form: rows that can be shown as they are received, in columns that keep their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .output import Sentences, printable
from .tables import View, widths

_COLOURS = {
    "completed": "green",
    "deleted": "green",
    "failed": "red",
    "incomplete": "yellow",
    "in_progress": "cyan",
    "queued": "cyan",
}
_GAPS = 100
"""Characters: more than there are between the columns of any table."""


class TableForm(Sentences):
    """A table of `view` on `stream`, for ids that are up to `longest_id` characters long, as far as that is known.

    The first values settle the columns. On a terminal lines are cut to its width; elsewhere they are as long as they
    are, whatever COLUMNS says.
    """

    def __init__(self, view: View, longest_id: int, stream: TextIO, *, coloured: bool) -> None:
        self._view = view
        self._longest_id = longest_id
        self._widths: tuple[int | None, ...] | None = None
        self._console = Console(file=stream, force_terminal=coloured, color_system="standard" if coloured else None)
        self._line = self._console.width if stream.isatty() else None

    def values(self, values: Sequence[Any]) -> str:
        """Rows, and the titles above the first. Cells are text as it is: no markup, no control characters."""
        rows = [[printable(cell) for cell in self._view.cells(value)] for value in values]
        if self._widths is not None:
            return self._shown(rows, self._widths)
        longest = max((cell_len(row[0]) for row in rows), default=0)
        self._widths = widths(self._view, max(longest, self._longest_id), self._line)
        titles = [column.title for column in self._view.columns]
        return self._shown([titles], self._widths, "bold") + self._shown(rows, self._widths)

    def _shown(self, rows: list[list[str]], columns: tuple[int | None, ...], style: str = "") -> str:
        table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
        longest = [max(cell_len(row[position]) for row in rows) for position in range(len(columns))]
        # From here on rich cuts nothing by itself: a line that must be longer is the terminal's to break.
        self._console.width = sum(longest) + sum(width or 0 for width in columns) + _GAPS
        for position, width in enumerate(columns[:-1]):
            # What need not be cut is not: an id anywhere, and elsewhere than on a terminal anything.
            whole = position == 0 or self._line is None
            least = max(width or 0, longest[position]) if whole else width
            table.add_column(width=least, no_wrap=True, overflow="ellipsis")
        table.add_column(no_wrap=True)
        for row in rows:
            cells = [Text(cell, style=style or _COLOURS.get(cell, "")) for cell in row[: len(columns)]]
            if columns[-1] is not None:
                cells[-1].truncate(columns[-1], overflow="ellipsis")
            table.add_row(*cells)
        with self._console.capture() as captured:
            self._console.print(table)
        return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
