"""What is done when the server ends, however that is: by Ctrl-C, or by a SIGTERM."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM)


class _Ended(BaseException):
    """A signal that ends the process. No `Exception`: a server would take that for a fault of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def until_ended(serve: Callable[[], object], at_end: Callable[[], object]) -> None:
    """Serve, then do what is to be done at the end; a signal that ended it ends the process then."""
    if current_thread() is not main_thread():  # signals are for the main thread
        serve()
        at_end()
        return
    before = {number: signal.signal(number, _end) for number in ENDING}
    ended_by = None
    try:
        serve()
    except _Ended as ended:
        ended_by = ended.number
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)  # a second one must not leave this half done
        try:
            at_end()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    if ended_by is not None:
        signal.raise_signal(ended_by)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise _Ended(number)
