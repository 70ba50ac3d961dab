"""Many operations at once: each outcome with its operation as it finishes, lazily, in bounded memory."""

import asyncio
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import aclosing, closing
from itertools import count, islice
from typing import Any, TypeVar

import pytest
from returns.result import Failure, Success

from puresponse.codecs import DeletedResponse
from puresponse.core import (
    Answer,
    ApiError,
    Error,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    RetryPolicy,
    Send,
    Wait,
    delete_response,
    fold,
    is_failure,
    retrying,
    succeed,
)
from puresponse.transports import VirtualClock, in_threads, run_many, run_many_async

T = TypeVar("T")
PATIENCE = 5.0
Deletion = Operation[DeletedResponse]


def deletions(first: int = 0) -> Iterator[Deletion]:
    """Operations without end."""
    return (delete_response(f"resp_{number}") for number in count(first))


def answer(request: HttpRequest) -> Answer:
    return Success(HttpResponse(status=204))


async def answer_later(request: HttpRequest) -> Answer:
    await asyncio.sleep(0)
    return answer(request)


def path_of(operation: Operation[Any]) -> str:
    assert isinstance(operation, Send)
    return operation.request.path


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


class Counting:
    """An iterator, and how many were taken of it."""

    def __init__(self, operations: Iterator[Deletion]) -> None:
        self.operations = operations
        self.taken = 0

    def __iter__(self) -> Iterator[Deletion]:
        for operation in self.operations:
            self.taken += 1
            yield operation


# --- every outcome -------------------------------------------------------------------------------


@pytest.mark.parametrize("concurrency", [1, 2, 16, 100])
def test_every_operation_has_its_outcome(concurrency: int) -> None:
    operations = list(islice(deletions(), 50))
    outcomes = list(run_many(operations, answer, concurrency))
    assert Counter(map(path_of, (operation for operation, _ in outcomes))) == Counter(map(path_of, operations))
    for operation, result in outcomes:
        assert f"/responses/{result.unwrap().id}" == path_of(operation)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_outcome_has_the_very_operation_that_was_given(concurrency: int) -> None:
    operations = [delete_response("resp_1") for _ in range(10)]  # equal, and yet to be told apart
    given = {id(operation) for operation, _ in run_many(operations, answer, concurrency)}
    assert given == {id(operation) for operation in operations}


@pytest.mark.parametrize("concurrency", [1, 3])
def test_one_bad_outcome_stops_nothing(concurrency: int) -> None:
    lost = NotSent("dns", "no such host")

    def transport(request: HttpRequest) -> Answer:
        number = int(request.path.removeprefix("/responses/resp_"))
        return Failure(lost) if number % 3 == 0 else Success(HttpResponse(status=404 if number % 3 == 1 else 200))

    outcomes = dict(run_many(islice(deletions(), 30), transport, concurrency))
    assert len(outcomes) == 30
    told = Counter(fold(result, lambda deleted: "deleted", _name) for result in outcomes.values())
    assert told == {"NotSent": 10, "ApiError": 10, "deleted": 10}


def _name(error: Error) -> str:
    assert not isinstance(error, ApiError) or error.status == 404
    return type(error).__name__


def test_an_operation_that_was_never_built_is_an_outcome_too() -> None:
    bad, good = delete_response(""), delete_response("resp_1")
    outcomes = dict(run_many([bad, good], answer))
    assert is_failure(outcomes[bad])
    assert outcomes[good].unwrap().deleted


def test_no_operations_have_no_outcomes() -> None:
    nothing: list[Deletion] = []
    assert list(run_many(nothing, answer)) == []
    assert list(run_many(nothing, answer, 1)) == []


def test_operations_of_several_exchanges_and_waits_are_carried_out_whole() -> None:
    clock = VirtualClock()
    attempts: Counter[str] = Counter()
    lock = threading.Lock()

    def transport(request: HttpRequest) -> Answer:
        with lock:
            attempts[request.path] += 1
            return answer(request) if attempts[request.path] == 3 else Failure(NotSent("dns", "?"))

    operations = (retrying(operation, RetryPolicy(jitter=0)) for operation in islice(deletions(), 8))
    outcomes = list(run_many(operations, transport, clock=clock))
    assert [result.unwrap().deleted for _, result in outcomes] == [True] * 8
    assert sorted(clock.slept) == [0.5] * 8 + [1.0] * 8


# --- at once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("concurrency", [2, 5])
def test_as_many_run_at_once_as_were_asked_for(concurrency: int) -> None:
    together = threading.Barrier(concurrency)

    def transport(request: HttpRequest) -> Answer:
        together.wait(PATIENCE)  # breaks, and raises, unless so many come together
        return answer(request)

    assert len(list(run_many(islice(deletions(), 3 * concurrency), transport, concurrency))) == 3 * concurrency


def test_no_more_run_at_once_than_were_asked_for() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def transport(request: HttpRequest) -> Answer:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with lock:
            running -= 1
        return answer(request)

    assert len(list(run_many(islice(deletions(), 200), transport, 3))) == 200
    assert most <= 3


def test_sixteen_run_at_once_by_default() -> None:
    together = threading.Barrier(16)

    def transport(request: HttpRequest) -> Answer:
        together.wait(PATIENCE)
        return answer(request)

    operations = Counting(deletions())
    with closing(run_many(operations, transport)) as outcomes:
        next(outcomes)
        assert operations.taken == 16


def test_an_outcome_is_given_as_it_finishes() -> None:
    go_on = threading.Event()

    def transport(request: HttpRequest) -> Answer:
        assert request.path != "/responses/resp_0" or go_on.wait(PATIENCE)
        return answer(request)

    outcomes = run_many(islice(deletions(), 5), transport, 2)
    first_four = [path_of(operation) for operation, _ in islice(outcomes, 4)]
    assert first_four == [f"/responses/resp_{number}" for number in (1, 2, 3, 4)]
    go_on.set()
    assert [path_of(operation) for operation, _ in outcomes] == ["/responses/resp_0"]


@pytest.mark.thread_unsafe(reason="of 500 threads of each of four runs, it is chance which is in time")
def test_an_outcome_that_is_there_does_not_wait_for_more_operations() -> None:
    finished = threading.Event()

    def transport(request: HttpRequest) -> Answer:
        finished.set()
        return answer(request)

    def slowly() -> Iterator[Deletion]:
        yield delete_response("resp_first")
        assert finished.wait(PATIENCE)
        yield from deletions()

    operations = Counting(slowly())
    with closing(run_many(operations, transport, 500)) as outcomes:
        next(outcomes)
        assert operations.taken < 500


def test_as_many_stay_begun_while_outcomes_are_given() -> None:
    together = threading.Barrier(4)

    def transport(request: HttpRequest) -> Answer:
        together.wait(PATIENCE)  # four finish at one time, again and again
        return answer(request)

    operations = Counting(deletions())
    with closing(run_many(islice(iter(operations), 40), transport, 4)) as outcomes:
        for given in range(1, 38):
            next(outcomes)
            assert operations.taken == given + 3


def test_one_at_a_time_they_run_in_order_in_the_callers_own_thread() -> None:
    threads: set[threading.Thread] = set()

    def transport(request: HttpRequest) -> Answer:
        threads.add(threading.current_thread())
        return answer(request)

    outcomes = list(run_many(islice(deletions(), 20), transport, 1))
    assert [result.unwrap().id for _, result in outcomes] == [f"resp_{number}" for number in range(20)]
    assert threads == {threading.current_thread()}


def test_several_at_a_time_leave_the_callers_thread_alone() -> None:
    threads: set[threading.Thread] = set()

    def transport(request: HttpRequest) -> Answer:
        threads.add(threading.current_thread())
        return answer(request)

    list(run_many(islice(deletions(), 20), transport, 2))
    assert threading.current_thread() not in threads


# --- lazily --------------------------------------------------------------------------------------


@pytest.mark.parametrize("concurrency", [1, 2, 7])
def test_no_more_operations_are_taken_than_there_is_room_for(concurrency: int) -> None:
    operations = Counting(deletions())
    outcomes = run_many(operations, answer, concurrency)
    assert operations.taken == 0
    with closing(outcomes):
        for given in range(1, 100):
            next(outcomes)
            assert given <= operations.taken <= given + concurrency - 1


def test_endless_operations_give_outcomes_all_the_same() -> None:
    with closing(run_many(deletions(), answer, 4)) as outcomes:
        assert len(list(islice(outcomes, 1_000))) == 1_000


@pytest.mark.parametrize("concurrency", [1, 4])
def test_memory_does_not_grow_with_the_number_of_operations(concurrency: int) -> None:
    # Each request has 10,000 bytes of its own: 20 MB if all were kept.
    operations = (Send(HttpRequest("POST", "/", body=bytes(10_000)), lambda _: succeed(None)) for _ in range(2_000))
    outcomes = run_many(operations, answer, concurrency)
    next(outcomes)
    tracemalloc.start()
    try:
        assert sum(1 for _ in outcomes) == 1_999
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


# --- stopping ------------------------------------------------------------------------------------


@pytest.mark.thread_unsafe(reason="it counts the threads of the process")
def test_whoever_stops_lets_what_has_begun_come_to_its_end_and_begins_no_more() -> None:
    asked: list[str] = []
    together, go_on = threading.Barrier(3), threading.Event()

    def transport(request: HttpRequest) -> Answer:
        together.wait(PATIENCE)
        if request.path != "/responses/resp_0":
            assert go_on.wait(PATIENCE)
        asked.append(request.path)
        return answer(request)

    operations = Counting(deletions())
    before = threading.active_count()
    with closing(run_many(operations, transport, 3)) as outcomes:
        assert path_of(next(outcomes)[0]) == "/responses/resp_0"
        go_on.set()
    assert sorted(asked) == ["/responses/resp_0", "/responses/resp_1", "/responses/resp_2"]
    assert operations.taken == 3
    assert threading.active_count() == before


@pytest.mark.thread_unsafe(reason="it counts the threads of the process")
def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    list(run_many(islice(deletions(), 40), answer, 8))
    assert threading.active_count() == before


@pytest.mark.thread_unsafe(reason="it counts the threads of the process")
def test_what_a_transport_raises_is_a_bug_and_comes_out() -> None:
    def broken(request: HttpRequest) -> Answer:
        raise ZeroDivisionError(request.path)

    before = threading.active_count()
    for concurrency in (1, 3):
        with pytest.raises(ZeroDivisionError, match="/responses/resp_"):
            list(run_many(deletions(), broken, concurrency))
    assert threading.active_count() == before


def test_what_the_iterable_raises_comes_out() -> None:
    def few() -> Iterator[Deletion]:
        yield delete_response("resp_1")
        raise ZeroDivisionError

    for concurrency in (1, 3):
        with pytest.raises(ZeroDivisionError):
            list(run_many(few(), answer, concurrency))


# --- bad input -----------------------------------------------------------------------------------

BAD: list[Any] = [0, -1, 1.0, "4", True, None, [4]]


@pytest.mark.parametrize("start", [run_many, run_many_async])
@pytest.mark.parametrize("concurrency", BAD, ids=repr)
def test_a_concurrency_that_makes_no_sense_is_refused_at_once(start: Callable[..., Any], concurrency: Any) -> None:
    operations = Counting(deletions())
    with pytest.raises(
        ValueError, match=r"^invalid argument 'concurrency': given .*; allowed is an integer of 1 or more$"
    ):
        start(operations, answer, concurrency)
    assert operations.taken == 0


@pytest.mark.parametrize("start", [run_many, run_many_async])
@pytest.mark.parametrize("concurrency", [1, 4])
def test_what_is_no_iterable_is_refused_at_once(start: Callable[..., Any], concurrency: int) -> None:
    with pytest.raises(TypeError):
        start(7, answer, concurrency)


# --- in an event loop ----------------------------------------------------------------------------


async def all_of(operations: Any, transport: Any, concurrency: int = 16, **more: Any) -> list[tuple[Any, Any]]:
    return [outcome async for outcome in run_many_async(operations, transport, concurrency, **more)]


@pytest.mark.parametrize("concurrency", [1, 2, 16, 100])
def test_in_an_event_loop_every_operation_has_its_outcome(concurrency: int) -> None:
    operations = list(islice(deletions(), 50))
    outcomes = within(all_of(operations, answer_later, concurrency))
    assert {id(operation) for operation, _ in outcomes} == {id(operation) for operation in operations}
    for operation, result in outcomes:
        assert f"/responses/{result.unwrap().id}" == path_of(operation)


def test_in_an_event_loop_one_bad_outcome_stops_nothing() -> None:
    async def transport(request: HttpRequest) -> Answer:
        await asyncio.sleep(0)
        return Failure(NotSent("dns", "?")) if request.path.endswith("0") else answer(request)

    outcomes = within(all_of(islice(deletions(), 30), transport, 4))
    assert Counter(isinstance(result, Failure) for _, result in outcomes) == {True: 3, False: 27}


def test_in_an_event_loop_an_outcome_is_given_as_it_finishes() -> None:
    async def scene() -> list[str]:
        go_on = asyncio.Event()

        async def transport(request: HttpRequest) -> Answer:
            if request.path == "/responses/resp_0":
                await go_on.wait()
            return answer(request)

        paths: list[str] = []
        async for operation, _ in run_many_async(islice(deletions(), 5), transport, 2):
            paths.append(path_of(operation)[-1])
            if len(paths) == 4:
                go_on.set()
        return paths

    assert within(scene()) == ["1", "2", "3", "4", "0"]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_in_an_event_loop_as_many_run_at_once_as_were_asked_for_and_no_more(concurrency: int) -> None:
    async def scene() -> int:
        running, most = 0, 0

        async def transport(request: HttpRequest) -> Answer:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
            return answer(request)

        assert len(await all_of(islice(deletions(), 20), transport, concurrency)) == 20
        return most

    assert within(scene()) == concurrency


@pytest.mark.parametrize("concurrency", [1, 2, 7])
def test_in_an_event_loop_operations_are_taken_lazily(concurrency: int) -> None:
    async def scene() -> None:
        operations = Counting(deletions())
        async with aclosing(run_many_async(operations, answer_later, concurrency)) as outcomes:
            assert operations.taken == 0
            for given in range(1, 50):
                await anext(outcomes)
                assert given <= operations.taken <= given + concurrency - 1

    within(scene())


def test_in_an_event_loop_memory_does_not_grow() -> None:
    async def scene() -> int:
        operations = (Send(HttpRequest("POST", "/", body=bytes(10_000)), lambda _: succeed(None)) for _ in range(2_000))
        outcomes = run_many_async(operations, answer_later, 4)
        await anext(outcomes)
        tracemalloc.start()
        try:
            async for _ in outcomes:
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert within(scene()) < 1_000_000


class Hanging:
    """A transport whose exchanges end when they are cancelled, but for the first, which is answered."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.cancelled: list[str] = []

    async def __call__(self, request: HttpRequest) -> Answer:
        self.begun.append(request.path)
        if len(self.begun) > 1:
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled.append(request.path)
        return answer(request)


def test_in_an_event_loop_whoever_stops_cancels_what_has_begun() -> None:
    hanging = Hanging()

    async def scene() -> None:
        before = asyncio.all_tasks()
        async with aclosing(run_many_async(deletions(), hanging, 4)) as outcomes:
            await anext(outcomes)
            assert hanging.cancelled == []
        assert sorted(hanging.cancelled) == sorted(hanging.begun[1:])
        assert asyncio.all_tasks() == before

    within(scene())
    assert len(hanging.begun) == 4


def test_a_cancelled_caller_cancels_what_has_begun() -> None:
    hanging = Hanging()

    async def scene() -> None:
        task = asyncio.create_task(all_of(deletions(), hanging, 4))
        while len(hanging.begun) < 5:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)

    within(scene())
    assert sorted(hanging.cancelled) == sorted(hanging.begun[1:])


def test_in_an_event_loop_what_a_transport_raises_comes_out() -> None:
    async def broken(request: HttpRequest) -> Answer:
        raise ZeroDivisionError(request.path)

    async def scene() -> None:
        with pytest.raises(ZeroDivisionError):
            await all_of(deletions(), broken, 3)

    within(scene())


def test_in_an_event_loop_waits_go_by_the_clock_that_is_given() -> None:
    clock = VirtualClock()
    waits: list[Operation[float]] = [Wait(float(number), 0.0, succeed) for number in range(1, 5)]
    outcomes = within(all_of(waits, answer_later, clock=clock))
    assert len(outcomes) == 4
    assert sorted(clock.slept) == [1.0, 2.0, 3.0, 4.0]


def test_blocking_transports_run_many_in_an_event_loop_too() -> None:
    outcomes = within(all_of(islice(deletions(), 10), in_threads(answer), 3))
    assert sorted(result.unwrap().id for _, result in outcomes) == [f"resp_{number}" for number in range(10)]


def test_as_many_blocking_exchanges_run_at_once_as_operations() -> None:
    together = threading.Barrier(40)

    def transport(request: HttpRequest) -> Answer:
        together.wait(PATIENCE)
        return answer(request)

    assert len(within(all_of(islice(deletions(), 40), in_threads(transport), 40))) == 40
