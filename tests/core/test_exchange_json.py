"""Requests and answers as JSON: what is read is what was written, and nothing that is read can raise."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from puresponse.codecs import DecodeError, decode_response
from puresponse.core import (
    Answer,
    ApiError,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    WaitExpired,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
    is_failure,
)

texts = st.text()  # without surrogates, as Hypothesis has it
pairs = st.lists(st.tuples(texts, texts), max_size=4).map(tuple[tuple[str, str], ...])
seconds = st.floats(allow_nan=False, allow_infinity=False)

requests = st.builds(
    HttpRequest,
    method=texts,
    path=texts,
    query=pairs,
    headers=pairs,
    body=st.none() | st.binary(),
    idempotent=st.booleans(),
    timeout=st.none() | seconds,
    total=st.none() | seconds,
)
responses = st.builds(
    HttpResponse,
    status=st.integers(100, 999),
    headers=pairs,
    body=st.binary(),
    after_interruption=st.booleans(),
)
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | seconds | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
ERRORS: dict[type, st.SearchStrategy[Any]] = {
    InvalidArgument: st.builds(InvalidArgument, texts, texts),
    NotSent: st.builds(
        NotSent,
        st.sampled_from(["dns", "refused", "tls", "connect_timeout", "proxy", "unreachable", "invalid_request"]),
        texts,
        st.none() | texts,
    ),
    Interrupted: st.builds(
        Interrupted,
        st.sampled_from(["read_timeout", "reset", "truncated", "protocol", "tls", "status"]),
        texts,
        partial=st.none() | responses,
        response_id=st.none() | texts,
    ),
    ApiError: st.builds(
        ApiError,
        status=st.integers(),
        type=st.none() | texts,
        code=st.none() | texts,
        message=st.none() | texts,
        param=st.none() | texts,
        request_id=st.none() | texts,
        retry_after=st.none() | seconds,
        headers=pairs,
        body=st.binary(),
        after_interruption=st.booleans(),
        response_id=st.none() | texts,
        response=plain_json,
    ),
    DecodeError: st.builds(
        DecodeError,
        path=texts,
        reason=texts,
        status=st.none() | st.integers(),
        request_id=st.none() | texts,
        body=st.binary(),
        response_id=st.none() | texts,
    ),
    WaitExpired: st.builds(
        WaitExpired, elapsed=seconds, polls=st.integers(), last=plain_json, response_id=st.none() | texts
    ),
    NoRecording: st.builds(
        NoRecording,
        request=requests,
        nearest=st.none() | requests,
        differences=st.lists(texts, max_size=3).map(tuple[str, ...]),
        response_id=st.none() | texts,
    ),
}
HALF = "half a pair: \ud83d"
"""What no JSON holds, as it is no Unicode."""


def invalid_argument(result: Result[bytes, Error]) -> InvalidArgument:
    error = result.failure()
    assert isinstance(error, InvalidArgument)
    return error


def interrupted(answer: Answer) -> Interrupted:
    error = answer.failure()
    assert isinstance(error, Interrupted)
    return error


# --- there and back ------------------------------------------------------------------------------


@given(requests)
def test_a_request_that_is_read_is_the_one_that_was_written(request: HttpRequest) -> None:
    assert decode_request(encode_request(request).unwrap()) == Success(request)


@given(responses)
def test_a_response_that_is_read_is_the_one_that_was_written(response: HttpResponse) -> None:
    assert decode_answer(encode_answer(Success(response)).unwrap()) == Success(response)


@given(st.one_of(*ERRORS.values()))
def test_an_error_that_is_read_is_the_one_that_was_written(error: Error) -> None:
    assert decode_answer(encode_answer(Failure(error)).unwrap()) == Failure(error)


def test_every_kind_of_error_goes_there_and_back() -> None:
    assert set(ERRORS) == set(get_args(Error))


@given(responses | st.one_of(*ERRORS.values()))
def test_what_is_written_is_json_that_anyone_reads(value: Any) -> None:
    answer: Answer = Success(value) if isinstance(value, HttpResponse) else Failure(value)
    read = json.loads(encode_answer(answer).unwrap())
    assert ("error" in read) == is_failure(answer)
    assert read.get("error", type(value).__name__) == type(value).__name__


def test_no_body_is_told_from_one_of_no_bytes() -> None:
    for body in (None, b"", b"\x00\xff"):
        request = HttpRequest("POST", "/", body=body)
        assert decode_request(encode_request(request).unwrap()).unwrap().body == body
    assert json.loads(encode_request(HttpRequest("POST", "/", body=b"\x00\xff")).unwrap())["body"] == "AP8="


def test_what_was_seen_last_of_a_wait_is_plain_json_when_it_is_read() -> None:
    body = (
        b'{"id":"resp_1","object":"response","created_at":1,"status":"queued","model":"m","output":[],'
        b'"a_field_of_next_year":{"deep":[1.0,2]}}'
    )
    expired = WaitExpired(elapsed=1.5, polls=2, last=decode_response(body).unwrap())
    error = decode_answer(encode_answer(Failure(expired)).unwrap()).failure()
    assert isinstance(error, WaitExpired)
    assert error.last["id"] == "resp_1"
    assert error.last["a_field_of_next_year"] == {"deep": [1.0, 2]}


def test_the_response_of_an_error_is_plain_json_when_it_is_read() -> None:
    body = b'{"id":"resp_1","object":"response","created_at":1,"status":"failed","model":"m","output":[],"new":1}'
    failed = ApiError(status=200, code="server_error", response_id="resp_1", response=decode_response(body).unwrap())
    error = decode_answer(encode_answer(Failure(failed)).unwrap()).failure()
    assert isinstance(error, ApiError)
    assert (error.code, error.response_id) == ("server_error", "resp_1")
    told: Any = error.response
    assert told == json.loads(body)


# --- what JSON cannot hold -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest(HALF, "/"),
        HttpRequest("GET", HALF),
        HttpRequest("GET", "/", ((HALF, ""),)),
        HttpRequest("GET", "/", (), (("X", HALF),)),
        HttpRequest("GET", "/", timeout=math.inf),
        HttpRequest("GET", "/", timeout=math.nan),
    ],
    ids=str,
)
def test_a_request_that_json_cannot_hold_is_an_invalid_argument(request_: HttpRequest) -> None:
    assert invalid_argument(encode_request(request_)).parameter == "request"
    recorded = NoRecording(request=HttpRequest("GET", "/"), nearest=request_)
    assert invalid_argument(encode_answer(Failure(recorded))).parameter == "answer"


def _looped() -> list[Any]:
    looped: list[Any] = []
    looped.append(looped)
    return looped


@pytest.mark.parametrize(
    "answer",
    [
        Success(HttpResponse(status=200, headers=((HALF, ""),))),
        Success(HttpResponse(status=99)),
        Success(HttpResponse(status=1000)),
        Success(HttpResponse(status=-200)),
        Failure(InvalidArgument("a", HALF)),
        Failure(ApiError(status=429, retry_after=math.inf)),
        Failure(WaitExpired(elapsed=math.nan, polls=1)),
        Failure(WaitExpired(elapsed=1.0, polls=1, last=object())),
        Failure(WaitExpired(elapsed=1.0, polls=1, last=_looped())),
        Failure(WaitExpired(elapsed=1.0, polls=1, last=10**5_000)),
        Failure(WaitExpired(elapsed=1.0, polls=1, last={(1, 2): 3})),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_an_answer_that_json_cannot_hold_is_an_invalid_argument(answer: Answer) -> None:
    error = invalid_argument(encode_answer(answer))
    assert error.parameter == "answer"
    assert error.reason


# --- what others write ---------------------------------------------------------------------------


def test_what_has_a_default_may_be_left_out() -> None:
    assert decode_request(b'{"method":"GET","path":"/models"}') == Success(HttpRequest("GET", "/models"))
    assert decode_answer(b'{"status":204}') == Success(HttpResponse(status=204))
    assert decode_answer(b'{"error":null,"status":204}') == Success(HttpResponse(status=204))
    assert decode_answer(b'{"error":"NoRecording","request":{"method":"GET","path":"/"}}') == Failure(
        NoRecording(request=HttpRequest("GET", "/"))
    )


def test_what_is_not_known_is_ignored() -> None:
    assert decode_request(b'{"method":"GET","path":"/","priority":"high"}') == Success(HttpRequest("GET", "/"))
    assert decode_answer(b'{"status":200,"url":"https://example.com","ok":true}') == Success(HttpResponse(status=200))
    assert decode_answer(b'{"error":"NotSent","kind":"dns","reason":"?","code":"ENOTFOUND"}') == Failure(
        NotSent("dns", "?")
    )


def test_whitespace_and_the_order_of_members_mean_nothing() -> None:
    written = b' {"reason": "?",\n "kind": "reset", "error": "Interrupted"} '
    assert decode_answer(written) == Failure(Interrupted("reset", "?"))


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        (b"", "$", "expected JSON, got nothing"),
        (b"[]", "$", "Expected `object`, got `array`"),
        (b'{"path":"/"}', "$", "Object missing required field `method`"),
        (b'{"method":1,"path":"/"}', "$.method", "Expected `str`, got `int`"),
        (b'{"method":"GET","path":"/","body":"###"}', "$.body", "Invalid base64 encoded string"),
        (b'{"method":"GET","path":"/","headers":[["a"]]}', "$.headers[0]", "Expected `array` of length 2"),
        (b'{"method":"GET","path":"/","timeout":1e999}', "$.timeout", "Number out of range"),
        (b'{"method":"GET","path":"/","timeout":NaN}', "$", "JSON is malformed"),
    ],
)
def test_a_request_that_cannot_be_read_is_a_decode_error_that_says_where(data: bytes, path: str, reason: str) -> None:
    error = decode_request(data).failure()
    assert isinstance(error, DecodeError)
    assert (error.path, error.body) == (path, data)
    assert error.reason.startswith(reason)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "at $"),
        (b"null", "at $"),
        (b"{}", "`status` at $"),
        (b'{"status":"200"}', "at $.status"),
        (b'{"status":0}', "at $.status"),
        (b'{"status":1000}', "at $.status"),
        (b'{"status":' + b"9" * 5_000 + b"}", "at $.status"),
        (b'{"status":200,"body":null}', "at $.body"),
        (b'{"error":"Timeout"}', "at $.error"),
        (b'{"error":true}', "at $.error"),
        (b'{"error":"NotSent","kind":"bad luck","reason":""}', "at $.kind"),
        (b'{"status":200,"headers":{"a":"b"}}', "at $.headers"),
        (b'{"status":200,"body":"\xff"}', "at $"),
        (b"[" * 100_000, "at $"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_answer_that_cannot_be_read_leaves_open_what_the_server_did(data: bytes, where: str) -> None:
    error = interrupted(decode_answer(data))
    assert error.kind == "protocol"
    assert error.may_have_acted
    assert where in error.reason


@pytest.mark.parametrize("status", [99, 1000])
def test_a_status_that_there_is_not_is_told_with_those_that_there_are(status: int) -> None:
    error = interrupted(decode_answer(b'{"status":%d}' % status))
    assert error.reason.endswith("Expected a status from 100 to 999 at $.status")


@given(st.binary() | plain_json.map(json.dumps).map(str.encode))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    request = decode_request(data)
    assert not is_failure(request) or isinstance(request.failure(), DecodeError)
    answer = decode_answer(data)
    assert is_failure(answer) or 100 <= answer.unwrap().status <= 999


objects = st.fixed_dictionaries(
    {},
    optional={
        "status": st.integers(-5, 2_000) | plain_json,
        "error": st.sampled_from([kind.__name__ for kind in ERRORS]) | plain_json,
        "headers": st.lists(st.lists(texts, min_size=2, max_size=2)) | plain_json,
        "body": st.sampled_from(["", "AP8=", "A"]) | plain_json,
        "kind": st.sampled_from(["dns", "tls", "reset"]) | plain_json,
        "reason": texts | plain_json,
        "request": st.just({"method": "GET", "path": "/"}) | plain_json,
        "elapsed": seconds | plain_json,
        "polls": st.integers() | plain_json,
    },
)


@given(objects)
def test_any_answer_that_can_be_read_can_be_written_again(written: dict[str, Any]) -> None:
    answer = decode_answer(json.dumps(written).encode())
    assert decode_answer(encode_answer(answer).unwrap()) == answer
