"""Which request is the one that was recorded: what counts is a value; what was redacted or differs by run does not."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, json
from msgspec.structs import replace

from puresponse.core import HttpRequest, HttpResponse, NoRecording
from puresponse.transports import CassetteTransport, Matching, Normalising, StreamedResponse, StubTransport
from puresponse.transports.cassette.edits import edited_bytes
from puresponse.transports.cassette.format import Recording, load_cassette
from puresponse.transports.cassette.normalising import Normaliser

GET = HttpRequest("GET", "/responses/resp_1", (("limit", "5"),), (("x-tenant", "a"),))


def post(value: Any, path: str = "/responses") -> HttpRequest:
    return HttpRequest("POST", path, body=json.encode(value))


def answer(status: int = 200, value: Any = None) -> HttpResponse:
    return HttpResponse(status=status, body=json.encode(value or {}))


def cassette(*requests: HttpRequest, **match: Any) -> CassetteTransport:
    recordings = [Recording(request, answer(200 + number)) for number, request in enumerate(requests)]
    return CassetteTransport(recordings, match=Matching(**match))


def missed(transport: CassetteTransport, request: HttpRequest) -> NoRecording:
    error = transport(request).failure()
    assert isinstance(error, NoRecording)
    return error


# What counts


@pytest.mark.parametrize(
    ("on", "other"),
    [
        (("path", "query", "body"), replace(GET, method="DELETE")),
        (("method", "query", "body"), replace(GET, path="/responses/resp_2")),
        (("method", "path", "body"), replace(GET, query=(("limit", "6"),))),
        (("method", "path", "query"), replace(GET, body=b"{}")),
    ],
)
def test_what_does_not_count_may_differ(on: tuple[Any, ...], other: HttpRequest) -> None:
    assert cassette(GET, on=on)(other).unwrap().status == 200
    assert len(missed(cassette(GET), other).differences) == 1


def test_headers_count_where_they_are_named() -> None:
    other = replace(GET, headers=(("X-Tenant", "b"),))
    assert cassette(GET)(other).unwrap().status == 200
    assert missed(cassette(GET, headers=("x-tenant",)), other).differences == (
        "header x-tenant: asked 'b', recorded 'a'",
    )
    assert cassette(GET, headers=("X-TENANT",))(GET).unwrap().status == 200


def test_a_recorder_keeps_the_headers_that_count(tmp_path: Path) -> None:
    match = Matching(headers=("x-tenant",))
    stub = StubTransport(lambda _: answer())
    with CassetteTransport.recording(stub, tmp_path / "a.json", match=match) as recorder:
        recorder(GET)
    assert CassetteTransport.replaying(tmp_path / "a.json", match=match)(GET).unwrap().status == 200


class Model(Struct, frozen=True):
    """The model that is asked."""

    def __call__(self, request: HttpRequest) -> object:
        return json.decode(request.body or b"{}").get("model")


def test_a_matcher_of_ones_own_counts_and_is_named_where_it_differs() -> None:
    asked = {"on": ("method", "path"), "own": (Model(),)}
    transport = cassette(post({"model": "a", "input": "x"}), **asked)
    assert missed(transport, post({"model": "b"})).differences == ("Model(): asked 'b', recorded 'a'",)
    assert transport(post({"model": "a", "input": "y"})).unwrap().status == 200


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ({"on": ("host",)}, r"match: on is \('host',\); allowed are method, path, query, body"),
        ({"headers": ("Authorization",)}, "match: authorization holds secrets, which no cassette keeps"),
    ],
)
def test_what_cannot_count_is_refused(match: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Matching(**match)


# In turn


def test_the_last_is_repeated_where_that_is_chosen() -> None:
    transport = cassette(GET, GET, repeat_last=True)
    assert [transport(GET).unwrap().status for _ in range(4)] == [200, 201, 201, 201]
    assert missed(transport, replace(GET, path="/x")).nearest == GET


# Misses


def test_a_miss_tells_each_difference_by_its_path_and_how_to_record() -> None:
    known = post({"model": "m", "input": [{"role": "user", "content": "Hi"}], "tools": []})
    asked = post({"model": "m", "input": [{"role": "user", "content": "Ho"}], "stream": True})
    error = missed(cassette(known), asked)
    assert error.nearest == known
    assert error.differences == (
        'body $.input[0].content: asked "Ho", recorded "Hi"',
        "body $.stream: asked true, recorded none",
        "body $.tools: asked none, recorded []",
    )
    assert error.hint == "record it anew: `CassetteTransport.recording(transport, path)`"


def test_a_miss_names_what_an_unfinished_recording_left(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with CassetteTransport.recording(StubTransport(lambda _: answer()), path):
        pass
    recorder = CassetteTransport.recording(StubTransport(lambda _: answer()), path)
    recorder(GET)
    assert str(missed(CassetteTransport.replaying(path), GET)).endswith(f"left is in {path}.partial")
    recorder.close()
    assert CassetteTransport.replaying(path)(GET).unwrap().status == 200


# What was redacted


def test_what_was_redacted_matches_whatever_is_asked_there() -> None:
    recorded = (
        post({"user": "[redacted]", "input": "Hi"}),
        post({"input": "I am [redacted], hello"}),
        HttpRequest("GET", "/users/[redacted]/x", (("q", "a"), ("q", "[redacted]"))),
        HttpRequest("POST", "/x", body=b"name=[redacted]&b=1"),
    )
    transport = cassette(*recorded)
    asked = (
        post({"input": "Hi", "user": "ann"}),
        post({"input": "I am Bob\nSmith, hello"}),
        HttpRequest("GET", "/users/17/x", (("q", "a"), ("q", "b"))),
        HttpRequest("POST", "/x", body=b"name=bob&b=1"),
    )
    assert [transport(request).unwrap().status for request in asked] == [200, 201, 202, 203]
    assert transport.unused == ()


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        (post({"user": "[redacted]", "input": "Hi"}), post({"user": "ann", "input": "Ho"})),
        (post({"user": "[redacted]", "input": "Hi"}), post({"input": "Hi"})),
        (post({"input": "I am [redacted], hello"}), post({"input": "I am Bob, good bye"})),
        (post({"input": ["[redacted]"]}), post({"input": []})),
        (HttpRequest("GET", "/a/[redacted]"), HttpRequest("GET", "/a")),
        (HttpRequest("GET", "/a", (("q", "[redacted]"),)), HttpRequest("GET", "/a", (("r", "1"),))),
        (HttpRequest("POST", "/x", body=b"name=[redacted]&b=1"), HttpRequest("POST", "/x", body=b"name=bob&b=2")),
    ],
)
def test_what_stands_around_it_counts(recorded: HttpRequest, asked: HttpRequest) -> None:
    assert missed(cassette(recorded), asked).nearest == recorded


def test_what_was_redacted_is_replayed_in_turn() -> None:
    transport = cassette(*[post({"user": "[redacted]"})] * 2)
    assert [transport(post({"user": name})).unwrap().status for name in "ab"] == [200, 201]
    assert missed(transport, post({"user": "c"})).differences == (
        "it was recorded 2 times, and has been replayed as often",
    )


# What differs from run to run

RESP = "resp_68c9ef3acb74819590c9bfdd9025e969"
OTHER = "resp_0123456789abcdef0123456789abcdef"
UUID = "6f1c2f3e-1111-4222-8333-444455556666"
FIRST = f"resp_{1:024}"


def created(response_id: str, at: int) -> HttpResponse:
    return answer(200, {"id": response_id, "created_at": at, "status": "completed"})


def test_an_id_in_an_answer_and_in_a_later_request_stay_the_same_id(tmp_path: Path) -> None:
    def recorded(name: str, response_id: str, at: int) -> bytes:
        stub = StubTransport.answering(created(response_id, at), answer(200, {"input": UUID}), created(OTHER, at + 5))
        path = tmp_path / name
        with CassetteTransport.recording(stub, path, normalise=Normalising(), now=lambda: 0.0) as recorder:
            recorder(post({"input": "Hi", "metadata": {"run": UUID.replace("6", str(at % 7))}}))
            recorder(HttpRequest("GET", f"/responses/{response_id}"))
            recorder(post({"previous_response_id": response_id}))
        return path.read_bytes()

    first = recorded("a.json", RESP, 1_758_064_442)
    assert first == recorded("b.json", RESP.replace("6", "7"), 1_760_000_001)
    requests = [recording.request for recording in load_cassette(first)]
    assert requests[1].path == f"/responses/{FIRST}"
    assert requests[2].body == json.encode({"previous_response_id": FIRST})
    assert RESP.encode() not in first
    assert b'"created_at": 946684801' in first


def test_a_program_whose_own_ids_differ_in_each_run_finds_what_was_recorded() -> None:
    recordings = [
        Recording(
            post({"input": "Hi", "metadata": {"run": UUID, "again": UUID, "at": "2025-11-26T12:00:00Z"}}), answer()
        ),
        Recording(HttpRequest("GET", f"/responses/{RESP}"), created(RESP, 1)),
        Recording(HttpRequest("GET", f"/responses/{OTHER}"), answer(404)),
    ]

    def asked(run: str, again: str) -> HttpRequest:
        return post({"input": "Hi", "metadata": {"run": run, "again": again, "at": "2026-01-01T00:00:00.5+01:00"}})

    transport = CassetteTransport(recordings, match=Matching(normalise=Normalising()))
    one, two = UUID.replace("6", "7"), UUID.replace("6", "8")
    assert isinstance(transport(asked(one, two)).failure(), NoRecording), "one id in two places is no two ids"
    assert transport(asked(one, one)).unwrap().status == 200
    assert missed(CassetteTransport(recordings), asked(one, one)).nearest == recordings[0].request


def test_an_id_that_an_answer_has_counts() -> None:
    recordings = [Recording(HttpRequest("GET", f"/responses/{name}"), created(name, 1)) for name in (RESP, OTHER)]
    transport = CassetteTransport(recordings, match=Matching(normalise=Normalising()))
    assert OTHER.encode() in transport(HttpRequest("GET", f"/responses/{OTHER}")).unwrap().body
    assert RESP.encode() in transport(HttpRequest("GET", f"/responses/{RESP}")).unwrap().body


def test_ids_are_replaced_across_chunks_and_these_stay_chunks() -> None:
    text = f'data: {{"id":"{RESP}","created_at":1758064442}}\n\ndata: {{"id":"{RESP}"}}\n\n'.encode()
    for size in (1, 7, 40, 1000):
        chunks = tuple(text[start : start + size] for start in range(0, len(text), size))
        given = StreamedResponse(status=200, chunks=chunks)
        normalised = Normaliser(Normalising()).normalised(Recording(GET, given)).answer
        assert isinstance(normalised, StreamedResponse)
        assert len(normalised.chunks) == len(chunks)
        whole = b"".join(normalised.chunks)
        assert whole == text.replace(RESP.encode(), FIRST.encode()).replace(b"1758064442", b"946684801")


def test_patterns_of_ones_own_are_replaced_and_words_are_not() -> None:
    normaliser = Normaliser(Normalising(patterns=(r"order [0-9]+",)))
    text = "order 17 and order 18, order 17; web_search_preview file_search_call_completed gpt_4o"
    changed = text.replace("order 17", "same-1").replace("order 18", "same-2")
    assert normaliser.text(text) == changed
    with pytest.raises(ValueError, match=r"^normalise: pattern '\(' is no regular expression"):
        Normalising(patterns=("(",))


def test_what_is_switched_off_stays() -> None:
    text = f'{{"id":"{RESP}","created_at":1758064442}}'
    assert Normaliser(Normalising(ids=False)).text(text) == text.replace("1758064442", "946684801")
    assert Normaliser(Normalising(times=False)).text(text) == text.replace(RESP, FIRST)


def test_a_new_id_is_none_that_was_there_before() -> None:
    assert Normaliser(Normalising()).text(f"{FIRST} {RESP} {OTHER}") == f"{FIRST} resp_{2:024} resp_{3:024}"


IDS = st.sampled_from([RESP, OTHER, UUID, UUID.upper(), FIRST, "call_AbCdEf123456", f"req_{3:024}"])
TIMES = st.sampled_from(["2025-11-26T12:00:00Z", "2000-01-01T00:00:04Z", "2025-02-31T12:00:00Z"])
TEXTS = st.lists(IDS | TIMES | st.sampled_from([" ", ",", '"created_at":', "1758064442", "946684805"]), max_size=9).map(
    " ".join
)


@given(st.lists(TEXTS, max_size=3))
def test_normalising_twice_is_normalising_once_and_keeps_apart_what_is_apart(texts: list[str]) -> None:
    normaliser = Normaliser(Normalising())
    once = list(map(normaliser.text, texts))
    assert list(map(Normaliser(Normalising()).text, once)) == once
    assert list(map(normaliser.text, texts)) == once


@given(st.lists(st.text("aé€😀", max_size=3), max_size=4), st.data())
def test_chunks_that_nothing_changes_stay_byte_for_byte(texts: list[str], data: st.DataObject) -> None:
    whole = "".join(texts).encode() + data.draw(st.binary(max_size=3)).replace(b"|", b"")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    places = [0, *cuts, len(whole)]
    chunks = tuple(whole[start:end] for start, end in itertools.pairwise(places))
    assert edited_bytes(chunks, list) == chunks
    shown = edited_bytes(chunks, lambda parts: [part + "|" for part in parts])
    assert b"".join(shown).replace(b"|", b"") == whole
    assert len(shown) == len(chunks)
