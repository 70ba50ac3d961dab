"""What time the drivers give to the bodies that they read and close: at the end of a stream, and before it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, closing
from typing import Any, TypeVar

import pytest
from msgspec import Struct
from returns.result import Result, Success

from puresponse.core import (
    END,
    Answer,
    Chunk,
    Close,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    Open,
    OperationFailed,
    Read,
    RetryPolicy,
    Stream,
    break_off,
    retrying,
)
from puresponse.core.streams import LINGER
from puresponse.transports import iterate, iterate_async

T = TypeVar("T")
GET = HttpRequest("GET", "/body", idempotent=True)
BROKEN = break_off(Interrupted("protocol", "no event"))


class Tap:
    """A body that notes what time each read and each closing is given."""

    def __init__(self, transport: Bodies) -> None:
        self.answer = HttpResponse(status=200)
        self._log = transport.log

    def read(self, within: float | None = None) -> Chunk:
        self._log.append(f"read {within}")
        return Success(b"chunk")

    def close(self, within: float = 0.0) -> None:
        self._log.append(f"close {within}")


class AsyncTap:
    """The same, for an event loop; `waits` is where a read stops for ever."""

    def __init__(self, tap: Tap, waits: asyncio.Event | None) -> None:
        self.answer = tap.answer
        self._tap = tap
        self._waits = waits

    async def read(self, within: float | None = None) -> Chunk:
        chunk = self._tap.read(within)
        if self._waits is not None:
            self._waits.set()
            await asyncio.Event().wait()
        return chunk

    async def close(self, within: float = 0.0) -> None:
        await asyncio.sleep(0)
        self._tap.close(within)


class Bodies:
    """A transport whose bodies keep a log."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def __call__(self, request: HttpRequest) -> Answer:
        raise AssertionError(request)

    def open(self, request: HttpRequest) -> Result[Tap, Error]:
        self.log.append("open")
        return Success(Tap(self))


class AsyncBodies:
    def __init__(self, bodies: Bodies, waits: asyncio.Event | None = None) -> None:
        self._bodies = bodies
        self._waits = waits

    async def __call__(self, request: HttpRequest) -> Answer:
        return self._bodies(request)

    async def open(self, request: HttpRequest) -> Result[AsyncTap, Error]:
        return Success(AsyncTap(self._bodies.open(request).unwrap(), self._waits))


class To(Struct, frozen=True, tag=True):
    """Goes on with `stream`, whatever came."""

    stream: Stream[int]

    def __call__(self, given: object) -> Stream[int]:
        return self.stream


class Raise(Struct, frozen=True, tag=True):
    """A caller's function with a bug."""

    def __call__(self, given: object) -> Stream[int]:
        raise ZeroDivisionError


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=10))


def logged(stream: Stream[int], values: int) -> list[str]:
    """What becomes of the bodies where a caller asks for so many values and no more: the same in both drivers."""
    one, other = Bodies(), Bodies()
    with closing(iterate(stream, one, results=True)) as given:
        for _ in zip(range(values), given, strict=False):
            pass

    async def scene() -> None:
        async with aclosing(iterate_async(stream, AsyncBodies(other), results=True)) as later:
            for _ in range(values):
                await anext(later, None)

    within(scene())
    assert one.log == other.log
    return one.log


def reading(rest: Stream[int]) -> Stream[int]:
    """Opens a body, reads once, and goes on with `rest`."""
    return Open(GET, To(Read(To(rest))))


def test_the_end_of_a_body_may_follow_the_last_event_by_fifty_milliseconds() -> None:
    assert LINGER == 0.05


def test_a_read_is_given_the_time_that_its_step_says() -> None:
    stream: Stream[int] = Open(GET, To(Read(To(Read(To(Read(To(END))), within=0.25)), within=30.0)))
    assert logged(stream, 1) == ["open", "read 30.0", "read 0.25", "read None", f"close {LINGER}"]


def test_retrying_leaves_a_read_its_time() -> None:
    stream: Stream[int] = Open(GET, To(Read(To(END), within=0.25)))
    assert logged(retrying(stream, RetryPolicy(max_retries=1)), 1)[:2] == ["open", "read 0.25"]


@pytest.mark.parametrize("end", [END, BROKEN], ids=["well", "with an error"])
def test_a_body_that_is_open_when_its_stream_ends_has_time_for_its_end(end: End[Any]) -> None:
    assert logged(reading(Emit((1,), end)), 3) == ["open", "read None", f"close {LINGER}"]


def test_so_has_one_that_is_open_when_its_error_is_raised() -> None:
    one, other = Bodies(), Bodies()
    stream = reading(Emit((1,), BROKEN))

    async def scene() -> None:
        async for _ in iterate_async(stream, AsyncBodies(other)):
            pass

    with pytest.raises(OperationFailed):
        list(iterate(stream, one))
    with pytest.raises(OperationFailed):
        within(scene())
    assert one.log == other.log == ["open", "read None", f"close {LINGER}"]


def test_a_close_gives_the_body_the_time_that_its_step_says_and_the_end_does_not_close_it_again() -> None:
    for within in (0.0, 0.5):
        closing: Stream[int] = Close(Emit((1,), END), within)
        assert logged(reading(closing), 2) == ["open", "read None", f"close {within}"]
        assert logged(reading(closing), 1) == ["open", "read None", f"close {within}"]


def test_after_a_close_nothing_is_open_to_be_read_or_closed() -> None:
    again: Stream[int] = Close(Read(To(Close(Emit((1,), END), 0.25))), 0.5)
    assert logged(reading(again), 2) == ["open", "read None", "close 0.5"]


def test_a_body_that_is_opened_after_a_close_is_read_and_closed_like_the_first() -> None:
    again: Stream[int] = Close(reading(END), 0.5)
    assert logged(reading(again), 1) == ["open", "read None", "close 0.5", "open", "read None", f"close {LINGER}"]


@pytest.mark.parametrize("values", [1, 2])
def test_so_has_one_whose_caller_stops_at_the_last_values(values: int) -> None:
    assert logged(reading(Emit((1, 2), END)), values) == ["open", "read None", f"close {LINGER}"]


def test_a_body_whose_caller_stops_before_the_last_values_is_closed_at_once() -> None:
    more: Stream[int] = Read(To(Emit((2,), END)))
    assert logged(reading(Emit((1,), more)), 1) == ["open", "read None", "close 0.0"]
    assert logged(reading(Emit((1,), Emit((2,), END))), 1) == ["open", "read None", "close 0.0"]


def test_a_body_is_closed_at_once_when_another_is_opened() -> None:
    again: Stream[int] = Open(GET, To(END))
    log = logged(reading(again), 1)
    assert log == ["open", "read None", "close 0.0", "open", f"close {LINGER}"]


@pytest.mark.parametrize("stream", [Open(GET, Raise()), reading(Read(Raise()))], ids=["opened", "read"])
def test_a_body_is_closed_at_once_where_a_function_raises(stream: Stream[int]) -> None:
    one, other = Bodies(), Bodies()
    with pytest.raises(ZeroDivisionError):
        list(iterate(stream, one))

    async def scene() -> None:
        async for _ in iterate_async(stream, AsyncBodies(other), results=True):
            pass

    with pytest.raises(ZeroDivisionError):
        within(scene())
    assert one.log[-1] == other.log[-1] == "close 0.0"


def test_a_body_is_closed_at_once_when_its_task_is_cancelled() -> None:
    bodies = Bodies()

    async def scene() -> None:
        waits = asyncio.Event()

        async def values() -> None:
            async for _ in iterate_async(reading(END), AsyncBodies(bodies, waits)):
                pass

        task = asyncio.create_task(values())
        await waits.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    within(scene())
    assert bodies.log == ["open", "read None", "close 0.0"]
