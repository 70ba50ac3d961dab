"""Blocking transports in an event loop: each exchange, and each chunk of a body, is waited for in a thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Lock

from returns.result import Result

from ..core.errors import Error
from ..core.http import HttpRequest
from ..core.results import is_failure
from ..core.steps import Answer
from ..core.streams import Chunk
from .contract import AsyncBody, AsyncTransport, Body, StreamingTransport, Transport

_MOST_THREADS = 1_000


def in_threads(transport: Transport, *, executor: Executor | None = None) -> AsyncTransport:
    """Make an `AsyncTransport` of a blocking one; of a `StreamingTransport`, an `AsyncStreamingTransport`.

    Args:
        transport: Any transport; it may be called from many threads at once, as the contract has it.
        executor: Where the calls run; threads of its own, begun as they are needed, where None is given (the event
            loop's own executor has five to 36 of them, whatever the concurrency of a batch). A body takes one while a
            chunk of it is waited for.

    Cancelling a task that waits for an exchange leaves the exchange to end in its thread, abandoned; a body that is
    open only then is closed. Cancelling one that waits for a chunk closes the body at once.
    """
    calls = executor or ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="puresponse")
    if not isinstance(transport, StreamingTransport):
        return InThreads(transport, calls)
    # Reads do not queue behind openings: these may be waiting for the connections that the reads will free.
    reads = executor or ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="puresponse-body")
    return StreamingInThreads(transport, calls, reads)


class InThreads:
    """Performs the exchanges of a blocking transport."""

    def __init__(self, transport: Transport, executor: Executor) -> None:
        self._transport = transport
        self._executor = executor

    async def __call__(self, request: HttpRequest) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._transport, request)


class StreamingInThreads(InThreads):
    """The same, for a transport that can also open a body."""

    def __init__(self, transport: StreamingTransport, executor: Executor, reads: Executor) -> None:
        super().__init__(transport, executor)
        self._streaming = transport
        self._reads = reads

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        opening = Opening(self._streaming)
        try:
            opened = await asyncio.get_running_loop().run_in_executor(self._executor, opening.open, request)
        except asyncio.CancelledError:
            opening.give_up()
            raise
        return opened.map(self._in_threads)

    def _in_threads(self, body: Body) -> AsyncBody:
        return BodyInThreads(body, self._reads)


class Opening:
    """Opens a body in a thread, for a task that may have ended by then."""

    def __init__(self, transport: StreamingTransport) -> None:
        self._transport = transport
        self._lock = Lock()
        self._given_up = False
        self._body: Body | None = None

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Open the body, in a thread."""
        opened = self._transport.open(request)
        with self._lock:
            self._body = None if is_failure(opened) else opened.unwrap()
            self._close_abandoned()
        return opened

    def give_up(self) -> None:
        """Let the body be closed, as soon as there is one."""
        with self._lock:
            self._given_up = True
            self._close_abandoned()

    def _close_abandoned(self) -> None:
        if self._given_up and self._body is not None:
            self._body.close()


class BodyInThreads:
    """A body whose chunks are waited for in threads."""

    def __init__(self, body: Body, executor: Executor) -> None:
        self.answer = body.answer
        self._body = body
        self._executor = executor

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or an `Interrupted`; the seconds of `within` begin in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._body.read, within)

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read, also while a thread waits for it."""
        # In a thread that is free for certain: those of the executor may all be waiting for chunks.
        free = ThreadPoolExecutor(1)
        try:
            await asyncio.get_running_loop().run_in_executor(free, self._body.close, within)
        finally:
            free.shutdown(wait=False)
