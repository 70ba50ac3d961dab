"""Any bytes at all give a value or a `DecodeError` that says where and why."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from json import dumps, loads
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import json
from recorded import PLAIN, STREAMS
from returns.result import Failure, Result, Success
from specification import SCHEMAS, enumerated, properties

from puresponse.codecs import (
    DecodeError,
    StreamDecoder,
    decode,
    decode_error_body,
    decode_input_items,
    decode_response,
    decoders,
    encode,
)
from puresponse.codecs.decoders import stream_event_codec

LEAST: dict[str, Any] = {"id": "resp_1", "created_at": 1, "model": "gpt-5", "output": []}

DECODERS: dict[str, Callable[[bytes], Result[Any, DecodeError]]] = {
    name: function for name, function in inspect.getmembers(decoders, inspect.isfunction) if name.startswith("decode_")
}


def refused(data: bytes, decoder: Callable[[bytes], Result[Any, DecodeError]] = decode_response) -> DecodeError:
    result = decoder(data)
    assert isinstance(result, Failure)
    error = result.failure()
    assert isinstance(error, DecodeError)
    assert error.body == data
    return error


def where(payload: Any, decoder: Callable[[bytes], Result[Any, DecodeError]] = decode_response) -> tuple[str, str]:
    error = refused(json.encode(payload), decoder)
    return error.path, error.reason


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS.keys())
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "expected JSON, got nothing"),
        (b" \r\n", "expected JSON, got nothing"),
        (b"<html></html>", "JSON is malformed: invalid character (byte 0)"),
        (b'{"id": "resp_1"', "Input data was truncated"),
        (b'{"id": NaN}', "JSON is malformed: invalid character (byte 7)"),
        (b"{} {}", "JSON is malformed: trailing characters (byte 4)"),
        (b'{"id": "\xff"}', "not UTF-8: invalid start byte (byte 8)"),
        (b'{"\xc3(": 1}', "not UTF-8: invalid continuation byte (byte 2)"),
        (b'"\xed\xa0\x80"', "not UTF-8: invalid continuation byte (byte 1)"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"id":"a","new":' + b"[" * 200_000, "nested too deeply"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_json_is_refused(
    decoder: Callable[[bytes], Result[Any, DecodeError]], data: bytes, reason: str
) -> None:
    error = refused(data, decoder)
    assert error.path == "$"
    assert reason in error.reason


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS.keys())
@pytest.mark.parametrize("other", [None, True, 0, 1.5, "text", [], [{}]])
def test_json_that_is_no_object_is_refused(decoder: Callable[[bytes], Result[Any, DecodeError]], other: Any) -> None:
    path, reason = where(other, decoder)
    assert path == "$"
    assert reason.startswith("Expected `object`, got")


@pytest.mark.parametrize(
    ("payload", "path", "reason"),
    [
        ({}, "$", "Object missing required field `id`"),
        ({**LEAST, "id": None}, "$.id", "Expected `str`, got `null`"),
        ({**LEAST, "output": {}}, "$.output", "Expected `array`, got `object`"),
        ({**LEAST, "output": [1]}, "$.output[0]", "Expected `object`, got `int`"),
    ],
)
def test_what_does_not_fit_and_has_no_place_is_refused_with_its_path(payload: Any, path: str, reason: str) -> None:
    assert where(payload) == (path, reason)


@pytest.mark.parametrize("depth", [10, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000])
@pytest.mark.parametrize(
    ("schema", "before", "opens", "closes", "after"),
    [
        ("Response", b'{"new":', b"[", b"]", b',"id":"a","created_at":1,"model":"m","output":[]}'),
        ("Response", b'{"id":"a","created_at":1,"model":"m","output":[{"type":"new","b":', b'{"c":', b"}", b"}]}"),
        ("Filters", b"", b'{"type":"and","filters":[', b"]}", b""),
        ("Filters", b'{"type":"and","filters":[', b'{"type":"new","filters":[', b"]}", b"]}"),
        ("FunctionTool", b'{"type":"function","name":"f","parameters":{"p":', b"[", b"]", b"}}"),
    ],
)
def test_what_is_nested_deeply_comes_out_as_it_went_in_or_is_refused(
    *, depth: int, schema: str, before: bytes, opens: bytes, closes: bytes, after: bytes
) -> None:
    core = b"1" if opens == b'{"c":' else b""
    data = before + opens * depth + core + closes * depth + after
    result = decode(schema, data)
    if isinstance(result, Success):
        assert encode(result.unwrap()) == data
    else:
        assert depth > 300
        assert result.failure().reason == "nested too deeply"


def test_a_byte_order_mark_is_ignored() -> None:
    assert decode_response(b"\xef\xbb\xbf" + json.encode(LEAST)).unwrap().id == "resp_1"
    assert decode_input_items(b'\xef\xbb\xbf{"data": [{"type": "new"}]}').unwrap().data[0].type == "new"


LIKE_A_MESSAGE = [
    *(" - at `$[²]", " - at `$.data[²]", f" - at `$.data[{'9' * 5_000}]", " - at `$.data[0]", " - at `$.output[0]"),
    *("a`b", "`", "\\", '"', "\0", " - at `$[...]", " - at `$", "\ud800"),
]
"""Names of fields that read like what msgspec says of a mismatch, or that no message and no struct can hold."""


@pytest.mark.parametrize("name", LIKE_A_MESSAGE, ids=lambda name: ascii(name)[:24])
@pytest.mark.parametrize("value", [1, None, {"a": []}])
def test_a_field_may_have_any_name(name: str, value: Any) -> None:
    item = {"type": "message", "role": "user", "content": "hi"}
    delta = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0, "delta": "x"}
    payloads: list[dict[str, Any]] = [
        {**LEAST, name: value},
        {name: value, "data": [item]},
        {"data": [item, {**item, name: value}]},
        {"data": [{"type": name, name: value}]},
        {**delta, "logprobs": [], name: value},
        {"type": name, name: value},
    ]
    for payload in payloads:
        data = dumps(payload).encode()
        survives(data)
        for _ in range(3):
            event = stream_event_codec().read(data)
            assert isinstance(event, DecodeError) or loads(encode(event)) == loads(data)


def test_a_schema_that_the_specification_does_not_have_is_a_bug() -> None:
    with pytest.raises(
        ValueError, match=r"schema: neither the specification nor the library has 'Respones'; did you mean 'Response'\?"
    ):
        decode("Respones", b"{}")
    with pytest.raises(ValueError, match=r"schema: neither the specification nor the library has 'qqqqqq'$"):
        decode("qqqqqq", b"{}")


def survives(data: bytes) -> None:
    for decoder in DECODERS.values():
        result = decoder(data)
        if isinstance(result, Success):
            assert json.decode(encode(result.unwrap())) == json.decode(data.removeprefix(b"\xef\xbb\xbf"))
        else:
            assert result.failure().body == data
    decode_error_body(data)


@settings(max_examples=250, deadline=None)
@given(st.binary())
@example(b'{"type":"(unknown)"}')
def test_no_bytes_raise(data: bytes) -> None:
    survives(data)


def _typed(given: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {**given[1], "type": given[0]}


NAMES = st.sampled_from(
    sorted({name for schema in SCHEMAS.values() for name in properties(schema)} | {"unknown_fields"})
)
TYPES = st.sampled_from(sorted({value for schema in SCHEMAS.values() for value in enumerated([schema])}))

SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | TYPES
)

LIKE_THE_API: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=6)
        | st.tuples(TYPES, st.dictionaries(NAMES, inner, max_size=6)).map(_typed)
    ),
    max_leaves=25,
)
"""JSON of the API's words, in no sensible order."""


@settings(max_examples=250, deadline=None)
@given(LIKE_THE_API)
def test_no_json_raises(payload: Any) -> None:
    survives(json.encode(payload))
    survives(json.encode({**LEAST, "output": [payload], "instructions": payload}))


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_body_raises(data: st.DataObject) -> None:
    body = json.encode(
        data.draw(st.sampled_from([body.body for _, body in PLAIN if len(json.encode(body.body)) < 5000]))
    )
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 50, len(body))))
    survives(
        body[:start] + data.draw(st.binary(max_size=6) | st.sampled_from((b"null", b"{}", b'"', b"[1]"))) + body[end:]
    )


@pytest.mark.parametrize("record", ["ResponsesToolTests.FileSearch", "ResponsesTests.CanCompactConversation"])
def test_a_body_that_breaks_off_anywhere_is_refused(record: str) -> None:
    body = max((json.encode(body.body) for name, body in PLAIN if name == record), key=len)
    for length in range(0, len(body), 7):
        assert refused(body[:length]).path == "$"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_stream_raises(data: st.DataObject) -> None:
    stream = STREAMS["ResponsesTests.HelloWorldStreaming_gpt_4o_mini"].encode()
    start = data.draw(st.integers(0, len(stream)))
    damaged = stream[:start] + data.draw(st.binary(max_size=6)) + stream[start + data.draw(st.integers(0, 40)) :]
    decoder, events = StreamDecoder().feed(damaged)
    assert events or decoder.error
