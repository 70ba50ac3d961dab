"""What a driver reports about a run, in which order, how often; and that who observes changes nothing."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Callable
from itertools import count
from typing import Any

import pytest
from interpreters import modules_after
from msgspec import Struct
from returns.result import Failure, Result, Success
from stubs import in_turn

from puresponse.core import (
    END,
    Answer,
    Emit,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Open,
    Operation,
    OperationFailed,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stream,
    WaitPolicy,
    all_input_items,
    collect,
    create_response,
    delay,
    delete_response,
    elapsed,
    gather,
    gather_all,
    retrieve_response,
    retrying,
    sequence,
    stream_response,
    succeed,
    traverse,
    wait_for_response,
    within,
)
from puresponse.core.streams import LINGER
from puresponse.transports import (
    AttemptAnswered,
    AttemptBegan,
    AttemptRaised,
    Body,
    BodyEnded,
    CutStream,
    Exchange,
    FaultPlan,
    ForbiddenTransport,
    ForkBegan,
    MemoryTransport,
    Observer,
    Rule,
    RunBegan,
    RunEnded,
    RunEvent,
    RunRaised,
    ValuesEmitted,
    VirtualClock,
    WaitBegan,
    in_threads,
    iterate,
    iterate_async,
    json_response,
    run,
    run_async,
    run_many,
    run_many_async,
)
from puresponse.transports.watched_transports import WatchedAbandonableTransport, watched
from puresponse.transports.watching import WatchedRun

LOST = NotSent("dns", "no such host")
BUSY = json_response({"error": {"message": "Busy."}}, status=503)
DELETED = json_response({"id": "resp_1", "object": "response", "deleted": True})
DELETION = delete_response("resp_1")
STREAM = stream_response(model="gpt-5", input="hi")


def kinds(events: list[RunEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def begun(events: list[RunEvent]) -> list[AttemptBegan]:
    return [event for event in events if isinstance(event, AttemptBegan)]


# --- what is reported ----------------------------------------------------------------------------


def test_an_attempt_says_how_often_its_request_was_sent_before() -> None:
    events: list[RunEvent] = []
    program = retrying(DELETION, RetryPolicy(max_retries=2))
    transport = in_turn(Failure(LOST), Success(BUSY), Success(DELETED))
    result = run(program, transport, clock=VirtualClock(), observe=events.append)
    assert [(event.sent_before, event.resends) for event in begun(events)] == [(0, 0), (1, 1), (2, 2)]
    assert events == [
        RunBegan(run=(number := events[0].run), elapsed=0.0, program=program),
        first := AttemptBegan(
            run=number, elapsed=0.0, number=0, branch=(), request=_request(), opens=False, sent_before=0, resends=0
        ),
        AttemptAnswered(run=number, elapsed=0.0, attempt=first, answer=Failure(LOST)),
        wait := WaitBegan(run=number, elapsed=0.0, branch=(), seconds=0.375, spread=0.125),
        second := AttemptBegan(
            run=number,
            elapsed=wait.seconds,
            number=1,
            branch=(),
            request=_request(),
            opens=False,
            sent_before=1,
            resends=1,
        ),
        AttemptAnswered(run=number, elapsed=wait.seconds, attempt=second, answer=Success(BUSY)),
        WaitBegan(run=number, elapsed=0.375, branch=(), seconds=0.75, spread=0.25),
        third := AttemptBegan(
            run=number, elapsed=1.125, number=2, branch=(), request=_request(), opens=False, sent_before=2, resends=2
        ),
        AttemptAnswered(run=number, elapsed=1.125, attempt=third, answer=Success(DELETED)),
        RunEnded(run=number, elapsed=1.125, result=result),
    ]


def _request() -> HttpRequest:
    return HttpRequest("DELETE", "/responses/resp_1", idempotent=True)


def test_the_polls_of_a_wait_were_sent_before_and_are_no_resends() -> None:
    events: list[RunEvent] = []
    clock = VirtualClock()
    service = MemoryTransport(clock=clock)
    created = run(create_response(model="gpt-5", input="hi", background=True), service, clock=clock).unwrap()
    run(wait_for_response(created.id, WaitPolicy(deadline=60.0)), service, clock=clock, observe=events.append).unwrap()
    polls = begun(events)
    assert len(polls) > 1
    assert [poll.sent_before for poll in polls] == list(range(len(polls)))
    assert {poll.resends for poll in polls} == {0}


def test_a_request_that_is_given_less_time_is_sent_again_all_the_same() -> None:
    events: list[RunEvent] = []
    program = within(retrying(retrieve_response("resp_1"), RetryPolicy(max_retries=1)), 60.0)
    run(program, in_turn(Failure(LOST)), clock=VirtualClock(), observe=events.append)
    first, second = begun(events)
    assert first.request != second.request
    assert second.sent_before == 1


def test_what_is_sent_is_the_request_itself_and_the_event_has_it() -> None:
    events: list[RunEvent] = []
    sent: list[HttpRequest] = []

    def transport(request: HttpRequest) -> Answer:
        sent.append(request)
        return Success(DELETED)

    run(DELETION, transport, observe=events.append)
    assert type(sent[0]) is HttpRequest
    assert sent[0] is begun(events)[0].request


@pytest.mark.parametrize("concurrency", [1, 3])
def test_branches_say_which_they_are(concurrency: int) -> None:
    inner = gather(delay(1.0), retrieve_response("resp_b"))
    program = gather_all(retrieve_response("resp_a"), inner.map(repr), delay(2.0)).bind(again)
    expected = {
        "attempts": {("/responses/resp_a", (0,)), ("/responses/resp_b", (1, 1)), ("/responses/resp_c", ())},
        "waits": {(1.0, (1, 0)), (2.0, (2,))},
        "forks": {((), 3), ((1,), 2)},
    }
    transport = in_turn(Failure(LOST))

    def found(events: list[RunEvent]) -> dict[str, object]:
        return {
            "attempts": {(event.request.path, event.branch) for event in begun(events)},
            "waits": {(event.seconds, event.branch) for event in events if isinstance(event, WaitBegan)},
            "forks": {(event.branch, event.branches) for event in events if isinstance(event, ForkBegan)},
        }

    def in_order(events: list[RunEvent]) -> list[RunEvent]:
        run(program, transport, clock=VirtualClock(), concurrency=concurrency, observe=events.append)
        return events

    async def in_tasks(events: list[RunEvent]) -> list[RunEvent]:
        later = in_threads(transport)
        await run_async(program, later, clock=VirtualClock(), concurrency=concurrency, observe=events.append)
        return events

    assert found(in_order([])) == expected
    assert found(asyncio.run(in_tasks([]))) == expected


def again(results: object) -> Operation[Any]:
    return retrieve_response("resp_c")


def test_a_branch_is_reported_when_it_is_begun_and_not_when_the_fork_is() -> None:
    events: list[RunEvent] = []
    run(gather(delay(1.0), delay(2.0)), ForbiddenTransport(), clock=VirtualClock(), observe=events.append)
    assert [event.elapsed for event in events if isinstance(event, WaitBegan)] == [0.0, 1.0]


def test_a_stream_reports_values_as_it_hands_them_over_and_its_end_when_the_body_is_closed() -> None:
    events: list[RunEvent] = []
    values = iterate(STREAM, MemoryTransport(), observe=events.append)
    assert events == []
    next(values)
    assert kinds(events) == ["RunBegan", "AttemptBegan", "AttemptAnswered", "ValuesEmitted"]
    received = 1 + len(list(values))
    assert kinds(events)[4:] == ["ValuesEmitted"] * (received - 1) + ["BodyEnded", "RunEnded"]
    emitted = [event for event in events if isinstance(event, ValuesEmitted)]
    assert [event.total for event in emitted] == list(range(1, received + 1))
    ended = events[-2]
    assert isinstance(ended, BodyEnded)
    assert ended.attempt is events[1]
    assert ended.size > 1_000
    assert ended.error is None


def test_a_body_that_was_read_to_its_end_is_whole() -> None:
    events: list[RunEvent] = []
    stream: Stream[int] = Open(HttpRequest("GET", "/responses/resp_1"), ReadOn())
    assert list(iterate(stream, in_turn(Success(DELETED)), observe=events.append)) == [len(DELETED.body)]
    assert kinds(events)[-3:] == ["ValuesEmitted", "BodyEnded", "RunEnded"]
    body = events[-2]
    assert isinstance(body, BodyEnded)
    assert (body.size, body.chunks, body.is_whole, body.error) == (len(DELETED.body), 1, True, None)


class ReadOn(Struct, frozen=True):
    """Emits the length of each chunk, and reads on to the end."""

    def __call__(self, received: Result[Any, Error]) -> Stream[int]:
        chunk = received.unwrap()
        if isinstance(chunk, HttpResponse):
            return Read(self)
        return Emit((len(chunk),), Read(self)) if chunk else END


def test_what_waits_for_no_time_is_not_reported() -> None:
    events: list[RunEvent] = []
    run(elapsed(), ForbiddenTransport(), observe=events.append)
    assert kinds(events) == ["RunBegan", "RunEnded"]


def test_what_follows_values_is_reported_when_the_driver_is_there() -> None:
    events: list[RunEvent] = []
    stream: Stream[int] = Emit((1, 2), Emit((3,), perform(delay(5.0))))
    values = iterate(stream, ForbiddenTransport(), clock=VirtualClock(), observe=events.append)
    next(values)
    assert kinds(events) == ["RunBegan", "ValuesEmitted"]
    assert (next(values), next(values)) == (2, 3)
    assert kinds(events)[2:] == ["ValuesEmitted"]
    assert list(values) == []
    assert kinds(events)[3:] == ["WaitBegan", "RunEnded"]


def perform(operation: Operation[Any]) -> Stream[int]:
    return Perform(operation, AndEnd())


class AndEnd(Struct, frozen=True):
    def __call__(self, result: Result[Any, Error]) -> Stream[int]:
        return END


def test_a_body_that_breaks_off_says_so_and_so_does_the_stream() -> None:
    events: list[RunEvent] = []
    service = MemoryTransport(faults=FaultPlan((Rule(CutStream(2)),)))
    with pytest.raises(OperationFailed):
        list(iterate(STREAM, service, observe=events.append))
    (body,) = [event for event in events if isinstance(event, BodyEnded)]
    assert isinstance(body.error, Interrupted)
    end = events[-1]
    assert isinstance(end, RunEnded)
    assert isinstance(end.result.failure(), Interrupted)


@pytest.mark.parametrize("results", [False, True])
def test_a_stream_that_breaks_off_ends_with_its_failure(results: bool) -> None:
    events: list[RunEvent] = []
    stream, transport = all_input_items("resp_1"), in_turn(Failure(LOST))
    if results:
        assert list(iterate(stream, transport, results=True, observe=events.append)) == [Failure(LOST)]
    else:
        with pytest.raises(OperationFailed):
            list(iterate(stream, transport, observe=events.append))
    assert events[-1] == RunEnded(run=events[0].run, elapsed=events[-1].elapsed, result=Failure(LOST))


def test_who_stops_asking_ends_the_run_with_a_generator_exit() -> None:
    events: list[RunEvent] = []
    values = iterate(STREAM, MemoryTransport(), observe=events.append)
    next(values)
    values.close()
    body, end = events[-2:]
    assert isinstance(body, BodyEnded)
    assert (body.is_whole, body.error) == (False, None)
    assert isinstance(end, RunRaised)
    assert isinstance(end.exception, GeneratorExit)


def test_who_stops_at_values_that_are_the_last_has_stopped_all_the_same() -> None:
    events: list[RunEvent] = []
    stream: Stream[int] = Emit((1, 2), END)
    values = iterate(stream, ForbiddenTransport(), observe=events.append)
    next(values)
    values.close()
    assert kinds(events) == ["RunBegan", "ValuesEmitted", "RunRaised"]


def test_the_end_of_a_body_is_read_for_as_long_as_without_an_observer() -> None:
    spent: list[list[float]] = []
    for observe in (None, list[RunEvent]().append):
        transport = Bodies()
        count = len(list(iterate(STREAM, transport)))
        values = iterate(STREAM, transport, observe=observe)
        for _ in range(count):
            next(values)
        transport.spent.clear()
        values.close()
        spent.append(transport.spent)
    assert spent[0] == spent[1] == [LINGER]


def test_a_stream_that_nobody_asks_reports_nothing() -> None:
    events: list[RunEvent] = []
    iterate(STREAM, ForbiddenTransport(), observe=events.append).close()
    assert events == []


def test_what_a_transport_raises_ends_the_attempt_and_the_run() -> None:
    events: list[RunEvent] = []
    bug = ZeroDivisionError("a bug")

    def transport(request: HttpRequest) -> Answer:
        raise bug

    with pytest.raises(ZeroDivisionError):
        run(DELETION, transport, observe=events.append)
    assert kinds(events) == ["RunBegan", "AttemptBegan", "AttemptRaised", "RunRaised"]
    assert [event.exception for event in events if isinstance(event, AttemptRaised | RunRaised)] == [bug, bug]


def test_a_task_that_is_cancelled_ends_the_attempt_and_the_run() -> None:
    events: list[RunEvent] = []

    async def never(request: HttpRequest) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    async def cancelled() -> None:
        task = asyncio.create_task(run_async(DELETION, never, observe=events.append))
        while len(events) < 2:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert kinds(events) == ["RunBegan", "AttemptBegan", "AttemptRaised", "RunRaised"]


def test_time_that_the_run_had_lasted_before_counts() -> None:
    events: list[RunEvent] = []
    run(delay(1.0), ForbiddenTransport(), clock=VirtualClock(now=50.0), elapsed=10.0, observe=events.append)
    assert [event.elapsed for event in events] == [10.0, 10.0, 11.0]


def test_what_makes_no_sense_reports_nothing() -> None:
    events: list[RunEvent] = []
    run(DELETION, ForbiddenTransport(), concurrency=0, observe=events.append)
    list(iterate(STREAM, ForbiddenTransport(), elapsed=-1.0, results=True, observe=events.append))
    assert events == []


# --- many ----------------------------------------------------------------------------------------

MANY = [delete_response(f"resp_{number}") for number in range(20)]


def gathered_async(operations: list[Operation[Any]], concurrency: int, observe: Observer) -> list[Any]:
    async def collected() -> list[Any]:
        later = in_threads(MemoryTransport())
        return [outcome async for outcome in run_many_async(operations, later, concurrency, observe=observe)]

    return asyncio.run(collected())


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("is_async", [False, True])
def test_each_of_many_is_a_run_of_its_own_and_the_outcomes_are_what_was_given(concurrency: int, is_async: bool) -> None:
    events: list[RunEvent] = []
    outcomes: list[Any]
    if is_async:
        outcomes = gathered_async(MANY, concurrency, events.append)
    else:
        outcomes = list(run_many(MANY, MemoryTransport(), concurrency, observe=events.append))
    assert {id(operation) for operation, _ in outcomes} == {id(operation) for operation in MANY}
    by_run: dict[int, list[RunEvent]] = {}
    for event in events:
        by_run.setdefault(event.run, []).append(event)
    assert len(by_run) == len(MANY)
    assert {tuple(kinds(own)) for own in by_run.values()} == {
        ("RunBegan", "AttemptBegan", "AttemptAnswered", "RunEnded")
    }
    programs = {event.run: event.program for event in events if isinstance(event, RunBegan)}
    results = {event.run: event.result for event in events if isinstance(event, RunEnded)}
    assert {id(programs[one]): results[one] for one in programs} == {id(done): result for done, result in outcomes}


def test_many_are_begun_as_lazily_as_without_an_observer() -> None:
    events: list[RunEvent] = []
    outcomes = run_many(
        map(delete_response, map("resp_{}".format, count())), MemoryTransport(), 2, observe=events.append
    )
    next(outcomes)
    outcomes.close()
    assert len([event for event in events if isinstance(event, RunBegan)]) <= 4


def test_what_one_of_many_raises_ends_all_that_have_begun() -> None:
    events: list[RunEvent] = []
    both = threading.Barrier(2)

    def transport(request: HttpRequest) -> Answer:
        both.wait(10.0)
        if request.path.endswith("resp_1"):
            raise ZeroDivisionError("a bug")
        return Success(BUSY)

    with pytest.raises(ZeroDivisionError):
        list(run_many(MANY[:2], transport, 2, observe=events.append))
    ends = [event for event in events if isinstance(event, RunEnded | RunRaised)]
    assert {event.run for event in ends} == {event.run for event in events}
    assert any(isinstance(event, RunRaised) and isinstance(event.exception, ZeroDivisionError) for event in ends)


def test_many_tasks_that_are_given_up_end_their_runs() -> None:
    events: list[RunEvent] = []

    async def some(request: HttpRequest) -> Answer:
        if not request.path.endswith("resp_0"):
            await asyncio.Event().wait()
        return Success(BUSY)

    async def one() -> None:
        outcomes = run_many_async(MANY, some, 3, observe=events.append)
        await anext(outcomes)
        await outcomes.aclose()

    asyncio.run(one())
    begun_runs = [event.run for event in events if isinstance(event, RunBegan)]
    ends = [event for event in events if isinstance(event, RunEnded | RunRaised)]
    assert sorted(event.run for event in ends) == sorted(begun_runs)
    assert [type(event) for event in ends].count(RunRaised) == len(begun_runs) - 1
    assert answered_or_raised(events) == len(begun(events)) > 1


def answered_or_raised(events: list[RunEvent]) -> int:
    return len([event for event in events if isinstance(event, AttemptAnswered | AttemptRaised)])


def test_many_in_threads_end_what_they_have_begun_before_they_say_that_they_were_given_up() -> None:
    events: list[RunEvent] = []
    both, leaving = threading.Barrier(2), threading.Event()

    def transport(request: HttpRequest) -> Answer:
        if request.path in ("/responses/resp_0", "/responses/resp_1"):
            both.wait(10.0)
        if request.path != "/responses/resp_0":
            leaving.wait(10.0)
        return Success(BUSY)

    outcomes = run_many(MANY, transport, 2, observe=events.append)
    next(outcomes)
    threading.Timer(0.01, leaving.set).start()
    outcomes.close()
    assert answered_or_raised(events) == len(begun(events)) == 2


def test_a_batch_without_end_keeps_only_the_runs_that_are_under_way() -> None:
    def kept() -> int:
        return sum(isinstance(one, WatchedRun) for one in gc.get_objects())

    before = kept()
    outcomes = run_many(map(delete_response, map("resp_{}".format, count())), MemoryTransport(), 2, observe=repr)
    for _ in range(200):
        next(outcomes)
    assert kept() - before < 20
    outcomes.close()


# --- what an observer raises ---------------------------------------------------------------------


class Bug(Exception):
    pass


class Raising:
    """Raises at the event of that number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.events: list[RunEvent] = []

    def __call__(self, event: RunEvent) -> None:
        self.events.append(event)
        if len(self.events) - 1 == self.number:
            raise Bug


class Bodies(MemoryTransport):
    """Knows which bodies are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open_bodies: set[int] = set()
        self.spent: list[float] = []

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return super().open(request).map(self._kept)

    def _kept(self, body: Body) -> Body:
        return _Kept(body, self.open_bodies, self.spent)


class _Kept:
    def __init__(self, body: Body, among: set[int], spent: list[float]) -> None:
        self.answer = body.answer
        self._spent = spent
        self._body = body
        self._among = among
        among.add(id(self))

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        return self._body.read(within)

    def close(self, within: float = 0.0) -> None:
        self._among.discard(id(self))
        self._spent.append(within)
        self._body.close(within)


GATHERED = gather(delay(0.001), delete_response("resp_a"), gather(delete_response("resp_b"), delay(0.001)).map(repr))

Manner = Callable[[Bodies, Observer], object]


async def _each(values: AsyncGenerator[Any, None]) -> list[Any]:
    return [value async for value in values]


MANNERS: dict[str, Manner] = {
    "run": lambda transport, observe: run(GATHERED, transport, observe=observe),
    "run at once": lambda transport, observe: run(GATHERED, transport, concurrency=3, observe=observe),
    "run_async": lambda transport, observe: asyncio.run(run_async(GATHERED, in_threads(transport), observe=observe)),
    "iterate": lambda transport, observe: list(iterate(STREAM, transport, observe=observe)),
    "iterate_async": lambda transport, observe: asyncio.run(
        _each(iterate_async(STREAM, in_threads(transport), observe=observe))
    ),
    "run_many": lambda transport, observe: list(run_many([GATHERED, DELETION], transport, 3, observe=observe)),
    "run_many in order": lambda transport, observe: list(run_many([GATHERED, DELETION], transport, 1, observe=observe)),
    "run_many_async": lambda transport, observe: asyncio.run(
        _each(run_many_async([GATHERED, DELETION], in_threads(transport), 3, observe=observe))
    ),
}


@pytest.mark.parametrize("manner", MANNERS)
def test_what_an_observer_raises_passes_through_and_leaves_nothing_behind(manner: str) -> None:
    carry_out = MANNERS[manner]
    events: list[RunEvent] = []
    carry_out(Bodies(), events.append)
    assert len(events) > 8
    before = set(threading.enumerate())
    for number in range(len(events)):
        transport, observe = Bodies(), Raising(number)
        with pytest.raises(Bug):
            carry_out(transport, observe)
        assert transport.open_bodies == set()
        # Also the run that it broke off is reported to have ended.
        begun_runs = {event.run for event in observe.events if isinstance(event, RunBegan)}
        ended = [event.run for event in observe.events if isinstance(event, RunEnded | RunRaised)]
        assert sorted(ended) == sorted(begun_runs)
    if "async" not in manner:  # those of `in_threads` wait a while for more to do
        assert set(threading.enumerate()) <= before


# --- what cannot observe -------------------------------------------------------------------------


async def later(event: RunEvent) -> None:
    raise AssertionError


DRIVERS: dict[str, Callable[[Any], object]] = {
    "run": lambda observe: run(DELETION, ForbiddenTransport(), observe=observe),
    "run_async": lambda observe: asyncio.run(run_async(DELETION, ForbiddenAsync(), observe=observe)),
    "iterate": lambda observe: iterate(STREAM, ForbiddenTransport(), observe=observe),
    "iterate_async": lambda observe: iterate_async(STREAM, ForbiddenAsync(), observe=observe),
    "run_many": lambda observe: run_many([DELETION], ForbiddenTransport(), observe=observe),
    "run_many_async": lambda observe: run_many_async([DELETION], ForbiddenAsync(), observe=observe),
}


class ForbiddenAsync:
    async def __call__(self, request: HttpRequest) -> Answer:
        raise AssertionError


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    ("observe", "said"),
    [
        (later, "the function later"),
        (Raising, "the class Raising: make an instance of it: Raising(…)"),
        ([], "an object of type list"),
    ],
)
def test_what_is_no_plain_function_is_no_observer(driver: str, observe: object, said: str) -> None:
    with pytest.raises(TypeError) as raised:
        DRIVERS[driver](observe)
    assert str(raised.value) == f"{driver} takes a plain function as its observer, not {said}"


def returned(answer: Answer) -> Any:
    return "no operation"


@pytest.mark.parametrize("program", [Send(HttpRequest("GET", "/models"), returned), "no operation", STREAM])
def test_what_is_no_operation_is_a_mistake_in_the_same_words(program: Any) -> None:
    said: list[str] = []
    for observe in (None, list[RunEvent]().append):
        with pytest.raises(TypeError) as raised:
            run(program, in_turn(Success(DELETED)), observe=observe)
        said.append(str(raised.value))
    assert said[0] == said[1]


# --- what it costs -------------------------------------------------------------------------------


def test_who_does_not_observe_loads_nothing_for_it() -> None:
    code = """
from puresponse import MemoryTransport, delete_response, run, iterate, run_many, stream_response
run(delete_response("resp_1"), MemoryTransport())
list(iterate(stream_response(model="gpt-5", input="hi"), MemoryTransport()))
list(run_many([], MemoryTransport()))
"""
    loaded = modules_after(code)
    assert "puresponse.transports.drivers" in loaded
    assert {name for name in loaded if "watch" in name or "run_events" in name or "observers." in name} == set()


def test_a_run_without_end_remembers_a_bounded_number_of_requests() -> None:
    attempts: list[AttemptBegan] = []

    def observe(event: RunEvent) -> None:
        if isinstance(event, AttemptBegan):
            attempts.append(event)

    first = [f"resp_{number}" for number in range(10_000)]
    again = ["resp_0", "resp_new", "resp_0", "resp_1"]
    run(traverse(first + again, _lost), in_turn(Failure(LOST)), observe=observe)
    # What was sent last is remembered: of 10,001 that was not the second.
    assert [attempt.sent_before for attempt in attempts[10_000:]] == [1, 0, 2, 0]


def _lost(response_id: str) -> Operation[object]:
    return delete_response(response_id).lash(_forgiven)


def _forgiven(error: Error) -> Operation[object]:
    return succeed(None)


# --- exchanges that can be given up --------------------------------------------------------------


class Abandonable:
    """Its exchanges can be given up, and note who asked."""

    def __init__(self) -> None:
        self.exchanges: list[_Exchange] = []

    def __call__(self, request: HttpRequest) -> Answer:
        return self.begin(request).result()

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        exchange = _Exchange(request)
        self.exchanges.append(exchange)
        return exchange


class _Exchange:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.is_given_up = False

    def result(self) -> Answer:
        return Failure(NotSent("given_up", "given up")) if self.is_given_up else Success(DELETED)

    def give_up(self) -> None:
        self.is_given_up = True


def marked(observed: WatchedRun) -> HttpRequest:
    """The request that the first step of an observed run sends."""
    waiting: Any = observed.operation(DELETION)
    request: HttpRequest = waiting.resume(0.0).request
    return request


def test_an_exchange_is_reported_by_who_performs_it_and_can_be_given_up() -> None:
    events: list[RunEvent] = []
    transport = Abandonable()
    exchange = WatchedAbandonableTransport(transport).begin(marked(WatchedRun(events.append, VirtualClock())))
    assert kinds(events) == ["RunBegan"]
    assert type(transport.exchanges[0].request) is HttpRequest
    exchange.give_up()
    answer = exchange.result()
    assert answer == exchange.result() == Failure(NotSent("given_up", "given up"))
    assert kinds(events) == ["RunBegan", "AttemptBegan", "AttemptAnswered"]


def test_a_transport_has_exchanges_to_give_up_where_the_drivers_own_has() -> None:
    assert isinstance(watched(Abandonable()), WatchedAbandonableTransport)
    assert not hasattr(watched(lambda request: Success(DELETED)), "begin")


def test_what_is_left_behind_by_a_run_that_is_over_is_not_reported() -> None:
    events: list[RunEvent] = []
    observed = WatchedRun(events.append, VirtualClock())
    request = marked(observed)

    def transport(request: HttpRequest) -> Answer:
        observed.raised(KeyboardInterrupt())
        return Success(DELETED)

    watched(transport)(request)
    assert kinds(events) == ["RunBegan", "AttemptBegan", "RunRaised"]


def test_collect_is_one_run() -> None:
    events: list[RunEvent] = []
    run(collect(STREAM), MemoryTransport(), observe=events.append)
    assert kinds(events) == ["RunBegan", "AttemptBegan", "AttemptAnswered", "RunEnded"]


def test_the_attempts_of_a_run_are_numbered() -> None:
    events: list[RunEvent] = []
    run(sequence(MANY[:3]), in_turn(Success(DELETED)), observe=events.append)
    assert [(event.number, event.sent_before) for event in begun(events)] == [(0, 0), (1, 0), (2, 0)]
