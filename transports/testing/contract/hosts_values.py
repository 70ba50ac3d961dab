"""The laws of the values of a stream: all laws of operations, performed within one, and those of what it yields.

Values are asked for one by one: that shows what a host does before a value, and what it does not do ahead of it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

from returns.result import Failure, Result, Success

from ....core.errors import Error, Interrupted, NotSent
from ....core.http import HttpResponse
from ....core.steps import Operation
from ....core.streams import END, Chunk, End, Perform, Stream, break_off
from ...clock import Clock
from ...contract import StreamingTransport, Transport
from .expect import expect
from .hosts import HostContract
from .probe_programs import (
    Ask,
    Begin,
    Do,
    Given,
    HandOver,
    Pause,
    ReadOn,
    StreamCountdown,
    StreamInstruction,
    StreamInstructions,
    Tell,
    stream_program,
)
from .probe_world import ERRORS, Always, OpensNothing, World, get

T = TypeVar("T")

CUT: Chunk = Failure(Interrupted("truncated", "the body broke off"))
CHUNKS: tuple[Chunk, ...] = (Success(b"data: 1\n\n"), Success(b"\x00\xff"), Success(b"data: 2\n\n"))
LOST = NotSent("dns", "no such host")


class ValuesContract(HostContract):
    """The laws of the values of a stream."""

    in_chunks: ClassVar[bool] = True
    """False for a host that sends where others open a body, and returns what was received in one chunk."""

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        """Carry out `stream`, all anew: yield each value at once, then the `Failure` that broke it off, if any."""
        raise NotImplementedError("a subclass of StreamHostContract says how the host yields the values of a stream")

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        """Carry out `operation` within a stream, for the laws of operations."""
        values = self.iterate(Perform(operation, HandOver()), OpensNothing(transport), clock)
        result: Result[T, Error] = the_result(list(values))
        return result

    # --- values ----------------------------------------------------------------------------------

    def test_values_come_in_order_and_complete(self) -> None:
        """Also none at once, and what is false, empty, or looks like an end."""
        handed_over: tuple[tuple[Any, ...], ...] = ((1, 2), (), (None, False, "", b"", ()), ("last",))
        values = self.values_of([Tell(one) for one in handed_over])
        expected = [value for one in handed_over for value in one]
        expect(values == expected, f"the values {expected} were received as {values}")

    def test_a_value_comes_before_the_next_step_is_taken(self) -> None:
        """Who shows values does not want them late; who stops there wants nothing more sent."""
        clock = self.make_clock()
        world = World(clock)
        instructions: StreamInstructions = (Do((Ask(get("/a")),)), Tell((1, 2)), Do((Ask(get("/b")),)), Tell((3,)))
        values = self.iterate(stream_program(instructions), world, clock)
        sent: list[list[str]] = []
        for _ in values:
            sent.append(world.paths)
        expected = [["/a"]] * 3 + [["/a", "/b"]] * 2
        expect(sent == expected, f"when its values were received, a stream had sent {sent}; not {expected}")

    def test_nothing_is_sent_before_the_first_value_is_asked_for(self) -> None:
        """A stream that is made and not used does nothing."""
        clock = self.make_clock()
        beginnings: list[StreamInstructions] = [(Do((Ask(get("/a")),)),), (Begin(get("/body")),)]
        for instructions in beginnings:
            world = World(clock)
            values = self.iterate(stream_program(instructions), world, clock)
            expect(world.paths == [], f"before a value was asked for, {world.paths} was sent")
            all_of(values)
            expect(len(world.paths) == 1, f"one request was sent as {world.paths}")

    def test_a_failure_comes_last_and_once(self) -> None:
        """After all values, or alone."""
        for error in ERRORS:
            end: End[Any] = break_off(error)
            for handed_over in ((), (1, 2)):
                values = self.values_of([Tell(handed_over)], end=end)
                expected = [*handed_over, Failure(error)]
                expect(values == expected, f"a stream of {handed_over} that broke off with {error} yielded {values}")

    def test_a_failure_that_is_emitted_is_a_value(self) -> None:
        """A stream may be one of results: such a value is handed over, and ends nothing."""
        values = self.values_of([Tell((Failure(LOST), 1)), Tell((Failure(LOST),)), Tell((2,))])
        expected = [Failure(LOST), 1, Failure(LOST), 2]
        expect(values == expected, f"the values {expected} were received as {values}")

    def test_a_good_end_adds_nothing(self) -> None:
        """Not even its `Success`."""
        programs: list[StreamInstructions] = [(), (Tell((1,)),), (Do(()),)]
        for instructions in programs:
            values = self.values_of(instructions)
            expect(
                len(values) == len(instructions), f"{len(instructions)} values and a good end were received as {values}"
            )

    def test_a_failure_of_an_operation_is_the_streams_to_judge(self) -> None:
        """It does not end the stream."""
        values = self.values_of([Begin(get("/lost")), Tell((1,))], answers=Failure(LOST))
        expect(values == [Given(Failure(LOST)), 1], f"a failure to go on after, and a value, were received as {values}")

    def test_nothing_is_sent_after_the_caller_stops_asking(self) -> None:
        """However many values are left."""
        clock = self.make_clock()
        world = World(clock)
        values = self.iterate(stream_program([Tell((1, 2)), Do((Ask(get("/a")),)), Begin(get("/body"))]), world, clock)
        next_of(values)
        values.close()
        expect(list(values) == [], "after the caller had stopped asking, values were received")
        expect(world.paths == [], f"after the caller had stopped asking, {world.paths} was sent")

    def test_a_stream_can_be_iterated_again(self) -> None:
        """It is a value: nothing of it is used up."""
        stream = stream_program([Tell((1,)), Do((Ask(get("/a")),)), Begin(get("/body")), ReadOn(), ReadOn()])
        runs: list[tuple[list[Any], list[str]]] = []
        for _ in range(2):
            clock = self.make_clock()
            world = World(clock)
            runs.append((all_of(self.iterate(stream, world, clock)), world.paths))
        expect(
            runs[0] == runs[1] and len(runs[0][0]) == 5, f"iterated again, a stream yielded {runs[1]}, not {runs[0]}"
        )

    def test_streams_in_turns_do_not_mix(self) -> None:
        """Each has its own body, its own time, and its own place."""
        streams: list[tuple[World, Generator[Any, None, None]]] = []
        for name in (b"x", b"y"):
            clock = self.make_clock()
            world = World(clock, chunks=[Success(name + digit) for digit in (b"1", b"2")])
            instructions: StreamInstructions = (Begin(get("/body")), ReadOn(), Do((Pause(self.second),)), ReadOn())
            streams.append((world, self.iterate(stream_program(instructions), world, clock)))
        given: list[list[Any]] = [[], []]
        for _ in range(4):
            for values, (_, stream) in zip(given, streams, strict=True):
                values.append(next_of(stream))
        for _, stream in streams:
            stream.close()
        for name, values in zip((b"x", b"y"), given, strict=True):
            read = bytes_read(values)
            expect(read == name + b"1" + name + b"2", f"of two streams in turns, {name!r} read {read!r}")
            self.expect_lasting("a wait in one of two streams", values[2].what.unwrap()[0], 1.0)

    def test_a_long_stream_runs_in_constant_stack(self) -> None:
        """A hundred thousand steps one after another."""
        clock = self.make_clock()
        stream = StreamCountdown(self.many)(None)
        values = all_of(self.iterate(stream, World(clock), clock))
        expect(values == ["the end"], f"{self.many} steps and a value were received as {values[-2:]}")

    # --- operations within -----------------------------------------------------------------------

    def test_the_seconds_of_a_stream_count_from_its_beginning(self) -> None:
        """From when the first value was asked for, through all its operations: deadlines are kept across them."""
        clock = self.make_clock()
        world = World(clock, lasting=0.5 * self.second)
        wait = Do((Pause(self.second),))
        stream = stream_program([wait, Do((Ask(get("/a")),)), Begin(get("/body")), wait])
        values = self.iterate(stream, world, clock)
        clock.sleep(3 * self.second)
        handed_over = all_of(values)
        self.expect_lasting("the seconds of the first wait of a stream", handed_over[0].what.unwrap()[0], 1.0)
        self.expect_lasting("the seconds of the second wait of a stream", handed_over[-1].what.unwrap()[0], 3.0)

    # --- how the laws see ------------------------------------------------------------------------

    def values_of(
        self,
        instructions: Sequence[StreamInstruction],
        *,
        end: End[Any] = END,
        answers: Result[HttpResponse, Error] | None = None,
        chunks: Sequence[Chunk] = CHUNKS,
    ) -> list[Any]:
        """The values that the host yields of a stream; where it raises, the law fails."""
        clock = self.make_clock()
        world = World(clock, chunks=chunks) if answers is None else World(clock, Always(answers), chunks=chunks)
        return all_of(self.iterate(stream_program(instructions, end), world, clock))


def the_result(values: list[Any]) -> Any:
    """The result that a stream of nothing else handed over."""
    if len(values) == 1 and isinstance(values[0], Given):
        return values[0].what
    raise AssertionError(f"a stream of one value yielded {values}")


def next_of(values: Iterator[Any]) -> Any:
    """The next of the values; where the host raises or there is none, the law fails."""
    try:
        return next(values)
    except StopIteration:
        raise AssertionError("a stream ended before its last value") from None
    except Exception as error:
        raise AssertionError(f"the host raised {type(error).__name__}: {error}") from error


def all_of(values: Iterator[Any]) -> list[Any]:
    """All the values; where the host raises, the law fails."""
    try:
        return list(values)
    except Exception as error:
        raise AssertionError(f"the host raised {type(error).__name__}: {error}") from error


def bytes_read(given: Sequence[Any]) -> bytes:
    """The bytes that were read, of all that was given."""
    chunks: list[Any] = [value.what.value_or(None) for value in given]
    return b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))
