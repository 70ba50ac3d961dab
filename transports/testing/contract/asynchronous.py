"""The laws of transports for an event loop: the same laws, each run in a loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from threading import Event

from ....core.http import HttpRequest, HttpResponse
from ....core.steps import Answer
from ...contract import AsyncTransport, Transport
from ..loopback import Service, serving
from .transports import TransportContract, expect, repeat_request, response_of
from .transports_network import NetworkTransportContract


class AsyncTransportContract(TransportContract):
    """The laws of `AsyncTransport`. A subclass says how to make the transport, and pytest runs the laws."""

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
                expect(status == 200, "the event loop stood still while an answer was awaited")

        asyncio.run(call())


class AsyncNetworkTransportContract(AsyncTransportContract, NetworkTransportContract):
    """The laws of `AsyncTransport`, and of `NotSent` and `Interrupted`, for one that uses the network."""

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


@asynccontextmanager
async def _served(
    service: Service, make_transport_to: Callable[[str], AbstractAsyncContextManager[AsyncTransport]]
) -> AsyncGenerator[AsyncTransport]:
    with serving(service) as base_url:
        async with make_transport_to(base_url) as transport:
            yield transport


@contextmanager
def _in_a_loop(make: Callable[[], AbstractAsyncContextManager[AsyncTransport]]) -> Generator[Transport]:
    """What `make` makes, as a blocking transport: its exchanges run in one loop, one after the other."""
    stack = AsyncExitStack()

    async def enter() -> AsyncTransport:
        return await stack.enter_async_context(make())

    async def exchange(request: HttpRequest) -> Answer:
        return await transport(request)

    with asyncio.Runner() as runner:
        transport = runner.run(enter())
        try:
            yield lambda request: runner.run(exchange(request))
        finally:
            runner.run(stack.aclose())
