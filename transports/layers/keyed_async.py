"""Many keys as one asynchronous transport, one class for each contract that it keeps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from returns.result import Result, Success

from ...core.errors import Error
from ...core.http import HttpRequest
from ...core.results import is_failure
from ...core.steps import Answer
from ..bodies import AsyncWholeBody
from ..contract import AsyncBody
from .key_table import KeyTable, Watch
from .successive import is_entered


class AsyncManyKeysTransport:
    """An `AsyncTransport` of many: of each what it created is asked. Closing it closes them all."""

    def __init__(self, transports: Mapping[str, Any], table: KeyTable) -> None:
        self.transports = transports
        self._table = table
        self._entered = AsyncExitStack()

    async def __call__(self, request: HttpRequest) -> Answer:
        search = self._table.begin(request)
        while True:
            answer: Answer = await self.transports[search.name](request)
            if is_failure(answer):
                return answer
            settled = search.settled(answer.unwrap())
            if settled is not None:
                search.learn(settled)
                watch = search.watch(settled)
                if watch is not None:
                    watch.feed(settled.body)
                    watch.end()
                return Success(settled)

    def owner_of(self, response_id: str) -> str | None:
        """The name of the key that created a response, as far as is remembered."""
        return self._table.owner_of(response_id)

    async def aclose(self) -> None:
        """Close the transports, those that can be closed."""
        async with AsyncExitStack() as closing:
            for transport in self.transports.values():
                closing.push_async_callback(_closed, transport)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as entered:
            for transport in self.transports.values():
                if is_entered(transport, "__aenter__"):
                    await entered.enter_async_context(transport)
                else:
                    entered.push_async_callback(_closed, transport)
            self._entered = entered.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._entered.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._table.names))})"


class AsyncManyKeysStreamingTransport(AsyncManyKeysTransport):
    """The same of `AsyncStreamingTransport`s: it is one."""

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        search = self._table.begin(request)
        while True:
            opened: Result[AsyncBody, Error] = await self.transports[search.name].open(request)
            if is_failure(opened):
                return opened
            body = opened.unwrap()
            settled = search.settled(body.answer)
            if settled is None:
                continue
            if settled is not body.answer:
                return Success(AsyncWholeBody(settled))
            search.learn(settled)
            watch = search.watch(settled)
            return opened if watch is None else Success(_AsyncWatchedBody(body, watch))


class _AsyncWatchedBody:
    """A body that tells what was created, as soon as it was read."""

    def __init__(self, body: AsyncBody, watch: Watch) -> None:
        self._body = body
        self._watch = watch
        self.answer = body.answer

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        """The next chunk, no bytes at the end, or what broke the body off."""
        chunk = await self._body.read(within)
        self._watch.take(chunk)
        return chunk

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        await self._body.close(within)


async def _closed(transport: object) -> None:
    close: Callable[[], object] | None = getattr(transport, "aclose", None) or getattr(transport, "close", None)
    ending = None if close is None else close()
    if isinstance(ending, Awaitable):
        await ending
