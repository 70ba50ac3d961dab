"""The closed union of errors: what each tells, how it reads, and that it is a value."""

import copy
import pickle
from typing import Any, assert_never

import pytest
from msgspec import json
from msgspec.structs import replace
from returns.result import Success

from puresponse.codecs import Response
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    Operation,
    Send,
    Wait,
    WaitExpired,
    WaitPolicy,
    create_response,
    delete_response,
    retrieve_response,
    retrying,
    wait_for_response,
)
from puresponse.core.errors import about_response
from puresponse.transports import MemoryTransport, Reply, VirtualClock, run

REQUEST = HttpRequest("DELETE", "/responses/resp_1")
ERRORS: list[tuple[Error, bool, bool, str]] = [
    (
        InvalidArgument("limit", "given 0; allowed is an integer from 1 to 100"),
        False,
        False,
        "invalid argument 'limit': given 0; allowed is an integer from 1 to 100",
    ),
    (NotSent("dns", "no such host"), False, True, "not sent (dns): no such host"),
    (NotSent("invalid_request", "a line break"), False, False, "not sent (invalid_request): a line break"),
    (Interrupted("read_timeout", "600 s"), True, True, "interrupted (read_timeout): 600 s"),
    (ApiError(status=404, message="not found"), False, False, "HTTP 404: not found"),
    (
        ApiError(status=429, code="rate_limit_exceeded", message="slow down", request_id="req_1"),
        False,
        True,
        "HTTP 429, rate_limit_exceeded: slow down (request req_1)",
    ),
    (ApiError(status=502, body=b"<html>"), True, True, "HTTP 502: no message"),
    (ApiError(status=408), True, True, "HTTP 408: no message"),
    (
        ApiError(status=404, message="not found", after_interruption=True),
        True,
        False,
        "HTTP 404, after an interrupted attempt: not found",
    ),
    (DecodeError(reason="no JSON"), False, False, "not understood at $: no JSON"),
    (
        DecodeError(path="$.data[0].id", reason="expected str", status=200, request_id="req_2", body=b"{}"),
        True,
        False,
        "not understood at $.data[0].id: expected str (HTTP 200, request req_2)",
    ),
    (
        DecodeError(reason="no JSON", status=201),
        True,
        False,
        "not understood at $: no JSON (HTTP 201, request without id)",
    ),
    (WaitExpired(elapsed=61.25, polls=9, last=None), False, True, "the wait expired after 61.2 s and 9 polls"),
    (
        WaitExpired(elapsed=4.0, polls=1, limit=5.0),
        False,
        True,
        "not done within 5 s: given up after 4.0 s and 1 answer",
    ),
    (
        WaitExpired(elapsed=5.0, polls=2, limit=5.0, left_open=True, response_id="resp_1"),
        True,
        True,
        "not done within 5 s: given up after 5.0 s and 2 answers, in the midst of a request that may have been acted "
        "upon (response resp_1)",
    ),
    (NoRecording(request=REQUEST), False, False, "no recording of DELETE /responses/resp_1"),
    (
        NoRecording(
            request=REQUEST,
            nearest=HttpRequest("GET", "/responses/resp_1"),
            differences=("method: not GET", "x"),
        ),
        False,
        False,
        "no recording of DELETE /responses/resp_1; nearest is GET /responses/resp_1: method: not GET; x",
    ),
]
each_error = pytest.mark.parametrize("error", [error for error, *_ in ERRORS], ids=str)


@pytest.mark.parametrize(("error", "may_have_acted", "retryable", "text"), ERRORS, ids=[row[3] for row in ERRORS])
def test_each_error_says_what_it_means(error: Error, may_have_acted: bool, retryable: bool, text: str) -> None:
    assert error.may_have_acted == may_have_acted
    assert error.retryable == retryable
    assert str(error) == text


def name_of(error: Error) -> str:
    """Match exhaustively: the type-checkers refuse this function when an error is added or left out."""
    match error:
        case InvalidArgument(parameter, _):
            return f"InvalidArgument {parameter}"
        case NotSent(kind, _):
            return f"NotSent {kind}"
        case Interrupted(kind, _):
            return f"Interrupted {kind}"
        case ApiError(status=status):
            return f"ApiError {status}"
        case DecodeError(path=path):
            return f"DecodeError {path}"
        case WaitExpired(polls=polls):
            return f"WaitExpired {polls}"
        case NoRecording(request=request):
            return f"NoRecording {request.path}"
        case _:
            assert_never(error)


@each_error
def test_every_error_is_matched(error: Error) -> None:
    assert name_of(error).split()[0] == type(error).__name__


def test_every_kind_of_error_is_listed_here() -> None:
    assert {type(error) for error, *_ in ERRORS} == set(Error.__args__)


@each_error
def test_every_error_is_a_value(error: Error) -> None:
    assert pickle.loads(pickle.dumps(error)) == error
    assert copy.deepcopy(error) == error
    assert {error: "found"}[replace(error)] == "found"


@each_error
def test_every_error_is_frozen(error: Error) -> None:
    for field in error.__struct_fields__:
        with pytest.raises(AttributeError):
            setattr(error, field, None)


@each_error
def test_every_error_names_itself_in_json(error: Error) -> None:
    written: dict[str, Any] = json.decode(json.encode(error))
    assert written["error"] == type(error).__name__
    assert set(written) - {"error"} == set(error.__struct_fields__)


@each_error
def test_every_error_prints_its_fields(error: Error) -> None:
    assert repr(error).startswith(f"{type(error).__name__}(")


def test_no_error_is_an_exception() -> None:
    assert not any(isinstance(error, BaseException) for error, *_ in ERRORS)


def test_an_error_is_read_back_from_its_json() -> None:
    for error, *_ in ERRORS:
        assert json.decode(json.encode(error), type=type(error)) == error


def test_a_request_names_no_host_and_no_credential() -> None:
    assert set(HttpRequest.__struct_fields__) == {
        "method",
        "path",
        "query",
        "headers",
        "body",
        "idempotent",
        "timeout",
        "total",
    }


def test_what_came_before_an_interruption_is_never_shown() -> None:
    came = HttpResponse(status=200, headers=(("x-secret", "S"),), body=b"S")
    error = Interrupted("reset", "gone", partial=came, response_id="resp_1")
    assert repr(error) == "Interrupted(kind='reset', reason='gone', response_id='resp_1')"
    assert str(error) == "interrupted (reset): gone (response resp_1)"
    assert error != Interrupted("reset", "gone", response_id="resp_1")


@each_error
def test_an_error_tells_which_response_it_is_about(error: Error) -> None:
    about = about_response(error, "resp_1")
    if not isinstance(about, InvalidArgument):
        assert about.response_id == "resp_1"
        assert str(about).endswith(" (response resp_1)")
    assert about_response(about, "resp_2") == about_response(error, "resp_1") == about
    assert about_response(error, None) == error


# --- what an error speaks of: the last exchange ------------------------------------------------------


@pytest.mark.parametrize("hint", [None, "true", "false", "TRUE", "maybe"])
@pytest.mark.parametrize(
    "said",
    [{}, {"code": "insufficient_quota"}, {"type": "insufficient_quota"}, {"code": "rate_limit_exceeded", "type": "x"}],
    ids=str,
)
def test_an_answer_is_retryable_where_retrying_repeats_the_request(hint: str | None, said: dict[str, str]) -> None:
    asking = retrieve_response("resp_1")
    guarded = retrying(asking)
    assert isinstance(asking, Send)
    assert isinstance(guarded, Send)
    body = json.encode({"error": {"message": "no", **said}})
    headers = () if hint is None else (("X-Should-Retry", hint),)
    found: set[bool] = set()
    for status in (*range(100, 200), *range(300, 601), 999):
        answer = Success(HttpResponse(status=status, headers=headers, body=body))
        given = asking.resume(answer)
        assert isinstance(given, Done)
        error = given.result.failure()
        assert isinstance(error, ApiError)
        assert error.retryable is isinstance(guarded.resume(answer), Wait), status
        found.add(error.retryable)
    assert found == ({False} if "insufficient_quota" in said.values() else {hint == "true", hint != "false"})


def test_a_wait_that_expires_has_not_acted_though_a_response_was_created_before_it() -> None:
    clock = VirtualClock(now=1_750_000_000.0)
    service = MemoryTransport(clock=clock, script=lambda prompt: Reply.text("Done.").lasting(running=60))
    created: list[str] = []

    def wait(response: Response) -> Operation[Response]:
        created.append(response.id)
        return wait_for_response(response.id, WaitPolicy(deadline=2))

    creating = create_response(model="gpt-5-mini", input="Hello", background=True)
    expired = run(creating.bind(wait), service, clock=clock).failure()
    assert isinstance(expired, WaitExpired)
    assert (expired.may_have_acted, expired.retryable) == (False, True)
    assert run(retrieve_response(created[0]), service, clock=clock).unwrap().id == created[0]


def test_an_invalid_argument_says_nothing_of_what_was_sent_before() -> None:
    service = MemoryTransport()
    error = run(delete_response("resp_chat").bind(lambda deleted: retrieve_response("")), service).failure()
    assert isinstance(error, InvalidArgument)
    assert not error.may_have_acted
    assert run(retrieve_response("resp_chat"), service).failure().may_have_acted is False  # it is gone
