"""Blocking transports with a layer around them, one class for each contract that they keep."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from returns.result import Result, Success

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ..bodies import WholeBody
from ..contract import Body, Exchange
from ..mistakes import RESULTS, result_of
from .exchange import LayeredExchange
from .layer import Attempt, Layer, Turn, explained, special_method
from .watched_body import WatchedBody


class LayeredTransport:
    """A `Transport` each attempt of which a `layer` sees, on its way to `transport`.

    Closing it closes the transport beneath, where that can be.
    """

    def __init__(self, layer: Layer, transport: Any) -> None:
        self.layer = layer
        self.transport = transport

    def __call__(self, request: HttpRequest) -> Answer:
        return self._call(self.transport, request)

    def close(self) -> None:
        """Close the transport beneath, where it can be closed."""
        close: Callable[[], object] | None = getattr(self.transport, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Self:
        enter = special_method(self.transport, "__enter__")
        if enter is not None:
            enter(self.transport)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        leave = special_method(self.transport, "__exit__")
        if leave is not None:
            leave(self.transport, kind, error, traceback)
        else:
            self.close()

    def __repr__(self) -> str:
        return f"{self.layer!r}({self.transport!r})"

    def _call(
        self,
        perform: Callable[[HttpRequest], Answer],
        request: HttpRequest,
        waiting: Callable[[Turn], None] | None = None,
    ) -> Answer:
        """Perform a call, seen by the layer."""
        begun = self.layer.attempt(request)
        if not isinstance(begun, Attempt):
            begun = _turned(begun, waiting)
            if not isinstance(begun, Attempt):
                return begun
        try:
            answer = perform(begun.request)
            if type(answer) not in RESULTS:
                result_of(type(self.layer).__name__, self.transport, answer)
        except BaseException as error:
            begun.raised(error)
            raise
        try:
            begun.answered(answer)
        except BaseException as error:
            explained(error, begun.request, answer)
            raise
        return answer


class LayeredStreamingTransport(LayeredTransport):
    """The same as `LayeredTransport`, with its `layer`, around a `transport` that is a `StreamingTransport`.

    It is one itself.
    """

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        return self._open(self.transport.open, request)

    def _open(
        self,
        perform: Callable[[HttpRequest], Result[Body, Error]],
        request: HttpRequest,
        waiting: Callable[[Turn], None] | None = None,
    ) -> Result[Body, Error]:
        """Open a body, seen by the layer."""
        begun = self.layer.attempt(request)
        if not isinstance(begun, Attempt):
            begun = _turned(begun, waiting)
            if not isinstance(begun, Attempt):
                return begun.map(WholeBody)
        try:
            opened = result_of(type(self.layer).__name__, self.transport, perform(begun.request))
        except BaseException as error:
            begun.raised(error)
            raise
        body = None if is_failure(opened) else opened.unwrap()
        try:
            if body is None:
                begun.answered(opened.map(_head))
                return opened
            if not body.answer.is_success:
                begun.answered(Success(body.answer))
                return opened
            begun.opened(body.answer)
        except BaseException as error:
            explained(error, begun.request, opened.map(_head))
            if body is not None:
                body.close()
            raise
        return Success(WatchedBody(body, begun))


class LayeredAbandonableTransport(LayeredTransport):
    """The same as `LayeredTransport`, with its `layer`, around a `transport` that is an `AbandonableTransport`.

    It is one itself.
    """

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would."""
        return LayeredExchange(self._call, self.transport.begin, request)


class LayeredAbandonableStreamingTransport(LayeredStreamingTransport, LayeredAbandonableTransport):
    """The same as `LayeredTransport`, with its `layer`, around an `AbandonableStreamingTransport`, and one itself.

    That is the `transport`.
    """

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would."""
        return LayeredExchange(self._open, self.transport.begin_open, request)


def _turned(begun: Turn | Answer, waiting: Callable[[Turn], None] | None) -> Attempt | Answer:
    """The attempt whose turn it is, after waiting for it; or an answer, as it is."""
    if not isinstance(begun, Turn):
        return begun
    if waiting is not None:
        waiting(begun)
    return begun.take()


def _head(body: Body) -> HttpResponse:
    return body.answer
