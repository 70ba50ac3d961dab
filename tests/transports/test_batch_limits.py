"""A batch that ends before its time: what is begun no more, what is carried out all the same, and what is raised."""

import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from batches import Way, at_once, every_way, in_a_loop, in_turn
from returns.result import Failure, Success

from puresponse.core import (
    Answer,
    ApiError,
    Error,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    delete_response,
    succeed,
)
from puresponse.core.steps import Done
from puresponse.transports import (
    MemoryTransport,
    Progress,
    RunStopped,
    TooManyFailures,
    Unfinished,
    VirtualClock,
    hopeless,
    in_threads,
    run_many,
    run_many_async,
)

LOST = NotSent("dns", "no such host")
FAILS: Operation[Any] = Done(Failure(LOST))
WORKS: Operation[Any] = succeed(1)
REFUSED = ApiError(status=401, message="Incorrect API key provided")


class Given:
    """Operations that are counted as they are taken."""

    def __init__(self, *operations: Operation[Any]) -> None:
        self._operations = operations
        self.taken = 0

    def __iter__(self) -> Iterator[Operation[Any]]:
        for operation in self._operations:
            self.taken += 1
            yield operation


@every_way
def test_after_the_last_failure_that_is_allowed_no_more_are_begun(carried_out: Way) -> None:
    given = Given(*[WORKS, FAILS] * 50)
    outcomes, stopped = carried_out(given, MemoryTransport(), max_failures=3)
    assert isinstance(stopped, TooManyFailures)
    assert (stopped.error, stopped.limit) == (LOST, 3)
    # Those that were under way then, three at most, are among them.
    assert given.taken == len(outcomes) == stopped.progress.done + stopped.progress.failed
    assert 3 <= stopped.progress.failed <= 6
    assert stopped.progress.in_flight == 0


@every_way
def test_fewer_failures_are_outcomes_like_any_other(carried_out: Way) -> None:
    outcomes, stopped = carried_out([FAILS, WORKS, FAILS], MemoryTransport(), max_failures=3)
    assert (len(outcomes), stopped) == (3, None)


@every_way
def test_the_very_last_failure_is_one_too_many_as_well(carried_out: Way) -> None:
    outcomes, stopped = carried_out([WORKS, FAILS], MemoryTransport(), max_failures=1)
    assert len(outcomes) == 2
    assert isinstance(stopped, TooManyFailures)


@every_way
def test_the_first_error_that_is_meant_ends_the_batch(carried_out: Way) -> None:
    asked: list[Error] = []
    met = threading.Event()

    def is_meant(error: Error) -> bool:
        asked.append(error)
        if error is REFUSED:
            met.set()
        return isinstance(error, ApiError)

    def transport(request: HttpRequest) -> Answer:
        assert met.wait(10.0)
        return Success(HttpResponse(status=204))

    refused: Operation[Any] = Done(Failure(REFUSED))
    others: list[Operation[Any]] = [delete_response(f"resp_{number}") for number in range(50)]
    given = Given(WORKS, FAILS, refused, *others)
    outcomes, stopped = carried_out(given, transport, stop_on=is_meant)
    assert type(stopped) is RunStopped
    assert stopped.error is REFUSED
    assert asked in ([LOST, REFUSED], [REFUSED])  # by who ends first; after the error that is meant, none is asked of
    assert 3 <= given.taken == len(outcomes) <= 6


@every_way
def test_a_key_that_is_refused_is_asked_with_no_more_often_than_so_many_are_under_way(carried_out: Way) -> None:
    asked: list[str] = []

    def refusing(request: HttpRequest) -> Answer:
        asked.append(request.path)
        return Success(HttpResponse(status=401, body=b'{"error":{"message":"Incorrect API key provided"}}'))

    operations = (delete_response(f"resp_{number}") for number in range(10_000))
    outcomes, stopped = carried_out(operations, refusing, stop_on=hopeless)
    assert isinstance(stopped, RunStopped)
    assert "refuses the key" in str(hopeless(stopped.error))
    assert 1 <= len(asked) == len(outcomes) <= 4


@pytest.mark.parametrize("carried_out", [at_once, in_a_loop])
@pytest.mark.parametrize("on_stop", ["give_up", "finish"])
def test_what_is_under_way_is_carried_out_and_yielded_whatever_becomes_of_it_elsewhere(
    carried_out: Way, on_stop: str
) -> None:
    goes_on, unfinished = threading.Event(), list[Unfinished[Any, Any]]()
    three = threading.Barrier(3)

    def transport(request: HttpRequest) -> Answer:
        three.wait(10.0)
        if request.path.endswith("resp_0"):
            return Failure(LOST)
        assert goes_on.wait(10.0)
        return Success(HttpResponse(status=204))

    def note(progress: Progress) -> None:
        goes_on.set()  # the first has failed, and the batch has ended, before the others have their answers

    operations = [delete_response(f"resp_{number}") for number in range(3)]
    outcomes, stopped = carried_out(
        operations, transport, max_failures=1, progress=note, on_stop=on_stop, unfinished=unfinished.append
    )
    assert isinstance(stopped, TooManyFailures)
    assert len(outcomes) == 3
    assert unfinished == []
    assert (stopped.progress.done, stopped.progress.failed) == (2, 1)


def test_who_wants_it_given_up_closes_the_generator_at_the_failure() -> None:
    unfinished: list[Unfinished[Any, Any]] = []
    goes_on = threading.Event()

    def transport(request: HttpRequest) -> Answer:
        if request.path.endswith("resp_0"):
            return Failure(LOST)
        goes_on.wait(10.0)
        return Success(HttpResponse(status=204))

    operations = [delete_response(f"resp_{number}") for number in range(2)]
    outcomes = run_many(operations, transport, 2, max_failures=1, unfinished=unfinished.append)
    next(outcomes)
    goes_on.set()
    outcomes.close()
    assert [one.operation for one in unfinished] == [operations[1]]


@pytest.mark.parametrize("carried_out", [at_once, in_a_loop])
def test_a_failure_after_the_end_changes_nothing_and_nobody_is_asked(carried_out: Way) -> None:
    asked: list[Error] = []
    four = threading.Barrier(4)

    def transport(request: HttpRequest) -> Answer:
        four.wait(10.0)
        return Failure(NotSent("dns", request.path))

    operations = (delete_response(f"resp_{number}") for number in range(4))
    outcomes, stopped = carried_out(operations, transport, max_failures=1, stop_on=asked.append)
    assert isinstance(stopped, TooManyFailures)
    assert stopped.progress.failed == 4
    assert asked == [stopped.error] == [outcomes[0][1].failure()]


def test_the_exception_says_how_far_it_is() -> None:
    _, stopped = in_turn([WORKS, FAILS, WORKS], MemoryTransport(), max_failures=1, clock=VirtualClock())
    assert str(stopped) == (
        "stopped after 1 failures, the last of which was: not sent (dns): no such host; 1 done and 1 failed of 3,"
        " the others were not begun"
    )
    _, stopped = in_turn(iter([FAILS, WORKS]), MemoryTransport(), stop_on=hopeless)
    assert str(stopped) == (
        "stopped at an error: not sent (dns): no such host; 0 done and 1 failed, the others were not begun"
    )


@pytest.mark.parametrize("wishes", [{"max_failures": 1}, {"stop_on": hopeless}])
def test_the_exceptions_pickle(wishes: Any) -> None:
    _, stopped = in_turn([Done(Failure(LOST))], MemoryTransport(), **wishes)
    copy = pickle.loads(pickle.dumps(stopped))
    assert type(copy) is type(stopped)
    assert vars(copy) == vars(stopped)


@pytest.mark.parametrize("limit", [0, -1, 1.0, "3", True])
def test_a_limit_that_makes_no_sense_is_refused_at_once(limit: Any) -> None:
    with pytest.raises(ValueError, match=r"max_failures.*1 or more"):
        run_many([WORKS], MemoryTransport(), max_failures=limit)
    with pytest.raises(ValueError, match=r"max_failures.*1 or more"):
        run_many_async([WORKS], in_threads(MemoryTransport()), max_failures=limit)
