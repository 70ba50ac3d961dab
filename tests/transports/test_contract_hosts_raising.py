"""Hosts that raise what a stream breaks off with: the library's pass, and each of these laws is broken here once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, TypeVar

import pytest
from returns.result import Failure

from puresponse.core import Error, OperationFailed, Stream
from puresponse.transports import AsyncStreamingTransport, Clock, StreamingTransport, iterate, iterate_async
from puresponse.transports.testing.contract import (
    AsyncRaisingStreamHostContract,
    RaisingStreamHostContract,
    StreamHostContract,
    broken_laws,
)

T = TypeVar("T")


class TestIterateThatRaises(RaisingStreamHostContract):
    many = 3_000

    def iterate_or_raise(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T, None, None]:
        return iterate(stream, transport, clock=clock)


class TestIterateAsyncThatRaises(AsyncRaisingStreamHostContract):
    many = 3_000

    def iterate_or_raise_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T, None]:
        return iterate_async(stream, transport, clock=clock)


Manner = Callable[[Any, Any, Clock], Generator[Any, None, None]]


class Of(RaisingStreamHostContract):
    """Checks a host that is given as a function."""

    many = 100

    def __init__(self, host: Manner) -> None:
        self._host = host

    def iterate_or_raise(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T, None, None]:
        return self._host(stream, transport, clock)


def forgets(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Takes a failure for a good end."""
    try:
        yield from iterate(stream, transport, clock=clock)
    except OperationFailed:
        return


def yields(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Yields what it is to raise."""
    yield from iterate(stream, transport, clock=clock, results=True)


def both(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Yields it, and raises it too."""
    try:
        yield from iterate(stream, transport, clock=clock)
    except OperationFailed as raised:
        yield Failure(raised.error)
        raise


def mistakes_values(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Raises what the stream emits."""
    for value in iterate(stream, transport, clock=clock):
        if isinstance(value, Failure):
            raise OperationFailed(value.failure())
        yield value


def first(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Raises before it yields."""
    yield from list(iterate(stream, transport, clock=clock))


def chained(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Raises another, because of the first."""
    try:
        yield from iterate(stream, transport, clock=clock)
    except OperationFailed as raised:
        raise OperationFailed(raised.error) from raised


class Wordless(OperationFailed):
    def __str__(self) -> str:
        return "it failed"


def wordless(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    """Keeps to itself what happened."""
    error: Error | None = None
    try:
        yield from iterate(stream, transport, clock=clock)
    except OperationFailed as raised:
        error = raised.error
    if error is not None:
        raise Wordless(error)


class Leaving:
    """Leaves the body open when it raises."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def __call__(self, request: Any) -> Any:
        return self._transport(request)

    def open(self, request: Any) -> Any:
        return self._transport.open(request).map(Unclosed)


class Unclosed:
    def __init__(self, body: Any) -> None:
        self.answer, self.read = body.answer, body.read

    def close(self, within: float = 0.0) -> None:
        """Do not."""


def leaves(stream: Any, transport: Any, clock: Clock) -> Generator[Any, None, None]:
    yield from iterate(stream, Leaving(transport), clock=clock)


RAISED = "test_what_breaks_off_is_raised_last_and_once"
GOOD = "test_a_good_end_raises_nothing"
SAYS = "test_what_is_raised_says_the_error_and_nothing_else"
LEAVES = "test_what_is_raised_leaves_no_body_open"
LAWS = {RAISED, GOOD, SAYS, LEAVES}


@pytest.mark.parametrize(
    ("host", "broken"),
    [
        (forgets, {RAISED, SAYS, LEAVES}),
        (yields, {RAISED, SAYS, LEAVES}),
        (both, {RAISED}),
        (mistakes_values, {GOOD}),
        (first, {RAISED}),
        (chained, {SAYS}),
        (wordless, {SAYS}),
        (leaves, {LEAVES}),
    ],
)
def test_each_law_of_what_is_raised_is_broken_by_some_host(host: Manner, broken: set[str]) -> None:
    assert set(broken_laws(Of(host))) & LAWS == broken


def test_a_host_that_takes_an_emitted_failure_for_its_end_is_caught_in_either_manner() -> None:
    law = "test_a_failure_that_is_emitted_is_a_value"

    class Yielding(StreamHostContract):
        def iterate(
            self, stream: Stream[T], transport: StreamingTransport, clock: Clock
        ) -> Generator[T | Failure[Error], None, None]:
            for value in iterate(stream, transport, clock=clock, results=True):
                yield value
                if isinstance(value, Failure):
                    return

    class Raising(Of):
        """The same, of one that raises."""

    for contract in (Yielding(), Raising(mistakes_values)):
        with pytest.raises(AssertionError, match="were received as"):
            getattr(contract, law)()
