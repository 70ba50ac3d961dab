"""The laws of hosts that carry out streams: those of operations, of values, and of the bodies that streams read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Success

from ....core.errors import Interrupted
from ....core.http import HttpResponse
from ....core.results import is_failure
from ....core.streams import END, End, Open, Stream
from .expect import expect
from .hosts_values import CHUNKS, CUT, LOST, ValuesContract, all_of, bytes_read, next_of
from .probe_programs import (
    Ask,
    Begin,
    CallersBugError,
    Do,
    Given,
    Pause,
    ReadOn,
    Shut,
    Split,
    StreamInstructions,
    Stumble,
    Tell,
    ThenStumble,
    stream_program,
)
from .probe_world import World, get


class StreamHostContract(ValuesContract):
    """The laws of a host that carries out streams. A subclass says how it yields their values.

    It is given a `stream`; the other parameters of its methods are those of `HostContract`.
    """

    # --- bodies ----------------------------------------------------------------------------------

    def test_a_body_comes_whole_and_in_order(self) -> None:
        """The answer first, with status and headers and no body; then the chunks; then no bytes, however often."""
        answer = HttpResponse(status=206, headers=(("X-Request-Id", "req_1"),))
        world_answer = HttpResponse(status=206, headers=answer.headers, body=b"all of it")
        given = self.values_of([Begin(get("/whole")), *[ReadOn()] * 3], answers=Success(world_answer))
        chunks = [value.what for value in given]
        expect(chunks[0] == Success(answer), f"the answer to a body that was opened was received as {chunks[0]}")
        expect(bytes_read(given) == b"all of it", f"a body was received as {chunks[1:]}")
        expect(chunks[-1] == Success(b""), f"after its end, a body returned {chunks[-1]}")
        given = self.values_of([Begin(get("/body")), *[ReadOn()] * 5], chunks=CHUNKS)
        whole = b"".join(chunk.unwrap() for chunk in CHUNKS)
        expect(bytes_read(given) == whole, f"a body of {CHUNKS} was received as {[value.what for value in given[1:]]}")

    def test_a_chunk_comes_before_the_next_is_read(self) -> None:
        """Chunks are neither joined nor read ahead."""
        if not self.in_chunks:
            return self.test_a_body_comes_whole_and_in_order()
        clock = self.make_clock()
        world = World(clock, chunks=CHUNKS)
        values = self.iterate(stream_program([Begin(get("/body")), *[ReadOn()] * 4]), world, clock)
        next_of(values)
        for count, chunk in enumerate((*CHUNKS, Success(b""))):
            reads = world.bodies[0].reads if world.bodies else -1
            expect(reads == count, f"when {count} chunks had been asked for, {reads} had been read")
            given = next_of(values)
            expect(given == Given(chunk), f"the chunk {chunk} was received as {given}")
        values.close()
        return None

    def test_a_read_is_given_the_time_that_it_has(self) -> None:
        """As the step says, also where there is none; a host that receives every body whole never waits."""
        if not self.in_chunks:
            return
        clock = self.make_clock()
        world = World(clock, chunks=CHUNKS)
        reads = (ReadOn(), ReadOn(0.25), ReadOn(), ReadOn(30.0))
        all_of(self.iterate(stream_program([Begin(get("/body")), *reads]), world, clock))
        times = [None, 0.25, None, 30.0]
        expect(world.bodies[0].times == times, f"reads of {times} seconds were given {world.bodies[0].times}")

    def test_a_body_that_breaks_off_says_so(self) -> None:
        """To the one who reads, with what was received before; to the one who opens, where a body is received whole."""
        given = self.values_of([Begin(get("/body")), *[ReadOn()] * 2], chunks=(Success(b"data"), CUT))
        if self.in_chunks:
            expect(
                given[1:] == [Given(Success(b"data")), Given(CUT)],
                f"a body that breaks off was received as {given[1:]}",
            )
        else:
            expect(given[0] == Given(CUT), f"a body that breaks off was received as {given[0]}")

    def test_any_other_answer_comes_whole(self) -> None:
        """A refusal is wanted at once; it leaves no bytes to be read."""
        for status in (301, 404, 429, 503):
            refusal = HttpResponse(status=status, headers=(("Retry-After", "0"),), body=b'{"error":{}}')
            given = self.values_of([Begin(get("/refused")), ReadOn()], answers=Success(refusal))
            expected = [Given(Success(refusal)), Given(Success(b""))]
            expect(given == expected, f"a {status}, and what was read after it, was received as {given}")

    def test_where_nothing_is_open_a_read_is_interrupted(self) -> None:
        """Before anything was opened, and after what could not be opened: `NOT_OPEN`, or another `Interrupted`."""
        begun: list[StreamInstructions] = [(), (Do((Ask(get("/a")),)),), (Begin(get("/lost")),)]
        begun += [(Begin(get("/body")), Begin(get("/lost"))), (Shut(),)]
        for instructions in begun:
            clock = self.make_clock()
            world = World(clock, lambda request: Failure(LOST))
            given = all_of(self.iterate(stream_program([*instructions, ReadOn()]), world, clock))[-1]
            chunk = given.what if isinstance(given, Given) else given
            held = is_failure(chunk) and isinstance(chunk.failure(), Interrupted)
            expect(held, f"where nothing is open, a read returned {given}")

    def test_an_exchange_leaves_the_body_open(self) -> None:
        """It is another exchange; so are those of a fork."""
        instructions: StreamInstructions = (
            Begin(get("/body")),
            ReadOn(),
            Do((Ask(get("/a")), Pause(0.0), Split(((Ask(get("/b")),), (Ask(get("/c")),))))),
            ReadOn(),
        )
        given = self.values_of(instructions, chunks=CHUNKS[:2])
        read = bytes_read([given[0], given[1], given[3]])
        expect(read == b"data: 1\n\n\x00\xff", f"a body with an exchange between its chunks was read as {read!r}")

    # --- closing ---------------------------------------------------------------------------------

    def test_a_close_closes_the_body_before_what_follows(self) -> None:
        """Before a value is handed over, an operation performed, or another body opened; and that one is read."""
        clock = self.make_clock()
        world = World(clock, chunks=CHUNKS)
        opening = (Begin(get("/body")), ReadOn(), Shut())
        following = (Tell(("a value",)), Do((Ask(get("/a")),)), *opening)
        values = self.iterate(stream_program((*opening, *following, *opening[:2])), world, clock)
        given: list[Any] = []
        for value in values:
            given.append(value)
            if value == "a value":
                expect(world.open_bodies == 0, "when a value after a Close was handed over, the body was still open")
        expect(
            not any(world.open_then), f"when {world.paths} was sent after a Close, bodies were open: {world.open_then}"
        )
        expect(len(given) == 8, f"a stream that closes its bodies yielded {given}")
        for chunk in (given[1], given[5], given[7]):
            expect(bytes_read([chunk]).startswith(b"data: 1"), f"of a body after a Close, {chunk} was read")

    def test_a_close_is_given_the_time_that_it_has(self) -> None:
        """For the end of the body, as the step says; a host that receives every body whole has nothing to close."""
        for within in (0.0, 0.25):
            clock = self.make_clock()
            world = World(clock, chunks=CHUNKS)
            all_of(
                self.iterate(stream_program((Begin(get("/body")), ReadOn(), Shut(within), Tell((1,)))), world, clock)
            )
            for body in world.bodies if self.in_chunks else ():
                expect(body.closings == [within], f"a Close within {within} seconds was one within {body.closings}")

    def test_after_a_close_a_read_is_interrupted(self) -> None:
        """As where nothing was opened; the body is not read any more, also where it was at its end."""
        for reads in (0, 1, len(CHUNKS) + 1):
            clock = self.make_clock()
            world = World(clock, chunks=CHUNKS)
            instructions: StreamInstructions = (Begin(get("/body")), *[ReadOn()] * reads, Shut(), ReadOn(), ReadOn())
            given = all_of(self.iterate(stream_program(instructions), world, clock))
            for value in given[-2:]:
                chunk = value.what if isinstance(value, Given) else value
                held = is_failure(chunk) and isinstance(chunk.failure(), Interrupted)
                expect(held, f"after a Close, a read returned {value}")
            expect(len(given) == reads + 3, f"a stream that reads after a Close yielded {given}")
            expect(not any(body.read_after_closing for body in world.bodies), "a body was read after it was closed")

    def test_where_nothing_is_open_a_close_does_nothing(self) -> None:
        """Before anything was opened, after what could not be opened, and after another; at the end, too."""
        begun: list[StreamInstructions] = [(), (Begin(get("/lost")),), (Begin(get("/body")), Shut(0.5))]
        for instructions in begun:
            clock = self.make_clock()
            world = World(clock, lambda request: Failure(LOST), chunks=CHUNKS)
            shutting = (*instructions, Shut(0.25), Shut(), Tell(("a value",)))
            given = all_of(self.iterate(stream_program(shutting), world, clock))
            expect(given[-1:] == ["a value"], f"after a Close of nothing, a value was received as {given}")
            expect(len(world.paths) <= 1, f"for a Close of nothing, {world.paths[1:]} was sent")
            for body in world.bodies:
                expect(len(body.closings) == 1, f"a body that was closed was closed again, within {body.closings}")

    def test_opening_another_body_closes_the_one_before(self) -> None:
        """At the latest when the answer to the other is given; also where the other cannot be opened."""
        for path in ("/body/2", "/lost"):
            clock = self.make_clock()
            world = World(clock, lambda request: Failure(LOST), chunks=CHUNKS)
            values = self.iterate(stream_program([Begin(get("/body/1")), ReadOn(), Begin(get(path))]), world, clock)
            for _ in range(3):
                next_of(values)
            unclosed = sum(not body.closed for body in world.bodies[:1])
            values.close()
            expect(unclosed == 0, f"after {path} was opened, the body before it was still open")

    def test_whoever_stops_asking_closes_the_body(self) -> None:
        """Nothing more is read of it."""
        clock = self.make_clock()
        world = World(clock, chunks=CHUNKS)
        values = self.iterate(stream_program([Begin(get("/body")), ReadOn(), ReadOn()]), world, clock)
        next_of(values)
        next_of(values)
        reads = [body.reads for body in world.bodies]
        values.close()
        expect(world.open_bodies == 0, "after the caller had stopped asking, a body was still open")
        expect([body.reads for body in world.bodies] == reads, "after the caller had stopped asking, a body was read")

    def test_at_the_end_the_body_is_closed(self) -> None:
        """Also where it was not read to its own end, and where the stream breaks off."""
        ends: tuple[End[Any], ...] = (END, End(Failure(LOST)))
        for end in ends:
            clock = self.make_clock()
            world = World(clock, chunks=CHUNKS)
            all_of(self.iterate(stream_program([Begin(get("/body")), ReadOn()], end), world, clock))
            expect(world.open_bodies == 0, "after a stream had ended, a body was still open")

    def test_what_a_callers_function_raises_closes_the_body(self) -> None:
        """And is raised."""
        for stream in (_opening(Stumble()), _opening(ThenStumble())):
            clock = self.make_clock()
            world = World(clock, chunks=CHUNKS)
            try:
                values = list(self.iterate(stream, world, clock))
            except CallersBugError:
                expect(world.open_bodies == 0, "after a caller's function had raised, a body was still open")
            else:
                raise AssertionError(f"what a caller's function raised was swallowed, and the values are {values}")


def _opening(resume: Callable[[Any], Stream[Any]]) -> Stream[Any]:
    return Open(get("/body"), resume)
