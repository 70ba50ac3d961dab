"""Errors as shown: an object with always the same fields, and a line that cannot be broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.cli.output import JsonLines, Sentences, encodable, error_line, error_record, one_line, printable
from puresponse.core import ApiError, DecodeError, Error, Interrupted, InvalidArgument, NotSent, WaitExpired


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (
            ApiError(status=429, code="rate_limit_exceeded", message="Slow down.", request_id="req_1"),
            ("ApiError", 429, "rate_limit_exceeded", "Slow down.", "req_1"),
        ),
        (ApiError(status=502), ("ApiError", 502, None, None, None)),
        (NotSent("refused", "nobody listens"), ("NotSent", None, "refused", "nobody listens", None)),
        (Interrupted("reset", "cut"), ("Interrupted", None, "reset", "cut", None)),
        (
            DecodeError(path="$.id", reason="expected string", status=200, request_id="req_2"),
            ("DecodeError", 200, None, "$.id: expected string", "req_2"),
        ),
        (InvalidArgument("limit", "given 0"), ("InvalidArgument", None, None, "limit: given 0", None)),
        (
            WaitExpired(elapsed=2.0, polls=3),
            ("WaitExpired", None, None, "the wait expired after 2.0 s and 3 polls", None),
        ),
    ],
    ids=str,
)
def test_an_error_as_json_has_all_fields(error: Error, fields: tuple[object, ...]) -> None:
    names = ("id", "error", "status", "code", "message", "request_id")
    assert json.decode(JsonLines().error("resp_1", error)) == dict(zip(names, ("resp_1", *fields), strict=True))


def test_an_error_as_a_line_names_the_response() -> None:
    error = ApiError(status=404, message="Not found.", request_id="req_1")
    assert Sentences().error("resp_1", error) == "puresponse: resp_1: HTTP 404: Not found. (request req_1)\n"


def test_line_breaks_and_escape_sequences_of_a_server_stay_harmless() -> None:
    line = error_line("resp_1", ApiError(status=400, message="one\r\ntwo \x1b[31mred\u202e\x9b"))
    assert line == "puresponse: resp_1: HTTP 400: one two \\x1b[31mred\\u202e\\x9b"


def test_a_message_without_end_is_cut_in_a_line_and_whole_in_json() -> None:
    error = ApiError(status=400, message="x" * 10_000)
    assert len(error_line("resp_1", error)) < 600
    assert error_record("resp_1", error).message == "x" * 10_000


def test_an_id_that_is_no_text_is_escaped() -> None:
    assert error_record("resp_\udcff", NotSent("dns", "")).id == "resp_\\udcff"


@given(st.text(st.characters()))
def test_one_line_is_one_printable_line(text: str) -> None:
    assert one_line(text).isprintable()


@given(st.text(st.characters()))
def test_what_is_encodable_encodes_and_text_stays_as_it_is(text: str) -> None:
    assert encodable(text).encode().decode() == encodable(text)
    if all(character.isprintable() for character in text):
        assert printable(encodable(text)) == text


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ApiError(status=404, message=f"Response with id '{'resp_' + 'x' * 495}' not found."), "not found."),
        (NotSent("refused", "nobody listens", response_id="resp_" + "x" * 495), "nobody listens"),
        (Interrupted("read_timeout", "600 s of silence"), "600 s of silence"),
        (ApiError(status=429, code="rate_limit_exceeded", message="Slow down."), "rate_limit_exceeded: Slow down."),
        (DecodeError(path="$.output[0].type", reason="expected a string", status=200), "expected a string"),
        (InvalidArgument("response_id", "given '...'"), "given '...'"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_line_keeps_the_reason_where_ids_are_long(error: Error, reason: str) -> None:
    long_id = "resp_" + "".join(chr(ord("a") + number % 26) for number in range(495))
    line = error_line(long_id, error)
    assert reason in line
    assert line.startswith(f"puresponse: {long_id[:40]}…{long_id[-11:]}:")
    assert len(line) < 300


def test_ids_of_the_service_are_shown_whole() -> None:
    ordinary = "resp_" + "0" * 48
    assert (
        error_line(ordinary, NotSent("dns", "no such host")) == f"puresponse: {ordinary}: not sent (dns): no such host"
    )


def test_what_the_program_says_itself_is_not_cut() -> None:
    path = "/" + "x" * 700
    assert Sentences().note(path) == Sentences().complaint("Stopped", path) == f"puresponse: {path}\n"
