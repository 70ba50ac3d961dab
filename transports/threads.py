"""Blocking transports in an event loop: each exchange, and each piece of a body, is waited for in a thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from threading import Lock

from returns.result import Failure, Result, Success

from ..core.errors import Error
from ..core.http import HttpRequest, HttpResponse
from ..core.results import is_failure
from ..core.steps import Answer
from ..core.streams import NOT_OPEN, Piece
from .contract import AsyncBody, AsyncTransport, Body, StreamingTransport, Transport


def in_threads(transport: Transport, *, executor: Executor | None = None) -> AsyncTransport:
    """Make an `AsyncTransport` of a blocking one; of a `StreamingTransport`, an `AsyncStreamingTransport`.

    Args:
        transport: Any transport; it may be called from many threads at once, as the contract has it.
        executor: Where the calls run; the event loop's own executor where None is given. A body takes one of its
            threads while a piece of it is waited for.

    Cancelling a task that waits for an exchange leaves the exchange to end in its thread, unheard. A body that is given
    up while a thread is busy with it is closed as soon as the thread is done.
    """
    if isinstance(transport, StreamingTransport):
        return StreamingInThreads(transport, executor)
    return InThreads(transport, executor)


class InThreads:
    """Performs the exchanges of a blocking transport."""

    def __init__(self, transport: Transport, executor: Executor | None) -> None:
        self._transport = transport
        self._executor = executor

    async def __call__(self, request: HttpRequest) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._transport, request)


class StreamingInThreads(InThreads):
    """The same, for a transport that can also open a body."""

    def __init__(self, transport: StreamingTransport, executor: Executor | None) -> None:
        super().__init__(transport, executor)
        self._streaming = transport

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        return await BodyInThreads(self._executor).open(self._streaming, request)


class BodyInThreads:
    """A body that is opened, read and closed by one thread at a time."""

    answer: HttpResponse

    def __init__(self, executor: Executor | None) -> None:
        self._executor = executor
        self._busy = Lock()
        self._given_up = False
        self._body: Body | None = None

    async def open(self, transport: StreamingTransport, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin the exchange; give this body, once its headers are there."""
        try:
            opened = await asyncio.get_running_loop().run_in_executor(self._executor, self._open, transport, request)
        except asyncio.CancelledError:
            await self.close()
            raise
        if is_failure(opened):
            return Failure(opened.failure())
        self.answer = opened.unwrap().answer
        return Success(self)

    async def read(self) -> Piece:
        """The next piece, no bytes at the end, or an `Interrupted`."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._read)

    async def close(self) -> None:
        """Give up what was not read. Does not wait for a thread that is busy with it: that closes it then."""
        self._given_up = True
        if not self._busy.locked():
            await asyncio.get_running_loop().run_in_executor(self._executor, self._close_given_up)

    def _open(self, transport: StreamingTransport, request: HttpRequest) -> Result[Body, Error]:
        try:
            with self._busy:
                opened = transport.open(request)
                self._body = None if is_failure(opened) else opened.unwrap()
                return opened
        finally:
            self._close_given_up()

    def _read(self) -> Piece:
        try:
            with self._busy:
                return NOT_OPEN if self._body is None or self._given_up else self._body.read()
        finally:
            self._close_given_up()

    def _close_given_up(self) -> None:
        # Who gives up first says so, then looks whether a thread is busy; the thread first stops being busy, then looks
        # whether it was given up: so that one of them closes, whichever comes first.
        if self._given_up and self._body is not None and self._busy.acquire(blocking=False):
            try:
                self._body.close()
            finally:
                self._busy.release()
