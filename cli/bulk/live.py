"""A screen with a line of progress at the bottom, drawn by a thread of its own.

Law: one thread writes at a time. What is written takes the line away first and puts it back after, so that nothing is
ever within it.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from ..output import OutputForm
from ..streams import Process, Stopped, write
from .screen import Screen

if TYPE_CHECKING:
    from .bar import Bar
    from .tally import Tally

_SOON = 0.5
"""Seconds after which a run has a line of progress."""

_OFTEN = 0.125
"""Seconds between two drawings of it."""

_ERASE = "\r\x1b[2K"


class LiveScreen(Screen):
    """A screen on a terminal."""

    def __init__(self, form: OutputForm, process: Process, tally: Tally) -> None:
        super().__init__(form, process)
        self._tally = tally
        self._stderr = process.stderr
        self._bar: Bar | None = None
        self._line = ""
        self._lock = Lock()
        self._over = Event()

    def begin(self) -> None:
        """Draw the line from time to time, beginning soon."""
        Thread(target=self._draw_often, name="progress", daemon=True).start()

    def write(self, text: str, *, is_result: bool) -> None:
        """Write text above the line."""
        with self._lock:
            if not self._line:
                super().write(text, is_result=is_result)
                return
            write(self._stderr, _ERASE)
            super().write(text, is_result=is_result)
            write(self._stderr, self._line)

    def close(self) -> None:
        """Take the line away, and draw no more."""
        self._over.set()
        with self._lock:
            if self._line:
                self._line = ""
                with suppress(Stopped):
                    write(self._stderr, _ERASE)

    def draw(self) -> None:
        """Draw the line as it is by now, if the run is not over."""
        from .bar import Bar  # loads rich, which a run does without that is over at once

        self._bar = self._bar or Bar(self._stderr)
        with self._lock:
            if not self._over.is_set():
                self._line = self._bar.drawn(self._tally)
                write(self._stderr, f"{_ERASE}{self._line}")

    def _draw_often(self) -> None:
        wait = _SOON
        with suppress(Stopped):  # whoever writes next is told
            while not self._over.wait(wait):
                self.draw()
                wait = _OFTEN
