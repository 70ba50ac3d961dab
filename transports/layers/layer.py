"""What a layer does around each attempt at a request, whatever kind of transport it is laid around.

Law: a layer says what it does once, as functions that do not block, and `layer(transport)` is a transport of the same
kind as `transport`: blocking or asynchronous, with `open` where that has it, and with `begin` and `begin_open`.

What a layer's own functions raise is a bug, and passes through: with a note that says what the request was and how it
was answered, since the answer is lost with it. A body that was opened is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, overload, runtime_checkable

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..asynchrony import is_async
from ..contract import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    StreamingTransport,
    Transport,
)

if TYPE_CHECKING:
    from .layered import (
        LayeredAbandonableStreamingTransport,
        LayeredAbandonableTransport,
        LayeredStreamingTransport,
        LayeredTransport,
    )
    from .layered_async import LayeredAsyncStreamingTransport, LayeredAsyncTransport


class Attempt:
    """One attempt at a request, as a layer sees it; `request` is what is sent.

    It is told one of three: `answered`, `opened` or `raised`; and after `opened`, `received` for each chunk, then
    `ended` or `closed`, once. Each does nothing unless a subclass says otherwise. They may be called by different
    threads, one after another.
    """

    __slots__ = ("request",)

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def answered(self, result: Answer) -> None:
        """The attempt is over; `result` is an answer with its body, of any status, or an error."""

    def opened(self, head: HttpResponse) -> None:
        """A 2xx has begun, whose body is to be read: `head` is its status and headers."""

    def received(self, chunk: bytes) -> None:
        """A `chunk` of the body was read, of one byte or more."""

    def ended(self, error: Error | None) -> None:
        """The body was read to its end, or broke off with `error`."""

    def closed(self) -> None:
        """The body was closed before its end was read: as `ended` without an error, unless a subclass tells apart."""
        self.ended(None)

    def raised(self, error: BaseException) -> None:
        """The transport raised `error`, or its task was cancelled: the attempt is over."""


@runtime_checkable
class Turn(Protocol):
    """An attempt that has to wait first."""

    def take(self) -> Attempt | Answer:
        """Wait in this thread; return the attempt, or the answer in its place."""
        ...

    async def take_async(self) -> Attempt | Answer:
        """Wait in this task; return the attempt, or the answer in its place."""
        ...

    def give_up(self) -> None:
        """Let who waits return a `NotSent` (`given_up`) within a moment; by any thread, at any time, and again."""
        ...


Begun: TypeAlias = Attempt | Turn | Answer
"""What a layer begins an attempt with; an answer is returned as it is, and nothing is sent."""


class Layer:
    """What is done around each attempt; `layer(transport)` is a transport that does it.

    A layer of one's own says in `attempt` what is to be sent, or is answered in its place, and in an `Attempt` of its
    own what is done afterwards. Many threads and tasks call both at once.

    >>> from msgspec.structs import replace
    >>> from puresponse.transports import CaptureTransport, MemoryTransport
    >>> class Traced(Layer):
    ...     def attempt(self, request: HttpRequest) -> Attempt:
    ...         return Attempt(replace(request, headers=(*request.headers, ("x-trace", "t-1"))))
    >>> capture = CaptureTransport(MemoryTransport())
    >>> with Traced()(capture) as transport:
    ...     _ = transport(HttpRequest("DELETE", "/responses/resp_chat"))
    >>> capture.requests[0].headers
    (('x-trace', 't-1'),)
    """

    def attempt(self, request: HttpRequest) -> Begun:
        """Begin an attempt at `request`: as it is, unless a subclass says otherwise."""
        return Attempt(request)

    @overload
    def __call__(self, transport: AbandonableStreamingTransport) -> LayeredAbandonableStreamingTransport: ...
    @overload
    def __call__(self, transport: StreamingTransport) -> LayeredStreamingTransport: ...
    @overload
    def __call__(self, transport: AbandonableTransport) -> LayeredAbandonableTransport: ...
    @overload
    def __call__(self, transport: AsyncStreamingTransport) -> LayeredAsyncStreamingTransport: ...
    @overload
    def __call__(self, transport: Transport) -> LayeredTransport: ...
    @overload
    def __call__(self, transport: AsyncTransport) -> LayeredAsyncTransport: ...
    def __call__(self, transport: Any) -> Any:
        """Lay this around `transport`."""
        return laid_around(self, transport)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def laid_around(layer: Layer, transport: Any) -> Any:
    """The transport of the same kind as `transport` whose attempts `layer` sees.

    Raises `TypeError` for what can be no transport.
    """
    given: object = transport
    if isinstance(given, type) or not callable(given):
        from ...core import mistakes

        raise mistakes.no_transport(type(layer).__name__, given)
    if is_async(transport):
        from . import layered_async

        opens = isinstance(given, AsyncStreamingTransport)
        kind = layered_async.LayeredAsyncStreamingTransport if opens else layered_async.LayeredAsyncTransport
        return kind(layer, transport)
    from . import layered

    if isinstance(given, StreamingTransport):
        if isinstance(given, AbandonableStreamingTransport):
            return layered.LayeredAbandonableStreamingTransport(layer, given)
        return layered.LayeredStreamingTransport(layer, given)
    if isinstance(given, AbandonableTransport):
        return layered.LayeredAbandonableTransport(layer, given)
    return layered.LayeredTransport(layer, transport)


def special_method(transport: object, name: str) -> Callable[..., object] | None:
    """A method that the interpreter calls on a type (`__enter__`); None where there is none."""
    found: Callable[..., object] | None = getattr(type(transport), name, None)
    return found


def explained(error: BaseException, request: HttpRequest, result: Answer | HttpResponse) -> None:
    """Note on what a layer has raised what is lost with it."""
    from ...core.results import is_failure

    if isinstance(result, HttpResponse):
        answer = f"HTTP {result.status}"
    else:
        answer = str(result.failure()) if is_failure(result) else f"HTTP {result.unwrap().status}"
    error.add_note(f"raised by a layer; {request.method} {request.path} was answered by then: {answer}")
