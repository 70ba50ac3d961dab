"""The service in memory for an event loop: many answers and streams are waited for at once, by no thread.

Law: it answers as `MemoryTransport` does, from the same state. A task that is cancelled gives up what it waits for,
which the service has acted on by then; of a body, what was not read can be read still.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from returns.result import Failure, Result, Success

from ...core.errors import Error, Interrupted
from ...core.http import HttpRequest
from ...core.steps import Answer
from ...core.streams import Chunk
from ..bodies import AsyncWholeBody, as_exchanged, read_to_end_async
from ..contract import AsyncBody
from .apply_faults import BrokenOff, NoAnswer, SimulatedAnswer
from .live_body import Unread
from .pace import Pace, total_refused
from .service import Answered

SleepAsync: TypeAlias = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass."""


class AsyncMemoryTransport:
    """What `MemoryTransport.asynchronous` makes.

    `begin` answers a request, `goes_on` says whether the events of a response go on until a time, `now` has the time,
    and `sleep` lets it pass; None where no time passes. `shown` is the transport it belongs to.
    """

    def __init__(
        self,
        begin: Callable[[HttpRequest], SimulatedAnswer],
        goes_on: Callable[[str, float], bool],
        now: Callable[[], float],
        sleep: SleepAsync | None,
        shown: str,
    ) -> None:
        self._begin = begin
        self._goes_on = goes_on
        self._now = now
        self._sleep = sleep
        self._shown = shown

    async def __call__(self, request: HttpRequest) -> Answer:
        opened = await self.open(request)
        if isinstance(opened, Failure):
            return opened
        body = opened.unwrap()
        return as_exchanged(body.answer, *await read_to_end_async(body.read))

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read: of a stream, event by event as they are due."""
        if (refused := total_refused(request)) is not None:
            return refused
        pace = _AsyncPace(self._now, self._sleep, request.total)
        exchange = self._begin(request)
        late = await pace.until(exchange.at)
        if late is not None:
            return Failure(late)
        if isinstance(exchange, NoAnswer):
            return Failure(exchange.error)
        if isinstance(exchange, Answered) and exchange.events is None:
            return Success(AsyncWholeBody(exchange.head))
        body = _AsyncLiveBody(exchange, pace, self._goes_on)
        if exchange.head.is_success:
            return Success(body)
        # Any other answer is returned whole, as by a call; this one breaks off.
        return as_exchanged(body.answer, *await read_to_end_async(body.read)).map(AsyncWholeBody)

    def __repr__(self) -> str:
        return f"{self._shown}.asynchronous()"


class _AsyncPace(Pace):
    """The time of an exchange, for a task, in which `sleep` lets it pass."""

    __slots__ = ("_is_over", "_sleep", "_sleeping")

    def __init__(self, now: Callable[[], float], sleep: SleepAsync | None, total: float | None) -> None:
        super().__init__(now, total, passes=sleep is not None)
        self._sleep = sleep
        self._sleeping: asyncio.Future[None] | None = None
        self._is_over = False

    async def until(self, at: float, within: float | None = None) -> Interrupted | None:
        """Wait as `left` has it, and return its error; not at all, or no longer, once it is `over`."""
        seconds, late = self.left(at, within)
        if seconds > 0 and self._sleep is not None and not self._is_over:
            sleeping = self._sleeping = asyncio.ensure_future(self._sleep(seconds))
            try:
                await asyncio.wait((sleeping,))
            finally:
                sleeping.cancel()
            if not sleeping.cancelled():
                sleeping.result()
        return late

    def over(self) -> None:
        """Wait for nothing any more; whoever waits, wakes."""
        self._is_over = True
        if self._sleeping is not None:
            self._sleeping.cancel()


class _AsyncLiveBody:
    """A body that a task reads."""

    def __init__(self, exchange: Answered | BrokenOff, pace: _AsyncPace, goes_on: Callable[[str, float], bool]) -> None:
        self.answer = exchange.head
        self._unread = Unread(exchange, goes_on)
        self._pace = pace

    async def read(self, within: float | None = None) -> Chunk:
        """The next event, as soon as it is there."""
        while not self._unread.made():
            await asyncio.sleep(0)
        chunk = self._unread.due()
        late = None if chunk is None else await self._pace.until(chunk.at, within)
        return self._unread.taken(late)

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read, at once. A read that waits ends."""
        self._unread.drop()
        self._pace.over()
