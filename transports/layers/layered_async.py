"""Asynchronous transports with a layer around them, one class for each contract that they keep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from returns.result import Result, Success

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ..bodies import AsyncWholeBody
from ..contract import AsyncBody
from ..mistakes import RESULTS, awaitable_of, result_of
from .layer import Attempt, Layer, Turn, explained, special_method
from .watched_body import AsyncWatchedBody


class LayeredAsyncTransport:
    """An `AsyncTransport` each attempt of which a `layer` sees, on its way to `transport`.

    Closing it closes the one beneath, where that can be.
    """

    def __init__(self, layer: Layer, transport: Any) -> None:
        self.layer = layer
        self.transport = transport

    async def __call__(self, request: HttpRequest) -> Answer:
        begun = self.layer.attempt(request)
        if not isinstance(begun, Attempt):
            begun = await _turned(begun)
            if not isinstance(begun, Attempt):
                return begun
        who = type(self.layer).__name__
        try:
            answer: Answer = await awaitable_of(who, self.transport, self.transport(begun.request))
            if type(answer) not in RESULTS:
                result_of(who, self.transport, answer)
        except BaseException as error:
            begun.raised(error)
            raise
        try:
            begun.answered(answer)
        except BaseException as error:
            explained(error, begun.request, answer)
            raise
        return answer

    async def aclose(self) -> None:
        """Close the transport beneath, where it can be closed: by its `aclose`, or else its `close`."""
        beneath = self.transport
        close: Callable[[], object] | None = getattr(beneath, "aclose", None) or getattr(beneath, "close", None)
        if close is not None:
            await _awaited(close())

    async def __aenter__(self) -> Self:
        enter = special_method(self.transport, "__aenter__")
        if enter is not None:
            await _awaited(enter(self.transport))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        leave = special_method(self.transport, "__aexit__")
        if leave is not None:
            await _awaited(leave(self.transport, kind, error, traceback))
        else:
            await self.aclose()

    def __repr__(self) -> str:
        return f"{self.layer!r}({self.transport!r})"


class LayeredAsyncStreamingTransport(LayeredAsyncTransport):
    """The same as `LayeredAsyncTransport`, with its `layer`, around a `transport` that is an `AsyncStreamingTransport`.

    It is one itself.
    """

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        begun = self.layer.attempt(request)
        if not isinstance(begun, Attempt):
            begun = await _turned(begun)
            if not isinstance(begun, Attempt):
                return begun.map(AsyncWholeBody)
        try:
            opening: Result[AsyncBody, Error] = await self.transport.open(begun.request)
            opened = result_of(type(self.layer).__name__, self.transport, opening)
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
                await body.close()
            raise
        return Success(AsyncWatchedBody(body, begun))


async def _turned(begun: Turn | Answer) -> Attempt | Answer:
    """The attempt whose turn it is, after waiting for it; or an answer, as it is."""
    return await begun.take_async() if isinstance(begun, Turn) else begun


async def _awaited(ending: object) -> None:
    if isinstance(ending, Awaitable):
        await ending


def _head(body: AsyncBody) -> HttpResponse:
    return body.answer
