"""Any transport for an event loop: as it is, by its asynchronous face, or in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, runtime_checkable

from ..asynchrony import is_async
from ..contract import AnyTransport, AsyncStreamingTransport, AsyncTransport, StreamingTransport, Transport
from ..daemon_threads import DaemonThreads
from ..threads import InThreads, StreamingInThreads

T = TypeVar("T")

_MOST_THREADS = 1_000


@runtime_checkable
class TwoFaced(Protocol):
    """A blocking transport that has an asynchronous face, as `MemoryTransport` does."""

    def asynchronous(self) -> AsyncStreamingTransport:
        """The same for an event loop."""
        ...


class Asynchronous:
    """Makes asynchronous transports of any, which share its threads."""

    def __init__(self) -> None:
        self._calls = DaemonThreads(_MOST_THREADS, "puresponse-serve-call")
        # Reads do not queue behind openings, which may be waiting for what the reads set free.
        self._reads = DaemonThreads(_MOST_THREADS, "puresponse-serve-body")

    def of(self, transport: AnyTransport) -> AsyncTransport:
        """The transport for an event loop. It takes next to nothing to make one."""
        found: Any = transport
        if is_async(transport):
            asynchronous: AsyncTransport = found
            return asynchronous
        if isinstance(transport, TwoFaced):
            return transport.asynchronous()
        blocking: Transport = found
        if isinstance(blocking, StreamingTransport):
            return StreamingInThreads(blocking, self._calls, self._reads)
        return InThreads(blocking, self._calls)

    async def called(self, function: Callable[[], T]) -> T:
        """What a function returns, which is called in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._calls, function)
