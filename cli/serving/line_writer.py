"""Lines that are written by a thread: whoever reads them slowly, or not at all, keeps nobody waiting.

Law: a log that cannot be written stops nothing; where lines are not taken as fast as they are made, the newest are left
out, and how many is said as soon as that can be.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import Full, Queue
from threading import Thread

from ..streams import Stopped

WAITING = 10_000
"""Lines that are kept for a reader who is slow."""

_ENDING = 0.1
"""Seconds that are waited for the last lines to be taken."""


class LineWriter:
    """Passes lines on to `write`, one after another."""

    def __init__(self, write: Callable[[str], object], *, waiting: int = WAITING) -> None:
        self._write = write
        self._lines: Queue[str | None] = Queue(waiting)
        self._left_out = 0
        self._thread = Thread(target=self._go_on, name="puresponse-log", daemon=True)
        self._thread.start()

    def __call__(self, line: str) -> None:
        """Have a line written, at once or soon."""
        try:
            if self._left_out:
                self._lines.put_nowait(f"({self._left_out} lines were left out)")
                self._left_out = 0
            self._lines.put_nowait(line)
        except Full:
            self._left_out += 1

    def close(self) -> None:
        """Wait for what is still to be written, for a moment."""
        with suppress(Full):
            self._lines.put_nowait(None)
        self._thread.join(_ENDING)

    def _go_on(self) -> None:
        while (line := self._lines.get()) is not None:
            with suppress(Stopped, OSError, ValueError):
                self._write(f"{line}\n")
