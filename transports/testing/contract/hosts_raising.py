"""The laws of hosts that raise what a stream breaks off with, in place of yielding it: all others, and these.

The two manners differ in nothing else. So a host that raises keeps the laws of one that yields, by what it yields and
then raises; and what it raises has laws of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any, TypeVar

from returns.result import Failure, Success

from ....core.errors import Error
from ....core.results import OperationFailed
from ....core.streams import Stream, break_off
from ...clock import Clock
from ...contract import AsyncStreamingTransport, StreamingTransport
from .expect import expect
from .hosts_streams import StreamHostContract
from .hosts_streams_asynchronous import AsyncStreamHostContract, InTurn
from .hosts_values import CHUNKS, LOST, ValuesContract
from .probe_programs import Begin, ReadOn, StreamInstructions, Tell, stream_program
from .probe_world import ERRORS, World, get

T = TypeVar("T")

_ENDED: Any = object()


class _RaisingLaws(ValuesContract):
    """The laws of what is raised."""

    def iterate_or_raise(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T, None, None]:
        """Carry out `stream`, all anew: yield each value at once, then raise what broke it off, if anything did."""
        raise NotImplementedError("a subclass of RaisingStreamHostContract says how the host yields and raises")

    def test_what_breaks_off_is_raised_last_and_once(self) -> None:
        """As an `OperationFailed` with the error itself, after all values; then there are no more."""
        for error in ERRORS:
            for handed_over in ((), (1, 2)):
                clock = self.make_clock()
                stream = stream_program([Tell(handed_over)], break_off(error))
                values = self.iterate_or_raise(stream, World(clock), clock)
                given, raised = _taken(values)
                about = f"a stream of {handed_over} that broke off with {error}"
                expect(given == list(handed_over), f"{about} yielded {given}")
                expect(raised is not None and raised.error == error, f"{about} raised {raised!r}")
                expect(_taken(values) == ([], None), f"{about} went on after it had raised")

    def test_a_good_end_raises_nothing(self) -> None:
        """Whatever the values are, failures among them."""
        clock = self.make_clock()
        told = (1, Failure(LOST), Success(2), None, LOST)
        given, raised = _taken(self.iterate_or_raise(stream_program([Tell(told)]), World(clock), clock))
        expect((given, raised) == (list(told), None), f"a stream of {told} yielded {given}, and raised {raised!r}")

    def test_what_is_raised_says_the_error_and_nothing_else(self) -> None:
        """Its text is the error's, and it was raised while nothing else was being handled."""
        clock = self.make_clock()
        _, raised = _taken(self.iterate_or_raise(stream_program([], break_off(LOST)), World(clock), clock))
        if raised is None:
            raise AssertionError(f"a stream that broke off with {LOST} raised nothing")
        expect(str(raised) == str(LOST), f"{LOST} was raised as {raised}")
        about = (raised.__cause__, raised.__context__)
        expect(about == (None, None), f"{LOST} was raised because of {about}")

    def test_what_is_raised_leaves_no_body_open(self) -> None:
        """The body was closed by then."""
        clock = self.make_clock()
        world = World(clock, chunks=CHUNKS)
        reading: StreamInstructions = (Begin(get("/body")), ReadOn())
        values = self.iterate_or_raise(stream_program(reading, break_off(LOST)), world, clock)
        _, raised = _taken(values)
        expect(raised is not None, f"a stream that broke off with {LOST} raised nothing")
        expect(world.open_bodies == 0, "when what broke a stream off was raised, a body was still open")


class RaisingStreamHostContract(_RaisingLaws, StreamHostContract):
    """The laws of a host that carries out streams, and raises `OperationFailed` where one breaks off.

    The parameters of its methods are those of `StreamHostContract`.
    """

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        """What the host yields, and what it raises as a `Failure`, for the laws of all hosts."""
        try:
            yield from self.iterate_or_raise(stream, transport, clock)
        except OperationFailed as raised:
            yield Failure(raised.error)


class AsyncRaisingStreamHostContract(_RaisingLaws, AsyncStreamHostContract):
    """The laws of a host that carries out streams in an event loop, and raises `OperationFailed`.

    The parameters of its methods are those of `StreamHostContract`.
    """

    def iterate_or_raise_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T, None]:
        """Carry out `stream`, all anew: yield each value at once, then raise what broke it off, if anything did."""
        raise NotImplementedError("a subclass of AsyncRaisingStreamHostContract says how the host yields and raises")

    async def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        """What the host yields, and what it raises as a `Failure`, for the laws of all hosts."""
        values = self.iterate_or_raise_async(stream, transport, clock)
        try:
            async for value in values:
                yield value
        except OperationFailed as raised:
            yield Failure(raised.error)
        finally:
            await values.aclose()

    def iterate_or_raise(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T, None, None]:
        """Carry out `stream` in a loop of its own."""
        with asyncio.Runner() as runner:
            values = self.iterate_or_raise_async(stream, InTurn(transport), clock)

            async def following() -> Any:
                return await anext(values, _ENDED)

            try:
                while (value := runner.run(following())) is not _ENDED:
                    yield value
            finally:
                runner.run(values.aclose())


def _taken(values: Generator[T, None, None]) -> tuple[list[T], OperationFailed | None]:
    """The values, and what was raised after them; where that is anything else, the law fails."""
    given: list[T] = []
    try:
        for value in values:
            given.append(value)
    except OperationFailed as raised:
        return given, raised
    except Exception as error:
        raise AssertionError(f"the host raised {type(error).__name__}: {error}") from error
    return given, None
