"""A lock for what takes a moment, for which no thread queues up.

Law: no thread has it that waits for the interpreter. A `threading.Lock` that is released while others wait for it
belongs to one of them at once, and that one has yet to be given the interpreter: whoever runs meanwhile meets a lock
that is taken, and from then on all take turns at every step. Here whoever finds it taken sleeps for a moment, and tries
again.
"""

from __future__ import annotations

from threading import Lock
from time import sleep
from types import TracebackType

_MOMENT = 1e-4
"""Seconds."""


class BriefLock:
    """Is held in `with`, by one thread at a time. It cannot be taken again by the thread that has it."""

    __slots__ = ("_release", "_take")

    def __init__(self) -> None:
        lock = Lock()
        self._take = lock.acquire
        self._release = lock.release

    def __enter__(self) -> None:
        while not self._take(False):
            sleep(_MOMENT)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._release()
