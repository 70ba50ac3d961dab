"""The loops that carry out streams, one for each way of waiting.

They do what the loops of `drivers` do, and hand over what an `Emit` holds. `elapsed` is as there; so is `concurrency`,
for the forks of the operations that a stream performs: the steps of the stream itself are one after another. `observe`
is as there, and told how many values the stream hands over.

Law: the error that a stream breaks off with is last and once, after all values: raised as an `OperationFailed`, or
yielded as a `Failure` where the caller asks for `results`. What a stream emits is a value, also where that is a
`Failure`. There is no container for each value: where results are asked for, the last of them is the only one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from returns.result import Failure

from ..codecs.on_demand import public_type
from ..core.delays import check_seconds
from ..core.errors import Error, InvalidArgument
from ..core.http import HttpResponse
from ..core.results import OperationFailed, is_failure
from ..core.streams import LINGER, NOT_OPEN, Close, Emit, End, Open, Perform, Read, Stream
from .bodies import open_body, open_body_async
from .clock import Clock
from .contract import AsyncBody, AsyncTransport, Body, Transport
from .drivers import AT_FIRST, AT_ONCE, IN_ORDER, SYSTEM_CLOCK, check_concurrency, run_async_from, run_from
from .mistakes import check_async_transport, check_observer, check_stream, met

if TYPE_CHECKING:
    from .run_events import Observer
else:
    Observer = public_type("Observer", __package__)

T = TypeVar("T")


@overload
def iterate(
    stream: Stream[T],
    transport: Transport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = IN_ORDER,
    results: Literal[False] = False,
    observe: Observer | None = None,
) -> Generator[T, None, None]: ...


@overload
def iterate(
    stream: Stream[T],
    transport: Transport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = IN_ORDER,
    results: Literal[True],
    observe: Observer | None = None,
) -> Generator[T | Failure[Error], None, None]: ...


def iterate(
    stream: Stream[T],
    transport: Transport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = IN_ORDER,
    results: bool = False,
    observe: Observer | None = None,
) -> Generator[Any, None, None]:
    """Carry out `stream` through `transport`, and yield its values as they are received.

    `clock`, `elapsed`, `concurrency` and `observe` are those of `run`; the concurrency is for the operations that the
    stream performs.

    A stream that breaks off raises `OperationFailed`, with its error, after its last value. With `results` it yields
    the `Failure` in place of raising it, last and once: that is exact where no value is a `Failure` itself. A stream
    that ends well adds nothing.

    Nothing is sent before the first value is asked for, nor after the caller stops asking; a body that is open then is
    closed. Where the stream is over, or has nothing to yield after the values that the caller stops at, closing reads
    on for the end of the body for at most `LINGER` seconds, so that its connection serves again; otherwise it is closed
    at once.

    Raises `TypeError` for what is no stream and for what is no transport, before anything is sent.

    >>> from puresponse import MemoryTransport, all_input_items, iterate
    >>> for item in iterate(all_input_items("resp_unheard_of"), MemoryTransport()):
    ...     print(item.id)
    Traceback (most recent call last):
    puresponse.core.results.OperationFailed: HTTP 404: Response with id 'resp_unheard_of' not found. ...
    """
    check_stream("iterate", stream, transport)
    if observe is not None:
        check_observer("iterate", observe)
        from .watched_transports import watched
        from .watching import WatchedRun

        observed = WatchedRun(observe, clock, elapsed)
        stream, transport = observed.stream(stream), watched(transport)
        values = _iterating(stream, transport, clock, elapsed, concurrency=concurrency, results=results)
        return observed.values(values)
    return _iterating(stream, transport, clock, elapsed, concurrency=concurrency, results=results)


def _iterating(
    stream: Stream[Any], transport: Transport, clock: Clock, elapsed: float, *, concurrency: int, results: bool
) -> Generator[Any, None, None]:
    invalid = None if elapsed is AT_FIRST and concurrency is IN_ORDER else _invalid(elapsed, concurrency)
    if invalid is not None:
        if not results:
            raise OperationFailed(invalid)
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
                stream = stream.resume(run_from(stream.operation, transport, clock, started, concurrency))
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
                result = met(End, "iterate", stream).result
                if is_failure(result):
                    if not results:
                        raise OperationFailed(result.failure())
                    yield result
                return
    finally:
        if body is not None:
            body.close(LINGER if _is_over(stream) else 0.0)


@overload
def iterate_async(
    stream: Stream[T],
    transport: AsyncTransport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = AT_ONCE,
    results: Literal[False] = False,
    observe: Observer | None = None,
) -> AsyncGenerator[T, None]: ...


@overload
def iterate_async(
    stream: Stream[T],
    transport: AsyncTransport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = AT_ONCE,
    results: Literal[True],
    observe: Observer | None = None,
) -> AsyncGenerator[T | Failure[Error], None]: ...


def iterate_async(
    stream: Stream[T],
    transport: AsyncTransport,
    *,
    clock: Clock = SYSTEM_CLOCK,
    elapsed: float = AT_FIRST,
    concurrency: int = AT_ONCE,
    results: bool = False,
    observe: Observer | None = None,
) -> AsyncGenerator[Any, None]:
    """Carry out `stream` as `iterate` does, without blocking the event loop.

    The arguments are those of `iterate`, and so is what is raised: `OperationFailed` and `TypeError`. The `transport`
    is an asynchronous one. `concurrency` is how many requests of the operations that the stream performs may be in
    flight at once, 1 or more.

    >>> import asyncio
    >>> from puresponse import MemoryTransport, all_input_items, in_threads
    >>> async def main() -> list[str | None]:
    ...     stream = all_input_items("resp_chat", order="asc").map(lambda item: item.id).take(2)
    ...     return [name async for name in iterate_async(stream, in_threads(MemoryTransport()))]
    >>> asyncio.run(main())
    ['msg_chat_1', 'fc_chat_2']
    """
    check_stream("iterate_async", stream, transport)
    check_async_transport("iterate_async", transport, stream)
    if observe is not None:
        check_observer("iterate_async", observe)
        from .watched_transports import WatchedAsyncTransport
        from .watching import WatchedRun

        observed = WatchedRun(observe, clock, elapsed)
        stream, transport = observed.stream(stream), WatchedAsyncTransport(transport)
        values = _iterating_async(stream, transport, clock, elapsed, concurrency=concurrency, results=results)
        return observed.values_async(values)
    return _iterating_async(stream, transport, clock, elapsed, concurrency=concurrency, results=results)


async def _iterating_async(
    stream: Stream[Any], transport: AsyncTransport, clock: Clock, elapsed: float, *, concurrency: int, results: bool
) -> AsyncGenerator[Any, None]:
    invalid = None if elapsed is AT_FIRST and concurrency is AT_ONCE else _invalid(elapsed, concurrency)
    if invalid is not None:
        if not results:
            raise OperationFailed(invalid)
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
                stream = stream.resume(await run_async_from(stream.operation, transport, clock, started, concurrency))
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
                result = met(End, "iterate_async", stream).result
                if is_failure(result):
                    if not results:
                        raise OperationFailed(result.failure())
                    yield result
                return
    finally:
        if body is not None:
            await body.close(LINGER if _is_over(stream) else 0.0)


def _invalid(elapsed: float, concurrency: int) -> InvalidArgument | None:
    return check_seconds("elapsed", elapsed) or check_concurrency(concurrency)


def _is_over(stream: Stream[Any]) -> bool:
    """Whether nothing is left but what was handed over."""
    return isinstance(stream, End) or (isinstance(stream, Emit) and isinstance(stream.rest, End))


def _answer(body: Body | AsyncBody) -> HttpResponse:
    return body.answer
