"""Nothing secret is written on a cassette: what is known is taken out, what looks like it is refused with the place."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace
from places import ROOT
from returns.result import Success

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.transports import (
    AiohttpTransport,
    CassetteRecorder,
    CassetteTransport,
    MemoryTransport,
    Redaction,
    SecretFound,
    StreamedResponse,
    StubTransport,
    Urllib3Transport,
    in_threads,
    many_keys,
)
from puresponse.transports.cassette.canned_answers import CannedAnswer
from puresponse.transports.cassette.format import Recording, load_cassette
from puresponse.transports.cassette.leaks import leaks_of, secrets_in
from puresponse.transports.cassette.redaction import Redactor
from puresponse.transports.testing.capture import CaptureTransport
from puresponse.transports.testing.loopback import serving

KEY = "sk-proj-" + "aB3dE5gH7jK9mN1pQ2rS4tU6"
OWN = "planted+key/9f8e7d6c5b"
GET = HttpRequest("GET", "/responses/resp_1")


def post(value: Any) -> HttpRequest:
    return HttpRequest("POST", "/responses", body=json.encode(value))


def answer(value: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status=status, body=json.encode(value))


def events(*values: Any) -> bytes:
    return b"".join(b"event: e\ndata: %b\n\n" % json.encode(value) for value in values)


def delta(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "response.output_text.delta", "item_id": "msg_1", "delta": text, **more}


def streamed(body: bytes, size: int) -> StreamedResponse:
    return StreamedResponse(status=200, chunks=tuple(body[start : start + size] for start in range(0, len(body), size)))


class Keyed(StubTransport):
    """A stub with a credential of its own."""

    def leaks(self, data: bytes) -> bool:
        return OWN.encode() in data


def recorder_of(path: Path, *answers: CannedAnswer, **options: Any) -> CassetteRecorder:
    return CassetteRecorder(Keyed.answering(*answers), path, **options)


def record(recorder: CassetteRecorder, request: HttpRequest) -> None:
    opened = recorder.open(request)
    if isinstance(opened, Success):
        body = opened.unwrap()
        while isinstance(chunk := body.read(), Success) and chunk.unwrap():
            pass
        body.close()


# Attempts at leaking

SPLIT = events(delta("It is " + KEY[:9]), delta("other", output_index=1), delta(KEY[9:20]), delta(KEY[20:]))
DELTAS = "response body, the deltas of response.output_text.delta together, "
BODY: dict[str, Any] = {"input": [{"role": "user", "content": f"my key is {KEY}"}]}

LEAKS: dict[str, tuple[HttpRequest, CannedAnswer, str]] = {
    "path": (HttpRequest("GET", f"/keys/{KEY}"), answer({}), "request path holds what looks like a key"),
    "query": (HttpRequest("GET", "/x", (("q", KEY),)), answer({}), "request query q holds what looks like"),
    "own in query": (
        HttpRequest("GET", "/x", (("q", OWN),)),
        answer({}),
        "request query q holds the transport's own credential",
    ),
    "own in path": (
        HttpRequest("GET", "/x/planted%2Bkey%2F9f8e7d6c5b"),
        answer({}),
        "request path holds the transport's own credential",
    ),
    "header": (
        replace(GET, headers=(("accept", f"text/plain; {KEY}"),)),
        answer({}),
        "request header accept holds what looks like",
    ),
    "body": (post(BODY), answer({}), "request body $.input[0].content holds what looks like a key"),
    "name": (post({KEY: 1}), answer({}), "request body $, a name holds what looks like a key"),
    "below a name": (post({KEY: KEY}), answer({}), "request body $, a name holds what looks like a key"),
    "own in body": (post({"input": OWN}), answer({}), "request body $.input holds the transport's own credential"),
    "escaped": (
        replace(GET, body=b'{"a":"\\u0073k-proj-aB3dE5gH7jK9mN1pQ2rS4tU6"}'),
        answer({}),
        "request body $.a holds what looks like",
    ),
    "text body": (replace(GET, body=f"key={KEY}".encode()), answer({}), "request body holds what looks like"),
    "answer": (GET, answer({"output": [{"text": f"Bearer {'a1' * 12}"}]}), "response body $.output[0].text holds"),
    "refusal": (GET, answer({"error": {"message": f"bad key {OWN}"}}, 401), "response body $.error.message holds the"),
    "binary": (GET, HttpResponse(status=200, body=b"\xff\x00" + KEY.encode()), "response body holds what looks like"),
    "redirect": (
        GET,
        HttpResponse(status=307, headers=(("location", f"https://e.example/v1?api_key={'x' * 9}"),)),
        "response header location holds a URL with a credential",
    ),
    "failure": (GET, NotSent("proxy", "http://ann:hunter2@proxy.example:3128 refused"), "failure reason holds"),
    "broken": (
        GET,
        Interrupted("reset", "gone", HttpResponse(status=200, body=KEY.encode())),
        "response body holds what looks like",
    ),
    "broken stream": (
        GET,
        StreamedResponse(status=200, error=Interrupted("reset", f"of {KEY}")),
        "failure reason holds what looks like",
    ),
    "event": (GET, streamed(events(delta(KEY)), 1000), "response body, event 1, $.delta holds what looks like"),
    "event in chunks": (GET, streamed(events(delta(KEY)), 7), "response body, event 1, $.delta holds what looks like"),
    "deltas": (
        GET,
        streamed(SPLIT, 1000),
        DELTAS + "holds what looks like a key",
    ),
    "deltas in chunks": (GET, streamed(SPLIT, 5), DELTAS + "holds what looks like a key"),
    "own in deltas": (
        GET,
        streamed(events(delta(OWN[:7]), delta(OWN[7:])), 5),
        DELTAS + "holds the transport's own credential",
    ),
}


SECRETS = (KEY, OWN, "planted%2Bkey", "a1" * 12, "hunter2")


@pytest.mark.parametrize("attempt", LEAKS)
def test_what_would_leak_is_refused_with_the_place_and_is_nowhere_on_the_disk(tmp_path: Path, attempt: str) -> None:
    request, given, place = LEAKS[attempt]
    path = tmp_path / "a.json"
    recorder = recorder_of(path, answer({}), given, keep_headers=["location"])
    recorder(GET)
    record(recorder, request)
    for attempted in (recorder.save, recorder.close, recorder.close):
        with pytest.raises(SecretFound) as raised:
            attempted()
        path_shown = "[redacted]" if "9f8e" in request.path else request.path.replace(KEY, "[redacted]")
        assert f"recording 2 ({request.method} {path_shown}): {place}" in str(raised.value)
        assert not [secret for secret in SECRETS if secret in repr((str(raised.value), raised.value.places))]
        assert all(known.startswith("recording 2 ") for known in raised.value.places)
    assert len(recorder.recordings) == 2
    assert not path.exists()
    written = Path(f"{path}.partial").read_bytes()
    assert not [secret for secret in SECRETS if secret.encode() in written]


def test_a_rule_is_added_and_nothing_that_was_recorded_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    recorder = recorder_of(path, answer({}), streamed(SPLIT, 5), answer({"a": 1}))
    for request in (GET, post(BODY), GET):
        record(recorder, request)
    with pytest.raises(SecretFound, match="Nothing is lost: add a rule to the recorder"):
        recorder.close()
    recorder.redact(Redaction(pattern=r"sk-[A-Za-z0-9-]+"))
    recorder.close()
    first, second, third = load_cassette(path.read_bytes())
    assert (first.request, third.answer) == (GET, streamed(b'{"a":1}', 100))
    assert second.request.body == json.encode({"input": [{"role": "user", "content": "my key is [redacted]"}]})
    assert isinstance(second.answer, StreamedResponse)
    assert len(second.answer.chunks) == len(streamed(SPLIT, 5).chunks)
    assert b"".join(second.answer.chunks) == events(
        delta("It is [redacted]"), delta("other", output_index=1), delta(""), delta("")
    )
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json"]


def test_what_is_left_beside_is_masked_where_it_looks_like_a_key(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path / "a.json", answer({}))
    recorder(post(BODY))
    (left,) = load_cassette((tmp_path / "a.json.partial").read_bytes())
    assert left.request.body == json.encode({"input": [{"role": "user", "content": "my key is [redacted]"}]})


def test_what_is_known_to_be_no_secret_is_written(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path / "a.json", answer({}), harmless=[KEY])
    recorder(post(BODY))
    recorder.close()
    assert CassetteTransport.replaying(tmp_path / "a.json")(post(BODY)).unwrap().status == 200


WORDS = (
    "risk-assessment-of-the-whole-portfolio-2026, task-12345678901234567890, resp_68c9ef3acb74819590c9bfdd9025e969, "
    "Bearer tokens are described there, sk-..., the header Authorization: Bearer $OPENAI_API_KEY, "
    "https://example.com/a?page_token=abcdefgh123, sk-abcdef, ask-me-anything-about-everything-2"
)


def test_what_only_sounds_like_a_key_is_none() -> None:
    recording = Recording(post({"input": WORDS}), answer({"text": WORDS}))
    assert secrets_in(recording, None) == []


def test_nothing_that_the_real_service_answered_is_taken_for_a_secret_or_taken_out() -> None:
    paths = sorted((ROOT / "tests" / "cassettes").rglob("*.json"))
    recordings = [recording for path in paths for recording in load_cassette(path.read_bytes())]
    assert len(recordings) == 74
    for recording in recordings:
        assert secrets_in(recording, None) == []
        assert Redactor().redacted(recording) is recording


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "sk-ant-api03-" + "a1B2" * 8,
        "ghp_" + "a1" * 18,
        "github_pat_" + "a1" * 20,
        "AKIA" + "ABCD1234" * 2,
        "AIza" + "a" * 35,
        "xoxb-1234567890-abc",
        "hf_" + "aB" * 17,
        "sk_live_" + "a1" * 12,
        f"eyJ{'a' * 12}.eyJ{'b' * 12}.{'c' * 12}",
        "-----BEGIN RSA PRIVATE KEY-----",
        "https://ann:hunter2@example.com/x",
    ],
)
def test_what_looks_like_a_key_is_found(text: str) -> None:
    assert secrets_in(Recording(GET, answer({"text": f"it is {text} there"})), None) == [
        "response body $.text holds what looks like a key or a token",
        "response body holds what looks like a key or a token",
    ]


# Redaction

TOOLS = {
    "tools": [{"type": "mcp", "authorization": "hush", "headers": {"X-Api-Key": "hush", "X-Trace": "1"}}],
    "input": [{"type": "computer_call", "action": {"type": "keypress", "keys": ["CTRL"], "key": "a"}}],
    "code": "print(1)",
}


def test_credentials_in_bodies_are_taken_out_and_what_the_api_calls_so_stays(tmp_path: Path) -> None:
    given = answer({"tools": TOOLS["tools"], "logprobs": [{"token": "Hi"}], "error": {"code": "x"}})
    with recorder_of(tmp_path / "a.json", given) as recorder:
        recorder(post(TOOLS))
    data = (tmp_path / "a.json").read_bytes()
    assert b"hush" not in data
    (recording,) = load_cassette(data)
    assert json.decode(recording.request.body or b"") == {
        **TOOLS,
        "tools": [
            {
                "type": "mcp",
                "authorization": "[redacted]",
                "headers": {"X-Api-Key": "[redacted]", "X-Trace": "1"},
            }
        ],
    }
    assert b'"token": "Hi"' in data
    assert CassetteTransport.replaying(tmp_path / "a.json")(post(TOOLS)).unwrap().status == 200, (
        "it matches all the same"
    )


def test_rules_add_to_the_defaults_and_do_not_break_matching(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    request = replace(
        post({"user": "ann@example.com", "api_key": "hush", "input": "Write to ann@example.com, please"}),
        query=(("user", "ann"), ("api-key", "hush"), ("limit", "5")),
    )
    rules = [Redaction(member="user"), Redaction(pattern=r"[a-z]+@[a-z.]+")]
    with recorder_of(path, answer({"user": "ann", "text": "ann@example.com"}), redact=rules) as recorder:
        recorder(request)
    (recording,) = load_cassette(path.read_bytes())
    assert recording.request.query == (("user", "[redacted]"), ("api-key", "[redacted]"), ("limit", "5"))
    assert recording.request.body == json.encode(
        {"user": "[redacted]", "api_key": "[redacted]", "input": "Write to [redacted], please"}
    )
    other = replace(
        post({"user": "bob@example.com", "api_key": "other", "input": "Write to bob@example.com, please"}),
        query=(("user", "bob"), ("api-key", "other"), ("limit", "5")),
    )
    for asked in (request, other):
        assert CassetteTransport.replaying(path)(asked).unwrap().body == b'{"user":"[redacted]","text":"[redacted]"}'
    assert CassetteTransport.replaying(path)(replace(other, query=())).failure()


def test_rules_are_for_the_parts_that_they_name(tmp_path: Path) -> None:
    word = "swordfish"
    request = replace(post({"input": word}), query=(("q", word),))
    given: dict[str, Any] = {
        "query": answer({"text": word}),
        "request": answer({"text": word}),
        "answer": answer({"text": word}),
        "event": streamed(events(delta("sword"), delta("fish")), 9),
    }
    for part in ("query", "request", "answer", "event"):
        rule = Redaction(pattern=word, parts=(part,))
        redacted = Redactor([rule]).redacted(Recording(request, given[part]))
        assert (redacted.request.query != request.query) == (part == "query")
        assert (redacted.request.body != request.body) == (part == "request")
        assert (redacted.answer != given[part]) == (part in {"answer", "event"})


def test_a_text_that_was_sent_in_deltas_is_redacted_as_one_and_so_is_the_whole() -> None:
    body = events(
        delta("Call 555"),
        delta("-1234 now, or 555-9999"),
        {"type": "response.output_text.done", "text": "Call 555-1234 now, or 555-9999"},
    )
    rule = Redactor([Redaction(pattern=r"\d{3}-\d{4}")])
    for size in (3, 50, 1000):
        answered = rule.redacted(Recording(GET, streamed(body, size))).answer
        assert isinstance(answered, StreamedResponse)
        assert b"".join(answered.chunks) == events(
            delta("Call [redacted]"),
            delta(" now, or [redacted]"),
            {"type": "response.output_text.done", "text": "Call [redacted] now, or [redacted]"},
        )
        assert rule.redacted(Recording(GET, answered)).answer is answered, "redacting twice is redacting once"


def test_a_character_that_a_boundary_cuts_is_found_all_the_same() -> None:
    body = "it is crème brûlée".encode()
    answered = Redactor([Redaction(pattern="crème brûlée")]).redacted(Recording(GET, streamed(body, 9))).answer
    assert isinstance(answered, StreamedResponse)
    assert b"".join(answered.chunks) == b"it is [redacted]"


def test_what_had_been_received_before_a_break_is_looked_through() -> None:
    broken = Interrupted("reset", "gone", HttpResponse(status=200, body=KEY.encode()))
    assert secrets_in(Recording(GET, broken), None) == ["response body holds what looks like a key or a token"]


def test_what_nothing_is_taken_out_of_stays_byte_for_byte() -> None:
    rule = Redactor([Redaction(pattern="secret"), Redaction(member="email")])
    for body in (b'{"a" :1.00}', b"data: {'a'}\n\n", b"\xff\xfe", b'{\n  "a": "\\u00e9"\n}', b"", events(delta("x"))):
        recording = Recording(replace(GET, body=body), HttpResponse(status=200, body=body))
        assert rule.redacted(recording) is recording


def test_json_that_something_is_taken_out_of_is_spaced_as_before() -> None:
    rule = Redactor([Redaction(member="email")])
    for indent in (-1, 0, 2, 4):
        before, after = (
            json.format(text, indent=indent) for text in (b'{"email":"a","b":[1]}', b'{"email":"[redacted]","b":[1]}')
        )
        assert rule.request(replace(GET, body=before)).body == after


def test_reasons_and_headers_are_redacted_by_rules_too(tmp_path: Path) -> None:
    rules = [Redaction(pattern="10\\.0\\.0\\.[0-9]+"), Redaction(member="x-request-id")]
    given: list[Any] = [
        NotSent("refused", "10.0.0.7 refused"),
        Interrupted("reset", "10.0.0.7 reset", HttpResponse(status=200, body=b"10.0.0.7")),
        HttpResponse(status=200, headers=(("x-request-id", "req_1"), ("date", "10.0.0.8"))),
        StreamedResponse(status=200, error=Interrupted("reset", "10.0.0.7")),
    ]
    with recorder_of(tmp_path / "a.json", *given, redact=rules) as recorder:
        for _ in given:
            recorder(GET)
    data = (tmp_path / "a.json").read_bytes()
    assert b"10.0.0." not in data
    assert b"req_1" not in data
    assert data.count(b"[redacted]") == 6


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({}, "either a member or a pattern"),
        ({"member": "a", "pattern": "b"}, "either a member or a pattern"),
        ({"pattern": "("}, r"pattern '\(' is no regular expression"),
        ({"member": "a", "parts": ()}, r"parts is \(\); allowed are query, request, answer, event"),
        ({"member": "a", "parts": ("body",)}, r"parts is \('body',\)"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(rule: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Redaction(**rule)


# The transport's own credential


@pytest.mark.parametrize("kind", [Urllib3Transport, AiohttpTransport])
def test_a_transport_says_whether_bytes_hold_its_credential_and_no_more(kind: Any) -> None:
    transport = kind(api_key=OWN, default_headers={"X-Tenant-Key": "tenant/secret"})
    assert transport.leaks(b"it is planted+key/9f8e7d6c5b.")
    assert transport.leaks(b"/x?key=planted%2Bkey%2F9f8e7d6c5b")
    assert transport.leaks(b"tenant/secret")
    assert not transport.leaks(b"planted")
    assert OWN not in repr(transport.leaks)


def test_what_is_laid_around_a_transport_hides_its_credential_from_nobody() -> None:
    keyed = Keyed.answering()
    for transport in (
        keyed,
        CaptureTransport(keyed),
        in_threads(keyed),
        many_keys({"a": MemoryTransport(), "b": keyed}),
    ):
        leaks = leaks_of(transport)
        assert leaks is not None
        assert leaks(OWN.encode())
        assert not leaks(b"nothing")
    assert leaks_of(MemoryTransport()) is None


def test_over_the_network_no_credential_gets_on_the_cassette(tmp_path: Path) -> None:
    def service(request: HttpRequest) -> HttpResponse:
        said = dict(request.headers).get("Authorization", "")
        if request.path == "/redirect":
            return HttpResponse(status=302, headers=(("location", f"/elsewhere?api_key={OWN}"), ("set-cookie", OWN)))
        return HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=json.encode({"echo": said}))

    path = tmp_path / "a.json"
    with serving(service) as base_url, Urllib3Transport(base_url=base_url, api_key=OWN) as transport:
        recorder = CassetteRecorder(transport, path, keep_headers=["location"])
        recorder(HttpRequest("GET", "/redirect"))
        recorder(HttpRequest("GET", "/echo"))
        recorder.open(HttpRequest("GET", "/echo")).unwrap().read()
        with pytest.raises(SecretFound, match="holds the transport's own credential"):
            recorder.close()
        assert OWN.encode() not in Path(f"{path}.partial").read_bytes()
        recorder.redact(Redaction(pattern=r"planted[^\"& ]*"), Redaction(member="location"))
        recorder.close()
    data = path.read_bytes()
    assert OWN.encode() not in data
    assert base64.b64encode(OWN.encode()) not in data
    assert b"Bearer [redacted]" in data


def test_a_proxy_that_refuses_leaves_no_password_on_the_cassette(tmp_path: Path) -> None:
    proxy = "http://ann:hunter2secret@127.0.0.1:9"
    with Urllib3Transport(api_key=OWN, proxy=proxy, base_url="https://api.example/v1") as transport:
        assert transport.leaks(b"hunter2secret")
        with CassetteRecorder(transport, tmp_path / "a.json") as recorder:
            assert recorder(GET).failure()
    assert b"hunter2" not in (tmp_path / "a.json").read_bytes()
