"""The drivers: they send, wait, read and hand over what they are told to, in four ways that come to the same."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing, closing
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
    Answer,
    Close,
    Done,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NotSent,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    Wait,
    WaitExpired,
    WaitPolicy,
    break_off,
    collect,
    is_failure,
    succeed,
    wait_for_response,
)
from puresponse.transports import ForbiddenTransport, VirtualClock, iterate, iterate_async, run, run_async

T = TypeVar("T")
LOST = NotSent("dns", "no such host")
BROKEN = break_off(LOST)
Seen = tuple[str, ...]


# --- programs that tell all that they were given -------------------------------------------------


class Ask(Struct, frozen=True):
    """To send a request."""

    path: str


class Pause(Struct, frozen=True):
    """To wait."""

    seconds: float
    spread: float


class Give(Struct, frozen=True):
    """To hand over so many values."""

    count: int


class Begin(Struct, frozen=True):
    """To open a body."""

    path: str


class Chunk(Struct, frozen=True):
    """To read on."""


class Shut(Struct, frozen=True):
    """To close the body."""


class Within(Struct, frozen=True):
    """To perform an operation."""

    instructions: tuple[Ask | Pause, ...]


OperationInstructions = tuple[Ask | Pause, ...]
StreamInstructions = tuple[Give | Begin | Chunk | Shut | Within, ...]


class GoOn(Struct, frozen=True):
    """Notes what it is given, and follows the rest of the instructions."""

    rest: OperationInstructions
    seen: Seen

    def __call__(self, given: object) -> Operation[Seen]:
        return operation_of(self.rest, (*self.seen, repr(given)))


def operation_of(instructions: OperationInstructions, seen: Seen = ()) -> Operation[Seen]:
    match instructions:
        case [Ask(path), *rest]:
            return Send(HttpRequest("GET", path), GoOn(tuple(rest), seen))
        case [Pause(seconds, spread), *rest]:
            return Wait(seconds, spread, GoOn(tuple(rest), seen))
        case _:
            return succeed(seen)


class StreamOn(Struct, frozen=True):
    """Hands over what it is given, and follows the rest of the instructions."""

    rest: StreamInstructions
    end: End[Any]

    def __call__(self, given: object) -> Stream[str]:
        return Emit((repr(given),), stream_of(self.rest, self.end))


def stream_of(instructions: StreamInstructions, end: End[Any] = END) -> Stream[str]:
    match instructions:
        case [Give(count), *rest]:
            return Emit(tuple(str(number) for number in range(count)), stream_of(tuple(rest), end))
        case [Begin(path), *rest]:
            return Open(HttpRequest("GET", path), StreamOn(tuple(rest), end))
        case [Chunk(), *rest]:
            return Read(StreamOn(tuple(rest), end))
        case [Shut(), *rest]:
            return Close(stream_of(tuple(rest), end))
        case [Within(operation), *rest]:
            return Perform(operation_of(operation), StreamOn(tuple(rest), end))
        case _:
            return end


paths = st.sampled_from(["/ok", "/lost", "/404", "/500"])
seconds = st.sampled_from([0.0, 0.25, 1.0, 2.0])
operation_instructions = st.lists(st.one_of(st.builds(Ask, paths), st.builds(Pause, seconds, seconds)), max_size=8).map(
    tuple[Ask | Pause, ...]
)
stream_instructions = st.lists(
    st.one_of(
        st.builds(Give, st.integers(0, 3)),
        st.builds(Begin, paths),
        st.just(Chunk()),
        st.just(Shut()),
        st.builds(Within, operation_instructions),
    ),
    max_size=8,
).map(tuple[Give | Begin | Chunk | Shut | Within, ...])
ends: st.SearchStrategy[End[Any]] = st.sampled_from([END, BROKEN])


class World:
    """A transport whose exchanges take a quarter of a second of a virtual clock, and all that happened to it."""

    def __init__(self, chance: float = 0.5) -> None:
        self.clock = VirtualClock(now=1_000.0, chance=chance)
        self.asked: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request)
        self.clock.now += 0.25
        match request.path:
            case "/lost":
                return Failure(LOST)
            case "/404":
                return Success(HttpResponse(status=404, body=b"not found"))
            case "/500":
                return Success(HttpResponse(status=500))
            case _:
                return Success(HttpResponse(status=200, body=b"all of it"))

    async def later(self, request: HttpRequest) -> Answer:
        """The same, for an event loop."""
        await asyncio.sleep(0)
        return self(request)

    @property
    def story(self) -> tuple[list[HttpRequest], list[float], float]:
        return self.asked, self.clock.slept, self.clock.now


async def forbidden(request: HttpRequest) -> Answer:
    """Fail, for an event loop."""
    return ForbiddenTransport()(request)


async def gathered(
    stream: Stream[T], transport: Callable[[HttpRequest], Awaitable[Answer]], clock: VirtualClock
) -> Any:
    return [value async for value in iterate_async(stream, transport, clock=clock, results=True)]


# --- four ways that come to the same -------------------------------------------------------------


@settings(deadline=None)
@given(operation_instructions, st.floats(0, 1))
def test_run_and_run_async_do_the_same(instructions: OperationInstructions, chance: float) -> None:
    operation = operation_of(instructions)
    one, other = World(chance), World(chance)
    result = run(operation, one, clock=one.clock)
    assert asyncio.run(run_async(operation, other.later, clock=other.clock)) == result
    assert other.story == one.story
    assert len(one.asked) == sum(isinstance(step, Ask) for step in instructions)


@settings(deadline=None)
@given(stream_instructions, ends)
def test_iterate_and_iterate_async_do_the_same(instructions: StreamInstructions, end: End[Any]) -> None:
    stream = stream_of(instructions, end)
    one, other = World(), World()
    values = list(iterate(stream, one, clock=one.clock, results=True))
    assert asyncio.run(gathered(stream, other.later, other.clock)) == values
    assert other.story == one.story


@settings(deadline=None)
@given(stream_instructions, ends)
def test_iterating_and_collecting_do_the_same(instructions: StreamInstructions, end: End[Any]) -> None:
    stream = stream_of(instructions, end)
    one, other = World(), World()
    values = list(iterate(stream, one, clock=one.clock, results=True))
    collected = run(collect(stream), other, clock=other.clock)
    assert collected == (end.result if is_failure(end.result) else Success(tuple(values)))
    assert other.story == one.story


@settings(deadline=None)
@given(operation_instructions)
def test_an_operation_within_a_stream_is_run_as_by_itself(instructions: OperationInstructions) -> None:
    one, other = World(), World()
    result = run(operation_of(instructions), one, clock=one.clock)
    assert list(iterate(stream_of((Within(instructions),)), other, clock=other.clock)) == [repr(result)]
    assert other.story == one.story


# --- run -----------------------------------------------------------------------------------------


def both(operation: Operation[T], world: World) -> list[Result[T, Error]]:
    """The results of `run` and of `run_async`."""
    return [
        run(operation, world, clock=world.clock),
        asyncio.run(run_async(operation, world.later, clock=world.clock)),
    ]


def test_what_is_done_is_given_and_nothing_is_sent() -> None:
    result: Result[int, Error] = Success(7)
    assert run(Done(result), ForbiddenTransport()) is result
    assert asyncio.run(run_async(Done(result), forbidden)) is result


def test_the_request_is_sent_and_the_answer_handed_on_as_they_are() -> None:
    request = HttpRequest("GET", "/ok")
    answer: Answer = Success(HttpResponse(status=418))
    sent: list[HttpRequest] = []
    received: list[Answer] = []

    def transport(asked: HttpRequest) -> Answer:
        sent.append(asked)
        return answer

    async def later(asked: HttpRequest) -> Answer:
        return transport(asked)

    def resume(given: Answer) -> Operation[int]:
        received.append(given)
        return succeed(1)

    run(Send(request, resume), transport)
    asyncio.run(run_async(Send(request, resume), later))
    assert [asked is request for asked in sent] == [True, True]
    assert [given is answer for given in received] == [True, True]


@pytest.mark.parametrize(("chance", "slept"), [(0.0, 2.0), (0.25, 3.0), (1.0, 6.0)])
def test_a_wait_lasts_its_seconds_and_a_share_of_its_spread(chance: float, slept: float) -> None:
    world = World(chance)
    both(operation_of((Pause(2.0, 4.0),)), world)
    assert world.clock.slept == [slept, slept]


def test_a_wait_of_no_seconds_does_not_sleep() -> None:
    world = World(chance=0.0)
    both(operation_of((Pause(0.0, 0.0), Pause(0.0, 1.0))), world)
    assert world.clock.slept == []


def test_chance_is_drawn_for_each_spread_and_for_nothing_else() -> None:
    class Dice(VirtualClock):
        drawn = 0

        def random(self) -> float:
            self.drawn += 1
            return 0.0

    dice = Dice()
    run(operation_of((Pause(1.0, 0.0), Pause(1.0, 1.0), Pause(0.0, 2.0), Ask("/ok"))), World(), clock=dice)
    assert dice.drawn == 2


def test_a_wait_is_told_the_seconds_since_the_run_began() -> None:
    world = World()
    first, second = both(
        operation_of((Pause(1.0, 0.0), Ask("/ok"), Ask("/lost"), Pause(0.0, 0.0), Pause(2.0, 0.0))), world
    )
    seen = first.unwrap()
    assert (seen[0], seen[3], seen[4]) == ("1.0", "1.5", "3.5")
    assert second == first


@pytest.mark.parametrize("elapsed", [0.0, 0, 0.25, 7, 1e9])
def test_a_run_that_goes_on_counts_the_seconds_that_it_had_lasted(elapsed: float) -> None:
    operation = operation_of((Pause(0.0, 0.0), Pause(1.0, 0.0)))
    stream = stream_of((Within((Pause(1.0, 0.0),)), Within((Pause(2.0, 0.0),))))
    world = World()
    world.clock.now = 0.0

    async def values() -> list[Any]:
        return [value async for value in iterate_async(stream, world.later, clock=world.clock, elapsed=elapsed)]

    told = Success((repr(float(elapsed)), repr(elapsed + 1.0)))
    assert run(operation, world, clock=world.clock, elapsed=elapsed) == told
    world.clock.now = 0.0
    assert asyncio.run(run_async(operation, world.later, clock=world.clock, elapsed=elapsed)) == told
    streamed = [repr(Success((repr(elapsed + 1.0),))), repr(Success((repr(elapsed + 3.0),)))]
    world.clock.now = 0.0
    assert list(iterate(stream, world, clock=world.clock, elapsed=elapsed)) == streamed
    world.clock.now = 0.0
    assert asyncio.run(values()) == streamed


IMPOSSIBLE: list[Any] = [-0.5, -1, 1.1e9, float("nan"), float("inf"), True, False, "1", None, b"", 10**400]


@pytest.mark.parametrize("elapsed", IMPOSSIBLE, ids=lambda value: repr(value)[:12])
def test_what_is_no_number_of_seconds_is_an_invalid_argument_and_nothing_is_sent(elapsed: Any) -> None:
    async def values() -> list[Any]:
        return [
            value async for value in iterate_async(stream_of((Begin("/ok"),)), forbidden, elapsed=elapsed, results=True)
        ]

    result = run(operation_of((Ask("/ok"),)), ForbiddenTransport(), elapsed=elapsed)
    error = result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "elapsed"
    assert "a number of seconds from 0 to 1e+09" in error.reason
    assert asyncio.run(run_async(operation_of((Ask("/ok"),)), forbidden, elapsed=elapsed)) == result
    assert list(iterate(stream_of((Begin("/ok"),)), ForbiddenTransport(), elapsed=elapsed, results=True)) == [result]
    assert asyncio.run(values()) == [result]


def test_a_deadline_holds_for_a_program_that_goes_on() -> None:
    queued = b'{"id": "resp_1", "object": "response", "created_at": 1, "status": "queued", "model": "m", "output": []}'
    clock = VirtualClock(now=500.0)
    waiting = wait_for_response("resp_1", WaitPolicy(deadline=10.0, jitter=0.0))

    def transport(request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=200, body=queued))

    assert isinstance(waiting, Wait)
    look = waiting.resume(0.0)
    assert isinstance(look, Send)
    saved = look.resume(transport(look.request))
    error = run(saved, transport, clock=clock, elapsed=9.0).failure()
    assert isinstance(error, WaitExpired)
    assert error.elapsed == 10.0
    assert clock.now == 501.0


def test_an_operation_runs_on_the_systems_clock_by_itself() -> None:
    elapsed = float(run(operation_of((Pause(0.001, 0.001),)), ForbiddenTransport()).unwrap()[0])
    assert elapsed >= 0.001
    elapsed = float(asyncio.run(run_async(operation_of((Pause(0.001, 0.001),)), forbidden)).unwrap()[0])
    assert elapsed >= 0.001


def test_what_a_transport_raises_is_a_bug_and_comes_out() -> None:
    def broken(request: HttpRequest) -> Answer:
        raise ZeroDivisionError(request.path)

    with pytest.raises(ZeroDivisionError, match="/ok"):
        run(operation_of((Ask("/ok"),)), broken)
    with pytest.raises(ZeroDivisionError, match="/ok"):
        list(iterate(stream_of((Within((Ask("/ok"),)),)), broken))


# --- iterate -------------------------------------------------------------------------------------


def test_values_come_in_order_and_a_good_end_adds_none() -> None:
    assert list(iterate(stream_of((Give(2), Give(0), Give(3))), ForbiddenTransport())) == ["0", "1", "0", "1", "2"]


def test_a_stream_that_breaks_off_gives_its_failure_last() -> None:
    assert list(iterate(stream_of((Give(2),), BROKEN), ForbiddenTransport(), results=True)) == ["0", "1", Failure(LOST)]
    assert list(iterate(BROKEN, ForbiddenTransport(), results=True)) == [Failure(LOST)]


def test_nothing_is_sent_before_a_value_is_asked_for() -> None:
    world = World()
    values = iterate(stream_of((Within((Ask("/ok"),)), Give(1), Within((Ask("/404"),)))), world, clock=world.clock)
    assert world.asked == []
    next(values)
    assert [request.path for request in world.asked] == ["/ok"]
    next(values)
    assert len(world.asked) == 1
    next(values)
    assert [request.path for request in world.asked] == ["/ok", "/404"]


def test_nothing_is_sent_after_the_caller_stops_asking() -> None:
    world = World()
    with closing(iterate(stream_of((Give(1), Within((Ask("/ok"),)))), world)) as values:
        assert next(values) == "0"
    assert list(values) == []
    assert world.asked == []


def test_nothing_is_sent_after_the_caller_stops_asking_in_an_event_loop() -> None:
    world = World()

    async def first() -> object:
        async with aclosing(iterate_async(stream_of((Give(1), Within((Ask("/ok"),)))), world.later)) as values:
            return await anext(values)

    assert asyncio.run(first()) == "0"
    assert world.asked == []


def test_the_seconds_in_a_stream_count_from_the_first_value_that_was_asked_for() -> None:
    world = World()
    wait = Within((Pause(1.0, 0.0),))
    values = iterate(stream_of((wait, Give(1), wait)), world, clock=world.clock)
    world.clock.now += 100
    assert "1.0" in str(next(values))
    assert next(values) == "0"
    world.clock.now += 10
    assert "12.0" in str(next(values))


# --- an event loop is left free ------------------------------------------------------------------


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=10))


def test_an_exchange_leaves_the_event_loop_free() -> None:
    async def two() -> tuple[Result[Seen, Error], Result[Seen, Error]]:
        met = asyncio.Event()

        async def waits(request: HttpRequest) -> Answer:
            await met.wait()
            return Success(HttpResponse(status=200))

        async def meets(request: HttpRequest) -> Answer:
            met.set()
            return Success(HttpResponse(status=200))

        operation = operation_of((Ask("/ok"),))
        return await asyncio.gather(run_async(operation, waits), run_async(operation, meets))

    first, second = within(two())
    assert first == second


def test_a_wait_leaves_the_event_loop_free() -> None:
    class Bell(VirtualClock):
        def __init__(self) -> None:
            super().__init__()
            self.rung = asyncio.Event()

        async def sleep_async(self, seconds: float) -> None:
            if seconds > 1:
                await self.rung.wait()
            else:
                self.rung.set()
            await super().sleep_async(seconds)

    async def two() -> list[float]:
        bell = Bell()
        long, short = operation_of((Pause(5.0, 0.0),)), operation_of((Pause(0.5, 0.0),))
        await asyncio.gather(run_async(long, forbidden, clock=bell), run_async(short, forbidden, clock=bell))
        return bell.slept

    assert within(two()) == [0.5, 5.0]


def test_a_cancelled_run_cancels_its_exchange() -> None:
    ended: list[str] = []

    async def scene() -> None:
        begun = asyncio.Event()

        async def hangs(request: HttpRequest) -> Answer:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(request.path)
            raise AssertionError("it is cancelled")

        task = asyncio.create_task(run_async(operation_of((Ask("/ok"),)), hangs))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    within(scene())
    assert ended == ["/ok"]


# --- bodies in chunks ----------------------------------------------------------------------------


class Tap:
    """A body in chunks, and whether it was closed."""

    def __init__(self, *chunks: Result[bytes, Error], status: int = 200) -> None:
        self.answer = HttpResponse(status=status)
        self.chunks = list(chunks)
        self.closed = 0

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        assert not self.closed, "a closed body is not read"
        return self.chunks.pop(0) if self.chunks else Success(b"")

    def close(self, within: float = 0.0) -> None:
        self.closed += 1


class Streaming:
    """A transport that opens each of the bodies in turn."""

    def __init__(self, *taps: Tap) -> None:
        self.taps = list(taps)
        self.opened: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=204))

    def open(self, request: HttpRequest) -> Result[Tap, Error]:
        self.opened.append(request)
        return Success(self.taps.pop(0)) if self.taps else Failure(LOST)


class AsyncTap:
    """The same body, for an event loop."""

    def __init__(self, tap: Tap) -> None:
        self.tap = tap
        self.answer = tap.answer

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        await asyncio.sleep(0)
        return self.tap.read(within)

    async def close(self, within: float = 0.0) -> None:
        await asyncio.sleep(0)
        self.tap.close(within)


class AsyncStreaming:
    """The same transport, for an event loop."""

    def __init__(self, *taps: Tap) -> None:
        self.inner = Streaming(*taps)

    async def __call__(self, request: HttpRequest) -> Answer:
        return self.inner(request)

    async def open(self, request: HttpRequest) -> Result[AsyncTap, Error]:
        return self.inner.open(request).map(AsyncTap)


def each_way(instructions: StreamInstructions, tap: Callable[[], list[Tap]]) -> tuple[list[Any], list[list[int]]]:
    """The values of `iterate` and of `iterate_async`, and how often each body was closed."""
    one, other = tap(), tap()
    values = [
        list(iterate(stream_of(instructions), Streaming(*one))),
        within(gathered(stream_of(instructions), AsyncStreaming(*other), VirtualClock())),
    ]
    return values, [[body.closed for body in bodies] for bodies in (one, other)]


def test_a_body_is_read_chunk_by_chunk() -> None:
    values, closed = each_way(
        (Begin("/a"), Chunk(), Chunk(), Chunk()), lambda: [Tap(Success(b"one"), Success(b"two"), status=206)]
    )
    assert values[0] == [
        "<Success: HttpResponse(status=206)>",
        "<Success: b'one'>",
        "<Success: b'two'>",
        "<Success: b''>",
    ]
    assert values[1] == values[0]
    assert all(count >= 1 for (count,) in closed)


def test_a_body_that_breaks_off_says_so() -> None:
    cut = Failure(Interrupted("truncated", "?"))
    values, closed = each_way((Begin("/a"), Chunk(), Chunk()), lambda: [Tap(Success(b"one"), cut)])
    assert values[0][1:] == ["<Success: b'one'>", repr(cut)]
    assert values[1] == values[0]
    assert all(count >= 1 for (count,) in closed)


def test_what_cannot_be_opened_is_a_failure_and_nothing_is_open() -> None:
    values, _ = each_way((Begin("/a"), Chunk()), list)
    assert values[0][0] == repr(Failure(LOST))
    assert "no body is open" in values[0][1]
    assert values[1] == values[0]


def test_without_an_open_body_reading_is_an_interruption() -> None:
    (value,) = iterate(stream_of((Chunk(),)), ForbiddenTransport())
    assert value == repr(Failure(Interrupted("reset", "no body is open to be read")))


def test_opening_another_body_closes_the_one_before() -> None:
    first, second = Tap(Success(b"one")), Tap(Success(b"two"))
    values = iterate(stream_of((Begin("/a"), Begin("/b"), Chunk(), Give(1))), Streaming(first, second))
    next(values)
    assert (first.closed, second.closed) == (0, 0)
    next(values)
    assert (first.closed >= 1, second.closed) == (True, 0)
    assert next(values) == "<Success: b'two'>"
    list(values)
    assert second.closed >= 1


def test_whoever_stops_asking_closes_the_body() -> None:
    one, other = Tap(Success(b"one"), Success(b"two")), Tap(Success(b"one"), Success(b"two"))
    with closing(iterate(stream_of((Begin("/a"), Chunk(), Chunk())), Streaming(one))) as values:
        next(values)
        next(values)
        assert one.closed == 0
    assert one.closed >= 1
    assert one.chunks == [Success(b"two")]

    async def two_values() -> None:
        async with aclosing(iterate_async(stream_of((Begin("/a"), Chunk(), Chunk())), AsyncStreaming(other))) as later:
            await anext(later)
            await anext(later)
            assert other.closed == 0

    within(two_values())
    assert other.closed >= 1
    assert other.chunks == [Success(b"two")]


def test_a_function_that_raises_leaves_no_body_open() -> None:
    def broken(chunk: object) -> Stream[str]:
        raise ZeroDivisionError

    class Reads(Struct, frozen=True):
        def __call__(self, answer: Answer) -> Stream[str]:
            return Read(broken)

    one, other = Tap(), Tap()
    stream: Stream[str] = Open(HttpRequest("GET", "/a"), Reads())
    with pytest.raises(ZeroDivisionError):
        list(iterate(stream, Streaming(one)))
    with pytest.raises(ZeroDivisionError):
        within(gathered(stream, AsyncStreaming(other), VirtualClock()))
    assert one.closed >= 1
    assert other.closed >= 1


def test_a_transport_that_opens_nothing_gives_a_body_in_one_chunk() -> None:
    world = World()
    values = list(iterate(stream_of((Begin("/ok"), Chunk(), Chunk())), world))
    assert values == ["<Success: HttpResponse(status=200)>", "<Success: b'all of it'>", "<Success: b''>"]
    values = within(gathered(stream_of((Begin("/ok"), Chunk(), Chunk())), world.later, world.clock))
    assert values == ["<Success: HttpResponse(status=200)>", "<Success: b'all of it'>", "<Success: b''>"]


def test_a_refusal_has_its_body_and_leaves_nothing_to_read() -> None:
    world = World()
    whole = "<Success: HttpResponse(status=404, body=b'not found')>"
    assert list(iterate(stream_of((Begin("/404"), Chunk())), world)) == [whole, "<Success: b''>"]


def test_a_plain_exchange_within_a_stream_leaves_the_body_open() -> None:
    tap = Tap(Success(b"one"), Success(b"two"))
    values = list(iterate(stream_of((Begin("/a"), Chunk(), Within((Ask("/b"),)), Chunk())), Streaming(tap)))
    assert values[-1] == "<Success: b'two'>"
