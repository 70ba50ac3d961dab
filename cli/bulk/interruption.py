"""Ctrl-C and SIGTERM during a run: they stop it between two outcomes, so that each that is told is told whole.

Law: a signal is an exception, `Interruption`, in the main thread; while an outcome is told it waits for the end of
that, half a second at most. A second signal waits for nothing.
"""

from __future__ import annotations

import signal
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any

ENDING = (signal.SIGINT, signal.SIGTERM)

_PATIENCE = 0.5
"""Seconds that what is being told may take: a reader that does not read keeps no one waiting."""


class Interruption(KeyboardInterrupt):
    """A signal that ends a process: `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Shield:
    """Turns the signals that end a process into `Interruption`, from `raise_signals` to `leave_signals`.

    As a context manager it holds them back: what is within is done whole.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._is_shielded = False
        self._received: int | None = None
        self._last: int = signal.SIGINT
        self._alarm: tuple[float, float] | None = None
        """The timer of before, while there is one of ours."""

    def raise_signals(self) -> None:
        """From here on a signal is an `Interruption`; but for one that the process was told to ignore."""
        if current_thread() is not main_thread():  # signals are for the main thread
            return
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)

    def leave_signals(self) -> None:
        """From here on a signal is what it was before."""
        self._unset_alarm()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def __enter__(self) -> None:
        self._is_shielded = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_shielded = False
        if self._received is not None and error is None:
            self._raise()

    def end_soon(self) -> None:
        """What is told next is of the end: an `Interruption` if that takes too long."""
        self._set_alarm()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._is_shielded and self._received is None:
            self._received = number
            self._set_alarm()
            return
        self._received = number
        self._raise()

    def _out_of_patience(self, number: int, frame: FrameType | None) -> None:
        self._raise()

    def _raise(self) -> None:
        self._last, self._received = self._received or self._last, None
        self._unset_alarm()
        raise Interruption(self._last)

    def _set_alarm(self) -> None:
        if hasattr(signal, "setitimer") and self._before:  # Windows has none
            if self._alarm is None:
                self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._out_of_patience)
                self._alarm = signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
            else:
                signal.setitimer(signal.ITIMER_REAL, _PATIENCE)

    def _unset_alarm(self) -> None:
        if self._alarm is not None:
            signal.setitimer(signal.ITIMER_REAL, *self._alarm)
            signal.signal(signal.SIGALRM, self._before.pop(signal.SIGALRM))
            self._alarm = None
