"""What a run makes of what an earlier one has left, and what a person makes of what is unknown."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from returns.result import Failure, Success

from puresponse import (
    ApiError,
    DeletedResponse,
    HttpRequest,
    HttpResponse,
    Interrupted,
    Ledger,
    LedgerRefused,
    MemoryTransport,
    NotSent,
    Operation,
    Response,
    VirtualClock,
    WaitExpired,
    WaitPolicy,
    create_response,
    delay,
    delete_response,
    gather,
    json_response,
    retrieve_response,
    retrying,
    run_many,
    wait_for_response,
    within,
)

REFUSED = r"'key' that cannot be loaded.*WaitForIt"


def only(outcomes: Iterable[tuple[str, Any]]) -> Any:
    """The result of the only operation."""
    ((_, result),) = outcomes
    return result


class Killed(BaseException):
    """The process ends here, as far as the ledger can tell."""


def killed(request: HttpRequest) -> Any:
    raise Killed


def left_in_flight(path: Path, operation: Operation[Any], transport: Callable[[HttpRequest], Any] = killed) -> None:
    with Ledger(path) as ledger:
        ledger.plan([("key", operation)])
        with pytest.raises(Killed):
            list(ledger.run(transport, 1))
        assert [fate.fate for fate in ledger.fates()] == ["in flight"]


def gone(request: HttpRequest) -> Success[HttpResponse]:
    return Success(
        json_response({"error": {"message": "No such response.", "type": "invalid_request_error"}}, status=404)
    )


def deleting(name: str) -> Operation[Any]:
    return retrying(delete_response(name))


@pytest.mark.parametrize("made", [delete_response, deleting])
def test_a_delete_that_is_sent_again_says_that_it_may_have_been_acted_upon(tmp_path: Path, made: Any) -> None:
    left_in_flight(tmp_path / "a", made("resp_1"))
    with Ledger(tmp_path / "a") as ledger:
        result = only(ledger.run(gone))
        assert result.failure().after_interruption
        (fate,) = ledger.fates()
    assert (fate.fate, fate.known["after_interruption"]) == ("absent", True)


def test_what_is_interrupted_before_it_is_retried_is_told_of_to_the_end(tmp_path: Path) -> None:
    """A 429 to the request that is sent again does not make it forgotten."""
    left_in_flight(tmp_path / "a", retrying(delete_response("resp_1")))
    answers = [json_response({"error": {"message": "slow down"}}, status=429), gone(HttpRequest("GET", "/")).unwrap()]
    with Ledger(tmp_path / "a", clock=VirtualClock()) as ledger:
        result = only(ledger.run(lambda request: Success(answers.pop(0)), 1))
    assert result.failure().after_interruption


def test_a_limit_that_ends_what_was_interrupted_says_that_it_may_have_been_acted_upon(tmp_path: Path) -> None:
    """No attempt of this run is left open; the one before it is."""
    left_in_flight(tmp_path / "a", within(retrying(delete_response("resp_1")), 5.0))
    busy = json_response({"error": {"message": "slow down"}}, status=429, headers=(("retry-after", "9"),))
    with Ledger(tmp_path / "a", clock=VirtualClock()) as ledger:
        error = only(ledger.run(lambda request: Success(busy), 1)).failure()
    assert isinstance(error, WaitExpired)
    assert error.may_have_acted


def test_a_creation_in_flight_is_never_repeated(tmp_path: Path) -> None:
    left_in_flight(tmp_path / "a", create_response(model="m", input="x"))
    with Ledger(tmp_path / "a") as ledger:
        assert list(ledger.run(killed)) == []
        (fate,) = ledger.fates("unknown")
        assert fate.known == {"interrupted": {"request": "POST /responses", "idempotent": False}}
        assert list(ledger.run(killed, retry_failed=True)) == []


def test_a_creation_with_an_idempotency_key_is_sent_again(tmp_path: Path) -> None:
    left_in_flight(tmp_path / "a", create_response(model="m", input="x", idempotency_key="once"))
    with Ledger(tmp_path / "a") as ledger:
        assert [key for key, _ in ledger.run(MemoryTransport())] == ["key"]
        assert ledger.counts()["done"] == 1


def test_a_program_that_cannot_be_saved_is_unknown_as_a_whole(tmp_path: Path) -> None:
    left_in_flight(tmp_path / "a", delete_response("resp_1").map(lambda deleted: deleted.id))
    with Ledger(tmp_path / "a") as ledger:
        assert list(ledger.run(killed)) == []
        (fate,) = ledger.fates("unknown")
        assert "given <function" in fate.known["interrupted"]["unsaved"]
        with pytest.raises(ValueError, match="was not saved"):
            ledger.settle("key", "retry")


def test_what_a_person_settles_is_done_or_planned_anew(tmp_path: Path) -> None:
    left_in_flight(tmp_path / "a", create_response(model="m", input="x"))
    with Ledger(tmp_path / "a") as ledger:
        assert ledger.settle("key", "retry").fate == "planned"
        assert [key for key, _ in ledger.run(MemoryTransport())] == ["key"]
        with pytest.raises(ValueError, match="is done: there is nothing to settle"):
            ledger.settle("key", "done")
        with pytest.raises(ValueError, match="allowed is a key of the ledger"):
            ledger.settle("other", "done")
    left_in_flight(tmp_path / "b", create_response(model="m", input="x"))
    with Ledger(tmp_path / "b") as ledger:
        fate = ledger.settle("key", "done")
        assert (fate.fate, fate.known["was"], fate.known["known"]["request"]) == (
            "done",
            "in flight",
            "POST /responses",
        )


def test_an_answer_that_leaves_it_open_is_unknown_only_where_it_must_not_be_repeated(tmp_path: Path) -> None:
    def broken(request: HttpRequest) -> Failure[Interrupted]:
        return Failure(Interrupted("reset", "broken off"))

    pairs: list[tuple[str, Any]] = [
        ("create", create_response(model="m", input="x")),
        ("delete", delete_response("resp_1")),
        ("read", retrieve_response("resp_1")),
    ]
    with Ledger(tmp_path / "a") as ledger:
        assert len(list(run_many(pairs, broken, ledger=ledger))) == 3
        fates = {fate.key: fate.fate for fate in ledger.fates()}
        assert fates == {"create": "unknown", "delete": "failed", "read": "failed"}
        outcomes: dict[str, Any] = dict(ledger.run(gone, retry_failed=True))
        assert outcomes.keys() == {"delete", "read"}
        assert outcomes["delete"].failure().after_interruption


def test_what_was_not_sent_is_begun_again(tmp_path: Path) -> None:
    """Even a creation, and where the run was given up before anything could be told."""

    def unsent(request: HttpRequest) -> Failure[NotSent]:
        return Failure(NotSent("given_up", "the caller has left"))

    with Ledger(tmp_path / "a") as ledger:
        ledger.plan([("key", create_response(model="m", input="x"))])
        admitted: Any = ledger.admit("key", create_response(model="m", input="x"))
        ledger.recording(unsent)(admitted.request)
        ledger.over()
        assert [key for key, _ in ledger.run(MemoryTransport())] == ["key"]


def test_what_was_taken_and_not_begun_says_nothing_of_an_interruption(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a") as ledger:
        ledger.plan([("key", delete_response("resp_1"))])
        assert ledger.admit("key", delete_response("resp_1")) is not None
        assert ledger.admit("key", delete_response("resp_1")) is None  # it is under way
        ledger.over()
        assert not only(ledger.run(gone)).failure().after_interruption


def test_a_failure_behind_an_acknowledgement_goes_on_behind_it(tmp_path: Path) -> None:
    """The response is there: polling fails once, and is gone on with; nothing is created again."""
    clock = VirtualClock()
    memory = MemoryTransport(clock=clock)
    operation = create_response(model="m", input="x", background=True).bind(WaitForIt())

    def without_reading(request: HttpRequest) -> Any:
        return Failure(NotSent("refused", "no connection")) if request.method == "GET" else memory(request)

    with Ledger(tmp_path / "a", names={"WaitForIt": WaitForIt}, clock=clock) as ledger:
        ledger.plan([("key", operation)])
        first = only(ledger.run(without_reading))
        assert isinstance(first.failure(), NotSent)
        second = only(ledger.run(memory, retry_failed=True))
        assert second.unwrap().status == "completed"
    assert [request.method for request in memory.requests].count("POST") == 1


class WaitForIt(Struct, frozen=True):
    def __call__(self, response: Response) -> Operation[Response]:
        return wait_for_response(response.id, WaitPolicy(deadline=60))


class DeleteThenTellTheTime(Struct, frozen=True):
    def __call__(self, value: Any) -> Operation[Any]:
        return delay(10.0) if isinstance(value, DeletedResponse) else delete_response("resp_1").bind(self)


def test_deadlines_count_from_when_a_program_first_began(tmp_path: Path) -> None:
    names = {"Deleting": DeleteThenTellTheTime}
    with Ledger(tmp_path / "a", names=names, clock=VirtualClock()) as ledger:
        ledger.plan([("key", delay(50.0).bind(DeleteThenTellTheTime()))])
        with pytest.raises(Killed):
            list(ledger.run(killed, 1))
        assert [fate.known["elapsed"] for fate in ledger.fates()] == [50.0]
    deleted = json_response({"id": "resp_1", "object": "response", "deleted": True})
    with Ledger(tmp_path / "a", names=names, clock=VirtualClock()) as ledger:
        result = only(ledger.run(lambda request: Success(deleted), 1))
    assert result.unwrap() == 60.0


def test_the_operations_of_a_gather_are_written_step_by_step(tmp_path: Path) -> None:
    memory = MemoryTransport()

    def until_the_second(request: HttpRequest) -> Any:
        if request.path.endswith("resp_failed"):
            raise Killed
        return memory(request)

    left_in_flight(
        tmp_path / "a", gather(delete_response("resp_completed"), delete_response("resp_failed")), until_the_second
    )
    with Ledger(tmp_path / "a") as ledger:
        result = only(ledger.run(memory))
    assert [deleted.id for deleted in result.unwrap()] == ["resp_completed", "resp_failed"]
    assert [request.path for request in memory.requests] == ["/responses/resp_completed", "/responses/resp_failed"]


def test_an_event_loop_does_the_same(tmp_path: Path) -> None:
    memory = MemoryTransport()

    async def asked(request: HttpRequest) -> Any:
        return memory(request)

    async def keys(ledger: Ledger) -> list[str]:
        return [key async for key, _ in ledger.run_async(asked, 4)]

    with Ledger(tmp_path / "a") as ledger:
        ledger.plan([("a", delete_response("resp_completed")), ("b", delete_response("resp_nowhere"))])
        assert sorted(asyncio.run(keys(ledger))) == ["a", "b"]
        assert {fate.key: fate.fate for fate in ledger.fates()} == {"a": "done", "b": "absent"}


def test_a_missing_route_is_no_absence(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a") as ledger:
        ledger.plan([("key", delete_response("resp_1"))])
        result = only(ledger.run(lambda request: Success(json_response({"detail": "Not Found"}, status=404))))
        assert isinstance(result.failure(), ApiError)
        (fate,) = ledger.fates()
    assert (fate.fate, fate.known["no_such_route"]) == ("failed", True)


def test_a_name_that_is_missing_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a", names={"WaitForIt": WaitForIt}) as ledger:
        ledger.plan([("key", retrieve_response("resp_1").bind(WaitForIt()))])
    with (
        Ledger(tmp_path / "a") as ledger,
        pytest.raises(LedgerRefused, match=r"'key' that cannot be loaded.*WaitForIt"),
    ):
        list(ledger.run(killed, 1))
