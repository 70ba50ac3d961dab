"""The loops that carry out streams, one for each way of waiting.

They do what the loops of `drivers` do, and hand over what an `Emit` holds. `elapsed` is as there.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Any, TypeVar

from returns.result import Failure

from ..core.delays import check_seconds
from ..core.errors import Error
from ..core.http import HttpResponse
from ..core.results import is_failure
from ..core.streams import LINGER, NOT_OPEN, Close, Emit, End, Open, Perform, Read, Stream
from .bodies import open_body, open_body_async
from .clock import Clock
from .contract import AsyncBody, AsyncTransport, Body, Transport
from .drivers import AT_FIRST, SYSTEM_CLOCK, run_async_from, run_from

T = TypeVar("T")


def iterate(
    stream: Stream[T], transport: Transport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> Generator[T | Failure[Error], None, None]:
    """Carry out `stream` through `transport`, and yield its values as they are received.

    A stream that breaks off yields its `Failure` as the last value, one that ends well yields none. Nothing is sent
    before the first value is asked for, nor after the caller stops asking; a body that is open then is closed. Where
    the stream is over, or has nothing to yield after the values that the caller stops at, closing reads on for the end
    of the body for at most `LINGER` seconds, so that its connection serves again; otherwise it is closed at once.
    """
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        yield Failure(invalid)
        return
    started = clock.monotonic() - elapsed
    body: Body | None = None
    try:
        while True:
            if isinstance(stream, Emit):
                yield from stream.values
                stream = stream.rest
            elif isinstance(stream, Read):
                stream = stream.resume(NOT_OPEN if body is None else body.read(stream.within))
            elif isinstance(stream, Perform):
                stream = stream.resume(run_from(stream.operation, transport, clock, started))
            elif isinstance(stream, Open):
                if body is not None:
                    body.close()
                opened = open_body(transport, stream.request)
                body = None if is_failure(opened) else opened.unwrap()
                stream = stream.resume(opened.map(_answer))
            elif isinstance(stream, Close):
                if body is not None:
                    body.close(stream.within)
                    body = None
                stream = stream.rest
            else:
                if is_failure(stream.result):
                    yield stream.result
                return
    finally:
        if body is not None:
            body.close(LINGER if _is_over(stream) else 0.0)


async def iterate_async(
    stream: Stream[T], transport: AsyncTransport, *, clock: Clock = SYSTEM_CLOCK, elapsed: float = AT_FIRST
) -> AsyncGenerator[T | Failure[Error], None]:
    """Carry out `stream` as `iterate` does, without blocking the event loop."""
    if elapsed is not AT_FIRST and (invalid := check_seconds("elapsed", elapsed)) is not None:
        yield Failure(invalid)
        return
    started = clock.monotonic() - elapsed
    body: AsyncBody | None = None
    try:
        while True:
            if isinstance(stream, Emit):
                for value in stream.values:
                    yield value
                stream = stream.rest
            elif isinstance(stream, Read):
                stream = stream.resume(NOT_OPEN if body is None else await body.read(stream.within))
            elif isinstance(stream, Perform):
                stream = stream.resume(await run_async_from(stream.operation, transport, clock, started))
            elif isinstance(stream, Open):
                if body is not None:
                    await body.close()
                opened = await open_body_async(transport, stream.request)
                body = None if is_failure(opened) else opened.unwrap()
                stream = stream.resume(opened.map(_answer))
            elif isinstance(stream, Close):
                if body is not None:
                    await body.close(stream.within)
                    body = None
                stream = stream.rest
            else:
                if is_failure(stream.result):
                    yield stream.result
                return
    finally:
        if body is not None:
            await body.close(LINGER if _is_over(stream) else 0.0)


def _is_over(stream: Stream[Any]) -> bool:
    """Whether nothing is left but what was handed over."""
    return isinstance(stream, End) or (isinstance(stream, Emit) and isinstance(stream.rest, End))


def _answer(body: Body | AsyncBody) -> HttpResponse:
    return body.answer
