"""The line of progress at the bottom of a terminal, as text.

Law: it fits the width of the terminal, or what matters least is left out from the right: bar, rate, failures by kind.
"""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text

from .spoken import duration, number
from .tally import Tally, most_first

_BAR = 24
"""Characters of the bar, where there is room for it."""

_LEAST_BAR = 8
_MOST_KINDS = 3
"""Kinds of failures that are told of in the line; the summary has all."""


class Bar:
    """Draws the line for a terminal, in its colours and its width as that is by now."""

    def __init__(self, terminal: TextIO) -> None:
        self._console = Console(file=terminal)

    def drawn(self, tally: Tally) -> str:
        """The line, with what colours it."""
        with self._console.capture() as captured:
            # One column is left free: a terminal breaks a line that fills it.
            line = bar_line(tally, self._console.width - 1, ascii_only=self._console.options.ascii_only)
            self._console.print(line, end="", no_wrap=True, crop=False, overflow="ignore")
        return captured.get()


def bar_line(tally: Tally, width: int, *, ascii_only: bool = False) -> Text:
    """How far a run is, in no more than so many characters."""
    progress, ended = tally.progress, tally.ended_count
    total = progress.total
    counted = f"{number(ended)}/{number(total)} {_percent(ended, total)}" if total else f"{number(ended)} done"
    rate = f"{progress.rate:,.0f}/s" if progress.rate >= 10 else f"{progress.rate:.1f}/s"
    parts = [Text(counted), Text(rate, "cyan")]
    if progress.remaining is not None:
        parts.append(Text(f"{duration(progress.remaining)} left", "cyan"))
    else:
        parts.append(Text(f"for {duration(tally.seconds)}", "cyan"))
    if tally.failures:
        kinds = most_first(tally.failures)
        told = ", ".join(f"{kind} ({number(count)})" for kind, count in kinds[:_MOST_KINDS])
        more = ", …" if len(kinds) > _MOST_KINDS else ""
        parts.append(Text(f"{number(tally.failed_count)} failed: {told}{more}", "red"))
    line = Text("  ").join(parts)
    room = width - line.cell_len - 2
    if total and room >= _LEAST_BAR:
        line = Text("  ").join([_bar(ended / total, min(room, _BAR), ascii_only=ascii_only), line])
    line.truncate(width, overflow="ellipsis")
    return line


def _bar(share: float, width: int, *, ascii_only: bool) -> Text:
    done = min(width, int(share * width))
    full, empty = ("#", "-") if ascii_only else ("━", "─")
    return Text.assemble((full * done, "green"), (empty * (width - done), "dim"))


def _percent(ended: int, total: int) -> str:
    return f"{100 * ended // total:2d}%"
