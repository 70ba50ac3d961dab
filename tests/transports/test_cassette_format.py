"""What stands in a cassette's file: bytes to recordings and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.core.credentials import names_a_credential
from puresponse.transports.cassette.canned_answers import StreamedResponse
from puresponse.transports.cassette.format import Recording, dump_cassette, load_cassette

GET = HttpRequest("GET", "/responses/resp_1")
OK = HttpResponse(status=200)


def dumped(recording: Recording, **options: Any) -> dict[str, Any]:
    """Give what stands in a cassette of one recording."""
    cassette = json.decode(dump_cassette([recording], **options))
    assert cassette["version"] == 1
    entry: dict[str, Any]
    (entry,) = cassette["recordings"]
    return entry


def kept_body(body: bytes) -> Any:
    recording = Recording(GET, HttpResponse(status=200, body=body))
    assert load_cassette(dump_cassette([recording])) == (recording,)
    return dumped(recording)["response"].get("body")


def test_a_cassette_reads_like_this() -> None:
    request = HttpRequest(
        "POST",
        "/responses",
        (("limit", "5"), ("include[]", "a"), ("include[]", "b")),
        (("Content-Type", "application/json"), ("Authorization", "Bearer sk-secret")),
        b'{"model":"m"}',
    )
    response = HttpResponse(
        status=200,
        headers=(("X-Request-ID", "req_1"), ("Content-Type", "application/json"), ("Set-Cookie", "a=b")),
        body=b'{"id":"resp_1"}',
    )
    failure = Interrupted("reset", "the peer went away")
    assert dump_cassette([Recording(request, response), Recording(GET, failure)]).decode() == (
        """\
{
  "version": 1,
  "recordings": [
    {
      "request": {
        "method": "POST",
        "path": "/responses",
        "query": {
          "limit": "5",
          "include[]": [
            "a",
            "b"
          ]
        },
        "headers": {
          "content-type": "application/json"
        },
        "body": {
          "json": {
            "model": "m"
          }
        }
      },
      "response": {
        "status": 200,
        "headers": {
          "content-type": "application/json",
          "x-request-id": "req_1"
        },
        "body": {
          "json": {
            "id": "resp_1"
          }
        }
      }
    },
    {
      "request": {
        "method": "GET",
        "path": "/responses/resp_1"
      },
      "failure": {
        "error": "Interrupted",
        "kind": "reset",
        "reason": "the peer went away"
      }
    }
  ]
}
"""
    )


# Bodies


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"", None),
        (b'{"a":[1,2.0]}', {"json": {"a": [1, 2.0]}}),
        (b'{\n  "a": 1\n}', {"json": {"a": 1}, "indent": 2}),
        (b'{"a": [1, 2]}', {"json": {"a": [1, 2]}, "indent": 0}),
        (b'{"a" :1}', {"text": '{"a" :1}'}),
        (b"data: 1\n\ndata: 2\n\n", {"text": ["data: 1\n", "\n", "data: 2\n", "\n"]}),
        (b"<html>", {"text": "<html>"}),
        (b'"\\ud800"', {"text": '"\\ud800"'}),
        (b"\xff\x00", {"base64": "/wA="}),
    ],
)
def test_a_body_is_kept_as_readable_as_it_can_be(body: bytes, kept: object) -> None:
    assert kept_body(body) == kept


@pytest.mark.parametrize(
    "body", [b'{"a":1e5,"b":"\\u00e9\\/","b":1}', b"[" * 100_000, b'"\x00"', b"1e999", b"\xef\xbb\xbf{}"]
)
def test_a_body_comes_back_byte_for_byte(body: bytes) -> None:
    kept_body(body)


def test_a_body_in_chunks_is_kept_chunk_by_chunk_and_with_its_broken_end() -> None:
    error = Interrupted("reset", "the peer went away")
    chunks = (b"data: 1\n\n", b'{"a":1}', b"\xc3", b"\xa9")
    answer = StreamedResponse(status=200, headers=(("date", "today"),), chunks=chunks, error=error)
    recording = Recording(GET, answer)
    assert load_cassette(dump_cassette([recording])) == (recording,)
    assert {name: dumped(recording)[name] for name in ("response", "failure")} == {
        "response": {
            "status": 200,
            "headers": {"date": "today"},
            "body": {
                "chunks": [
                    {"text": ["data: 1\n", "\n"]},
                    {"json": {"a": 1}},
                    {"base64": "ww=="},
                    {"base64": "qQ=="},
                ]
            },
        },
        "failure": {"error": "Interrupted", "kind": "reset", "reason": "the peer went away"},
    }


def test_a_body_of_no_chunks_is_not_an_empty_one() -> None:
    recording = Recording(GET, StreamedResponse(status=200))
    assert dumped(recording)["response"] == {"status": 200, "body": {"chunks": []}}
    assert load_cassette(dump_cassette([recording])) == (recording,)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_nested_json_comes_back_however_deep() -> None:
    read, unread = 1, 400_000
    while unread - read > 1:
        depth = (read + unread) // 2
        try:
            json.decode(nested(depth))
            read = depth
        except RecursionError:
            unread = depth
    for depth in range(read - 40, unread + 1):
        kept_body(nested(depth))


def test_a_request_without_body_is_not_one_with_an_empty_body() -> None:
    empty = Recording(HttpRequest("POST", "/x", body=b""), OK)
    assert dumped(empty)["request"]["body"] == {"text": ""}
    assert load_cassette(dump_cassette([empty])) == (empty,)
    assert "body" not in dumped(Recording(GET, OK))["request"]


def test_edited_json_is_replayed_compactly() -> None:
    data = dump_cassette([Recording(GET, HttpResponse(status=200, body=b'{"a":1}'))])
    (recording,) = load_cassette(data.replace(b'"a": 1', b'"a" : 2 , "b":3'))
    assert recording.answer == HttpResponse(status=200, body=b'{"a":2,"b":3}')


# Headers


def test_only_harmless_headers_are_kept() -> None:
    secrets = ("Authorization", "Api-Key", "Cookie", "Set-Cookie", "OpenAI-Organization", "X-Unknown")
    kept = (
        "content-type",
        "date",
        "openai-processing-ms",
        "openai-version",
        "retry-after",
        "retry-after-ms",
        "x-ratelimit-remaining-requests",
        "x-request-id",
        "x-should-retry",
    )
    headers = tuple((name, "value") for name in (*secrets, *kept))
    recording = Recording(HttpRequest("GET", "/x", headers=headers), HttpResponse(status=200, headers=headers))
    assert tuple(dumped(recording)["response"]["headers"]) == kept
    assert b"secret" not in dump_cassette([recording])


def test_more_headers_may_be_kept() -> None:
    recording = Recording(GET, HttpResponse(status=200, headers=(("X-Mine", "1"),)))
    assert dumped(recording, keep_headers=["x-MINE"])["response"]["headers"] == {"x-mine": "1"}


@pytest.mark.parametrize(
    "name",
    ["Authorization", "api-key", "COOKIE", "set-cookie", "X-Auth-Token", "Ocp-Apim-Subscription-Key", "x-ms-signature"],
)
def test_a_header_that_holds_secrets_is_never_kept(name: str) -> None:
    with pytest.raises(ValueError, match=f"^keep_headers: {name.lower()} holds secrets, which no cassette keeps$"):
        dump_cassette([], keep_headers=[name])


def test_a_header_of_the_limits_that_is_a_credential_is_kept_without_its_value() -> None:
    headers = (("X-RateLimit-Remaining-Tokens", "9"), ("X-RateLimit-Api-Key", "hush"))
    kept = {"x-ratelimit-api-key": "[redacted]", "x-ratelimit-remaining-tokens": "9"}
    assert dumped(Recording(GET, HttpResponse(status=200, headers=headers)))["response"]["headers"] == kept
    assert dumped(Recording(HttpRequest("GET", "/x", headers=headers), OK))["request"]["headers"] == kept


def test_a_parameter_that_is_a_credential_is_kept_without_its_value() -> None:
    query = (("api-key", "hush"), ("page_token", "p"), ("code", "hush"), ("code", "hush"))
    kept = {"api-key": "[redacted]", "page_token": "p", "code": ["[redacted]", "[redacted]"]}
    assert dumped(Recording(HttpRequest("GET", "/x", query), OK))["request"]["query"] == kept


def test_what_had_come_before_a_break_is_kept_with_the_same_headers_as_an_answer() -> None:
    partial = HttpResponse(status=200, headers=(("Date", "d"), ("Set-Cookie", "hush"), ("X-Mine", "m")), body=b"da")
    entry = dumped(Recording(GET, Interrupted("truncated", "it broke off", partial)), keep_headers=["x-mine"])
    assert "hush" not in repr(entry)
    assert "x-mine" in repr(entry)


def test_repeated_headers_stay_in_order() -> None:
    recording = Recording(GET, HttpResponse(status=200, headers=(("date", "b"), ("date", "a"), ("accept", "c"))))
    assert dumped(recording)["response"]["headers"] == {"accept": "c", "date": ["b", "a"]}


def test_a_query_whose_names_alternate_keeps_its_order() -> None:
    recording = Recording(HttpRequest("GET", "/x", (("a", "1"), ("b", "2"), ("a", "3"))), OK)
    assert dumped(recording)["request"]["query"] == [["a", "1"], ["b", "2"], ["a", "3"]]
    assert load_cassette(dump_cassette([recording])) == (recording,)


# Laws

TEXT = st.text(max_size=8)
PAIRS = st.lists(st.tuples(TEXT.filter(lambda name: not names_a_credential(name)), TEXT), max_size=4).map(tuple)
KEPT_PAIRS = (
    st.lists(st.tuples(st.sampled_from(["content-type", "date", "x-ratelimit-x"]), TEXT), max_size=4)
    .map(lambda pairs: sorted(pairs, key=lambda pair: pair[0]))
    .map(tuple)
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
INDENTED = st.tuples(JSON.map(json.encode), st.integers(-1, 5)).map(lambda both: json.format(both[0], indent=both[1]))
BODIES = st.binary(max_size=20) | TEXT.map(str.encode) | INDENTED
BREAKS = st.builds(Interrupted, st.sampled_from(["reset", "truncated"]), TEXT)
ANSWERS = st.one_of(
    st.builds(HttpResponse, status=st.integers(100, 599), headers=KEPT_PAIRS, body=BODIES),
    st.builds(
        StreamedResponse,
        status=st.integers(100, 599),
        headers=KEPT_PAIRS,
        chunks=st.lists(BODIES, max_size=3).map(tuple),
        error=st.none() | BREAKS,
    ),
    st.builds(NotSent, st.sampled_from(["dns", "refused"]), TEXT),
    BREAKS,
)
RECORDINGS = st.lists(
    st.builds(Recording, st.builds(HttpRequest, TEXT, TEXT, PAIRS, KEPT_PAIRS, st.none() | BODIES), ANSWERS),
    max_size=3,
).map(tuple)


@given(RECORDINGS)
def test_what_is_loaded_is_what_was_dumped(recordings: tuple[Recording, ...]) -> None:
    data = dump_cassette(recordings)
    assert load_cassette(data) == recordings
    assert dump_cassette(load_cassette(data)) == data


@given(st.binary())
def test_any_bytes_are_a_cassette_or_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^is not a cassette, or is damaged: "):
        load_cassette(data)


# Damage


def of(entry: bytes) -> bytes:
    return b'{"version":1,"recordings":[' + entry + b"]}"


NOT_SENT = b'"failure":{"error":"NotSent","kind":"dns","reason":""}'
WHOLE_NONE_OF = r"recordings\[0\].response.body: bytes are one of json \(with indent or without\), text, base64"
NONE_OF = r"recordings\[0\].response.body.chunks\[0\]: bytes are one of json"
EITHER = "GET /x: a recording has a response, a failure, or a response and how it broke off"
REQUEST = b'"request":{"method":"GET","path":"/x"}'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged: Input data was truncated"),
        (b'{"version":1,"x":' + b"[" * 200_000, "damaged: nested too deeply"),
        (b'{"recordings":[]}', "damaged: Object missing required field `version`"),
        (b'{"version":"1","recordings":[]}', "damaged: Expected `int`, got `str`"),
        (b'{"version":2,"recordings":{}}', "is of version 2, and this library reads version 1"),
        (b'{"version":1\n}', "damaged: Object missing required field `recordings`"),
        (b'{"version":1,"x":1}', "damaged: line 1: Object contains unknown field `x`"),
        (b'{"version":1,"recordings":[],"x":1}', "damaged: Object contains unknown field `x`"),
        (of(b'{"request":{"method":"\xff"}}'), "damaged: "),
        (of(b"{" + REQUEST + b"}"), EITHER),
        (
            of(b"{" + REQUEST + b',"response":{"status":200},' + NOT_SENT + b"}"),
            EITHER,
        ),
        (of(b"{" + REQUEST + b',"failure":{"error":"ApiError"}}'), "damaged: Invalid value 'ApiError'"),
        (
            of(b"{" + REQUEST + b',"response":{"status":200,"body":{"chunks":[]}},' + NOT_SENT + b"}"),
            EITHER,
        ),
        (
            of(b'{"request":{"method":"GET","path":"/x","body":{"chunks":[]}},"response":{"status":200}}'),
            r"unknown field `chunks` - at `\$.recordings\[0\].request.body`",
        ),
        (
            of(b"{" + REQUEST + b',"response":{"status":200,"body":{"chunks":[{"chunks":[]}]}}}'),
            r"unknown field `chunks` - at `\$.recordings\[0\].response.body.chunks\[0\]`",
        ),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"chunks":[{}]}}}'), NONE_OF),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"text":"","chunks":[]}}}'), WHOLE_NONE_OF),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"text":"","base64":""}}}'), WHOLE_NONE_OF),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"text":"","indent":2}}}'), WHOLE_NONE_OF),
        (
            of(b"{" + REQUEST + b',"response":{"status":200,"body":{"json":1,"indent":3}}}'),
            "indent is 3; it is 0, 2 or",
        ),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"chunks":{}}}}'), "damaged: Expected `array`"),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"text":1}}}'), "damaged: Expected `str | array`"),
        (of(b"{" + REQUEST + b',"response":{"status":200,"body":{"base64":"?"}}}'), "damaged: "),
    ],
)
def test_a_damaged_cassette_says_what_is_wrong(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        load_cassette(data)
