"""`erase_response`: a receipt rests on the acknowledgement, and on the service's own 404 afterwards."""

from typing import Any

import pytest
from returns.result import Failure, Success

from puresponse import (
    ApiError,
    DecodeError,
    ErasureReceipt,
    HttpRequest,
    HttpResponse,
    Interrupted,
    MemoryTransport,
    NotSent,
    erase_response,
    json_response,
    run,
)

DELETED = json_response({"id": "resp_1", "object": "response.deleted", "deleted": True})
GONE = json_response({"error": {"message": "No such response.", "type": "invalid_request_error"}}, status=404)
RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "m",
    "output": [],
}


def erased(*answers: HttpResponse) -> Any:
    left = list(answers)

    def transport(request: HttpRequest) -> Success[HttpResponse]:
        assert (request.method, request.path) == (("DELETE", "GET")[len(answers) - len(left)], "/responses/resp_1")
        return Success(left.pop(0))

    result = run(erase_response("resp_1"), transport)
    assert not left
    return result


def test_an_acknowledged_deletion_and_the_404_make_a_receipt() -> None:
    receipt = run(erase_response("resp_completed"), MemoryTransport()).unwrap()
    assert isinstance(receipt, ErasureReceipt)
    assert (receipt.deleted.id, receipt.deleted.deleted) == ("resp_completed", True)
    assert (receipt.absence.status, receipt.absence.request_id) == (404, "req_000002")


def test_what_was_not_there_has_no_receipt() -> None:
    error = erased(GONE).failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.no_such_route) == (404, False)


@pytest.mark.parametrize(
    "answer",
    [
        json_response({"detail": "Not Found"}, status=404),
        json_response({"detail": "Method Not Allowed"}, status=405),
        HttpResponse(status=404),
        json_response({"error": {"message": "Invalid URL (GET /responses/resp_1)"}}, status=404),
    ],
)
def test_a_route_that_is_missing_proves_nothing(answer: HttpResponse) -> None:
    assert erased(DELETED, answer).failure().no_such_route
    assert erased(answer).failure().no_such_route


def test_a_response_that_is_still_there_is_an_error() -> None:
    error = erased(DELETED, json_response(RESPONSE)).failure()
    assert error == DecodeError(
        path="$",
        reason="the server acknowledged the deletion, and still has the response",
        status=200,
        response_id="resp_1",
    )
    assert error.may_have_acted


def test_an_error_of_the_second_request_is_the_error() -> None:
    assert erased(DELETED, json_response({"error": {"message": "busy"}}, status=500)).failure().status == 500


@pytest.mark.parametrize(
    "answer",
    [
        Success(json_response({"error": {"message": "Slow down."}}, status=429)),
        Success(json_response({"error": {"message": "No."}}, status=403)),
        Failure(NotSent("refused", "nobody listens")),
        Failure(Interrupted("reset", "gone")),
        Success(json_response({"error": {"message": "Overloaded."}}, status=503)),
    ],
)
def test_what_fails_after_the_acknowledgement_says_that_the_response_may_be_gone(answer: Any) -> None:
    step: Any = erase_response("resp_1")
    error = step.resume(Success(DELETED)).resume(answer).result.failure()
    assert error.may_have_acted
    assert error.response_id == "resp_1"


def test_what_fails_before_the_acknowledgement_is_as_it_was() -> None:
    error = NotSent("refused", "nobody listens")
    step: Any = erase_response("resp_1")
    assert step.resume(Failure(error)).result == Failure(error)
