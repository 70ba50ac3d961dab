"""A 404 or 405 of a server that has no such route is told from one that says that the response is not there."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json
from returns.result import Failure, Success

from puresponse.core import (
    ApiError,
    HttpRequest,
    HttpResponse,
    Wait,
    WaitPolicy,
    delete_response,
    delete_response_chain,
    wait_for_response,
)
from puresponse.transports import MemoryTransport, VirtualClock, iterate, run
from puresponse.transports.testing.stub import StubTransport


def error_of(status: int, body: bytes) -> ApiError:
    error = run(delete_response("resp_1"), lambda _: Success(HttpResponse(status=status, body=body))).failure()
    assert isinstance(error, ApiError)
    return error


def enveloped(message: str, **more: Any) -> bytes:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **more}
    return json.encode({"error": error})


MISSING = [
    (404, b""),
    (405, b""),
    (405, b'{"detail":"Method Not Allowed"}'),
    (405, enveloped("Method not allowed")),
    (404, enveloped("Invalid URL (DELETE /responses/resp_1)")),
    (404, b'{"detail":"Not Found"}'),
    (404, b"404 page not found\n"),
    (404, b"404 page not found"),
    (404, b"Not Found"),
    (404, b"404: Not Found"),
    (404, b"<html><head><title>404 Not Found</title></head><body>nginx</body></html>"),
    (404, b"<!DOCTYPE html><html><head><title>Error</title></head><body><pre>x</pre></body></html>"),
    (404, b'{"timestamp":1,"status":404,"error":"Not Found","path":"/responses/resp_1"}'),
    (404, b'{"message":"Cannot DELETE /responses/resp_1","error":"Not Found","statusCode":404}'),
    (404, b'{"error":{"code":"404","message":"Resource not found"}}'),
    (404, b'{"error":"Unknown request URL: DELETE /responses/resp_1"}'),
    (404, b'{"message":"no Route matched with those values"}'),
    (404, b'{"error":{"message":"The requested URL was not found on the server."}}'),
    (404, b'{"message":"Route DELETE:/responses/resp_1 not found","error":"Not Found","statusCode":404}'),
    (404, b"{}"),
    (404, b"\xff\x00"),
]
GONE = [
    (404, enveloped("Response with id 'resp_1' not found.")),
    (404, enveloped("Item with id 'msg_1' not found.")),
    (404, enveloped("The model 'm' does not exist", code="model_not_found")),
    (404, b'{"detail":"Response resp_1 not found"}'),
    (404, b'{"error":{"message":"not found"}}'),
    (404, b'{"error":{"code":"not_found"}}'),
    (404, b'{"error":"No such response: resp_1"}'),
    (404, b"Response resp_1 not found"),
    (410, b""),
    (400, b""),
    (500, enveloped("Invalid URL (DELETE /responses/resp_1)")),
]


@pytest.mark.parametrize(("status", "body"), MISSING)
def test_a_missing_route_is_told(status: int, body: bytes) -> None:
    error = error_of(status, body)
    assert error.no_such_route
    assert "the server has no such route: is the base URL right (/v1)?" in str(error)


@pytest.mark.parametrize(("status", "body"), GONE)
def test_a_response_that_is_gone_is_no_missing_route(status: int, body: bytes) -> None:
    error = error_of(status, body)
    assert not error.no_such_route
    assert "route" not in str(error)


def test_the_simulation_tells_both() -> None:
    service = MemoryTransport()
    gone = run(delete_response("resp_unheard_of"), service).failure()
    assert isinstance(gone, ApiError)
    assert not gone.no_such_route
    answer = service(HttpRequest("GET", "/unheard/of")).unwrap()
    assert error_of(answer.status, answer.body).no_such_route


def test_a_missing_route_is_not_waited_for() -> None:
    clock = VirtualClock()
    stub = StubTransport.answering(HttpResponse(status=404, body=b"404 page not found"))
    error = run(wait_for_response("resp_1", WaitPolicy(deadline=600)), stub, clock=clock).failure()
    assert isinstance(error, ApiError)
    assert (len(stub.requests), clock.now) == (1, 0)
    assert isinstance(wait_for_response("resp_1", WaitPolicy(deadline=600)), Wait)


def test_a_missing_route_does_not_pass_for_a_deleted_response() -> None:
    """The look finds each response, and a proxy in front answers the deletions."""
    body = b'{"id":"resp_1","created_at":1,"model":"m","output":[]}'

    def answer(request: HttpRequest) -> Any:
        found = request.method == "GET"
        return Success(
            HttpResponse(status=200, body=body) if found else HttpResponse(status=404, body=b"404 page not found")
        )

    (given,) = iterate(delete_response_chain("resp_1"), answer, results=True)
    assert isinstance(given, Failure)
    assert isinstance(given.failure(), ApiError)
