"""The laws of hosts of streams catch what breaks one: each law is broken here at least once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from itertools import islice
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from puresponse.core import (
    END,
    NOT_OPEN,
    Answer,
    Chunk,
    Close,
    Done,
    Emit,
    End,
    Error,
    HttpResponse,
    Open,
    Perform,
    Read,
    Stream,
    is_failure,
)
from puresponse.transports import (
    AsyncBody,
    AsyncStreamingTransport,
    Body,
    Clock,
    StreamingTransport,
    iterate,
    run,
    run_async,
)
from puresponse.transports.testing.contract import (
    AsyncHostContract,
    AsyncStreamHostContract,
    HostContract,
    StreamHostContract,
)
from puresponse.transports.testing.contract import broken_laws as how_broken

T = TypeVar("T")
Values = Generator[Any, None, None]


def laws_of(contract: type[HostContract]) -> set[str]:
    return {name for name in dir(contract) if name.startswith("test_")}


def broken_laws(contract: HostContract, laws: set[str]) -> set[str]:
    """Which of these laws the host of `contract` breaks."""
    broken: set[str] = set()
    for law in laws:
        try:
            getattr(contract, law)()
        except AssertionError as error:
            broken.add(law if str(error) else f"{law}, without a word")
    return broken


STREAM_LAWS = laws_of(StreamHostContract) - laws_of(HostContract)
LOOP_LAWS = laws_of(AsyncStreamHostContract) - laws_of(AsyncHostContract)


class Sound:
    """A host that keeps the laws, in parts that can be broken one by one."""

    def __init__(self) -> None:
        self.transport: StreamingTransport
        self.clock: Clock
        self.started = 0.0
        self.body: Body | None = None

    def begin(self, transport: StreamingTransport, clock: Clock) -> Sound:
        """A host for one stream."""
        host = type(self)()
        host.transport, host.clock = transport, clock
        return host

    def iterate(self, stream: Stream[Any]) -> Values:
        self.started = self.clock.monotonic()
        try:
            yield from self.steps(stream)
        except GeneratorExit:
            self.stopped()
            raise
        except Exception:
            self.raised()
            raise
        else:
            self.ended()

    def steps(self, stream: Stream[Any]) -> Values:
        while not isinstance(stream, End):
            if isinstance(stream, Emit):
                yield from self.values(stream.values)
                stream = stream.rest
            else:
                stream = self.step(stream)
        yield from self.end(stream)

    def step(self, stream: Perform[Any] | Open[Any] | Read[Any] | Close[Any]) -> Stream[Any]:
        if isinstance(stream, Perform):
            elapsed = self.clock.monotonic() - self.started
            return stream.resume(run(stream.operation, self.transport, clock=self.clock, elapsed=elapsed))
        if isinstance(stream, Open):
            self.forget()
            return self.open(stream)
        if isinstance(stream, Close):
            self.shut(stream.within)
            return stream.rest
        return stream.resume(self.read(stream.within))

    def values(self, values: tuple[Any, ...]) -> Values:
        yield from values

    def end(self, end: End[Any]) -> Values:
        if is_failure(end.result):
            yield end.result

    def open(self, step: Open[Any]) -> Stream[Any]:
        opened = self.transport.open(step.request)
        self.body = None if is_failure(opened) else opened.unwrap()
        return step.resume(opened.map(self.answer))

    def answer(self, body: Body) -> HttpResponse:
        return body.answer

    def read(self, within: float | None = None) -> Chunk:
        return NOT_OPEN if self.body is None else self.body.read(within)

    def shut(self, within: float) -> None:
        """Do what a `Close` says."""
        self.close(within)

    def forget(self) -> None:
        """Close what was open before."""
        self.close()

    def stopped(self) -> None:
        self.close()

    def raised(self) -> None:
        self.close()

    def ended(self) -> None:
        self.close()

    def close(self, within: float = 0.0) -> None:
        if self.body is not None:
            self.body.close(within)
        self.body = None


class Of(StreamHostContract):
    """Checks a host of that kind; of few steps, which are more than a stack holds."""

    many = 3_000

    def __init__(self, host: Sound) -> None:
        self._host = host

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        return self._host.begin(transport, clock).iterate(stream)


class SkipsNothings(Sound):
    def values(self, values: tuple[Any, ...]) -> Values:
        yield from (value for value in values if value is not None)


class Backwards(Sound):
    def values(self, values: tuple[Any, ...]) -> Values:
        yield from reversed(values)


class MistakesValues(Sound):
    """Takes a failure that is emitted for the end of the stream's values."""

    def values(self, values: tuple[Any, ...]) -> Values:
        for value in values:
            yield value
            if isinstance(value, Failure):
                return


class GathersFirst(Sound):
    """Gives the values when all are there."""

    def steps(self, stream: Stream[Any]) -> Values:
        yield from list(super().steps(stream))


class Eager(Sound):
    """Begins when it is made, and not when it is asked."""

    def iterate(self, stream: Stream[Any]) -> Values:
        values = super().iterate(stream)
        return self._after(list(islice(values, 1)), values)

    def _after(self, first: list[Any], values: Values) -> Values:
        try:
            yield from first
            yield from values
        finally:
            values.close()


class Repeats(Sound):
    def end(self, end: End[Any]) -> Values:
        yield from super().end(end)
        yield from super().end(end)


class Conceals(Sound):
    def end(self, end: End[Any]) -> Values:
        yield from ()


class FailsFirst(Sound):
    def steps(self, stream: Stream[Any]) -> Values:
        if isinstance(stream, Emit) and isinstance(stream.rest, End):
            yield from self.end(stream.rest)
            yield from stream.values
        else:
            yield from super().steps(stream)


class SaysThatItIsEmpty(Sound):
    def iterate(self, stream: Stream[Any]) -> Values:
        if isinstance(stream, End) and not is_failure(stream.result):
            yield stream.result
        yield from super().iterate(stream)


class GivesUp(Sound):
    """Ends a stream where a body cannot be opened."""

    def open(self, step: Open[Any]) -> Stream[Any]:
        opened = self.transport.open(step.request)
        if is_failure(opened):
            return End(Failure(opened.failure()))
        self.body = opened.unwrap()
        return step.resume(Success(self.body.answer))


class CarriesOn(Sound):
    """Does what is left to do also for one who does not ask any more."""

    def __init__(self) -> None:
        super().__init__()
        self.left: Stream[Any] = END

    def steps(self, stream: Stream[Any]) -> Values:
        while not isinstance(stream, End):
            if isinstance(stream, Emit):
                self.left = stream.rest
                yield from stream.values
                stream = stream.rest
            else:
                stream = self.step(stream)
        yield from self.end(stream)

    def stopped(self) -> None:
        for _ in super().steps(self.left):
            pass
        self.close()


class Remembers(Sound):
    """Does a stream that it did just before no second time."""

    def __init__(self) -> None:
        super().__init__()
        self.last: list[Any] = []

    def begin(self, transport: StreamingTransport, clock: Clock) -> Sound:
        host = super().begin(transport, clock)
        assert isinstance(host, Remembers)
        host.last = self.last
        return host

    def iterate(self, stream: Stream[Any]) -> Values:
        if self.last and isinstance(stream, Emit) and self.last[0] == stream:
            yield from self.last[1]
            return
        values: list[Any] = []
        for value in super().iterate(stream):
            values.append(value)
            yield value
        self.last[:] = stream, values


class OneBodyForAll(Sound):
    def begin(self, transport: StreamingTransport, clock: Clock) -> Sound:
        self.transport, self.clock = transport, clock
        return self


class Recurses(Sound):
    def steps(self, stream: Stream[Any]) -> Values:
        if isinstance(stream, End):
            yield from self.end(stream)
        elif isinstance(stream, Emit):
            yield from self.values(stream.values)
            yield from self.steps(stream.rest)
        else:
            yield from self.steps(self.step(stream))


class CountsEachOperation(Sound):
    def step(self, stream: Perform[Any] | Open[Any] | Read[Any] | Close[Any]) -> Stream[Any]:
        if isinstance(stream, Perform):
            return stream.resume(run(stream.operation, self.transport, clock=self.clock))
        return super().step(stream)


class DropsHeaders(Sound):
    def answer(self, body: Body) -> HttpResponse:
        return replace(body.answer, headers=()) if body.answer.is_success else body.answer


class EndsOnce(Sound):
    """Forgets a body at its end."""

    def read(self, within: float | None = None) -> Chunk:
        chunk = super().read(within)
        if chunk == Success(b"") and self.body is not None and self.body.answer.is_success:
            self.close()
        return chunk


class ReadsAhead(Sound):
    def __init__(self) -> None:
        super().__init__()
        self.ahead: list[Chunk] = []

    def open(self, step: Open[Any]) -> Stream[Any]:
        self.ahead.clear()
        return super().open(step)

    def shut(self, within: float) -> None:
        self.ahead.clear()
        super().shut(within)

    def read(self, within: float | None = None) -> Chunk:
        self.ahead.append(super().read(within))
        if len(self.ahead) == 1 and self.body is not None:
            self.ahead.append(super().read(within))
        return self.ahead.pop(0)


class JoinsChunks(Sound):
    """Reads a body to its end, and gives it in one chunk."""

    def read(self, within: float | None = None) -> Chunk:
        read = b""
        while True:
            chunk = super().read(within)
            if is_failure(chunk):
                return chunk
            if not chunk.unwrap():
                return Success(read)
            read += chunk.unwrap()


class WaitsForever(Sound):
    """Waits for a chunk as long as the transport does, whatever the step says."""

    def read(self, within: float | None = None) -> Chunk:
        return super().read()


class SeesAnEnd(Sound):
    """Takes a body that breaks off for one that ends."""

    def read(self, within: float | None = None) -> Chunk:
        chunk = super().read(within)
        return Success(b"") if self.body is not None and is_failure(chunk) else chunk


class OpensRefusals(Sound):
    """Has the body of any answer read."""

    def answer(self, body: Body) -> HttpResponse:
        return replace(body.answer, body=b"")


class ReadsNothing(Sound):
    """Takes no body for one that has ended."""

    def read(self, within: float | None = None) -> Chunk:
        return Success(b"") if self.body is None else self.body.read(within)


class OneThingAtATime(Sound):
    """Closes the body for another exchange."""

    def step(self, stream: Perform[Any] | Open[Any] | Read[Any] | Close[Any]) -> Stream[Any]:
        if isinstance(stream, Perform) and not isinstance(stream.operation, Done):
            self.close()
        return super().step(stream)


class LeavesTheFirst(Sound):
    def forget(self) -> None:
        pass


class LeavesWhenStopped(Sound):
    def stopped(self) -> None:
        pass


class LeavesWhenRaised(Sound):
    def raised(self) -> None:
        pass


class LeavesAtTheEnd(Sound):
    def ended(self) -> None:
        pass


class Swallows(Sound):
    def iterate(self, stream: Stream[Any]) -> Values:
        try:
            yield from super().iterate(stream)
        except Exception as error:
            yield f"an error: {error!r}"


class IgnoresCloses(Sound):
    """Leaves a body open until another is opened, or the stream ends."""

    def shut(self, within: float) -> None:
        pass


class ClosesLate(Sound):
    """Closes a body only when it does something else with it, or with another."""

    def __init__(self) -> None:
        super().__init__()
        self.due: float | None = None

    def step(self, stream: Perform[Any] | Open[Any] | Read[Any] | Close[Any]) -> Stream[Any]:
        if self.due is not None and not isinstance(stream, Perform | Close):
            self.close(self.due)
            self.due = None
        return super().step(stream)

    def shut(self, within: float) -> None:
        self.due = within if self.due is None else self.due

    def ended(self) -> None:
        self.close(0.0 if self.due is None else self.due)


class ClosesAtOnce(Sound):
    """Leaves no body the time for its end, whatever the step says."""

    def shut(self, within: float) -> None:
        self.close()


class SeesAnEndBehindAClose(Sound):
    """Takes a body that was closed for one that has ended."""

    shut_one = False

    def shut(self, within: float) -> None:
        self.shut_one = self.shut_one or self.body is not None
        super().shut(within)

    def read(self, within: float | None = None) -> Chunk:
        return Success(b"") if self.body is None and self.shut_one else super().read(within)


class ReadsWhatItClosed(Sound):
    """Closes a body, and goes on reading it."""

    closed: Body | None = None

    def shut(self, within: float) -> None:
        self.closed = self.body or self.closed
        super().shut(within)

    def read(self, within: float | None = None) -> Chunk:
        if self.body is None and self.closed is not None:
            return self.closed.read(within)
        return super().read(within)


class ClosesAgain(Sound):
    """Closes the body that was opened last, whether it is open or not."""

    last: Body | None = None

    def open(self, step: Open[Any]) -> Stream[Any]:
        following = super().open(step)
        self.last = self.body
        return following

    def shut(self, within: float) -> None:
        if self.last is not None:
            self.last.close(within)
        self.body = None


class NeedsABody(Sound):
    """Takes it for granted that there is something to close."""

    def shut(self, within: float) -> None:
        assert self.body is not None
        super().shut(within)


COMES_FIRST = "test_a_value_comes_before_the_next_step_is_taken"
NOTHING_BEFORE = "test_nothing_is_sent_before_the_first_value_is_asked_for"
NOTHING_AFTER = "test_nothing_is_sent_after_the_caller_stops_asking"
FAILURE_LAST = "test_a_failure_comes_last_and_once"
EMITTED = "test_a_failure_that_is_emitted_is_a_value"
IN_ORDER = "test_values_come_in_order_and_complete"
LONG = "test_a_long_stream_runs_in_constant_stack"
IN_TURNS = "test_streams_in_turns_do_not_mix"
SECONDS = "test_the_seconds_of_a_stream_count_from_its_beginning"
WHOLE = "test_a_body_comes_whole_and_in_order"
CHUNK_FIRST = "test_a_chunk_comes_before_the_next_is_read"
IN_TIME = "test_a_read_is_given_the_time_that_it_has"
BREAKS_OFF = "test_a_body_that_breaks_off_says_so"
NOTHING_OPEN = "test_where_nothing_is_open_a_read_is_interrupted"
CLOSES_BEFORE = "test_opening_another_body_closes_the_one_before"
CLOSES_STOPPED = "test_whoever_stops_asking_closes_the_body"
CLOSES_RAISED = "test_what_a_callers_function_raises_closes_the_body"
CLOSES = "test_a_close_closes_the_body_before_what_follows"
CLOSES_IN_TIME = "test_a_close_is_given_the_time_that_it_has"
CLOSED = "test_after_a_close_a_read_is_interrupted"
CLOSES_NOTHING = "test_where_nothing_is_open_a_close_does_nothing"
JUDGED = "test_a_failure_of_an_operation_is_the_streams_to_judge"

DEFECTS: list[tuple[Sound, set[str]]] = [
    (Sound(), set()),
    (SkipsNothings(), {IN_ORDER}),
    (Backwards(), {IN_ORDER, FAILURE_LAST, EMITTED}),
    (MistakesValues(), {EMITTED}),
    (GathersFirst(), {COMES_FIRST, NOTHING_AFTER, CHUNK_FIRST, CLOSES}),
    (Eager(), {NOTHING_BEFORE, SECONDS}),
    (Repeats(), {FAILURE_LAST}),
    (Conceals(), {FAILURE_LAST}),
    (FailsFirst(), {FAILURE_LAST}),
    (SaysThatItIsEmpty(), {"test_a_good_end_adds_nothing"}),
    (GivesUp(), {JUDGED, NOTHING_OPEN, CLOSES_NOTHING}),
    (CarriesOn(), {NOTHING_AFTER, CLOSES_STOPPED}),
    (Remembers(), {"test_a_stream_can_be_iterated_again"}),
    (OneBodyForAll(), {IN_TURNS}),
    (Recurses(), {LONG}),
    (CountsEachOperation(), {SECONDS}),
    (DropsHeaders(), {WHOLE}),
    (EndsOnce(), {WHOLE}),
    (ReadsAhead(), {CHUNK_FIRST, IN_TIME}),
    (JoinsChunks(), {CHUNK_FIRST, BREAKS_OFF, IN_TIME}),
    (WaitsForever(), {IN_TIME}),
    (SeesAnEnd(), {BREAKS_OFF}),
    (OpensRefusals(), {"test_any_other_answer_comes_whole"}),
    (ReadsNothing(), {NOTHING_OPEN, CLOSED}),
    (OneThingAtATime(), {"test_an_exchange_leaves_the_body_open", IN_TURNS}),
    (LeavesTheFirst(), {CLOSES_BEFORE}),
    (LeavesWhenStopped(), {CLOSES_STOPPED}),
    (LeavesWhenRaised(), {CLOSES_RAISED}),
    (LeavesAtTheEnd(), {"test_at_the_end_the_body_is_closed"}),
    (Swallows(), {CLOSES_RAISED}),
    (IgnoresCloses(), {CLOSES, CLOSED, CLOSES_IN_TIME}),
    (ClosesLate(), {CLOSES}),
    (ClosesAtOnce(), {CLOSES_IN_TIME}),
    (SeesAnEndBehindAClose(), {CLOSED}),
    (ReadsWhatItClosed(), {CLOSED}),
    (ClosesAgain(), {CLOSES_NOTHING}),
    (NeedsABody(), {CLOSES_NOTHING, NOTHING_OPEN, LONG}),
]


@pytest.mark.parametrize(("host", "laws"), DEFECTS, ids=lambda case: type(case).__name__)
def test_a_host_that_breaks_a_law_of_streams_is_caught_by_that_law(host: Sound, laws: set[str]) -> None:
    assert broken_laws(Of(host), STREAM_LAWS) == laws


def test_every_law_of_streams_has_been_broken() -> None:
    assert {law for _, laws in DEFECTS for law in laws} == STREAM_LAWS


def test_a_law_of_operations_is_broken_within_a_stream_too() -> None:
    law = "test_requests_are_repeated_as_often_as_the_operation_says"

    class Insists(Sound):
        def step(self, stream: Perform[Any] | Open[Any] | Read[Any] | Close[Any]) -> Stream[Any]:
            if isinstance(stream, Perform):
                run(stream.operation, self.transport, clock=self.clock)
            return super().step(stream)

    assert law in broken_laws(Of(Insists()), laws_of(HostContract))


# --- hosts that give a body whole ----------------------------------------------------------------


class OfWholeBodies(StreamHostContract):
    """Checks a host that performs an exchange where others open a body, and changes what it is given."""

    in_chunks = False
    many = 3_000

    def __init__(self, *, lenient: bool) -> None:
        self._lenient = lenient

    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        def exchange(request: Any) -> Answer:
            answer = transport(request)
            return Success(HttpResponse(status=200)) if self._lenient and is_failure(answer) else answer

        return iterate(stream, exchange, clock=clock, results=True)


def test_a_host_of_whole_bodies_keeps_the_laws_and_is_caught_where_it_hides_one_that_broke_off() -> None:
    assert broken_laws(OfWholeBodies(lenient=False), STREAM_LAWS) == set()
    assert broken_laws(OfWholeBodies(lenient=True), {BREAKS_OFF, WHOLE, CHUNK_FIRST}) == {BREAKS_OFF}


# --- hosts in an event loop ----------------------------------------------------------------------


class OfLoops(AsyncStreamHostContract):
    """Checks a host in an event loop that may block for a chunk, and may leave its body when it is cancelled."""

    many = 3_000
    patience = 0.25

    def __init__(self, *, blocking: bool = False, leaving: bool = False) -> None:
        self._blocking = blocking
        self._leaving = leaving

    async def iterate_async(
        self, stream: Stream[T], transport: AsyncStreamingTransport, clock: Clock
    ) -> AsyncGenerator[T | Failure[Error], None]:
        started = clock.monotonic()
        body: AsyncBody | None = None
        reading = False
        try:
            while not isinstance(stream, End):
                if isinstance(stream, Emit):
                    for value in stream.values:
                        yield value
                    stream = stream.rest
                elif isinstance(stream, Perform):
                    elapsed = clock.monotonic() - started
                    stream = stream.resume(await run_async(stream.operation, transport, clock=clock, elapsed=elapsed))
                elif isinstance(stream, Open):
                    if body is not None:
                        await body.close()
                    opened = await transport.open(stream.request)
                    body = None if is_failure(opened) else opened.unwrap()
                    stream = stream.resume(opened.map(_answer))
                elif isinstance(stream, Close):
                    if body is not None:
                        await body.close(stream.within)
                    body, stream = None, stream.rest
                else:
                    reading = True
                    chunk = NOT_OPEN if body is None else await self._read(body, stream.within)
                    reading = False
                    stream = stream.resume(chunk)
            if is_failure(stream.result):
                yield stream.result
        finally:
            if body is not None and not (self._leaving and reading):
                await body.close()

    async def _read(self, body: AsyncBody, within: float | None) -> Chunk:
        return _blocked(body, within) if self._blocking else await body.read(within)


def _blocked(body: AsyncBody, within: float | None) -> Chunk:
    """Take what the coroutine does step by step, in place of the event loop."""
    reading = body.read(within).__await__()
    try:
        while True:
            next(reading)
    except StopIteration as end:
        chunk: Chunk = end.value
        return chunk


def _answer(body: AsyncBody) -> HttpResponse:
    return body.answer


def test_a_sound_host_in_an_event_loop_breaks_no_law() -> None:
    assert broken_laws(OfLoops(), laws_of(AsyncStreamHostContract)) == set()


def test_a_host_that_leaves_its_body_when_it_is_cancelled_is_caught() -> None:
    assert broken_laws(OfLoops(leaving=True), LOOP_LAWS) == {"test_a_cancelled_stream_closes_its_body"}


def test_a_host_that_blocks_the_event_loop_for_a_chunk_is_caught() -> None:
    law = "test_the_event_loop_goes_on_while_a_chunk_is_awaited"
    assert broken_laws(OfLoops(blocking=True), {law, *STREAM_LAWS}) == {law}


def test_every_law_of_streams_in_an_event_loop_has_been_broken() -> None:
    own = LOOP_LAWS - STREAM_LAWS
    assert own == {
        "test_a_cancelled_stream_closes_its_body",
        "test_the_event_loop_goes_on_while_a_chunk_is_awaited",
    }


# --- hosts that do nothing -----------------------------------------------------------------------


class Silent(StreamHostContract):
    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        yield from ()


class Raising(StreamHostContract):
    def iterate(
        self, stream: Stream[T], transport: StreamingTransport, clock: Clock
    ) -> Generator[T | Failure[Error], None, None]:
        yield from ()
        raise KeyError("a bug of the host")


def test_a_host_that_gives_nothing_or_raises_is_told_so() -> None:
    said = how_broken(Silent())
    assert said[CLOSES_STOPPED] == "a stream ended before its last value"
    assert said["test_a_wait_lasts_at_least_its_seconds"].endswith("a stream of one value yielded []")
    said = how_broken(Raising())
    assert set(said) == laws_of(StreamHostContract)
    assert said[CLOSES_STOPPED] == said[IN_ORDER] == "the host raised KeyError: 'a bug of the host'"
