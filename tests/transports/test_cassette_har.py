"""HTTP archives: read as a cassette, and written from one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.transports import StreamedResponse, export_har, import_har
from puresponse.transports.cassette.format import Recording

BASE = "https://api.openai.com/v1"
GET = HttpRequest("GET", "/responses/resp_1")


def entry(**changes: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": f"{BASE}/responses/resp_1", "headers": [{"name": ":path", "value": "/"}]}
    response = {"status": 200, "headers": [{"name": "Date", "value": "today"}], "content": {"size": 2, "text": "{}"}}
    return {"request": request, "response": response, "time": 250, **changes}


def of(*entries: dict[str, Any]) -> bytes:
    return json.encode({"log": {"version": "1.2", "creator": {}, "entries": entries, "pages": []}})


def test_an_archive_is_read_with_its_times() -> None:
    post = {"method": "POST", "url": f"{BASE}/responses?a=b%20c", "postData": {"mimeType": "x", "text": "{}"}}
    binary = {"status": 200, "content": {"text": "/wA=", "encoding": "base64"}}
    assert import_har(of(entry(), entry(request=post, response=binary, time=0))).recordings == (
        Recording(GET, HttpResponse(status=200, headers=(("date", "today"),), body=b"{}"), 0.25),
        Recording(
            HttpRequest("POST", "/responses", (("a", "b c"),), (), b"{}"), HttpResponse(status=200, body=b"\xff\x00")
        ),
    )


def test_what_is_not_carried_over_is_listed() -> None:
    elsewhere = {"method": "GET", "url": "https://e.example/x"}
    headers = [{"name": "Authorization", "value": "Bearer hush"}, {"name": "Host", "value": "h"}]
    form = {"method": "POST", "url": f"{BASE}/x", "headers": headers, "postData": {"params": [{"name": "a"}]}}
    imported = import_har(
        of(
            entry(),
            entry(request=elsewhere),
            entry(response={"status": 0}),
            entry(request=form, response={"status": 200, "content": {"size": 7}}),
        )
    )
    assert len(imported.recordings) == 2
    assert imported.left_behind == (
        "recording 2: https://e.example/x is not under https://api.openai.com/v1",
        "recording 3: GET https://api.openai.com/v1/responses/resp_1: it was not answered",
        "recording 4: header authorization of the request",
        "recording 4: the body of the response, which the archive does not have",
        "recording 4: the parameters of the form that was sent",
    )


def test_an_archive_that_is_written_has_what_the_specification_asks_for() -> None:
    cut = Interrupted("reset", "gone")
    exported = export_har(
        [
            Recording(HttpRequest("GET", "/x", (("a", "b c"),)), HttpResponse(status=200, body=b"\xff"), 1.5),
            Recording(GET, NotSent("dns", "?")),
            Recording(GET, StreamedResponse(status=299, chunks=(b"a", b"b"), error=cut)),
        ],
        recorded=1_764_158_400.0,
    )
    assert exported.left_behind == (
        "recording 2: GET /responses/resp_1: the failure NotSent",
        "recording 3: that the body broke off (reset)",
        "recording 3: the boundaries of chunks",
    )
    log = json.decode(exported.data)["log"]
    first, second = log["entries"]
    assert first["request"]["url"] == f"{BASE}/x?a=b+c"
    assert first["response"]["content"] == {"size": 1, "mimeType": "", "text": "/w==", "encoding": "base64"}
    assert (first["time"], first["timings"]["wait"]) == (1500.0, 1500.0)
    assert [one["startedDateTime"] for one in (first, second)] == [
        "2025-11-26T12:00:00+00:00",
        "2025-11-26T12:00:01.500000+00:00",
    ]
    needed = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert needed <= set(second)
    assert {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} <= set(
        second["request"]
    )


TEXT = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=5)
RECORDINGS = st.builds(
    Recording,
    st.builds(
        HttpRequest,
        st.sampled_from(["GET", "POST"]),
        st.sampled_from(["/responses", "/responses/resp_1%2F"]),
        st.lists(st.tuples(TEXT, st.text(max_size=4)), max_size=2).map(tuple),
        st.just((("content-type", "application/json"),)),
        st.none() | st.binary(max_size=6),
    ),
    st.builds(
        HttpResponse, status=st.integers(100, 599), headers=st.just((("date", "d"),)), body=st.binary(max_size=6)
    ),
    st.sampled_from([0.0, 0.25, 3.0]),
)


@given(st.lists(RECORDINGS, max_size=3))
def test_what_is_read_is_what_was_written(recordings: list[Recording]) -> None:
    exported = export_har(recordings)
    assert import_har(exported.data, base_url=BASE).recordings == tuple(recordings)
    assert exported.left_behind == ()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{}", "is no HTTP archive: it has no `log`"),
        (b"{", "is no HTTP archive: Input data was truncated"),
        (of({"request": {}}), r"is no HTTP archive: .* - at `\$.log.entries\[0\].request`"),
        (
            of(entry(response={"status": 200, "content": {"text": "?", "encoding": "base64"}})),
            "entry 1: response.content",
        ),
    ],
)
def test_what_is_no_archive_is_refused_with_the_place(data: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        import_har(data)
