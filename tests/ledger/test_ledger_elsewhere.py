"""Operations that are carried out as a whole, elsewhere: what `begin`, `end` and `lost` make of them."""

from pathlib import Path
from typing import Any

import pytest
from returns.result import Failure

from puresponse import (
    ApiError,
    Error,
    Interrupted,
    InvalidArgument,
    Ledger,
    MemoryTransport,
    Operation,
    create_response,
    delete_response,
    erase_response,
    gather,
    retrieve_response,
    retrying,
    run,
)


def test_what_is_begun_elsewhere_is_in_the_file_and_begun_once(tmp_path: Path) -> None:
    operation = retrying(delete_response("resp_completed"))
    with Ledger(tmp_path / "a") as ledger:
        assert ledger.begin("key", operation) == operation
        assert ledger.begin("key", operation) is None
        assert ledger.counts()["in flight"] == 1
        ledger.end("key", run(operation, MemoryTransport()))
        assert ledger.counts()["done"] == 1
        assert ledger.begin("key", operation) is None


def test_what_was_planned_is_handed_out_one_by_one(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a") as ledger:
        ledger.plan([("a", delete_response("resp_1")), ("b", delete_response("resp_2"))])
        assert [(key, ledger.begin(key)) for key, _ in ledger.to_do()] == [
            ("a", delete_response("resp_1")),
            ("b", delete_response("resp_2")),
        ]


by_name: Any = delete_response


def deleting(name: str) -> Operation[Any]:
    return retrying(delete_response(name))


@pytest.mark.parametrize("made", [delete_response, erase_response, deleting])
def test_what_is_lost_is_begun_anew_where_all_of_it_may_be_repeated(tmp_path: Path, made: Any) -> None:
    memory = MemoryTransport()
    with Ledger(tmp_path / "a") as ledger:
        ledger.begin("key", made("resp_completed"))
        run(made("resp_completed"), memory)  # by a worker of which nothing is heard any more
        again = ledger.lost("key")
        assert again is not None
        result = run(again, memory)
        error: Any = result.failure()
        assert error.after_interruption
        ledger.end("key", result)
        assert ledger.counts()["absent"] == 1


@pytest.mark.parametrize(
    "operation",
    [
        create_response(model="m", input="x"),
        retrieve_response("resp_1").bind(by_name),
        delete_response("resp_1").map(lambda deleted: deleted.id),
    ],
)
def test_what_is_lost_is_unknown_where_it_may_have_sent_anything(tmp_path: Path, operation: Any) -> None:
    with Ledger(tmp_path / "a") as ledger:
        ledger.begin("key", operation)
        assert ledger.lost("key") is None
        assert ledger.counts()["unknown"] == 1


def test_what_was_elsewhere_when_the_ledger_ended_is_as_if_it_were_lost(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a") as ledger:
        ledger.begin("delete", delete_response("resp_completed"))
        ledger.begin("create", create_response(model="m", input="x"))
    with Ledger(tmp_path / "a") as ledger:
        assert [key for key, _ in ledger.run(MemoryTransport())] == ["delete"]
        assert {fate.key: fate.fate for fate in ledger.fates()} == {"create": "unknown", "delete": "done"}


def test_an_outcome_that_leaves_it_open_is_unknown_where_it_may_have_sent_anything(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a") as ledger:
        for key, operation in (("create", create_response(model="m", input="x")), ("delete", delete_response("r"))):
            ledger.begin(key, operation)
            ledger.end(key, Failure(Interrupted("reset", "broken off")))
        assert {fate.key: fate.fate for fate in ledger.fates()} == {"create": "unknown", "delete": "failed"}


REFUSED = ApiError(status=403, message="No.")
CREATE = create_response(model="m", input="x")


def then_deleted(response: Any) -> Operation[Any]:
    return delete_response(response.id)


@pytest.mark.parametrize(
    ("operation", "error", "fate"),
    [
        (CREATE, REFUSED, "failed"),
        (retrying(CREATE), REFUSED, "failed"),
        (retrying(erase_response("resp_1")), REFUSED, "failed"),
        (gather(CREATE, delete_response("resp_1")), REFUSED, "unknown"),
        (CREATE.bind(then_deleted), REFUSED, "unknown"),
        (CREATE.bind(then_deleted), InvalidArgument("operation", "cannot be saved"), "failed"),
        (gather(CREATE, CREATE), InvalidArgument("response_id", "is empty"), "unknown"),
    ],
)
def test_an_error_tells_what_became_of_one_request_and_not_of_those_before_it(
    tmp_path: Path, operation: Operation[Any], error: Error, fate: str
) -> None:
    with Ledger(tmp_path / "a") as ledger:
        ledger.begin("key", operation)
        ledger.end("key", Failure(error))
        assert [known.fate for known in ledger.fates()] == [fate]
