"""The bodies of error answers, in every form that servers give them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.codecs import ErrorBody, ErrorResponse, decode, decode_error_body

CASE_FASTAPI = "query.limit: Input should be a valid integer"
CASE_LLAMA_STACK = "body.model: Field required"
WORDS = {"message": "No such response.", "type": "invalid_request_error", "param": None, "code": "not_found"}
UNDERSTOOD = ErrorBody(message="No such response.", type="invalid_request_error", code="not_found")


@pytest.mark.parametrize("body", [{"error": WORDS}, WORDS, {"type": "error", "error": WORDS}])
def test_an_error_may_stand_in_an_envelope_or_not(body: Any) -> None:
    assert decode_error_body(json.encode(body)) == UNDERSTOOD


@pytest.mark.parametrize(
    "body", [{"error": "gone"}, {"detail": "gone"}, {"message": "gone"}, {"error": {"detail": "gone"}}, "gone"]
)
def test_other_servers_give_no_more_than_a_message(body: Any) -> None:
    assert decode_error_body(json.encode(body)) == ErrorBody(message="gone")


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"error": WORDS}},
        {"error": {"type": "invalid_request_error"}, "message": "No such response.", "code": "not_found"},
        {"code": "not_found", "error": {**WORDS, "code": None}},
        {"type": "invalid_request_error", "error": {**WORDS, "type": "error"}},
        {"type": "error", "message": "error", "errors": [WORDS, {"code": "other"}]},
        {"errors": [{"error": WORDS}]},
    ],
)
def test_of_objects_in_each_other_the_innermost_counts_that_says_something(body: Any) -> None:
    body = decode_error_body(json.encode(body))
    assert (body.type, body.code, body.param) == (UNDERSTOOD.type, UNDERSTOOD.code, UNDERSTOOD.param)


def test_that_it_is_an_error_says_nothing() -> None:
    assert decode_error_body(b'{"type": "error", "error": {"type": "error", "message": "no"}}') == ErrorBody(
        message="no"
    )


def test_a_numeric_code_is_given_as_text() -> None:
    assert decode_error_body(b'{"error": {"code": 404}}') == ErrorBody(code="404")


@pytest.mark.parametrize("value", [True, 1.5, None, [], {}])
def test_what_is_no_text_is_left_out(value: Any) -> None:
    assert decode_error_body(json.encode({"error": {"code": value, "message": value}})) == ErrorBody()


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"\xff", b"[1]", b"5", b"null", b'{"error": null}', b"{", b"[" * 200_000]
)
def test_anything_else_is_an_error_that_says_nothing(body: bytes) -> None:
    assert decode_error_body(body) == ErrorBody()


def test_the_specification_has_an_envelope_that_decodes_and_comes_out_whole() -> None:
    value = decode("ErrorResponse", json.encode({"error": {**WORDS, "hint": 1}, "request_id": "r"})).unwrap()
    assert isinstance(value, ErrorResponse)
    assert value.error.message == "No such response."
    assert value.unknown_fields == {"request_id": "r"}


TOLD: list[tuple[Any, str]] = [
    # FastAPI, llama-stack, error in a list: as in the shared cases
    ({"detail": [{"loc": ["query", "limit"], "msg": "Input should be a valid integer"}]}, CASE_FASTAPI),
    ({"error": {"detail": {"errors": [{"loc": ["body", "model"], "msg": "Field required"}]}}}, CASE_LLAMA_STACK),
    ([{"error": {"message": "Bad model", "code": "400"}}], "Bad model"),
    # several, places with numbers, and without
    (
        {"detail": [{"loc": ["body", "input", 0], "msg": "Bad"}, {"loc": [], "msg": "Worse"}, {"msg": "Worst"}]},
        "body.input.0: Bad; Worse; Worst",
    ),
    ({"detail": [{"loc": "body", "msg": "Bad"}]}, "Bad"),
    ({"detail": [{"loc": [None], "msg": "Bad"}]}, "Bad"),
    ({"errors": ["one", "two"]}, "one; two"),
    ({"errors": [{"message": "one"}, {"detail": "two"}]}, "one; two"),
    (
        {"message": ["limit must be a number", "order is wrong"], "error": "Bad Request"},
        "limit must be a number; order is wrong",
    ),
    ({"error": {"message": {"text": "x", "message": "inside"}}}, "inside"),
    ({"error": {"errors": [{"message": "deep"}]}}, "deep"),
    ({"error": "invalid_request", "error_description": "The token has expired"}, "The token has expired"),
    ({"type": "about:blank", "title": "Not allowed", "status": 403, "detail": "Quota is 5"}, "Quota is 5"),
    ({"type": "about:blank", "title": "Not allowed", "status": 403}, "Not allowed"),
    (["one", "two"], "one; two"),
    ({"error": ["one"]}, "one"),
    ({"detail": ["x"] * 25}, "; ".join(["x"] * 10) + "; … 15 more"),
]


@pytest.mark.parametrize(("body", "message"), TOLD)
def test_a_message_that_is_there_is_told(body: Any, message: str) -> None:
    assert decode_error_body(json.encode(body)).message == message


def test_the_first_of_several_errors_says_of_what_kind_it_is() -> None:
    assert decode_error_body(b'[{"error": {"message": "Bad model", "code": "400", "type": "t"}}]') == ErrorBody(
        message="Bad model", code="400", type="t"
    )
    assert decode_error_body(b'{"errors": [{"message": "a", "code": 7}, {"message": "b"}]}') == ErrorBody(
        message="a; b", code="7"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"Not Found", "Not Found"),
        (b"\n  Bad Gateway \r\nmore", "Bad Gateway"),
        (b"\xef\xbb\xbfno healthy upstream", "no healthy upstream"),
        (b"a\x1b[31mb\x00", "a\\x1b[31mb\\x00"),
        ("caf\u00e9 \u202e".encode(), "caf\u00e9 \\u202e"),
        (b"x" * 100_000, "x" * 300 + "\u2026"),
        (b"<html><head><title>\n 502  Bad\nGateway </title></head></html>", "502 Bad Gateway"),
        (b'<TITLE lang="en">Oops</TITLE>', "Oops"),
        (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", None),
        (b"<title></title>", None),
        (b"<title" + b" " * 100_000, None),
        (b'{"error": {"message": "cut of', None),
        (b'"cut of', None),
    ],
)
def test_of_a_text_the_first_line_is_told_and_of_a_page_the_title(body: bytes, message: str | None) -> None:
    assert decode_error_body(body) == ErrorBody(message=message)


def test_a_message_of_any_length_is_cut() -> None:
    message = decode_error_body(json.encode({"error": {"message": "x" * 1_000_000}})).message
    assert message == "x" * 4_000 + "\u2026"
    assert decode_error_body(json.encode({"error": {"message": "x" * 4_000}})).message == "x" * 4_000
    assert decode_error_body(json.encode({"error": {"message": "x" * 4_001}})).message == message


def test_a_number_that_is_out_of_range_hides_no_message() -> None:
    assert decode_error_body(b'{"error": {"message": "Too much", "limit": 1e400}}').message == "Too much"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["error", "errors", "detail", "msg", "loc", "message"]), inner)
    ),
)


@given(json_values)
def test_any_json_gives_texts_of_bounded_length(value: Any) -> None:
    said = decode_error_body(json.encode(value))
    assert said.message is None or len(said.message) <= 4_001


@given(st.binary())
def test_any_bytes_give_an_error_body(data: bytes) -> None:
    assert isinstance(decode_error_body(data), ErrorBody)
