"""The loop of a batch in an event loop, which is that of threads with other words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from returns.result import Result

from ...core.errors import Error
from ..clock import Alarms, Clock
from ..contract import AsyncTransport
from ..tasks import Tasks
from ..thread_alarms import NoAlarms
from .book import Book
from .outcomes import OnStop


class Ends:
    """Which operations have ended, as in threads."""

    def __init__(self) -> None:
        self.alarms: Alarms = NoAlarms()
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        self._awake = 0

    def tell(self, join: Any = None) -> None:
        """Put one more."""
        self.alarms.hold()
        self._queue.put_nowait(join)

    def wake(self) -> None:
        """Whoever takes them is awake, before the first."""
        self.alarms.hold()
        self._awake = 1

    async def take(self, *, all_at_once: bool) -> list[Any]:
        """Wait for the next, with all that are there where they are wanted."""
        self._rest()
        taken = [await self._queue.get()]
        self._awake = 1
        while all_at_once and not self._queue.empty():
            taken.append(self._queue.get_nowait())
            self._awake += 1
        return taken

    def leave(self) -> None:
        """Take no more."""
        self._awake += self._queue.qsize()
        self._rest()

    def _rest(self) -> None:
        while self._awake:
            self._awake -= 1
            self.alarms.release()


async def by_tasks(
    book: Book, transport: AsyncTransport, concurrency: int, clock: Clock, on_stop: OnStop
) -> AsyncGenerator[tuple[Any, Result[Any, Error]], None]:
    """Carry out the operations of `book`, and yield their outcomes."""
    ends = Ends()
    tasks = Tasks(transport, clock, concurrency, ends.tell, ends.tell)
    ends.alarms = tasks.alarms
    held, ready = book.held, book.ready
    ends.wake()
    with book:
        try:
            while True:
                while (taken := book.take()) is not None:
                    tasks.begin(taken)
                if ready:
                    taken = ready.popleft()
                    del held[taken]
                    yield taken.key, taken.results[0]
                elif book.under_way:
                    ended = await ends.take(all_at_once=book.is_recorded)
                    if None in ended:
                        break
                    book.ended(ended)
                else:
                    break
        except BaseException:
            while on_stop == "finish" and book.has_not_ended() and None not in await ends.take(all_at_once=False):
                pass
            raise
        finally:
            await tasks.close()
            ends.leave()
            book.close(Tasks.may_be_sent)
        tasks.raise_error()
    book.raise_limit()
