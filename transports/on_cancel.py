"""The last operation of a run that ends without a result: what its caller asked to be done then.

Law: it is carried out once, by the driver, after whatever was under way has been given up, and for no longer than
`LONGEST` seconds; then the exception that ended the run goes on, with a note of what the operation failed with. A
second interrupt ends it. A second cancellation does not: the operation goes on in a task of its own, and the exception
goes on at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from returns.result import Result

from ..core.combinators.time_limit import within
from ..core.results import is_failure
from ..core.steps import Done, Fork, Operation, Send, Wait
from .clock import Clock
from .contract import AsyncTransport, Transport
from .drivers import run_async_from, run_from

LONGEST = 5.0
"""Seconds that the operation may take."""

_UNDER_WAY = set[asyncio.Task[Any]]()
"""The operations whose callers were cancelled again: an event loop has only weak references to its tasks."""


def check_on_cancel(who: str, operation: Any) -> None:
    """Raise the `TypeError` for what is no operation."""
    if isinstance(operation, Done | Send | Wait | Fork):
        return
    from ..core import mistakes

    raise mistakes.no_operation(f"on_cancel of {who}", operation)


def carry_out_last(operation: Operation[Any], transport: Transport, clock: Clock, ended_by: BaseException) -> None:
    """Carry out `operation` in this thread, where a run was `ended_by` an exception."""
    try:
        result = run_from(within(operation, LONGEST), transport, clock, clock.monotonic())
    except Exception as error:
        _note(ended_by, f"raised {error!r}")
    else:
        _note_failure(ended_by, result)


async def carry_out_last_async(
    operation: Operation[Any], transport: AsyncTransport, clock: Clock, ended_by: BaseException
) -> None:
    """Carry out `operation` in a task of its own, where a run was `ended_by` an exception, and wait for it."""
    if isinstance(ended_by, GeneratorExit):
        return  # there is no event loop any more
    task = asyncio.create_task(
        _in_time(run_async_from(within(operation, LONGEST), transport, clock, clock.monotonic()))
    )
    _UNDER_WAY.add(task)
    task.add_done_callback(_UNDER_WAY.discard)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        if isinstance(ended_by, asyncio.CancelledError):
            return
        raise
    if task.cancelled():
        _note(ended_by, "was cancelled")
    elif (error := task.exception()) is not None:
        _note(ended_by, f"raised {error!r}")
    else:
        _note_failure(ended_by, task.result())


async def _in_time(last: Coroutine[Any, Any, Result[Any, Any]]) -> Result[Any, Any]:
    """The same, cancelled after `LONGEST` seconds: the transport may not know of the limit."""
    return await asyncio.wait_for(last, LONGEST)


def _note_failure(ended_by: BaseException, result: Result[Any, Any]) -> None:
    if is_failure(result):
        _note(ended_by, f"failed: {result.failure()}")


def _note(ended_by: BaseException, what: str) -> None:
    ended_by.add_note(f"on_cancel {what}")
