"""The loop of a batch in threads: what is begun, what has ended, and what is left of it when the caller stops."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from returns.result import Result

from ...core.errors import Error
from ..clock import Alarms, Clock
from ..contract import Transport
from ..thread_alarms import NoAlarms
from ..workers import Workers
from .book import Book
from .outcomes import OnStop

_GLANCE = 0.25
"""Seconds after which an interrupt is noticed at the latest."""


class Ends:
    """Which operations have ended, in turn, and None where something was raised; until nobody takes them any more.

    Whoever takes some is awake until it asks for the next: it may begin more, for which the time of a clock waits.
    """

    def __init__(self) -> None:
        self.alarms: Alarms = NoAlarms()
        self.queue: SimpleQueue[Any] = SimpleQueue()
        self._awake = 0
        self._is_left = False

    def tell(self, join: Any = None) -> None:
        """Put one more, in any thread."""
        self.alarms.hold()
        self.queue.put(join)
        if self._is_left:  # by what was left behind, and has ended all the same
            self._forget()

    def wake(self) -> None:
        """Whoever takes them is awake, before the first."""
        self.alarms.hold()
        self._awake = 1

    def take(self, *, all_at_once: bool) -> list[Any]:
        """Wait for the next, with all that are there where they are wanted."""
        self._rest()
        taken = [self._next()]
        self._awake = 1
        while all_at_once and not self.queue.empty():
            taken.append(self.queue.get())
            self._awake += 1
        return taken

    def _next(self) -> Any:
        # A signal that arrives just before a thread blocks does not wake it: Ctrl-C is to be noticed all the same.
        while True:
            try:
                return self.queue.get(timeout=_GLANCE)
            except Empty:
                continue

    def leave(self) -> None:
        """Take no more."""
        self._is_left = True
        self._forget()
        self._rest()

    def _rest(self) -> None:
        while self._awake:
            self._awake -= 1
            self.alarms.release()

    def _forget(self) -> None:
        with suppress(Empty):
            while True:
                self.queue.get_nowait()
                self.alarms.release()


def by_threads(
    book: Book, transport: Transport, concurrency: int, clock: Clock, on_stop: OnStop
) -> Generator[tuple[Any, Result[Any, Error]], None, None]:
    """Carry out the operations of `book`, and yield their outcomes."""
    ends = Ends()
    workers = Workers(transport, clock, concurrency, ends.tell, ends.tell)
    ends.alarms = workers.alarms
    queue, held, ready = ends.queue, book.held, book.ready
    ends.wake()
    with book:
        try:
            try:
                while True:
                    # One is begun for each outcome that is yielded, so that a slow caller leaves no thread idle; and
                    # no more than one while an outcome is there, so that a slow iterable holds none back.
                    while (taken := book.take()) is not None:
                        workers.begin(taken)
                        if ready or not queue.empty():
                            break
                    if ready:
                        taken = ready.popleft()
                        del held[taken]
                        yield taken.key, taken.results[0]
                    elif book.under_way:
                        ended = ends.take(all_at_once=book.is_recorded)
                        if None in ended:
                            break
                        book.ended(ended)
                    else:
                        break
            except BaseException:
                while on_stop == "finish" and book.has_not_ended() and None not in ends.take(all_at_once=False):
                    pass
                raise
        except BaseException:
            workers.give_up()
            raise
        finally:
            workers.close()
            ends.leave()
            book.close(workers.may_be_sent)
        workers.raise_error()
    book.raise_limit()
