"""A run that is observed keeps every law of hosts that any other keeps, and its events keep theirs."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Generator
from typing import Any, TypeVar

import pytest
from returns.result import Failure, Result

from puresponse.core import Error, Operation, Stream
from puresponse.transports import (
    AsyncStreamingTransport,
    AsyncTransport,
    AttemptAnswered,
    AttemptBegan,
    AttemptRaised,
    BodyEnded,
    Clock,
    RunBegan,
    RunEnded,
    RunEvent,
    RunRaised,
    StreamingTransport,
    Transport,
    iterate,
    iterate_async,
    run,
    run_async,
)
from puresponse.transports.testing.contract import (
    AsyncHostContract,
    AsyncRaisingStreamHostContract,
    AsyncStreamHostContract,
    HostContract,
    RaisingStreamHostContract,
    RestartingHostContract,
    StreamHostContract,
)

T = TypeVar("T")


class Laws:
    """An observer that holds the events of each run to their laws (`run_events`)."""

    def __init__(self) -> None:
        self._open: dict[int, dict[int, tuple[AttemptBegan, int]]] = {}
        self._elapsed: dict[int, float] = {}
        self._over: set[int] = set()
        self.kinds: set[type[Any]] = set()

    def __call__(self, event: RunEvent) -> None:
        self.kinds.add(type(event))
        run = event.run
        assert run not in self._over, "a run ends with its last event"
        if isinstance(event, RunBegan):
            assert run not in self._open
            self._open[run] = {}
        attempts = self._open[run]
        match event:
            case AttemptBegan():
                assert event.number not in attempts
                assert 0 <= event.resends <= event.sent_before <= event.number
                attempts[event.number] = event, threading.get_ident()
            case AttemptAnswered() | AttemptRaised():
                began, thread = attempts[event.attempt.number]
                assert (event.attempt is began, thread) == (True, threading.get_ident())
                if not (began.opens and isinstance(event, AttemptAnswered) and _is_open(event.answer)):
                    del attempts[began.number]
            case BodyEnded():
                assert attempts.pop(event.attempt.number)[0] is event.attempt
            case RunEnded() | RunRaised():
                assert attempts == {}
                self._over.add(run)
            case _:
                pass

    def close(self) -> None:
        assert self._open.keys() == self._over, "what has begun has ended"


def _is_open(answer: Any) -> bool:
    return not isinstance(answer, Failure) and answer.unwrap().is_success


class Observed:
    """The laws of the events hold for each law of hosts."""

    def observe(self, event: RunEvent) -> None:
        self.laws(event)

    @pytest.fixture(autouse=True)
    def _laws(self) -> Generator[None, None, None]:
        self.laws = Laws()
        yield
        self.laws.close()


class TestRun(Observed, HostContract):
    many = 1_000

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock, observe=self.observe)


class TestRunAtOnce(Observed, HostContract):
    many = 1_000

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        return run(operation, transport, clock=clock, concurrency=4, observe=self.observe)


class TestRunAsync(Observed, AsyncHostContract):
    many = 1_000

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        return await run_async(operation, transport, clock=clock, observe=self.observe)


class TestIterate(Observed, StreamHostContract):
    many = 1_000

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return iterate(stream, transport, clock=clock, results=True, observe=self.observe)


class TestIterateAsync(Observed, AsyncStreamHostContract):
    many = 1_000

    def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        return iterate_async(stream, transport, clock=clock, results=True, observe=self.observe)


class TestIterateThatRaises(Observed, RaisingStreamHostContract):
    many = 1_000

    def iterate_or_raise(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T, None, None]:
        return iterate(stream, transport, clock=clock, observe=self.observe)


class TestIterateAsyncThatRaises(Observed, AsyncRaisingStreamHostContract):
    many = 1_000

    def iterate_or_raise_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T, None]:
        return iterate_async(stream, transport, clock=clock, observe=self.observe)


class TestRestartedRun(Observed, RestartingHostContract):
    many = 1_000

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        return run(operation, transport, clock=clock, elapsed=elapsed, observe=self.observe)
