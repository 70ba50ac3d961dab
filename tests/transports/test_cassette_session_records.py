"""Session records of OpenAI's .NET client are read as cassettes."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import import_session_records
from puresponse.transports.cassette.format import Recording


def of(**changes: Any) -> bytes:
    entry = {
        "RequestUri": "https://api.openai.com/v1/responses?limit=5",
        "RequestMethod": "POST",
        "RequestHeaders": {"Accept": "application/json", "Authorization": "Sanitized"},
        "RequestBody": {"model": "m"},
        "StatusCode": 200,
        "ResponseHeaders": {"Date": ["a", "b"]},
        "ResponseBody": ["data: 1\n", "\n"],
    }
    return json.encode({"Entries": [{**entry, **changes}], "Variables": changes.pop("Variables", {})})


def test_a_record_is_read_and_what_is_not_kept_is_listed() -> None:
    imported = import_session_records(of())
    request = HttpRequest("POST", "/responses", (("limit", "5"),), (("accept", "application/json"),), b'{"model":"m"}')
    answer = HttpResponse(status=200, headers=(("date", "a"), ("date", "b")), body=b"data: 1\n\n")
    assert imported.recordings == (Recording(request, answer),)
    assert imported.left_behind == ("recording 1: header authorization of the request",)


@pytest.mark.parametrize(
    ("body", "headers", "read"),
    [
        (None, {}, None),
        (None, {"Content-Length": "0"}, b""),
        ("text", {}, b"text"),
        ([], {}, b"[]"),
        ([1], {}, b"[1]"),
    ],
)
def test_a_body_is_what_was_sent(body: Any, headers: Any, read: bytes | None) -> None:
    (recording,) = import_session_records(of(RequestBody=body, RequestHeaders=headers)).recordings
    assert recording.request.body == read


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{}", "is no session record: Object missing required field `Entries`"),
        (of(StatusCode="x"), r"is no session record: .* - at `\$.Entries\[0\].StatusCode`"),
        (of(RequestUri="https://e.example/x"), "entry 1: RequestUri: https://e.example/x is not under https://api"),
    ],
)
def test_what_is_no_record_is_refused_with_the_place(data: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        import_session_records(data)
