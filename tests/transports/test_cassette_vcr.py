"""Cassettes of VCR.py: read from what it records of the official client, and replayed by it once they were written."""

from __future__ import annotations

import gzip
import http.client
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
import yaml

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent, delete_response, retrieve_response
from puresponse.transports import (
    CassetteTransport,
    Matching,
    MemoryTransport,
    StreamedResponse,
    export_vcr,
    import_vcr,
    run,
)
from puresponse.transports.cassette.format import Recording, dump_cassette, load_cassette
from puresponse.transports.testing.loopback import serving

vcr: Any = import_module("vcr")
BASE = "https://api.openai.com/v1"
GET = HttpRequest("GET", "/responses/resp_1")


class OverHttpClient(httpx2.BaseTransport):
    """Sends what the official client asks by the standard library: VCR.py does not know httpx2, which it uses."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        connection = http.client.HTTPConnection(request.url.host, request.url.port, timeout=20)
        target = request.url.raw_path.decode()
        connection.request(request.method, target, request.read() or None, dict(request.headers))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return httpx2.Response(answer.status, headers=answer.getheaders(), content=body)


def client_of(base_url: str) -> openai.OpenAI:
    http_client = httpx2.Client(transport=OverHttpClient())
    return openai.OpenAI(base_url=base_url, api_key="sk-of-nobody", max_retries=0, http_client=http_client)


def life(base_url: str) -> list[Any]:
    """What the official client receives: a response, its text in a stream, an error, a deletion."""
    with client_of(base_url) as client:
        created = client.responses.create(model="gpt-4o-mini", input="Hi é")
        stream = client.responses.create(model="gpt-4o-mini", input="Count", stream=True)
        types = [event.type for event in stream]
        items = client.responses.input_items.list(created.id, order="asc", include=["reasoning.encrypted_content"]).data
        try:
            client.responses.retrieve("resp_nobody")
            raise AssertionError
        except openai.NotFoundError as error:
            told = str(error)
        client.responses.delete(created.id)
    return [created.id, created.output_text, types, [item.id for item in items], told]


def test_what_vcr_recorded_of_the_official_client_is_read_and_written_for_it_again(tmp_path: Path) -> None:
    memory, recorded, written = MemoryTransport(), tmp_path / "theirs.yaml", tmp_path / "ours.yaml"
    recording: Any = vcr.VCR(record_mode="all").use_cassette(str(recorded))
    with serving(lambda request: memory(request).unwrap()) as base_url, recording:
        live = life(base_url)
    imported = import_vcr(recorded.read_bytes(), base_url=base_url)
    assert [recording.request.path for recording in imported.recordings[:2]] == ["/responses", "/responses"]
    assert imported.recordings[2].request.query == (("include[]", "reasoning.encrypted_content"), ("order", "asc"))
    assert any("header authorization of the request" in told for told in imported.left_behind)
    data = dump_cassette(imported.recordings)
    assert b"sk-of-nobody" not in data
    replay = CassetteTransport(load_cassette(data), match=Matching(on=("method", "path")))
    assert run(retrieve_response("resp_nobody"), replay).failure()
    assert run(delete_response(live[0]), replay).unwrap().deleted
    exported = export_vcr(load_cassette(data), base_url=base_url)
    assert exported.left_behind == ()
    written.write_bytes(exported.data)
    replaying: Any = vcr.VCR(record_mode="none").use_cassette(str(written))
    with replaying:
        assert life(base_url) == live, "VCR.py replays what was written for it, and no server is there"


def test_what_cannot_be_carried_over_is_listed(tmp_path: Path) -> None:
    cut = Interrupted("reset", "gone")
    recordings = [
        Recording(GET, NotSent("dns", "?")),
        Recording(GET, cut),
        Recording(GET, StreamedResponse(status=200, chunks=(b"a", b"b"), error=cut, delays=(1.0, 2.0))),
        Recording(GET, HttpResponse(status=299, body=b"\xff"), 2.0),
    ]
    exported = export_vcr(recordings)
    assert exported.left_behind == (
        "recording 1: GET /responses/resp_1: the failure NotSent",
        "recording 2: GET /responses/resp_1: the failure Interrupted",
        "recording 3: that the body broke off (reset)",
        "recording 3: the boundaries of chunks",
        "recording 3: the times of chunks",
        "recording 4: how long the answer took",
    )
    assert import_vcr(exported.data).recordings == (
        Recording(GET, HttpResponse(status=200, body=b"ab")),
        Recording(GET, HttpResponse(status=299, body=b"\xff")),
    )


def interaction(**changes: Any) -> dict[str, Any]:
    request: dict[str, Any] = {"body": None, "headers": {}, "method": "GET", "uri": f"{BASE}/responses/resp_1"}
    response: dict[str, Any] = {"body": {"string": "{}"}, "headers": {}, "status": {"code": 200, "message": "OK"}}
    return {
        "request": {**request, **changes.pop("request", {})},
        "response": {**response, **changes.pop("response", {})},
        **changes,
    }


def of(*interactions: Any, version: object = 1) -> bytes:
    untyped: Any = yaml
    written: str = untyped.safe_dump({"interactions": list(interactions), "version": version})
    return written.encode()


def test_what_was_sent_coded_is_decoded_and_what_cannot_be_is_listed() -> None:
    coded = [
        interaction(response={"headers": {"Content-Encoding": [coding]}, "body": {"string": body}})
        for coding, body in (("gzip", gzip.compress(b"{}")), ("gzip", b"{}"), ("br", b"\x00"))
    ]
    imported = import_vcr(of(*coded, interaction(recorded_at="today")))
    answers = [recording.answer for recording in imported.recordings]
    assert [answer.body for answer in answers if isinstance(answer, HttpResponse)] == [b"{}", b"{}", b"\x00", b"{}"]
    assert imported.left_behind == (
        "recording 3: the coding br of the body, which is as it was sent",
        "recording 4: recorded_at",
    )


def test_headers_are_kept_where_they_are_asked_for() -> None:
    data = of(interaction(response={"headers": {"X-Mine": ["1", "2"], "Set-Cookie": ["a=b"]}}))
    (recording,) = import_vcr(data, keep_headers=["x-mine"]).recordings
    assert isinstance(recording.answer, HttpResponse)
    assert recording.answer.headers == (("x-mine", "1"), ("x-mine", "2"))
    assert import_vcr(data).left_behind == (
        "recording 1: header set-cookie of the response",
        "recording 1: header x-mine of the response",
    )


@pytest.mark.parametrize(
    ("uri", "base_url", "path"),
    [
        (f"{BASE}/responses/resp_1", None, "/responses/resp_1"),
        ("http://127.0.0.1:8080/x/v1/models", None, "/models"),
        ("http://127.0.0.1:8080/models", None, "/models"),
        ("http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080/a/", "/b"),
    ],
)
def test_paths_are_relative_to_the_base_url(uri: str, base_url: str | None, path: str) -> None:
    (recording,) = import_vcr(of(interaction(request={"uri": uri})), base_url=base_url).recordings
    assert recording.request.path == path


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{", "is no cassette of VCR.py: "),
        (b"\xff", "is no cassette of VCR.py: "),
        (b"a: 1", "it has no list `interactions`"),
        (of(1), "it has no list `interactions`"),
        (of(version=2), "is of version 2 of VCR.py's form; 1 is read"),
        (of({"request": {}}), "interaction 1: response: expected a mapping"),
        (
            of(interaction(), interaction(response={"status": {"code": "x"}})),
            "interaction 2: response.status: expected",
        ),
        (of(interaction(request={"headers": [1]})), "interaction 1: request.headers: expected a mapping"),
        (of(interaction(request={"body": 1})), "interaction 1: body: expected a text, got 1"),
        (
            of(interaction(), interaction(request={"uri": "https://e.example/x"})),
            "interaction 2: https://e.example/x is not",
        ),
        (b"!!python/object/apply:os.system ['ls']", "is no cassette of VCR.py: could not determine a constructor"),
        (b"interactions: " + b"[" * 800, "is no cassette of VCR.py: "),
    ],
)
def test_what_is_no_cassette_of_vcr_is_refused_with_the_place(data: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        import_vcr(data)
    assert told in str(raised.value)
