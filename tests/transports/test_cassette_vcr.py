"""VCR.py's cassettes, both ways: the official client records the served service under it, and replays what we write."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import openai
import pytest
from msgspec import json
from openai.types.responses import Response

from puresponse import (
    ApiError,
    CassetteTransport,
    HttpRequest,
    HttpResponse,
    Interrupted,
    MemoryTransport,
    NotSent,
    Recording,
    Redaction,
    SecretFound,
    StreamedResponse,
    VirtualClock,
    cancel_response,
    create_response,
    delete_response,
    export_recordings,
    import_recordings,
    iterate,
    list_input_items,
    retrieve_response,
    run,
    stream_response,
)
from puresponse.transports.cassette.format import dump_cassette
from puresponse.transports.serving.server import serve

vcr: Any = import_module("vcr")  # which has no types

KEY = "sk-proj-0123456789abcdefghijkl"
MODEL = "gpt-4o-mini"


def client(url: str, key: str = KEY) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=20)


def program(connected: openai.OpenAI) -> list[Any]:
    """What a test does with the official client: of each kind one."""
    created = connected.responses.create(model=MODEL, input="Say hé.")
    events = connected.responses.create(model=MODEL, input="Say hé.", stream=True)
    with pytest.raises(openai.NotFoundError) as missing:
        connected.responses.retrieve("resp_nowhere")
    connected.responses.delete("resp_failed")
    return [
        created.output_text,
        [event.type for event in events],
        connected.responses.cancel("resp_queued").status,
        [item.id for item in connected.responses.input_items.list("resp_chat", limit=2)],
        missing.value.status_code,
        created.id,
    ]


class Recorded:
    """A cassette that the official client recorded under VCR.py."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.path = folder / f"recorded.{kind}"
        recorder = vcr.VCR(serializer=kind)
        memory = MemoryTransport(clock=VirtualClock(now=1_750_000_000.0), script="Hé, said.")
        with (
            serve(memory, api_key=KEY) as self.url,
            client(self.url) as connected,
            recorder.use_cassette(str(self.path)),
        ):
            self.seen = program(connected)
        self.data = self.path.read_bytes()


@pytest.fixture(scope="module", params=["yaml", "json"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return Recorded(tmp_path_factory.mktemp("vcr"), request.param)


@contextmanager
def replayed(data: bytes, folder: Path) -> Generator[None, None, None]:
    path = folder / "exported.yaml"
    path.write_bytes(data)
    with vcr.use_cassette(str(path), record_mode="none", allow_playback_repeats=False) as played:
        yield
        assert played.all_played
    assert path.read_bytes() == data


def test_what_the_official_client_recorded_is_replayed_to_ours(recorded: Recorded) -> None:
    cassette = CassetteTransport(import_recordings(recorded.data).recordings)
    created = run(create_response(model=MODEL, input="Say hé."), cassette).unwrap()
    events = list(iterate(stream_response(model=MODEL, input="Say hé."), cassette))
    missing = run(retrieve_response("resp_nowhere"), cassette).failure()
    assert isinstance(missing, ApiError)
    assert [
        created.output_text,
        [event.type for event in events],
        run(cancel_response("resp_queued"), cassette).unwrap().status,
        [item.id for item in run(list_input_items("resp_chat", limit=2), cassette).unwrap()],
        missing.status,
        created.id,
    ] == [*recorded.seen[:3], recorded.seen[3][:2], *recorded.seen[4:]]
    assert run(delete_response("resp_failed"), cassette).unwrap().deleted


def test_the_key_of_the_official_client_does_not_arrive(recorded: Recorded) -> None:
    assert KEY.encode() in recorded.data
    imported = import_recordings(recorded.data, keep_headers=["user-agent"])
    dumped = dump_cassette(imported.recordings, keep_headers=["user-agent"])
    assert KEY.encode() not in dumped
    assert b"OpenAI/Python" in dumped
    assert KEY not in repr(imported)
    assert all(b"authorization" not in line.lower() for line in dumped.splitlines())


def test_what_is_not_carried_over_is_listed_with_its_place(recorded: Recorded) -> None:
    places = {one.place: one.reason for one in import_recordings(recorded.data).not_carried}
    assert places["interactions[0].request.uri"] == f"a cassette has no server: this one is {recorded.url}"
    assert places["interactions[1].request.headers.authorization"] == "a credential"
    assert places["interactions[0].response.headers.server"] == "a header that is not among those kept"
    # Every header that was recorded is in the cassette, or listed.
    interactions = json.decode(recorded.data) if recorded.path.suffix == ".json" else None
    if interactions is not None:
        kept = import_recordings(recorded.data).recordings
        for index, one in enumerate(interactions["interactions"]):
            for name in one["request"]["headers"]:
                listed = f"interactions[{index}].request.headers.{name.lower()}" in places
                assert listed != (name.lower() in dict(kept[index].request.headers))


def test_what_we_write_the_official_client_replays_with_record_mode_none(recorded: Recorded, tmp_path: Path) -> None:
    exported = export_recordings(import_recordings(recorded.data).recordings, "vcr", base_url=recorded.url)
    assert exported.not_carried == ()
    with replayed(exported.data, tmp_path), client(recorded.url, key="sk-other") as connected:
        assert program(connected) == recorded.seen


def test_our_own_recording_is_replayed_to_the_official_client(tmp_path: Path) -> None:
    path = tmp_path / "ours.json"
    with CassetteTransport.recording(MemoryTransport(script="From ours."), path) as recorder:
        created = run(create_response(model=MODEL, input="Hi"), recorder).unwrap()
        list(iterate(stream_response(model=MODEL, input="Hi"), recorder))
    recordings = import_recordings(path.read_bytes()).recordings
    exported = export_recordings(recordings, "vcr", base_url="http://models.test/v1")
    assert {one.reason for one in exported.not_carried} == {"the format has whole bodies: where chunks begin"}
    with replayed(exported.data, tmp_path), client("http://models.test/v1") as connected:
        received: Response = connected.responses.create(model=MODEL, input="Hi")
        assert (received.id, received.output_text) == (created.id, "From ours.")
        texts = [
            event.delta
            for event in connected.responses.create(model=MODEL, input="Hi", stream=True)
            if event.type == "response.output_text.delta"
        ]
        assert "".join(texts) == "From ours."


def asked(path: str = "/responses/resp_1", body: bytes | None = None) -> HttpRequest:
    return HttpRequest("POST", path, (("a", "1 2"), ("b", "")), (("content-type", "application/json"),), body)


KINDS: list[HttpResponse] = [
    HttpResponse(status=200, headers=(("content-type", "application/json"),), body=b'{"a": [1, 2.50, null]}'),
    HttpResponse(status=503, body=b"\x00\xff\x1f"),
    HttpResponse(status=204),
    HttpResponse(status=200, body="data: é\r\n\r\n\tx  \n \x85\u2028 'q' \"w\" # y: z\n".encode()),
    HttpResponse(status=299, headers=(("x-request-id", "1"), ("x-request-id", "yes")), body=b"007"),
]


@pytest.mark.parametrize("format", ["vcr", "har", "cassetter"])
def test_what_is_written_is_read_as_it_was(format: Any) -> None:
    bodies: list[bytes | None] = [None, b'{"input":"no"}', b'{"a": "b",\n "c": 1e3}', "ja\u0085".encode(), b"~"]
    recordings = tuple(Recording(asked(body=body), answer) for body, answer in zip(bodies, KINDS, strict=True))
    exported = export_recordings(recordings, format, base_url="https://x.test/openai/v1")
    imported = import_recordings(exported.data, format, base_url="https://x.test/openai/v1")
    assert imported.recordings == recordings
    assert exported.not_carried == ()


def test_failures_and_bodies_that_break_off_are_listed_when_they_cannot_be_written() -> None:
    recordings = [
        Recording(asked(), NotSent("dns", "no such host")),
        Recording(asked(), StreamedResponse(status=200, chunks=(b"a",), error=Interrupted("reset", "gone"))),
        Recording(asked(), StreamedResponse(status=200, chunks=(b"a", b"b"), delays=(0.5, 1.0)), 2.0),
    ]
    listed = {one.place for one in export_recordings(recordings, "vcr").not_carried}
    assert listed == {
        "recordings[0].failure",
        "recordings[1].failure",
        "recordings[2].after",
        "recordings[2].response.body.chunks",
        "recordings[2].response.body.chunks[*].after",
    }
    assert b"uri" in export_recordings(recordings[2:], "vcr").data
    assert b"uri" not in export_recordings(recordings[:2], "vcr").data


def written(request: str = "", response: str = "", uri: str = "https://api.openai.com/v1/models") -> bytes:
    return f"""interactions:
- request:
    body: null
    headers: {{}}
    method: GET
    uri: {uri}
{request}
  response:
    body: {{string: '{{}}'}}
    headers: {{}}
    status: {{code: 200, message: OK}}
{response}
version: 1
""".encode()


def test_members_that_nobody_knows_are_listed() -> None:
    data = written(request="    extra: 1", response="    protocol: h2") + b"recorded_with: me\n"
    assert {(one.place, one.reason) for one in import_recordings(data).not_carried} == {
        ("interactions[0].request.uri", "a cassette has no server: this one is https://api.openai.com/v1"),
        ("interactions[0].request.extra", "a cassette has no place for it"),
        ("interactions[0].response.protocol", "a cassette has no place for it"),
        ("recorded_with", "a cassette has no place for it"),
    }


def test_an_exchange_with_another_server_is_listed_where_a_base_url_is_given() -> None:
    imported = import_recordings(written(), base_url="https://elsewhere.test/v1")
    assert imported.recordings == ()
    assert [one.place for one in imported.not_carried] == ["interactions[0].request.uri"]


@pytest.mark.parametrize(
    ("uri", "path", "server"),
    [
        ("https://x.azure.com/openai/v1/responses?api-version=1", "/responses", "https://x.azure.com/openai/v1"),
        ("http://u:p@h:1/v1/responses/a%2Fb", "/responses/a%2Fb", "http://h:1/v1"),
        ("http://h/v1/other/thing", "/other/thing", "http://h/v1"),
        ("http://h/elsewhere", "/elsewhere", "http://h"),
        ("http://h/api/models/m", "/models/m", "http://h/api"),
    ],
)
def test_the_base_url_is_what_precedes_a_path_of_the_api(uri: str, path: str, server: str) -> None:
    imported = import_recordings(written(uri=uri))
    assert imported.recordings[0].request.path == path
    assert imported.not_carried[0].reason == f"a cassette has no server: this one is {server}"


def test_a_coded_body_is_decoded_as_its_header_goes() -> None:
    body = gzip.compress(b'{"id":"resp_1"}')
    response = HttpResponse(status=200, headers=(("content-encoding", "gzip"),), body=body)
    data = export_recordings([Recording(asked(), response)], "vcr").data
    (recording,) = import_recordings(data).recordings
    assert recording.answer == HttpResponse(status=200, body=b'{"id":"resp_1"}')


# --- secrets ---------------------------------------------------------------------------------------


def test_a_secret_in_a_body_is_refused_with_its_place_until_a_rule_takes_it_out() -> None:
    answer = HttpResponse(status=200, body=json.encode({"text": f"use {KEY}"}))
    data = export_recordings([Recording(asked(), answer)], "vcr").data
    with pytest.raises(SecretFound, match=r"recording 1: response body \$\.text") as refused:
        import_recordings(data)
    assert KEY not in str(refused.value)
    imported = import_recordings(data, redact=[Redaction(pattern=r"sk-[\w-]+")])
    assert KEY not in repr(imported.recordings)
    assert imported.not_carried[-1].place == "recordings[0].answer"


def test_a_credential_in_the_query_is_redacted_and_listed() -> None:
    imported = import_recordings(written(uri="https://api.openai.com/v1/models?api_key=very-secret-thing"))
    assert imported.recordings[0].request.query == (("api_key", "[redacted]"),)
    assert ("interactions[0].request.uri?api_key", "a credential, kept as [redacted]") in {
        (one.place, one.reason) for one in imported.not_carried
    }


# --- hostile files ---------------------------------------------------------------------------------

BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(ord("b"), ord("k"))
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (BOMB + b"interactions: *j\n", "times larger by its aliases"),
        (b"interactions: &a [*a]\n", r"line 1: the alias \*a holds itself"),
        (b"interactions: *a\n", "alias"),
        (b"interactions: !!python/object/apply:os.system ['true']\n", "line 1: the tag .*python/object/apply"),
        (written(request="    x: !!python/name:os.system ''"), "the tag .*python/name"),
        (b"interactions: " + b"[" * 100_000, "line 1: (nested too deeply|exceeded maximum nesting depth)"),
        (b"interactions:\n" + b"- " * 300 + b"x\n", "line 2: nested too deeply"),
        (b"interactions: " + b"{a: " * 100_000, "line 1: (nested too deeply|exceeded maximum nesting depth)"),
        (b"interactions: []\ninteractions: []\n", "line 2: the name 'interactions' is there twice"),
        (b"interactions: []\n---\ninteractions: []\n", "a second document"),
        (b"version: 1\ninteractions: 5\n", "interactions: expected an array, got a number"),
        (b"version: 2\ninteractions: []\n", "version: VCR.py writes 1"),
        (b"version: 1\n", "interactions: expected an array, got nothing"),
        (b"interactions: [}\n", "line 1: "),
        (b"interactions: \xff\xfe\n", "is not a cassette of VCR.py, or is damaged"),
        (b"interactions:\n- request: 1\n", r"interactions\[0\].request: expected an object, got a number"),
        (written().replace(b"code: 200", b"code: 20000"), r"interactions\[0\].response.status.code: expected a status"),
        (written().replace(b"GET", b"[]"), r"interactions\[0\].request.method: expected a string"),
        (written(uri="file:///etc/passwd"), r"interactions\[0\].request.uri: is no URL with http or https"),
        (written(uri="http://[x/v1"), r"interactions\[0\].request.uri: is no URL"),
        (written().replace(b"'{}'", b"!!binary '*'"), "line 9: no base64"),
        (b"interactions: []\nversion: " + b"9" * 5000, "line 2: a number that is too long"),
        (b"interactions: []\n\x00", "control characters are not allowed"),
    ],
    ids=lambda value: value[:24].decode("ascii", "replace") if isinstance(value, bytes) else "",
)
def test_hostile_files_are_a_clear_error(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        import_recordings(data, "vcr")
    assert "is not a cassette of VCR.py, or is damaged" in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_body_that_inflates_beyond_measure_is_refused() -> None:
    coder = zlib.compressobj(1, wbits=31)
    body = b"".join(coder.compress(bytes(2**20)) for _ in range(65)) + coder.flush()
    response = HttpResponse(status=200, headers=(("content-encoding", "gzip"),), body=body)
    data = export_recordings([Recording(asked(), response)], "vcr").data
    assert len(data) < 600_000
    with pytest.raises(ValueError, match="becomes more than 64 MiB without its content coding"):
        import_recordings(data)


def test_an_alias_of_reasonable_size_is_followed() -> None:
    data = written().replace(b"headers: {}", b"headers: &h {accept: [a]}", 1).replace(b"headers: {}", b"headers: *h")
    (recording,) = import_recordings(data).recordings
    assert recording.request.headers == (("accept", "a"),)
    assert recording.answer == HttpResponse(status=200, headers=(("accept", "a"),), body=b"{}")


def test_without_pyyaml_it_says_which_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert import_recordings(b'{"interactions": [], "version": 1}').recordings == ()
    with pytest.raises(ImportError, match=r"puresponse\[vcr\]"):
        import_recordings(written())
