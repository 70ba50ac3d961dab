"""What was asked can be kept, forbidden, and compared with what was to be asked."""

from __future__ import annotations

import pytest
from returns.result import Failure, Success

from puresponse.core import (
    END,
    Close,
    Fork,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Wait,
    all_input_items,
    break_off,
    cancel_response,
    delete_response,
    list_input_items,
    list_models,
    retrieve_response,
    stream_response,
    succeed,
)
from puresponse.transports import run
from puresponse.transports.memory.faults import FaultPlan, Reset, Rule
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.capture import Captured, CaptureTransport, assert_asked, assert_not_asked
from puresponse.transports.testing.forbidden import ForbiddenTransport
from puresponse.transports.testing.stub import StubTransport

DELETE = HttpRequest("DELETE", "/responses/resp_chat")


def complaint(asked: list[HttpRequest], *expected: HttpRequest | Operation[object]) -> str:
    with pytest.raises(AssertionError) as caught:
        assert_asked(asked, *expected)
    return str(caught.value)


def test_a_forbidden_transport_fails_whoever_asks() -> None:
    transport = ForbiddenTransport()
    words = r"^no request was to be made, but this was: DELETE /responses/resp_1$"
    with pytest.raises(AssertionError, match=words):
        run(delete_response("resp_1"), transport)
    with pytest.raises(AssertionError, match=words):
        transport.open(HttpRequest("DELETE", "/responses/resp_1"))
    assert repr(transport) == "ForbiddenTransport()"


def test_what_asks_nothing_is_not_forbidden() -> None:
    assert run(succeed(1), ForbiddenTransport()) == Success(1)


def test_exchanges_are_kept_as_they_pass() -> None:
    capture = CaptureTransport(MemoryTransport(faults=FaultPlan((Rule(Reset(), numbers=(2, 4)),))))
    results = [capture(DELETE), capture(DELETE)]
    opened = [capture.open(DELETE), capture.open(DELETE)]
    assert capture.exchanges[:2] == tuple(Captured(DELETE, result) for result in results)
    assert capture.exchanges[2].result == Success(opened[0].unwrap().answer)
    assert isinstance(capture.exchanges[3].result, Failure)
    assert capture.requests == (DELETE,) * 4
    assert repr(capture) == "CaptureTransport(MemoryTransport(8 responses, 4 requests), 4 exchanges)"


def test_an_exchange_is_kept_without_credentials_and_passed_on_with_them() -> None:
    forged = HttpRequest("GET", "/x", (("sig", "hush"), ("limit", "5")), (("X-Auth-Token", "hush"),))
    answer = HttpResponse(status=200, headers=(("Set-Cookie", "hush"), ("date", "d")), body=b"{}")
    stub = StubTransport.answering(answer, answer)
    capture = CaptureTransport(stub)
    assert capture(forged) == Success(answer)
    assert capture.open(forged).unwrap().answer.headers == answer.headers
    assert stub.requests == (forged, forged)
    shown = HttpRequest("GET", "/x", (("sig", "[redacted]"), ("limit", "5")), (("X-Auth-Token", "[redacted]"),))
    kept = HttpResponse(status=200, headers=(("Set-Cookie", "[redacted]"), ("date", "d")), body=b"{}")
    assert capture.exchanges[0] == Captured(shown, Success(kept))
    assert capture.exchanges[1].request == shown
    assert "hush" not in repr(capture.exchanges)


def test_what_was_asked_is_compared_with_operations_and_requests() -> None:
    transport = MemoryTransport()
    for operation in (delete_response("resp_chat"), cancel_response("resp_queued")):
        run(operation, transport)
    assert_asked(transport.requests, delete_response("resp_chat"), cancel_response("resp_queued"))
    assert_asked(transport.requests, DELETE, HttpRequest("POST", "/responses/resp_queued/cancel", body=b""))


def test_a_stream_stands_for_its_first_request() -> None:
    assert_asked(
        [HttpRequest("GET", "/responses/resp_1/input_items", (("limit", "5"),))], all_input_items("resp_1", limit=5)
    )


def test_another_order_of_the_query_is_the_same() -> None:
    asked = HttpRequest("GET", "/x", (("a", "1"), ("b", "2")))
    assert_asked([asked], HttpRequest("GET", "/x", (("b", "2"), ("a", "1"))))


def test_a_difference_is_told_line_by_line() -> None:
    asked = [HttpRequest("GET", "/responses/resp_1/input_items", (("limit", "7"),))]
    assert complaint(asked, list_input_items("resp_1", limit=5)).split("\n") == [
        "not what was to be asked:",
        "--- expected",
        "+++ asked",
        "@@ -1 +1 @@",
        "-GET /responses/resp_1/input_items?limit=5",
        "+GET /responses/resp_1/input_items?limit=7",
        "request 1: query limit: asked '7', expected '5'",
    ]


def test_a_difference_in_a_body_is_told_by_its_place() -> None:
    asked = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"a"}')
    expected = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"b"}')
    told = complaint([asked], expected)
    assert '-    "input": "b"' in told
    assert '+    "input": "a"' in told
    assert 'request 1: body $.input: asked "a", expected "b"' in told


def test_a_body_that_is_no_json_is_told_as_it_is() -> None:
    told = complaint([HttpRequest("POST", "/x", body=b"\xff")], HttpRequest("POST", "/x", body=b"\xfe"))
    assert r"+  b'\xff'" in told


def test_too_few_and_too_many_requests_are_told() -> None:
    assert "-DELETE /responses/resp_chat" in complaint([], DELETE)
    assert "+DELETE /responses/resp_chat" in complaint([DELETE])


def test_nothing_asked_is_asserted() -> None:
    assert_not_asked([])
    with pytest.raises(AssertionError, match=r"\+DELETE /responses/resp_chat"):
        assert_not_asked([DELETE])


def test_what_makes_no_request_cannot_be_expected() -> None:
    with pytest.raises(ValueError, match=r"^expected: this operation makes no request: invalid argument"):
        assert_asked([], retrieve_response(""))
    with pytest.raises(ValueError, match=r"^expected: this does not begin with a request: Wait"):
        assert_asked([], Wait(1.0, 0.0, succeed))
    with pytest.raises(ValueError, match=r"^expected: this does not begin with a request: Fork"):
        assert_asked([], Fork((), succeed))
    with pytest.raises(ValueError, match=r"^expected: this does not begin with a request: Close"):
        assert_asked([], Close(END))
    with pytest.raises(ValueError, match=r"^expected: this operation makes no request: not sent \(dns\): no such host"):
        assert_asked([], break_off(NotSent("dns", "no such host")))


def test_of_a_fork_the_first_request_of_its_first_operation_is_expected() -> None:
    fork = Fork((Fork((delete_response("resp_1"), retrieve_response("resp_2")), succeed), list_models()), succeed)
    assert_asked([HttpRequest("DELETE", "/responses/resp_1")], fork)
    with pytest.raises(AssertionError):
        assert_asked([HttpRequest("GET", "/responses/resp_2")], fork)


def test_an_opened_stream_stands_for_its_request() -> None:
    asked = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x","stream":true}')
    assert_asked([asked], stream_response(model="m", input="x"))
