"""The connections of a transport: those of one event loop are a session, and each loop has its own.

Law: a connection belongs to the loop in which it was made, and to the process. A session ends with its loop, where that
says that it ends (`shutdown_asyncgens`, as `asyncio.run` and every server do), or with its transport. A forked process
leaves the connections to its parent.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import suppress
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary, WeakSet

from ...core.errors import NotSent
from ..http1.failures import ExchangeFailed
from ..http1.socket_options import SOCKET_OPTIONS
from ..network.timeouts import Limits
from .connector import Attempt, Connector, Destination
from .failures import CONNECTING, not_connected
from .wire import Wire

CLOSED = NotSent("invalid_request", "the transport is closed")


class Session:
    """The connections of one loop, of which so many are in use at once, at most."""

    def __init__(self, loop: asyncio.AbstractEventLoop, destination: Destination, most: int) -> None:
        self._destination = destination
        self._connector = Connector(destination, loop)
        self._places = asyncio.Semaphore(most)
        self._idle: list[Wire] = []
        self._in_use = set[Wire]()
        self._is_closed = False
        # A loop that ends closes its asynchronous generators, and so tells who has begun one.
        self._until_the_end = self._wait_for_the_end()
        _begin(self._until_the_end)

    async def take(self, limits: Limits, longest_idle: float | None = None) -> Wire:
        """Take a connection, which is connected, and was not idle for longer than so many seconds.

        Raises `ExchangeFailed` with a `NotSent`.
        """
        within = limits.left(None)
        try:
            if self._places.locked():
                async with asyncio.timeout(within):
                    await self._places.acquire()
            else:
                await self._places.acquire()
        except TimeoutError:
            error = NotSent("connect_timeout", f"all connections were in use for {within:g} s")
            raise ExchangeFailed(error) from None
        try:
            if self._is_closed:
                raise ExchangeFailed(CLOSED)
            wire = self._kept(longest_idle) or await self._connected(limits)
        except BaseException:
            self._places.release()
            raise
        self._in_use.add(wire)
        return wire

    def _kept(self, longest_idle: float | None) -> Wire | None:
        while self._idle:
            wire = self._idle.pop()
            if wire.is_sound() and (longest_idle is None or monotonic() - wire.idle_since <= longest_idle):
                return wire
            wire.end()
        return None

    async def _connected(self, limits: Limits) -> Wire:
        attempt = Attempt()
        try:
            async with asyncio.timeout(min(limits.connecting, limits.left(None))):
                wire = await self._connector.connected(attempt)
            wire.set_options(SOCKET_OPTIONS)
            await wire.settle()
        except CONNECTING as error:
            if self._is_closed:
                raise ExchangeFailed(CLOSED) from None
            raise ExchangeFailed(not_connected(error, self._destination, attempt, limits.connecting)) from error
        return wire

    def put(self, wire: Wire, *, keep: bool) -> None:
        """Keep a connection for other exchanges, or close it; either way another can have its place."""
        self._in_use.discard(wire)
        if keep and not self._is_closed:
            wire.idle_since = monotonic()
            self._idle.append(wire)
        else:
            wire.end()
        self._places.release()

    def close(self) -> None:
        """Close the connections that no exchange has. Others are closed when theirs is over."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().end()

    async def end(self) -> None:
        """Close all connections, and let the loop take notice."""
        self.close()
        for wire in list(self._in_use):
            wire.end()
        await self._connector.close()
        await asyncio.sleep(0)

    async def _wait_for_the_end(self) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await self.end()


def _begin(generator: AsyncGenerator[None]) -> None:
    """Run a generator to its first value, for which it waits for nothing."""
    with suppress(StopIteration):
        generator.asend(None).send(None)


class Sessions:
    """The sessions of a transport."""

    def __init__(self, destination: Destination, most: int) -> None:
        self._destination = destination
        self._most = most
        self._lock = Lock()
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Session] = WeakKeyDictionary()
        self._is_closed = False
        _all.add(self)

    def current(self) -> Session:
        """The session of the loop that runs. Raises `ExchangeFailed` where the transport is closed."""
        loop = asyncio.get_running_loop()
        return self._by_loop.get(loop) or self._begun(loop)

    def _begun(self, loop: asyncio.AbstractEventLoop) -> Session:
        with self._lock:
            if self._is_closed:
                raise ExchangeFailed(CLOSED)
            for ended in [other for other in self._by_loop if other.is_closed()]:
                del self._by_loop[ended]
            session = self._by_loop[loop] = Session(loop, self._destination, self._most)
        return session

    async def close(self) -> None:
        """Close the connections that no exchange has, of all loops; nothing new is begun."""
        running = asyncio.get_running_loop()
        with self._lock:
            self._is_closed = True
            sessions = list(self._by_loop.items())
        for loop, session in sessions:
            if loop is running:
                session.close()
            else:
                with suppress(RuntimeError):  # it is closed, and its connections with it
                    loop.call_soon_threadsafe(session.close)
        await asyncio.sleep(0)

    def start_afresh(self) -> None:
        """Leave the connections to the parent process. What is closed stays closed."""
        _inherited.append(self._by_loop)
        self._by_loop = WeakKeyDictionary()
        self._lock = Lock()


_all: WeakSet[Sessions] = WeakSet()
_inherited: list[object] = []
"""Sessions of the parent process. Kept, because to end one of its connections is to tell its server."""


def after_fork_in_child() -> None:
    """Let every transport start afresh: what the interpreter calls in a child process."""
    for sessions in list(_all):
        sessions.start_afresh()


with suppress(AttributeError):  # a system that does not fork
    os.register_at_fork(after_in_child=after_fork_in_child)
