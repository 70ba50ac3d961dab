"""What is on the screen of a terminal, drawn: a line of text for each, in its colours."""

from __future__ import annotations

from itertools import groupby

import pyte
from draw_svg import MARGIN, MONO_ADVANCE, TEXT, Drawing
from pyte.screens import Char

COLUMNS = 46
"""As many letters as a telephone can show side by side."""

LEAST_OF_HELP = 50
"""As many as help has in a line at least."""

ROWS = 200
"""More than any picture has."""

_ADVANCE = MONO_ADVANCE * TEXT
_LINE = 19
_COLOURS = {"red": "red", "green": "green", "brown": "brown", "blue": "blue", "cyan": "cyan", "magenta": "purple"}


class TerminalScreen:
    """A screen to which is written what a process writes to its terminal."""

    def __init__(self, columns: int = COLUMNS) -> None:
        self.columns = columns
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.Stream(self._screen)

    def write(self, text: str) -> None:
        """Write, as a terminal does: with its sequences for colours and for lines that are erased."""
        self._stream.feed(text)

    def type(self, line: str) -> None:
        """Write what a person types at a prompt."""
        typed = line.replace("\n", "\r\n")
        self.write(f"\x1b[1;32m$\x1b[0m \x1b[1m{typed}\x1b[0m\r\n")

    @property
    def lines(self) -> list[str]:
        """What is on it, without the empty lines at its end."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip().split("\n")

    def drawn(self, title: str) -> str:
        """The picture of it."""
        drawing = Drawing(title, "A terminal shows:", width=round(self.columns * _ADVANCE) + 2 * MARGIN)
        drawing.y = 8.0
        for row, line in enumerate(self.lines):
            drawing.y += _LINE
            self._draw_row(drawing, row, len(line))
            drawing.tell(line)
        return drawing.svg()

    def _draw_row(self, drawing: Drawing, row: int, length: int) -> None:
        cells = [self._screen.buffer[row][column] for column in range(length)]
        column = 0
        for kind, group in groupby(cells, key=_kind):
            text = "".join(cell.data for cell in group)
            # What is blank is not drawn, and what follows two blanks is placed anew: columns are straight in any font.
            start = column
            for part in text.replace("  ", "\n").split("\n"):
                if part.strip():
                    at = start + len(part) - len(part.lstrip())
                    _draw_part(drawing, MARGIN + at * _ADVANCE, part.strip(), *kind)
                start += len(part) + 2
            column += len(text)


def _draw_part(drawing: Drawing, x: float, text: str, colour: str, kind: str) -> None:
    """Draw letters as text, and the parts of a bar as lines: in many fonts they are not as wide as a letter."""
    if not text.strip("━─"):
        y = drawing.y - 9
        width = 3.5 if "━" in text else 1.5
        drawing.path(((x, y), (x + len(text) * _ADVANCE, y)), colour=colour, width=width)
    else:
        drawing.text(x, drawing.y - 4, text, colour=colour, kind=kind)


def _kind(cell: Char) -> tuple[str, str]:
    """The colour and the class of what is drawn of a cell."""
    return _COLOURS.get(cell.fg, "text"), "m b" if cell.bold else "m"
