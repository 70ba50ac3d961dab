"""The laws of hosts that carry out streams: all laws of operations, performed within a stream, and those of values.

Values are asked for one by one: that shows what a host does before a value, and what it does not do ahead of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

from returns.result import Failure, Result, Success

from ..core.errors import Error, Interrupted, NotSent
from ..core.http import HttpResponse
from ..core.results import is_failure
from ..core.steps import Done, Operation
from ..core.streams import END, Open, Perform, Piece, Stream
from .clock import Clock
from .contract import StreamingTransport, Transport
from .contract_expect import expect
from .contract_hosts import ERRORS, HostContract
from .contract_hosts_probes import (
    Always,
    Ask,
    Begin,
    CallersBugError,
    Do,
    Given,
    HandOver,
    OpensNothing,
    Pause,
    ReadOn,
    StreamCountdown,
    StreamInstructions,
    Stumble,
    Tell,
    ThenStumble,
    World,
    get,
    stream_program,
)

T = TypeVar("T")

CUT: Piece = Failure(Interrupted("truncated", "the body broke off"))
PIECES: tuple[Piece, ...] = (Success(b"data: 1\n\n"), Success(b"\x00\xff"), Success(b"data: 2\n\n"))
LOST = NotSent("dns", "no such host")


class StreamHostContract(HostContract):
    """The laws of a host that carries out streams. A subclass says how it gives their values."""

    in_pieces: ClassVar[bool] = True
    """False for a host that sends where others open a body, and gives what came in one piece."""

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        """Carry out `stream`, all anew: give its values as they come, then the `Failure` that broke it off, if any."""
        raise NotImplementedError("a subclass of StreamHostContract says how the host gives the values of a stream")

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        """Carry out `operation` within a stream, for the laws of operations."""
        values = self.iterate(Perform(operation, HandOver()), OpensNothing(transport), clock)
        result: Result[T, Error] = the_result(list(values))
        return result

    # --- values ----------------------------------------------------------------------------------

    def test_values_come_in_order_and_complete(self) -> None:
        """Also none at once, and what is false, empty, or looks like an end."""
        told: tuple[tuple[Any, ...], ...] = ((1, 2), (), (None, False, "", b"", ()), ("last",))
        values = self._values_of([Tell(one) for one in told])
        expected = [value for one in told for value in one]
        expect(values == expected, f"the values {expected} came as {values}")

    def test_a_value_comes_before_the_next_step_is_taken(self) -> None:
        """Who shows what comes does not want it late; who stops there wants nothing more sent."""
        clock = self.make_clock()
        world = World(clock)
        instructions: StreamInstructions = (Do((Ask(get("/a")),)), Tell((1, 2)), Do((Ask(get("/b")),)), Tell((3,)))
        values = self.iterate(stream_program(instructions), world, clock)
        sent: list[list[str]] = []
        for _ in values:
            sent.append(world.paths)
        expected = [["/a"]] * 3 + [["/a", "/b"]] * 2
        expect(sent == expected, f"when its values came, a stream had sent {sent}; not {expected}")

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
            end: Done[None] = Done(Failure(error))
            for told in ((), (1, 2)):
                values = self._values_of([Tell(told)], end=end)
                expected = [*told, Failure(error)]
                expect(values == expected, f"a stream of {told} that broke off with {error} gave {values}")

    def test_a_good_end_adds_nothing(self) -> None:
        """Not even its `Success`."""
        programs: list[StreamInstructions] = [(), (Tell((1,)),), (Do(()),)]
        for instructions in programs:
            values = self._values_of(instructions)
            expect(len(values) == len(instructions), f"{len(instructions)} values and a good end came as {values}")

    def test_a_failure_of_an_operation_is_the_streams_to_judge(self) -> None:
        """It does not end the stream."""
        values = self._values_of([Begin(get("/lost")), Tell((1,))], answers=Failure(LOST))
        expect(values == [Given(Failure(LOST)), 1], f"a failure to go on after, and a value, came as {values}")

    def test_nothing_is_sent_after_the_caller_stops_asking(self) -> None:
        """However many values are still to come."""
        clock = self.make_clock()
        world = World(clock)
        values = self.iterate(stream_program([Tell((1, 2)), Do((Ask(get("/a")),)), Begin(get("/body"))]), world, clock)
        next_of(values)
        values.close()
        expect(list(values) == [], "after the caller had stopped asking, values came")
        expect(world.paths == [], f"after the caller had stopped asking, {world.paths} was sent")

    def test_a_stream_can_be_iterated_again(self) -> None:
        """It is a value: nothing of it is used up."""
        stream = stream_program([Tell((1,)), Do((Ask(get("/a")),)), Begin(get("/body")), ReadOn(), ReadOn()])
        runs: list[tuple[list[Any], list[str]]] = []
        for _ in range(2):
            clock = self.make_clock()
            world = World(clock)
            runs.append((all_of(self.iterate(stream, world, clock)), world.paths))
        expect(runs[0] == runs[1] and len(runs[0][0]) == 5, f"iterated again, a stream gave {runs[1]}, not {runs[0]}")

    def test_streams_in_turns_do_not_mix(self) -> None:
        """Each has its own body, its own time, and its own place."""
        streams: list[tuple[World, Generator[Any, None, None]]] = []
        for name in (b"x", b"y"):
            clock = self.make_clock()
            world = World(clock, pieces=[Success(name + digit) for digit in (b"1", b"2")])
            instructions: StreamInstructions = (Begin(get("/body")), ReadOn(), Do((Pause(self.second),)), ReadOn())
            streams.append((world, self.iterate(stream_program(instructions), world, clock)))
        given: list[list[Any]] = [[], []]
        for _ in range(4):
            for values, (_, stream) in zip(given, streams, strict=True):
                values.append(next_of(stream))
        for _, stream in streams:
            stream.close()
        for name, values in zip((b"x", b"y"), given, strict=True):
            read = _bytes_of(values)
            expect(read == name + b"1" + name + b"2", f"of two streams in turns, {name!r} read {read!r}")
            self.expect_lasting("a wait in one of two streams", values[2].what.unwrap()[0], 1.0)

    def test_a_long_stream_runs_in_constant_stack(self) -> None:
        """A hundred thousand steps one after another."""
        clock = self.make_clock()
        stream = StreamCountdown(self.many)(None)
        values = all_of(self.iterate(stream, World(clock), clock))
        expect(values == ["the end"], f"{self.many} steps and a value came as {values[-2:]}")

    # --- operations within -----------------------------------------------------------------------

    def test_the_seconds_of_a_stream_count_from_its_beginning(self) -> None:
        """From when the first value was asked for, through all its operations: deadlines are kept across them."""
        clock = self.make_clock()
        world = World(clock, lasting=0.5 * self.second)
        wait = Do((Pause(self.second),))
        stream = stream_program([wait, Do((Ask(get("/a")),)), Begin(get("/body")), wait])
        values = self.iterate(stream, world, clock)
        clock.sleep(3 * self.second)
        told = all_of(values)
        self.expect_lasting("at the first wait of a stream, what was told", told[0].what.unwrap()[0], 1.0)
        self.expect_lasting("at the second wait of a stream, what was told", told[-1].what.unwrap()[0], 3.0)

    # --- bodies ----------------------------------------------------------------------------------

    def test_a_body_comes_whole_and_in_order(self) -> None:
        """The answer first, with status and headers and no body; then the pieces; then no bytes, however often."""
        answer = HttpResponse(status=206, headers=(("X-Request-Id", "req_1"),))
        world_answer = HttpResponse(status=206, headers=answer.headers, body=b"all of it")
        given = self._values_of([Begin(get("/whole")), *[ReadOn()] * 3], answers=Success(world_answer))
        pieces = [value.what for value in given]
        expect(pieces[0] == Success(answer), f"the answer to a body that was opened came as {pieces[0]}")
        expect(_bytes_of(given) == b"all of it", f"a body came as {pieces[1:]}")
        expect(pieces[-1] == Success(b""), f"after its end, a body gave {pieces[-1]}")
        given = self._values_of([Begin(get("/body")), *[ReadOn()] * 5], pieces=PIECES)
        whole = b"".join(piece.unwrap() for piece in PIECES)
        expect(_bytes_of(given) == whole, f"a body of {PIECES} came as {[value.what for value in given[1:]]}")

    def test_a_piece_comes_before_the_next_is_read(self) -> None:
        """Pieces are neither joined nor read ahead."""
        if not self.in_pieces:
            return self.test_a_body_comes_whole_and_in_order()
        clock = self.make_clock()
        world = World(clock, pieces=PIECES)
        values = self.iterate(stream_program([Begin(get("/body")), *[ReadOn()] * 4]), world, clock)
        next_of(values)
        for count, piece in enumerate((*PIECES, Success(b""))):
            reads = world.bodies[0].reads if world.bodies else -1
            expect(reads == count, f"when {count} pieces had been asked for, {reads} had been read")
            given = next_of(values)
            expect(given == Given(piece), f"the piece {piece} came as {given}")
        values.close()
        return None

    def test_a_body_that_breaks_off_says_so(self) -> None:
        """To the one who reads, with what had come before; to the one who opens, where a body is given whole."""
        given = self._values_of([Begin(get("/body")), *[ReadOn()] * 2], pieces=(Success(b"data"), CUT))
        if self.in_pieces:
            expect(given[1:] == [Given(Success(b"data")), Given(CUT)], f"a body that breaks off came as {given[1:]}")
        else:
            expect(given[0] == Given(CUT), f"a body that breaks off came as {given[0]}")

    def test_any_other_answer_comes_whole(self) -> None:
        """A refusal is wanted at once; it leaves no bytes to be read."""
        for status in (301, 404, 429, 503):
            refusal = HttpResponse(status=status, headers=(("Retry-After", "0"),), body=b'{"error":{}}')
            given = self._values_of([Begin(get("/refused")), ReadOn()], answers=Success(refusal))
            expected = [Given(Success(refusal)), Given(Success(b""))]
            expect(given == expected, f"a {status}, and what was read after it, came as {given}")

    def test_where_nothing_is_open_a_read_is_interrupted(self) -> None:
        """Before anything was opened, and after what could not be opened: `NOT_OPEN`, or another `Interrupted`."""
        begun: list[list[Tell | Do | Begin | ReadOn]] = [[], [Do((Ask(get("/a")),))], [Begin(get("/lost"))]]
        begun.append([Begin(get("/body")), Begin(get("/lost"))])
        for instructions in begun:
            clock = self.make_clock()
            world = World(clock, lambda request: Failure(LOST))
            given = all_of(self.iterate(stream_program([*instructions, ReadOn()]), world, clock))[-1]
            piece = given.what if isinstance(given, Given) else given
            held = is_failure(piece) and isinstance(piece.failure(), Interrupted)
            expect(held, f"where nothing is open, a read gave {given}")

    def test_an_exchange_leaves_the_body_open(self) -> None:
        """It is another exchange."""
        instructions: StreamInstructions = (
            Begin(get("/body")),
            ReadOn(),
            Do((Ask(get("/a")), Pause(0.0))),
            ReadOn(),
        )
        given = self._values_of(instructions, pieces=PIECES[:2])
        read = _bytes_of([given[0], given[1], given[3]])
        expect(read == b"data: 1\n\n\x00\xff", f"a body with an exchange between its pieces was read as {read!r}")

    # --- closing ---------------------------------------------------------------------------------

    def test_opening_another_body_closes_the_one_before(self) -> None:
        """At the latest when the answer to the other is given; also where the other cannot be opened."""
        for path in ("/body/2", "/lost"):
            clock = self.make_clock()
            world = World(clock, lambda request: Failure(LOST), pieces=PIECES)
            values = self.iterate(stream_program([Begin(get("/body/1")), ReadOn(), Begin(get(path))]), world, clock)
            for _ in range(3):
                next_of(values)
            unclosed = sum(not body.closed for body in world.bodies[:1])
            values.close()
            expect(unclosed == 0, f"after {path} was opened, the body before it was still open")

    def test_whoever_stops_asking_closes_the_body(self) -> None:
        """Nothing more is read of it."""
        clock = self.make_clock()
        world = World(clock, pieces=PIECES)
        values = self.iterate(stream_program([Begin(get("/body")), ReadOn(), ReadOn()]), world, clock)
        next_of(values)
        next_of(values)
        reads = [body.reads for body in world.bodies]
        values.close()
        expect(world.open_bodies == 0, "after the caller had stopped asking, a body was still open")
        expect([body.reads for body in world.bodies] == reads, "after the caller had stopped asking, a body was read")

    def test_at_the_end_the_body_is_closed(self) -> None:
        """Also where it was not read to its own end, and where the stream breaks off."""
        ends: tuple[Done[None], ...] = (END, Done(Failure(LOST)))
        for end in ends:
            clock = self.make_clock()
            world = World(clock, pieces=PIECES)
            all_of(self.iterate(stream_program([Begin(get("/body")), ReadOn()], end), world, clock))
            expect(world.open_bodies == 0, "after a stream had ended, a body was still open")

    def test_what_a_callers_function_raises_closes_the_body(self) -> None:
        """And comes out."""
        for stream in (_opening(Stumble()), _opening(ThenStumble())):
            clock = self.make_clock()
            world = World(clock, pieces=PIECES)
            try:
                values = list(self.iterate(stream, world, clock))
            except CallersBugError:
                expect(world.open_bodies == 0, "after a caller's function had raised, a body was still open")
            else:
                raise AssertionError(f"what a caller's function raised was swallowed, and the values are {values}")

    # --- how the laws see ------------------------------------------------------------------------

    def _values_of(
        self,
        instructions: Sequence[Tell | Do | Begin | ReadOn],
        *,
        end: Done[None] = END,
        answers: Result[HttpResponse, Error] | None = None,
        pieces: Sequence[Piece] = PIECES,
    ) -> list[Any]:
        """The values that the host gives of a stream; where it raises, the law fails."""
        clock = self.make_clock()
        world = World(clock, pieces=pieces) if answers is None else World(clock, Always(answers), pieces=pieces)
        return all_of(self.iterate(stream_program(instructions, end), world, clock))


def the_result(values: list[Any]) -> Any:
    """The result that a stream of nothing else handed over."""
    if len(values) == 1 and isinstance(values[0], Given):
        return values[0].what
    raise AssertionError(f"a stream of one value gave {values}")


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


def _bytes_of(given: Sequence[Any]) -> bytes:
    """The bytes that were read, of all that was given."""
    pieces: list[Any] = [value.what.value_or(None) for value in given]
    return b"".join(piece for piece in pieces if isinstance(piece, bytes))


def _opening(resume: Callable[[Any], Stream[Any]]) -> Stream[Any]:
    return Open(get("/body"), resume)
