"""Batches in every way in which they can be carried out, for tests of what is the same in all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import pytest

from puresponse.transports import RunStopped, Transport, in_threads, run_many, run_many_async

Carried: TypeAlias = tuple[list[tuple[Any, Any]], RunStopped | None]
"""The outcomes, and the exception that followed the last, where a limit was met."""

Way: TypeAlias = Callable[..., Carried]
"""Takes what `run_many` takes, but for the concurrency."""


def in_turn(operations: Iterable[Any], transport: Transport, **wishes: Any) -> Carried:
    """One after another, in this thread."""
    return _listed(operations, transport, 1, wishes)


def at_once(operations: Iterable[Any], transport: Transport, **wishes: Any) -> Carried:
    """In threads."""
    return _listed(operations, transport, 4, wishes)


def in_a_loop(operations: Iterable[Any], transport: Transport, **wishes: Any) -> Carried:
    """In tasks of an event loop."""
    yielded: list[tuple[Any, Any]] = []

    async def collect() -> None:
        async for outcome in run_many_async(operations, in_threads(transport), 4, **wishes):
            yielded.append(outcome)

    try:
        asyncio.run(asyncio.wait_for(collect(), 10.0))
    except RunStopped as stopped:
        return yielded, stopped
    return yielded, None


def _listed(operations: Iterable[Any], transport: Transport, concurrency: int, wishes: dict[str, Any]) -> Carried:
    yielded: list[tuple[Any, Any]] = []
    try:
        for outcome in run_many(operations, transport, concurrency, **wishes):
            yielded.append(outcome)
    except RunStopped as stopped:
        return yielded, stopped
    return yielded, None


every_way = pytest.mark.parametrize("carried_out", [in_turn, at_once, in_a_loop])
