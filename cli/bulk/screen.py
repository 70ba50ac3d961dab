"""Where a run writes: outcomes, what is told beside them, and on a terminal a line of progress below.

Law: the line of progress is on standard error, where that is a terminal, and nowhere else. It is drawn anew a few times
a second, also while nothing ends; what is written goes above it, whole. A run that is over at once has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..output import OutputForm
from ..streams import Process, write

if TYPE_CHECKING:
    from .tally import Tally


class Screen:
    """What a run writes in the form of its command."""

    def __init__(self, form: OutputForm, process: Process) -> None:
        self._form = form
        self._process = process

    def write(self, text: str, *, is_result: bool) -> None:
        """Write text: a result to standard output, anything else to standard error."""
        write(self._process.stdout if is_result else self._process.stderr, text, self._form.encoding)

    def begin(self) -> None:
        """The first operation is begun: from now on it is told how the run goes."""

    def close(self) -> None:
        """Nothing more is drawn."""


def screen_for(form: OutputForm, process: Process, tally: Tally) -> Screen:
    """The screen of a run: with a line of progress where standard error is a terminal that can draw one."""
    if process.stderr.isatty() and process.environ.get("TERM", "") not in ("", "dumb", "unknown"):
        from .live import LiveScreen  # has a thread

        return LiveScreen(form, process, tally)
    return Screen(form, process)
