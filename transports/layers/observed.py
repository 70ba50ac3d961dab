"""Functions that are told of each attempt at a request: before it, after it, and at the end of a body.

Law: what they are told is what happened, credentials among it (of a request that was made by hand); what they return is
ignored; and what they raise passes through (see `layer`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

from msgspec import Struct
from returns.result import Success

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..clock import Clock, SystemClock
from ..contract import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    StreamingTransport,
    Transport,
)
from .layer import Attempt, Layer, laid_around
from .layered import (
    LayeredAbandonableStreamingTransport,
    LayeredAbandonableTransport,
    LayeredStreamingTransport,
    LayeredTransport,
)
from .layered_async import LayeredAsyncStreamingTransport, LayeredAsyncTransport

_SYSTEM_CLOCK = SystemClock()


class BodyRead(Struct, frozen=True, kw_only=True):
    """What became of a body that was opened.

    Attributes:
        head: Status and headers of the answer.
        chunks: How many chunks of it were read.
        length: How many bytes these had, together.
        seconds: How long the attempt took, from its beginning to the end of the body.
        error: What broke it off; None for a body that was read to its end, or closed.
        closed: True for a body that was closed before its end was read, as by a program that has what it waits for.
    """

    head: HttpResponse
    chunks: int
    length: int
    seconds: float
    error: Error | None = None
    closed: bool = False


@overload
def observing(
    transport: AbandonableStreamingTransport,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAbandonableStreamingTransport: ...
@overload
def observing(
    transport: StreamingTransport,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredStreamingTransport: ...
@overload
def observing(
    transport: AbandonableTransport,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAbandonableTransport: ...
@overload
def observing(
    transport: AsyncStreamingTransport,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAsyncStreamingTransport: ...
@overload
def observing(
    transport: Transport,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredTransport: ...
@overload
def observing(
    transport: AsyncTransport,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAsyncTransport: ...
def observing(
    transport: Any,
    *,
    before: Callable[[HttpRequest], object] | None = None,
    after: Callable[[HttpRequest, Answer, float], object] | None = None,
    ended: Callable[[HttpRequest, BodyRead], object] | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> Any:
    """Lay functions around `transport` that are told of each attempt; the result is a transport of the same kind.

    Args:
        transport: Any transport: blocking or asynchronous, with `open`, `begin` and `begin_open` or without. Closing
            what is returned closes it.
        before: Called with the request before each attempt.
        after: Called with the request, the result and the seconds that the attempt took: once for each attempt whose
            transport returned, so for none that raised or was cancelled. Of a body that is opened, the result is the
            head, without the body.
        ended: Called with the request and a `BodyRead` when a body that was opened is at its end, broken off or closed.
        clock: What the seconds are measured by.

    The functions are called by whichever thread or task performs the exchange, many at once, and should not block. What
    they raise is a bug: it passes through, with a note that says how the request was answered.

    >>> from puresponse.transports import MemoryTransport, VirtualClock
    >>> def tell(request: HttpRequest, result: Answer, seconds: float) -> None:
    ...     print(request.method, request.path, result.unwrap().status, seconds)
    >>> with observing(MemoryTransport(), after=tell, clock=VirtualClock()) as transport:
    ...     _ = transport(HttpRequest("DELETE", "/responses/resp_chat"))
    DELETE /responses/resp_chat 200 0.0
    """
    return laid_around(Observing(before, after, ended, clock), transport)


class Observing(Layer):
    """The layer of `observing`."""

    def __init__(
        self,
        before: Callable[[HttpRequest], object] | None,
        after: Callable[[HttpRequest, Answer, float], object] | None,
        ended: Callable[[HttpRequest, BodyRead], object] | None,
        clock: Clock,
    ) -> None:
        self.before = before
        self.after = after
        self.ended = ended
        self.now = clock.monotonic

    def attempt(self, request: HttpRequest) -> Attempt:
        """Tell `before`, and note the time."""
        if self.before is not None:
            self.before(request)
        return _Observed(request, self, self.now())


class _Observed(Attempt):
    """An attempt that functions are told of."""

    __slots__ = ("_began", "_chunks", "_head", "_layer", "_length")

    def __init__(self, request: HttpRequest, layer: Observing, began: float) -> None:
        self.request = request
        self._layer = layer
        self._began = began

    def answered(self, result: Answer) -> None:
        """Tell `after`."""
        layer = self._layer
        if layer.after is not None:
            layer.after(self.request, result, layer.now() - self._began)

    def opened(self, head: HttpResponse) -> None:
        """Tell `after` of the head."""
        self._head, self._chunks, self._length = head, 0, 0
        self.answered(Success(head))

    def received(self, chunk: bytes) -> None:
        """Count."""
        self._chunks += 1
        self._length += len(chunk)

    def ended(self, error: Error | None) -> None:
        """Tell `ended`."""
        self._tell(error, closed=False)

    def closed(self) -> None:
        """Tell `ended` that the body was closed."""
        self._tell(None, closed=True)

    def _tell(self, error: Error | None, *, closed: bool) -> None:
        layer = self._layer
        if layer.ended is not None:
            read = BodyRead(
                head=self._head,
                chunks=self._chunks,
                length=self._length,
                seconds=layer.now() - self._began,
                error=error,
                closed=closed,
            )
            layer.ended(self.request, read)
