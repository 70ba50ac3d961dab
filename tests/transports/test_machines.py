"""A batch by an executor: what travels, what is yielded, and what is told where something does not go."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import count, islice
from typing import Any

import pytest
from interpreters import printed_by
from machine_workers import (
    NAMES,
    SERVICES,
    Answering,
    Inline,
    Service,
    WithLambda,
    answered,
    big_audits,
    broken,
    broken_badly,
    failed,
    length,
    lock_of,
)
from returns.result import Success

from puresponse.core import (
    Answer,
    ApiError,
    HttpRequest,
    InvalidArgument,
    RetryPolicy,
    audit_response,
    create_response,
    delete_response,
    gather,
    is_failure,
    retrieve_response,
    retrying,
    succeed,
    within,
)
from puresponse.transports import (
    CannotTravel,
    MemoryTransport,
    Progress,
    TooManyFailures,
    Unfinished,
    Urllib3Transport,
    VirtualClock,
    run_many,
    run_many_on,
)

HERE = "machine_workers:here"


@pytest.fixture
def service() -> Generator[Service, None, None]:
    SERVICES.append(Service())
    yield SERVICES[-1]
    SERVICES.pop()


def deletions() -> Iterator[Any]:
    return (delete_response(f"resp_{number}") for number in count())


# --- outcomes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 3])
def test_the_outcomes_are_those_of_run_many(service: Service, chunk: int) -> None:
    operations = {
        "audit": audit_response("resp_chat"),
        "at once": gather(retrieve_response("resp_completed"), retrieve_response("resp_chat")),
        "delete": delete_response("resp_completed"),
        "absent": retrieve_response("resp_000nope"),
        "bad": retrieve_response(""),
        "done": succeed(1),
        "retried": retrying(delete_response("resp_in_progress")),
    }
    # One after another: one of them deletes what another retrieves.
    there = dict(run_many_on(Inline(), operations.items(), HERE, chunk=chunk, threads=1, order="given"))
    assert there == dict(run_many(operations.items(), MemoryTransport(), 1))
    assert list(there) == list(operations)


def test_an_outcome_without_a_key_has_the_very_operation_that_was_given(service: Service) -> None:
    operations = [delete_response("resp_chat"), delete_response("resp_chat")]
    (one, first), (other, second) = run_many_on(Inline(), operations, HERE)
    assert (one is operations[0], other is operations[1]) == (True, True)
    assert (first.unwrap().deleted, failed(second).status) == (True, 404)


def test_outcomes_are_yielded_as_they_are_there_and_operations_taken_as_there_is_room(service: Service) -> None:
    taken: list[int] = []

    def endless() -> Iterator[Any]:
        for number, operation in enumerate(deletions()):
            taken.append(number)
            yield number, operation

    with closing(run_many_on(Inline(), endless(), HERE, 4)) as outcomes:
        assert [key for key, _ in islice(outcomes, 10)] == list(range(10))
    assert len(taken) <= 14


def test_a_thread_pool_carries_out_as_many_at_once_as_are_held(service: Service) -> None:
    together = threading.Barrier(3)

    def answer(request: HttpRequest) -> Answer:
        together.wait(5)
        return answered(204)

    service.answer = answer
    with ThreadPoolExecutor(3) as threads:
        outcomes = list(run_many_on(threads, islice(deletions(), 6), HERE, 3))
    assert [result.unwrap().deleted for _, result in outcomes] == [True] * 6


def test_the_operations_of_a_chunk_are_carried_out_at_once(service: Service) -> None:
    together = threading.Barrier(3)

    def answer(request: HttpRequest) -> Answer:
        together.wait(5)
        return answered(204)

    service.answer = answer
    executor = Inline()
    assert len(list(run_many_on(executor, islice(deletions(), 6), HERE, 6, chunk=3))) == 6
    assert len(executor.sent) == 2


def test_with_one_thread_they_are_carried_out_one_after_another(service: Service) -> None:
    senders: list[int] = []

    def answer(request: HttpRequest) -> Answer:
        senders.append(threading.get_ident())
        return answered(204)

    service.answer = answer
    assert len(list(run_many_on(Inline(), islice(deletions(), 6), HERE, 6, chunk=3, threads=1))) == 6
    assert set(senders) == {threading.get_ident()}


def test_progress_limits_and_order_are_those_of_run_many(service: Service) -> None:
    told: list[Progress] = []
    outcomes = run_many_on(
        Inline(), islice(deletions(), 9), HERE, 2, progress=told.append, total=9, max_failures=3, order="given"
    )
    yielded: list[Any] = []
    with pytest.raises(TooManyFailures, match="stopped after 3 failures"):
        yielded.extend(outcomes)
    assert len(yielded) == len(told) == told[-1].failed < 6


def test_programs_wait_where_they_are_handed_out_and_take_no_worker(service: Service) -> None:
    clock, executor = VirtualClock(), Inline()
    service.answer = lambda request: answered(503 if len(service.asked) <= 8 else 204)
    policy = RetryPolicy(jitter=0)
    outcomes = list(run_many_on(executor, (retrying(one, policy) for one in islice(deletions(), 4)), HERE, clock=clock))
    assert [result.unwrap().deleted for _, result in outcomes] == [True] * 4
    assert (clock.now, len(executor.sent)) == (1.5, 12)


def test_a_deadline_of_a_program_counts_from_when_it_began(service: Service) -> None:
    clock = VirtualClock()
    service.answer = lambda request: answered(503, ("retry-after", "4"))
    operation = within(retrying(retrieve_response("resp_1"), RetryPolicy(max_retries=5, jitter=0)), 7.0)
    ((_, result),) = run_many_on(Inline(), [operation], HERE, clock=clock)
    assert type(failed(result)).__name__ == "WaitExpired"
    assert clock.now <= 7.01


# --- what the caller's programs hold -------------------------------------------------------------------


@pytest.mark.parametrize("names", [NAMES, "machine_workers:NAMES"], ids=["by value", "by name"])
def test_functions_of_the_caller_travel_by_their_names(service: Service, names: Any) -> None:
    ((_, result),) = run_many_on(Inline(), [retrieve_response("resp_chat").map(length)], HERE, names=names)
    assert result == Success(9)


def test_an_operation_that_cannot_be_saved_is_an_outcome_and_stops_nothing(service: Service) -> None:
    operations = [retrieve_response("resp_chat").map(lambda one: one), retrieve_response("resp_chat")]
    (_, bad), (_, good) = run_many_on(Inline(), operations, HERE, order="given")
    assert isinstance(failed(bad), InvalidArgument)
    assert "$.program.resume.frames[1].function" in str(failed(bad))
    assert good.unwrap().id == "resp_chat"
    assert len(service.asked) == 1


def test_an_operation_that_becomes_one_that_cannot_be_saved_ends_there(service: Service) -> None:
    operation = delete_response("resp_chat").bind(WithLambda())
    ((_, result),) = run_many_on(Inline(), [operation], HERE, names=NAMES)
    assert isinstance(failed(result), InvalidArgument)
    assert [request.method for request in service.asked] == ["DELETE"]


def test_what_a_program_raises_in_a_worker_is_raised_here_and_says_where(service: Service) -> None:
    told: list[Unfinished[Any, Any]] = []
    outcomes = run_many_on(
        Inline(),
        [("a", retrieve_response("resp_chat").map(broken)), ("b", delete_response("resp_1"))],
        HERE,
        names=NAMES,
        unfinished=told.append,
    )
    with pytest.raises(ZeroDivisionError, match="a bug of the program") as raised:
        list(outcomes)
    assert "machine_workers.py" in "".join(raised.value.__notes__)
    assert [(one.key, one.sent) for one in told] == [("a", True)]


def test_an_exception_that_cannot_travel_is_told(service: Service) -> None:
    operation = retrieve_response("resp_chat").map(broken_badly)
    with pytest.raises(CannotTravel, match="NotPickled, which cannot travel: 1, 2"):
        list(run_many_on(Inline(), [operation], HERE, names=NAMES))


def test_a_result_that_cannot_travel_is_told(service: Service) -> None:
    operation = retrieve_response("resp_chat").map(lock_of)
    with pytest.raises(CannotTravel, match="a result cannot travel to another process: TypeError: cannot pickle"):
        list(run_many_on(Inline(), [operation], HERE, names=NAMES))


def test_a_result_that_cannot_travel_takes_no_other_of_its_chunk_with_it(service: Service) -> None:
    told: list[Unfinished[Any, Any]] = []
    pairs = [("good", retrieve_response("resp_chat").map(length)), ("bad", retrieve_response("resp_chat").map(lock_of))]
    with pytest.raises(CannotTravel):
        list(run_many_on(Inline(), pairs, HERE, names=NAMES, chunk=2, unfinished=told.append))
    assert [(one.key, one.result) for one in told] == [("good", Success(9)), ("bad", None)]


def test_what_a_transport_returns_is_a_result_or_a_type_error(service: Service) -> None:
    nothing: Any = None
    service.answer = lambda request: nothing
    with pytest.raises(TypeError, match="returned None"):
        list(run_many_on(Inline(), [delete_response("resp_1")], HERE))


# --- transports ----------------------------------------------------------------------------------------


def test_a_transport_is_made_once_and_kept_as_long_as_the_same_is_sent(service: Service) -> None:
    for _ in range(2):
        list(run_many_on(Inline(), islice(deletions(), 5), "machine_workers:also_here"))
    before = service.made
    assert before <= 1
    list(run_many_on(Inline(), islice(deletions(), 5), "machine_workers:also_here", names={"length": length}))
    assert service.made == before + 1


FORKED = """
import os, sys
from puresponse.core import delete_response
from puresponse.transports.machines.equipped import SHELF, equipment
brought = equipment("puresponse:MemoryTransport", None)
mine = SHELF.of(brought)
assert SHELF.of(brought) is mine
if os.fork() == 0:
    print(SHELF.of(brought) is mine, flush=True)
    os._exit(0)
os.wait()
"""


def test_a_process_that_was_forked_makes_its_own() -> None:
    assert printed_by(FORKED) == "False"


def test_a_transport_that_does_not_pickle_is_refused_and_the_error_says_what_to_do() -> None:
    executor = Inline()
    with pytest.raises(CannotTravel, match=r"transport MemoryTransport cannot travel.*; give the name of a function"):
        run_many_on(executor, [delete_response("resp_1")], MemoryTransport())
    assert executor.sent == []


def test_a_worker_whose_environment_leads_elsewhere_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    outcomes = run_many_on(Inline(), [delete_response("resp_1")], Urllib3Transport(api_key=""))
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8/v1")
    with pytest.raises(ValueError, match=r"base_url: by the environment of the worker it is http://127.0.0.1:8/v1"):
        list(outcomes)


def test_an_asynchronous_transport_is_refused_by_the_worker(service: Service) -> None:
    async def later(request: HttpRequest) -> Answer:
        return answered(204)

    asynchronous: Any = later
    service.answer = asynchronous
    with pytest.raises(TypeError, match="run_many_on"):
        list(run_many_on(Inline(), [delete_response("resp_1")], HERE))


# --- leaving ---------------------------------------------------------------------------------------------


class Never(Inline):
    """An executor that calls nothing, and knows what was cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.futures: list[Future[bytes]] = []

    def submit(self, function: Any, data: bytes, /) -> Future[bytes]:
        if len(self.sent) == 0:
            return super().submit(function, data)
        self.futures.append(Future())
        return self.futures[-1]


def test_whoever_leaves_cancels_what_has_not_begun_and_is_told_of_all_that_has(service: Service) -> None:
    executor, told = Never(), list[Unfinished[Any, Any]]()
    pairs = ((str(number), operation) for number, operation in enumerate(deletions()))
    with closing(run_many_on(executor, pairs, HERE, 3, unfinished=told.append)) as outcomes:
        next(outcomes)
    assert [(one.key, one.sent) for one in told] == [("1", False)]
    assert all(future.cancelled() for future in executor.futures)


def test_with_finish_all_that_has_begun_is_carried_out_and_told_with_its_result(service: Service) -> None:
    told = list[Unfinished[Any, Any]]()
    with ThreadPoolExecutor(1) as threads:
        outcomes = run_many_on(threads, deletions(), HERE, 3, unfinished=told.append, on_stop="finish")
        next(outcomes)
        outcomes.close()
    assert [one.result is not None for one in told] == [True] * len(told)
    assert len(service.asked) == len(told) + 1


class Closing(Inline):
    """An executor that knows whether it was shut down."""

    def __init__(self) -> None:
        super().__init__()
        self.is_shut_down = False

    def shutdown(self, *, wait: bool) -> None:
        self.is_shut_down = True


def test_an_executor_that_was_given_stays_open_and_one_that_was_made_is_shut_down(service: Service) -> None:
    given, made = Closing(), Closing()
    list(run_many_on(given, [delete_response("resp_1")], HERE))
    list(run_many_on(lambda: made, [delete_response("resp_1")], HERE))
    assert (given.is_shut_down, made.is_shut_down) == (False, True)


@pytest.mark.parametrize(
    ("error", "match", "wrong"),
    [
        (ValueError, "concurrency", {"concurrency": 0}),
        (ValueError, "chunk.*an integer from 1 to the concurrency, 16", {"chunk": 17}),
        (ValueError, "chunk", {"chunk": 0}),
        (ValueError, "threads.*an integer from 1 to 1,000", {"threads": 0}),
        (ValueError, "transport: given a text of 9 characters", {"transport": "not:a:one"}),
        (ValueError, "names: given a text of 4 characters", {"names": "here"}),
        (TypeError, "executor: it is a int", {"executor": 1}),
        (TypeError, "run_many_on", {"operations": 1}),
        (TypeError, "run_many_on", {"transport": 1}),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    error: type[Exception], match: str, wrong: dict[str, Any]
) -> None:
    given: dict[str, Any] = {"executor": Inline(), "operations": [delete_response("resp_1")], "transport": HERE} | wrong
    with pytest.raises(error, match=match):
        run_many_on(**given)


def test_a_program_and_its_outcome_are_small_when_they_travel(service: Service) -> None:
    executor = Inline()
    list(run_many_on(executor, [delete_response("resp_chat")], HERE))
    assert max(map(len, (*executor.sent, *executor.returned))) < 1_000
    assert pickle.loads(executor.sent[0]).held[0].program.startswith(b'{"checkpoint":')


def test_a_failure_is_what_it_was(service: Service) -> None:
    ((_, result),) = run_many_on(Inline(), [retrieve_response("resp_000nope")], HERE)
    assert is_failure(result)
    assert isinstance(failed(result), ApiError)
    assert failed(result).body == MemoryTransport()(HttpRequest("GET", "/responses/resp_000nope")).unwrap().body


def test_creations_one_after_another_are_handed_out_one_at_a_time(service: Service) -> None:
    executor = Inline()
    operation = retrieve_response("resp_chat").bind(Answering("one")).bind(Answering("two"))
    list(run_many_on(executor, [operation, create_response(model="gpt-5", input="x")], HERE, names=NAMES))
    assert [request.method for request in service.asked] == ["GET", "POST", "POST", "POST"]
    assert len(executor.sent) == 4


def test_an_audit_that_travelled_as_a_value_is_the_audit() -> None:
    ((_, there),) = run_many_on(Inline(), [audit_response("resp_big")], "machine_workers:big_audits")
    ((_, here),) = run_many([audit_response("resp_big")], big_audits(), 1)
    assert there == here
    assert len(there.unwrap().input_items) == 1_000
