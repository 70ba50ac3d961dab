"""Blocking transports in an event loop: each exchange, and each chunk of a body, is waited for in a thread.

Law: who is cancelled gives up the exchange: what was not sent by then never is, and its thread is free within a moment,
where the transport keeps the third contract (`begin`). Any other is left to end its call in its thread, abandoned. No
thread of these holds up the exit of the interpreter.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from returns.result import Result

from ..core.errors import Error
from ..core.http import HttpRequest
from ..core.steps import Answer
from ..core.streams import Chunk
from .contract import AbandonableTransport, AsyncBody, AsyncTransport, Body, Exchange, StreamingTransport, Transport
from .daemon_threads import DaemonThreads
from .exchanges import beginning_to_open

T = TypeVar("T")

_MOST_THREADS = 1_000

_CLOSING = DaemonThreads(_MOST_THREADS, "puresponse-closing", idle=0.0)
"""Threads that are free for certain: those of an executor may all be waiting for chunks."""


def in_threads(transport: Transport, *, executor: Executor | None = None) -> AsyncTransport:
    """Make an `AsyncTransport` of a blocking one; of a `StreamingTransport`, an `AsyncStreamingTransport`.

    Args:
        transport: Any transport; it may be called from many threads at once, as the contract has it.
        executor: Where the calls run; threads of its own, begun as they are needed, where None is given (the event
            loop's own executor has five to 36 of them, whatever the concurrency of a batch). A body takes one while a
            chunk of it is waited for. The threads of an executor of yours may hold up the exit of the interpreter;
            those of its own do not.

    Cancelling a task gives up its exchange, where the transport is an `AbandonableTransport`, as `Urllib3Transport` is:
    a request that was not sent by then never is, and the thread is free at once. The call of any other is never made if
    no thread has begun it, and else left to end in its thread, abandoned; a body that is open only then is closed.
    Cancelling one that waits for a chunk closes the body.

    >>> from puresponse import MemoryTransport, retrieve_response, run_async
    >>> transport = in_threads(MemoryTransport())
    >>> asyncio.run(run_async(retrieve_response("resp_chat"), transport)).map(lambda response: response.status)
    <Success: completed>
    """
    calls = executor or DaemonThreads(_MOST_THREADS, "puresponse-call")
    if not isinstance(transport, StreamingTransport):
        return InThreads(transport, calls)
    # Reads do not queue behind openings: these may be waiting for the connections that the reads will free.
    reads = executor or DaemonThreads(_MOST_THREADS, "puresponse-body")
    return StreamingInThreads(transport, calls, reads)


class InThreads:
    """Performs the exchanges of a blocking transport."""

    def __init__(self, transport: Transport, executor: Executor) -> None:
        self.transport = transport
        self._executor = executor
        self._begin = transport.begin if isinstance(transport, AbandonableTransport) else None

    async def __call__(self, request: HttpRequest) -> Answer:
        if self._begin is None:  # the executor does not begin what was cancelled
            return await asyncio.get_running_loop().run_in_executor(self._executor, self.transport, request)
        return await self._performed(self._begin(request))

    async def _performed(self, exchange: Exchange[T]) -> Result[T, Error]:
        try:
            # In the context of the task, so that a layer in the thread knows whose attempt it is.
            in_context = partial(copy_context().run, exchange.result)
            return await asyncio.get_running_loop().run_in_executor(self._executor, in_context)
        except asyncio.CancelledError:
            exchange.give_up()
            raise


class StreamingInThreads(InThreads):
    """The same, for a transport that can also open a body."""

    def __init__(self, transport: StreamingTransport, executor: Executor, reads: Executor) -> None:
        super().__init__(transport, executor)
        self._begin_to_open = beginning_to_open(transport)
        self._reads = reads

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        opened = await self._performed(self._begin_to_open(request))
        return opened.map(self._in_threads)

    def _in_threads(self, body: Body) -> AsyncBody:
        return BodyInThreads(body, self._reads)


class BodyInThreads:
    """A body whose chunks are waited for in threads."""

    def __init__(self, body: Body, executor: Executor) -> None:
        self.answer = body.answer
        self._body = body
        self._executor = executor

    async def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or an `Interrupted`; the seconds of `within` begin in the thread."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, self._body.read, within)
        except asyncio.CancelledError:
            # The chunk that the thread receives is lost: what is left of the body is of no use.
            _CLOSING.submit(self._body.close)
            raise

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read, also while a thread waits for it."""
        closing = asyncio.get_running_loop().run_in_executor(_CLOSING, self._body.close, within)
        # A task that is cancelled meanwhile must not take this back.
        await asyncio.shield(closing)
