"""The bodies of error answers, in every form that servers give them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.codecs import ErrorBody, ErrorResponse, decode, decode_error_body

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
