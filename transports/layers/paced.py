"""A pace around a transport: by what the service says, at a fixed rate, or up to a number of exchanges at once."""

from __future__ import annotations

from typing import Any, overload

from ..clock import Clock, SystemClock
from ..contract import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    StreamingTransport,
    Transport,
)
from .layer import laid_around
from .layered import (
    LayeredAbandonableStreamingTransport,
    LayeredAbandonableTransport,
    LayeredStreamingTransport,
    LayeredTransport,
)
from .layered_async import LayeredAsyncStreamingTransport, LayeredAsyncTransport
from .pacer import Pacer

_SYSTEM_CLOCK = SystemClock()


@overload
def pacing(
    transport: AbandonableStreamingTransport,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAbandonableStreamingTransport: ...
@overload
def pacing(
    transport: StreamingTransport,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredStreamingTransport: ...
@overload
def pacing(
    transport: AbandonableTransport,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAbandonableTransport: ...
@overload
def pacing(
    transport: AsyncStreamingTransport,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAsyncStreamingTransport: ...
@overload
def pacing(
    transport: Transport,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredTransport: ...
@overload
def pacing(
    transport: AsyncTransport,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAsyncTransport: ...
def pacing(
    transport: Any,
    *,
    rate: float | None = None,
    concurrency: int | None = None,
    heed: bool = True,
    longest: float = 120.0,
    clock: Clock = _SYSTEM_CLOCK,
) -> Any:
    """Send through `transport` no faster than the service takes it; the result is a transport of the same kind.

    It delays requests, in the order in which they are made, and repeats nothing: that is `retrying`'s work, for whose
    repetitions it leaves room. A 429 holds back all that share it, for as long as the service asks, and slows them down
    to the speed that it was found to take; then speed grows again. A `total` time of a request includes its wait: where
    that is over first, it is a `NotSent` (`connect_timeout`).

    Args:
        transport: Any transport, as `observing` has it. What a service counts together shares a `Pacer`.
        rate: How many requests a second are sent at most, more than 0 up to 1e6; None for as many as the service takes.
        concurrency: How many exchanges are under way at most, 1 to 1e6; None for any number. A body that was opened is
            under way until it is read to its end or closed.
        heed: True slows down by what the service says: 429s, the delays that it asks for (`retry-after-ms`,
            `Retry-After`), and what it says that remains (`x-ratelimit-*`). False sends at the `rate` anyway.
        longest: For how many seconds, more than 0 up to 1e6, nothing is sent at most, whatever the service asks for.
        clock: What the time is measured by, and waited for.

    Raises `ValueError` for what makes no sense.

    >>> from puresponse import delete_response, run_many
    >>> from puresponse.transports import MemoryTransport, VirtualClock
    >>> clock = VirtualClock()
    >>> with pacing(MemoryTransport(), rate=8, clock=clock) as transport:
    ...     done = list(run_many([delete_response(f"resp_{n}") for n in range(17)], transport, clock=clock))
    >>> clock.now
    2.0
    """
    return laid_around(Pacer(rate=rate, concurrency=concurrency, heed=heed, longest=longest, clock=clock), transport)
