"""The library's drivers, as the laws of hosts in the contract suite are told of them; and one that breaks a law."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TypeVar

from returns.result import Failure, Result

from puresponse.core import Error, Operation, Stream
from puresponse.transports import (
    AsyncStreamingTransport,
    AsyncTransport,
    Clock,
    StreamingTransport,
    Transport,
    VirtualClock,
    iterate,
    iterate_async,
    run,
    run_async,
)
from puresponse.transports.testing.contract import (
    AsyncHostContract,
    AsyncStreamHostContract,
    HostContract,
    RestartingHostContract,
    StreamHostContract,
)

T = TypeVar("T")

MANY = 3_000
"""Steps of a long program: more than any stack holds, WebAssembly's least of all."""


class Run(RestartingHostContract):
    many = MANY

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock)

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        return run(operation, transport, clock=clock, elapsed=elapsed)


class RunAsync(AsyncHostContract):
    many = MANY

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        return await run_async(operation, transport, clock=clock)


class Iterate(StreamHostContract):
    many = MANY

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return iterate(stream, transport, clock=clock, results=True)


class IterateAsync(AsyncStreamHostContract):
    many = MANY

    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        return iterate_async(stream, transport, clock=clock, results=True)


class Impatient(HostContract):
    """Waits by a clock of its own, for which no time passes: it must be found out."""

    many = MANY

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=VirtualClock())


FORMS: dict[str, type[HostContract]] = {
    "run": Run,
    "run_async": RunAsync,
    "iterate": Iterate,
    "iterate_async": IterateAsync,
    "impatient": Impatient,
}
