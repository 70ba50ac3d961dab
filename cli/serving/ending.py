"""How the server ends: SIGINT (Ctrl-C) and SIGTERM stop it, and that is no error."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopped_by_signals(stop: Callable[[], object]) -> Generator[None]:
    """Call `stop` for each signal that ends a process, as long as the block runs: what is done there is done whole."""
    if current_thread() is not main_thread():  # signals are for the main thread
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
