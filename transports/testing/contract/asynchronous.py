"""The laws of transports for an event loop: the same laws, each run in a loop of its own, and those of tasks."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from threading import Event
from typing import TypeVar

from returns.result import Failure, Result, Success

from ....core.errors import Error
from ....core.http import HttpRequest, HttpResponse
from ....core.steps import Answer
from ....core.streams import Chunk
from ...bodies import as_exchanged, read_to_end_async
from ...contract import AsyncBody, AsyncStreamingTransport, AsyncTransport, Body, StreamingTransport, Transport
from ..loopback import Service, listening, read_request, serving
from .streaming import GET, StreamingTransportContract, body_of
from .streaming_network import CHUNKED, StreamingNetworkTransportContract, sending
from .transports import TransportContract, expect, repeat_request, response_of
from .transports_network import NetworkTransportContract

A = TypeVar("A", bound=AsyncTransport)


class AsyncTransportContract(TransportContract):
    """The laws of `AsyncTransport`. A subclass says how to make the transport, and pytest runs the laws.

    The parameters of its methods are those of `TransportContract`.
    """

    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        """Make a transport whose requests reach `service`; this is called, entered and left in the event loop.

        `contextlib.nullcontext(transport)` does for one that needs no closing.
        """
        raise NotImplementedError("a subclass of AsyncTransportContract says how to make a transport")

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        """Make a transport that runs the loop for each exchange."""
        return _in_a_loop(lambda: self.make_async_transport(service))

    def test_each_of_many_threads_gets_its_own_answer(self) -> None:
        """Tasks, in place of threads: four hundred at once."""

        async def calls() -> None:
            async with self.make_async_transport(repeat_request) as transport:
                sent = [HttpRequest("POST", f"/echo/{call}", (), (), b"%d" % call) for call in range(400)]
                for one, result in zip(sent, await asyncio.gather(*map(transport, sent)), strict=True):
                    body = response_of(result, "an answer").body
                    expect(body == repeat_request(one).body, f"the answer to {one.path} is {body!r}")

        asyncio.run(calls())

    def test_the_event_loop_goes_on_while_an_answer_is_awaited(self) -> None:
        """The answer here waits for something that happens in the loop."""
        happened = Event()

        def service(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=200 if happened.wait(self.patience) else 500)

        async def call() -> None:
            async with self.make_async_transport(service) as transport:
                answer = asyncio.ensure_future(transport(HttpRequest("GET", "/responses/resp_1")))
                await asyncio.sleep(0)  # lets the call begin
                happened.set()
                status = response_of(await answer, "an answer that waited").status
                expect(status == 200, "the event loop was blocked while an answer was awaited")

        asyncio.run(call())


class AsyncNetworkTransportContract(AsyncTransportContract, NetworkTransportContract):
    """The laws of `AsyncTransport`, and of `NotSent` and `Interrupted`, for one that uses the network.

    The parameters of its methods are those of `NetworkTransportContract`.
    """

    def make_async_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncTransport]:
        """Make a transport to that base URL, as `NetworkTransportContract.make_transport_to` has it."""
        raise NotImplementedError("a subclass of AsyncNetworkTransportContract says how to make a transport")

    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        """Make a transport to `service`, put behind a server on loopback."""
        return _served(service, self.make_async_transport_to)

    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        """Make a transport to that base URL that runs the loop for each exchange."""
        return _in_a_loop(
            lambda: self.make_async_transport_to(
                base_url, timeout=timeout, ca_file=ca_file, client_certificate=client_certificate
            )
        )


class AsyncStreamingTransportContract(AsyncTransportContract, StreamingTransportContract):
    """The laws of `AsyncStreamingTransport`. A subclass says how to make the transport, and pytest runs the laws.

    The parameters of its methods are those of `TransportContract`.
    """

    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        """Make a transport whose requests reach `service`; this is called, entered and left in the event loop."""
        raise NotImplementedError("a subclass of AsyncStreamingTransportContract says how to make a transport")

    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        """Make a transport that opens and reads, for the laws of all transports."""
        return _by_opening(self.make_async_streaming_transport(service))

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        """Make a transport that runs the loop to open, to read and to close."""
        return _opening_in_a_loop(lambda: self.make_async_streaming_transport(service))


class AsyncStreamingNetworkTransportContract(
    AsyncStreamingTransportContract, AsyncNetworkTransportContract, StreamingNetworkTransportContract
):
    """The laws of `AsyncStreamingTransport`, and of `NotSent` and `Interrupted`, for one that uses the network.

    The parameters of its methods are those of `NetworkTransportContract`.
    """

    def make_async_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        """Make a transport to that base URL, as `NetworkTransportContract.make_transport_to` has it."""
        raise NotImplementedError("a subclass of AsyncStreamingNetworkTransportContract says how to make a transport")

    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        """Make a transport to `service`, put behind a server on loopback."""
        return _served(service, self.make_async_streaming_transport_to)

    def make_async_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncTransport]:
        """Make a transport to that base URL that opens and reads, for the laws of all transports."""
        return _by_opening(
            self.make_async_streaming_transport_to(
                base_url, timeout=timeout, ca_file=ca_file, client_certificate=client_certificate
            )
        )

    def make_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[StreamingTransport]:
        """Make a transport to that base URL that runs the loop to open, to read and to close."""
        return _opening_in_a_loop(
            lambda: self.make_async_streaming_transport_to(
                base_url, timeout=timeout, ca_file=ca_file, client_certificate=client_certificate
            )
        )

    def test_the_event_loop_goes_on_while_a_chunk_is_awaited(self) -> None:
        """The chunk here is sent after something that happens in the loop."""

        async def call(base_url: str, go_on: Callable[[], None]) -> Chunk:
            async with self.make_async_streaming_transport_to(base_url, timeout=2 * self.patience) as transport:
                body = body_of(await transport.open(GET), "a body")
                reading = asyncio.ensure_future(body.read())
                await asyncio.sleep(0)  # lets the reading begin
                go_on()
                chunk = await reading
                await body.close()
                return chunk

        with sending(CHUNKED, self.patience) as (base_url, go_on):
            chunk = asyncio.run(call(base_url, go_on))
        expect(chunk == Success(b"data: 1\n\n"), f"the event loop was blocked while a chunk was awaited: {chunk}")

    def test_closing_a_body_ends_a_read_that_waits(self) -> None:
        """Of a task that was cancelled."""
        gone = Event()

        def handle(connection: socket.socket) -> None:
            with connection.makefile("rb") as file:
                read_request(file, "")
                connection.sendall(CHUNKED[0])
                file.read()
                gone.set()

        async def call(base_url: str) -> bool:
            async with self.make_async_streaming_transport_to(base_url, timeout=2 * self.patience) as transport:
                body = body_of(await transport.open(GET), "a body")
                reading = asyncio.ensure_future(body.read())
                await asyncio.sleep(0)  # lets the reading begin
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
                await body.close()
                return await asyncio.to_thread(gone.wait, self.patience)

        with listening(handle) as port:
            closed = asyncio.run(call(f"http://127.0.0.1:{port}"))
        expect(closed, "a body was closed when the reading of it was cancelled, but its connection was not")


@asynccontextmanager
async def _served(
    service: Service, make_transport_to: Callable[[str], AbstractAsyncContextManager[A]]
) -> AsyncGenerator[A]:
    with serving(service) as base_url:
        async with make_transport_to(base_url) as transport:
            yield transport


@asynccontextmanager
async def _by_opening(made: AbstractAsyncContextManager[AsyncStreamingTransport]) -> AsyncGenerator[AsyncTransport]:
    """A transport that calls by opening a body, reading it to its end, and closing it."""

    async def exchange(request: HttpRequest) -> Answer:
        opened = await transport.open(request)
        if isinstance(opened, Failure):
            return opened
        body = opened.unwrap()
        try:
            return as_exchanged(body.answer, *await read_to_end_async(body.read))
        finally:
            await body.close()

    async with made as transport:
        yield exchange


@contextmanager
def _entered(make: Callable[[], AbstractAsyncContextManager[A]]) -> Generator[tuple[A, asyncio.Runner]]:
    """What `make` makes, and the loop in which it is entered, used and left."""
    stack = AsyncExitStack()

    async def enter() -> A:
        return await stack.enter_async_context(make())

    with asyncio.Runner() as runner:
        transport = runner.run(enter())
        try:
            yield transport, runner
        finally:
            runner.run(stack.aclose())


@contextmanager
def _in_a_loop(make: Callable[[], AbstractAsyncContextManager[AsyncTransport]]) -> Generator[Transport]:
    """What `make` makes, as a blocking transport: its exchanges run in one loop, one after the other."""
    with _entered(make) as (transport, runner):
        yield _InALoop(transport, runner)


@contextmanager
def _opening_in_a_loop(
    make: Callable[[], AbstractAsyncContextManager[AsyncStreamingTransport]],
) -> Generator[StreamingTransport]:
    """The same, of a transport that also opens bodies."""
    with _entered(make) as (transport, runner):
        yield _OpeningInALoop(transport, runner)


class _InALoop:
    def __init__(self, transport: AsyncTransport, runner: asyncio.Runner) -> None:
        self._transport = transport
        self._runner = runner

    def __call__(self, request: HttpRequest) -> Answer:
        async def exchange() -> Answer:
            return await self._transport(request)

        return self._runner.run(exchange())


class _OpeningInALoop(_InALoop):
    def __init__(self, transport: AsyncStreamingTransport, runner: asyncio.Runner) -> None:
        super().__init__(transport, runner)
        self._streaming = transport

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        opened = self._runner.run(self._streaming.open(request))
        return opened if isinstance(opened, Failure) else Success(_BodyInALoop(opened.unwrap(), self._runner))


class _BodyInALoop:
    def __init__(self, body: AsyncBody, runner: asyncio.Runner) -> None:
        self._body = body
        self._runner = runner

    @property
    def answer(self) -> HttpResponse:
        return self._body.answer

    def read(self, within: float | None = None) -> Chunk:
        return self._runner.run(self._body.read(within))

    def close(self, within: float = 0.0) -> None:
        self._runner.run(self._body.close(within))
