"""Blocking transports in an event loop: each exchange runs in a thread of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from ..core.http import HttpRequest
from ..core.steps import Answer
from .contract import AsyncTransport, Transport


def in_threads(transport: Transport, *, executor: Executor | None = None) -> AsyncTransport:
    """Make an `AsyncTransport` of a blocking one.

    Args:
        transport: Any transport; it may be called from many threads at once, as the contract has it.
        executor: Where the calls run; the event loop's own executor where None is given.

    Cancelling a task that waits for an exchange leaves the exchange to end in its thread, unheard.
    """

    async def exchange(request: HttpRequest) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(executor, transport, request)

    return exchange
