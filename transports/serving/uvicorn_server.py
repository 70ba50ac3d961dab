"""uvicorn, so that nothing a client does or leaves undone stops another: the only file that imports it.

| a client that | |
|---|---|
| sends no request, or half of one | has `REQUEST_WITHIN` seconds, and is the first to go where there are too many |
| sends what is no HTTP, or a head of too many bytes | is answered with a 400, and its connection is closed |
| does not read | is waited for, and what it does not read is not made |
| leaves | ends what it asked for |

When the server stops, connections are closed as they are.
"""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, BaseTransport, TimerHandle, Transport
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from logging import ERROR, getLogger
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from types import FrameType
from typing import Any, TypeAlias

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .asgi import CLOSE, Receive, Scope, Send
from .limits import MAX_HEADER_BYTES

Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_WITHIN = 60.0
"""Seconds that a client has for sending a request, whole, from when it connected or was answered."""

_TICK = 1.0
"""Seconds between updates of the header `date`."""

_ENDING = 0.1
"""Seconds that an application has to end what it does, when the server stops."""

_LOGGER = getLogger("puresponse.serving")
# An application that raises has a defect, and is logged; what clients do wrong they are told themselves.
_LOGGER.setLevel(ERROR)


class Connection(H11Protocol):
    """A connection as uvicorn has it, and a deadline for the request that it waits for."""

    deadline: TimerHandle | None = None
    """None while a request is answered."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a request, in the place of another connection if there are too many."""
        if not isinstance(transport, Transport):
            raise TypeError(f"a connection is read and written, and {transport!r} is not")
        super().connection_made(transport)
        self.logger = _LOGGER
        self.access_log = False
        # asyncio does so only where the listening socket was made with the number of the protocol.
        transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.app = partial(_able_to_close, self.app, transport)
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            self._make_room(self.limit_concurrency)
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        super().data_received(data)
        self._wait_for_request()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        super().connection_lost(exc)
        self._wait_for_request()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless that follows what is answered already, and close the connection."""
        if self.cycle:
            # What the application sends from now on is for nobody.
            self.cycle.disconnected = True
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _make_room(self, limit: int) -> None:
        """Where there are so many connections, close the one that waits longest for a request."""
        every: set[Any] = {*self.connections}
        others: list[Connection] = [other for other in every if not other.transport.is_closing()]
        waiting = [(other.deadline.when(), other.transport) for other in others if other.deadline is not None]
        if len(others) >= limit and waiting:
            min(waiting, key=_time_of)[1].abort()

    def _wait_for_request(self) -> None:
        """Have a deadline as long as a request is waited for, and none while one is answered."""
        waits = self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.transport.is_closing()
        if waits and self.deadline is None:
            self.deadline = self.loop.call_later(REQUEST_WITHIN, self.transport.abort)
        elif not waits and self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


def _time_of(waiting: tuple[float, Transport]) -> float:
    return waiting[0]


async def _able_to_close(
    application: Application, transport: Transport, scope: Scope, receive: Receive, send: Send
) -> None:
    """Run an application that may ask for its connection to be closed."""
    scope["extensions"] = {**scope.get("extensions", {}), CLOSE: {"close": transport.close}}
    await application(scope, receive, send)


class StoppableServer(uvicorn.Server):
    """A server that ends at once when it is told to, by a signal or by another thread."""

    def __init__(self, application: Application, connections: int) -> None:
        config = uvicorn.Config(
            application,
            http=Connection,
            ws="none",
            loop="asyncio",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            headers=[("server", "puresponse")],
            # A connection is refused that would be one too many.
            limit_concurrency=connections + 1,
            timeout_keep_alive=round(REQUEST_WITHIN),
            h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        )
        super().__init__(config)
        self._loop: AbstractEventLoop | None = None
        self._over = asyncio.Event()

    def run_on(self, listener: socket) -> None:
        """Answer the connections of `listener` until it is stopped; in the main thread, by SIGINT and SIGTERM too."""
        asyncio.run(self.serve(sockets=[listener]))

    def stop(self) -> None:
        """Stop, in any thread, and before it runs too."""
        self.should_exit = True
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # of a loop that is closed
                loop.call_soon_threadsafe(self._over.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop because of a signal: that is no error, and nothing is raised for it."""
        self.stop()

    async def main_loop(self) -> None:
        """Wait until it is stopped."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK):
                    await self._over.wait()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Close all connections, and wait for the applications to notice."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            await asyncio.wait(tuple(self.server_state.tasks), timeout=_ENDING)
        await self.lifespan.shutdown()
