"""The laws of hosts that carry out streams in an event loop: the same laws, each in a loop of its own, and tasks'."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any, TypeVar

from returns.result import Failure, Result

from ....core.errors import Error
from ....core.http import HttpRequest, HttpResponse
from ....core.steps import Answer, Operation
from ....core.streams import Chunk, Perform, Stream
from ...clock import Clock
from ...contract import AsyncBody, AsyncStreamingTransport, AsyncTransport, Body, StreamingTransport
from .expect import expect
from .hosts_asynchronous import AsyncHostContract, Bell, cancel_task, turns
from .hosts_streams import StreamHostContract
from .hosts_values import CHUNKS, the_result
from .probe_programs import Begin, HandOver, ReadOn, stream_program
from .probe_world import World, get

T = TypeVar("T")

_ENDED: Any = object()


class AsyncStreamHostContract(AsyncHostContract, StreamHostContract):
    """The laws of a host that carries out streams in an event loop. A subclass says how it yields their values.

    The parameters of its methods are those of `StreamHostContract`. A law that is broken is an `AssertionError`.
    """

    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        """Carry out `stream`, all anew: yield each value at once, then the `Failure` that broke it off, if any."""
        raise NotImplementedError("a subclass of AsyncStreamHostContract says how the host yields a stream's values")

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        """Carry out `operation` within a stream, for the laws of operations."""
        stream = Perform(operation, HandOver())
        result: Result[T, Error] = the_result(await self._all_of(stream, OpensNothingLater(transport), clock))
        return result

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        """Carry out `stream` in a loop of its own, for the laws of all hosts."""
        with asyncio.Runner() as runner:
            values = self.iterate_async(stream, InTurn(transport), clock)

            async def following() -> Any:
                return await anext(values, _ENDED)

            try:
                while (value := runner.run(following())) is not _ENDED:
                    yield value
            finally:
                runner.run(values.aclose())

    def test_the_event_loop_goes_on_while_a_chunk_is_awaited(self) -> None:
        """The chunk here waits for something that happens in the loop."""

        async def scene() -> bool:
            clock = self.make_clock()
            bell = Bell(self.patience)
            transport = InTurn(World(clock, chunks=CHUNKS), bell.rung_in_time)
            await self._all_of(stream_program(_READING), transport, clock)
            return bell.in_time

        expect(asyncio.run(scene()), "the event loop was blocked while a chunk was awaited")

    def test_a_cancelled_stream_closes_its_body(self) -> None:
        """Also while a chunk is awaited; the task then ends as cancelled, and nothing more is sent."""

        async def scene() -> tuple[int, list[str]]:
            clock = self.make_clock()
            world = World(clock, chunks=CHUNKS)
            transport = InTurn(world, asyncio.Event().wait)
            running = asyncio.create_task(self._all_of(stream_program(_READING), transport, clock))
            await turns()
            expect(not running.done(), "a stream ended while its body sent nothing")
            await cancel_task(running, "a chunk", self.patience)
            return world.open_bodies, world.paths

        unclosed, sent = asyncio.run(scene())
        expect(unclosed == 0, "after a stream was cancelled, its body was still open")
        expect(sent == ["/body"], f"after a stream was cancelled, {sent[1:]} was sent")

    async def _all_of(self, stream: Stream[Any], transport: AsyncStreamingTransport, clock: Clock) -> list[Any]:
        values = self.iterate_async(stream, transport, clock)
        try:
            return [value async for value in values]
        finally:
            await values.aclose()


_READING = (Begin(get("/body")), ReadOn(), Begin(get("/body")))


class InTurn:
    """A blocking transport that takes no time, for an event loop, which goes round once for whatever it does.

    A chunk is returned after `before`; so is an answer that is whole.
    """

    def __init__(self, transport: StreamingTransport, before: Callable[[], Awaitable[object]] | None = None) -> None:
        self._transport = transport
        self._before = before

    async def __call__(self, request: HttpRequest) -> Answer:
        answer = self._transport(request)
        await (asyncio.sleep(0) if self._before is None else self._before())
        return answer

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Open a body."""
        await asyncio.sleep(0)
        return self._transport.open(request).map(self._in_turn)

    def _in_turn(self, body: Body) -> AsyncBody:
        return BodyInTurn(body, self._before)


class BodyInTurn:
    """A body for an event loop."""

    def __init__(self, body: Body, before: Callable[[], Awaitable[object]] | None) -> None:
        self._body = body
        self._before = before

    @property
    def answer(self) -> HttpResponse:
        """Status and headers."""
        return self._body.answer

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk."""
        await (asyncio.sleep(0) if self._before is None else self._before())
        return self._body.read(within)

    async def close(self, within: float = 0.0) -> None:
        """Close it."""
        await asyncio.sleep(0)
        self._body.close(within)


class OpensNothingLater:
    """An asynchronous transport that performs exchanges, and is not asked to open a body."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def __call__(self, request: HttpRequest) -> Answer:
        return await self._transport(request)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Fail."""
        raise AssertionError("an operation opens no body")
