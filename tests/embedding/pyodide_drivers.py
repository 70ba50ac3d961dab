"""Programs of the catalogue under the library's drivers, and what they come to, as text: the same on every Python."""

from __future__ import annotations

from catalogue import OPERATIONS, STREAMS

from puresponse.transports import iterate, iterate_async, run, run_async
from puresponse.transports.clock import Clock
from puresponse.transports.contract import AsyncTransport, Transport

EVERYDAY = (
    "delete_response",
    "delete_response of an unknown id",
    "cancel_response",
    "list_input_items",
    "all_input_items",
    "retrying",
    "retrying, twice over",
    "stream_response",
    "stream_response, cut and resumed",
    "retrying a stream of events",
    "traverse",
    "Fork",
    "Fork of forks",
    "retrying a fork",
    "Close",
    "Fork within a stream",
)
"""Delete, cancel, list, paging, retry, streams, forks and closes, by their names in the catalogue."""


def driven(name: str, transport: Transport, clock: Clock) -> list[str]:
    """What `run` or `iterate` gives."""
    if name in OPERATIONS:
        return [repr(run(OPERATIONS[name](), transport, clock=clock))]
    return [repr(value) for value in iterate(STREAMS[name](), transport, clock=clock, results=True)]


async def driven_async(name: str, transport: AsyncTransport, clock: Clock) -> list[str]:
    """What `run_async` or `iterate_async` gives."""
    if name in OPERATIONS:
        return [repr(await run_async(OPERATIONS[name](), transport, clock=clock))]
    return [repr(value) async for value in iterate_async(STREAMS[name](), transport, clock=clock, results=True)]
