"""What a lost worker held: sent again where that cannot harm, and told; never sent twice where it can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest
from machine_workers import NAMES, SERVICES, Answering, DeleteIt, Inline, Losing, Marking, ReadAgain, Service, failed
from returns.result import Failure

from puresponse.core import (
    ApiError,
    Interrupted,
    NotSent,
    Operation,
    audit_response,
    create_response,
    delete_response,
    gather,
    is_failure,
    retrieve_response,
    retrying,
)
from puresponse.transports import Pacer, Unfinished, WorkerLost, run_many_on

HERE = "machine_workers:here"


@pytest.fixture
def service() -> Generator[Service, None, None]:
    SERVICES.append(Service())
    yield SERVICES[-1]
    SERVICES.pop()


PROGRAMS: dict[str, Callable[[], Operation[Any]]] = {
    "audit": lambda: audit_response("resp_chat"),
    "delete": lambda: retrying(delete_response("resp_chat")),
    "create": lambda: create_response(model="gpt-5", input="one"),
    "create after reading": lambda: retrieve_response("resp_chat").bind(Answering("one")),
    "create after a deletion": lambda: delete_response("resp_chat").bind(Answering("one")),
    "two creations": lambda: retrying(create_response(model="gpt-5", input="one").bind(Answering("two"))),
    "at once": lambda: gather(
        create_response(model="gpt-5", input="one"),
        retrieve_response("resp_chat"),
        create_response(model="gpt-5", input="two"),
    ),
    "create, read, delete": lambda: create_response(model="gpt-5", input="one").bind(ReadAgain()).bind(DeleteIt()),
}


def losses() -> Iterator[tuple[str, int, bool, type[Losing]]]:
    """Each program, with its worker lost at each of its parcels: before and after it was carried out."""
    for name in PROGRAMS:
        for lost in range(5):
            for is_late in (False, True):
                for kind in (Losing, Marking):
                    yield name, lost, is_late, kind


def test_a_worker_is_lost_at_every_point_and_nothing_that_must_not_be_is_sent_twice() -> None:
    fates = Counter[str]()
    for name, lost, is_late, kind in losses():
        SERVICES.append(Service())
        executor = kind(lost, is_late=is_late)
        pairs = [(name, PROGRAMS[name]()), ("other", retrieve_response("resp_completed"))]
        outcomes = dict(run_many_on(executor, pairs, HERE, names=NAMES))
        asked = Counter((one.method, one.path, one.body) for one in SERVICES.pop().asked)
        told = f"{name}, parcel {lost}, {'after' if is_late else 'before'}, {kind.__name__}"
        assert outcomes.keys() == {name, "other"}, told
        assert outcomes["other"].unwrap().id == "resp_completed", told
        assert all(times == 1 for (method, _, _), times in asked.items() if method == "POST"), told
        result = outcomes[name]
        if is_failure(result):
            error = failed(result)
            if isinstance(error, ApiError):  # a deletion that was done before, and is told of as such
                assert (error.status, error.after_interruption) == (404, True), told
                fates["deleted before"] += 1
            else:
                assert isinstance(error, Interrupted), told
                assert (error.kind, "may have sent POST /responses" in error.reason) == ("reset", True), told
                assert is_late or kind is Losing, f"{told}: a mark would have said that nothing was sent"
                fates["unknown"] += 1
        else:
            fates["carried out"] += 1
    assert fates["unknown"] > 10
    assert fates["deleted before"] >= 2
    assert fates["carried out"] > 60


def test_what_was_never_begun_is_sent_whatever_it_is(service: Service) -> None:
    executor = Marking(0, is_late=False)
    ((_, result),) = run_many_on(executor, [create_response(model="gpt-5", input="one")], HERE)
    assert result.unwrap().id == "resp_000001"
    assert len(executor.sent) == 2


def test_a_first_answer_is_not_said_to_be_after_an_interruption(service: Service) -> None:
    for executor in (Marking(0, is_late=False), Inline()):
        ((_, result),) = run_many_on(executor, [delete_response("resp_000nope")], HERE)
        assert failed(result).after_interruption is False


def test_what_must_not_be_sent_again_is_not_handed_out_again(service: Service) -> None:
    executor = Losing(0, is_late=True)
    ((_, result),) = run_many_on(executor, [create_response(model="gpt-5", input="one")], HERE)
    assert isinstance(failed(result), Interrupted)
    assert len(executor.sent) == 1


def test_what_follows_a_request_that_was_sent_again_is_sent_for_the_first_time(service: Service) -> None:
    operations = {
        "create": retrieve_response("resp_chat").bind(Answering("one")),
        "delete": audit_response("resp_completed").bind(DeleteIt()),
    }
    for name, operation in operations.items():
        executor = Losing(0, is_late=True)
        ((_, result),) = run_many_on(executor, [(name, operation)], HERE, names=NAMES, pacer=Pacer(rate=1e6))
        assert not is_failure(result), name


def test_what_reads_is_sent_again_and_leaves_nothing_open(service: Service) -> None:
    ((_, result),) = run_many_on(Losing(0, is_late=True), [retrieve_response("resp_000nope")], HERE)
    assert failed(result).after_interruption is False
    assert len(service.asked) == 2


def test_a_deletion_that_is_not_sent_the_second_time_may_have_been_the_first(service: Service) -> None:
    service.answer = lambda request: Failure(NotSent("refused", "nobody there"))
    ((_, result),) = run_many_on(Losing(0, is_late=True), [delete_response("resp_chat")], HERE)
    assert str(failed(result)) == (
        "interrupted (reset): the worker that held it was lost; the last attempt was not sent (refused): nobody there"
    )


class Losses(Inline):
    """An executor all of whose workers are lost."""

    def submit(self, function: Any, data: bytes, /) -> Any:
        self.sent.append(data)
        return Losing(0, is_late=False).submit(function, data)


def test_an_operation_that_loses_three_workers_is_not_handed_out_again(service: Service) -> None:
    executor = Losses()
    ((_, result),) = run_many_on(executor, [delete_response("resp_chat")], HERE)
    assert isinstance(failed(result), Interrupted)
    assert len(executor.sent) == 3


def test_what_was_sent_by_a_worker_whose_call_is_made_anew_is_not_sent_again(service: Service) -> None:
    class Again(Marking):
        """As Dask does with the task of a worker that died, or whose result died with it."""

        def submit(self, function: Any, data: bytes, /) -> Any:
            function(data)
            return super().submit(function, data)

    operations = {"create": create_response(model="gpt-5", input="one"), "delete": delete_response("resp_chat")}
    outcomes = dict(run_many_on(Again(-1, is_late=False), operations.items(), HERE))
    assert isinstance(failed(outcomes["create"]), Interrupted)
    assert failed(outcomes["delete"]).after_interruption is True
    assert Counter(request.method for request in service.asked) == {"POST": 1, "DELETE": 2}


def test_an_executor_that_breaks_is_made_anew_where_it_can_be(service: Service) -> None:
    made = list[Inline]()

    def maker() -> Inline:
        made.append(Inline() if made else Losing(1, is_late=True, error=BrokenProcessPool))
        return made[-1]

    operations = [retrieve_response("resp_chat"), delete_response("resp_chat"), delete_response("resp_completed")]
    outcomes = list(run_many_on(maker, operations, HERE, 1))
    assert [is_failure(result) for _, result in outcomes] == [False, True, False]
    assert failed(outcomes[1][1]).after_interruption is True
    assert len(made) == 2


def test_one_that_was_given_and_breaks_ends_the_batch_and_all_is_told(service: Service) -> None:
    told = list[Unfinished[Any, Any]]()
    executor = Losing(1, is_late=True, error=BrokenProcessPool)
    outcomes = run_many_on(
        executor, [("a", delete_response("resp_1")), ("b", delete_response("resp_2"))], HERE, 1, unfinished=told.append
    )
    with pytest.raises(BrokenExecutor, match="killed"):
        list(outcomes)
    assert [(one.key, one.sent) for one in told] == [("b", True)]


def test_a_task_that_somebody_cancelled_is_handed_out_again(service: Service) -> None:
    executor = Losing(0, is_late=False, error=CancelledError)
    ((_, result),) = run_many_on(executor, [delete_response("resp_chat")], HERE)
    assert result.unwrap().deleted
    assert issubclass(WorkerLost, BrokenExecutor)


def test_what_an_executor_raises_is_raised(service: Service) -> None:
    executor = Losing(0, is_late=False, error=ModuleNotFoundError)
    with pytest.raises(ModuleNotFoundError, match="killed"):
        list(run_many_on(executor, [delete_response("resp_chat")], HERE))
