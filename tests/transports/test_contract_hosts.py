"""The laws of hosts pass what keeps them, and catch what breaks one: each law is broken here at least once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from typing import Any, TypeVar, get_args

import pytest
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.core import (
    NOT_OPEN,
    Answer,
    DecodeError,
    Done,
    Emit,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    Open,
    Operation,
    Perform,
    Piece,
    Send,
    Stream,
    Wait,
    is_failure,
)
from puresponse.transports import (
    AsyncBody,
    AsyncStreamingTransport,
    AsyncTransport,
    Body,
    Clock,
    StreamingTransport,
    SystemClock,
    Transport,
    iterate,
    iterate_async,
    run,
    run_async,
)
from puresponse.transports.contract_hosts import ERRORS
from puresponse.transports.contract_suite import (
    AsyncHostContract,
    AsyncStreamHostContract,
    HostContract,
    RestartingHostContract,
    StreamHostContract,
)

T = TypeVar("T")


def laws_of(contract: type[HostContract]) -> set[str]:
    return {name for name in dir(contract) if name.startswith("test_")}


def broken_laws(contract: HostContract) -> set[str]:
    """Which of its laws the host of `contract` breaks."""
    broken: set[str] = set()
    for law in laws_of(type(contract)):
        try:
            getattr(contract, law)()
        except AssertionError as error:
            broken.add(law if str(error) else f"{law}, without a word")
    return broken


# --- the library's own drivers -------------------------------------------------------------------


class TestRun(HostContract):
    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock)


class TestRunAsync(AsyncHostContract):
    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        return await run_async(operation, transport, clock=clock)


class TestIterate(StreamHostContract):
    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return iterate(stream, transport, clock=clock)


class TestIterateOfWholeBodies(StreamHostContract):
    in_pieces = False

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return iterate(stream, lambda request: transport(request), clock=clock)


class TestIterateAsync(AsyncStreamHostContract):
    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        return iterate_async(stream, transport, clock=clock)


class TestRestartedRun(RestartingHostContract):
    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        return run(operation, transport, clock=clock, elapsed=elapsed)


class TestRestartedRunAsync(RestartingHostContract):
    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        async def exchange(request: HttpRequest) -> Answer:
            return transport(request)

        return asyncio.run(run_async(operation, exchange, clock=clock, elapsed=elapsed))


class TestRunByTheSystemsClock(HostContract):
    """A host that really waits can be checked as well."""

    second = 0.002
    slack = 0.05

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock)

    def make_clock(self, chance: float = 0.5) -> Clock:
        return SystemClock()
