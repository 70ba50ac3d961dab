"""Streamed responses: bytes to typed events, until something goes wrong."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace
from recorded import STREAMS

from puresponse.codecs import (
    DecodeError,
    ErrorBody,
    ErrorEvent,
    ErrorObject,
    EventStream,
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    StreamDecoder,
    StreamError,
    TextDeltaEvent,
    Unknown,
    decode_stream_event,
    encode,
)

HELLO = STREAMS["ResponsesTests.HelloWorldStreaming_gpt_4o_mini"].encode()
DELTA = {
    "type": "response.output_text.delta",
    "item_id": "msg_1",
    "output_index": 0,
    "content_index": 0,
    "delta": "hi",
    "sequence_number": 4,
}


def sent(*payloads: Any, event: str = "") -> bytes:
    name = f"event: {event}\n".encode() if event else b""
    return b"".join(name + b"data: " + json.encode(payload) + b"\n\n" for payload in payloads)


def test_a_streamed_response_is_its_events() -> None:
    decoder, events = StreamDecoder().feed(HELLO)
    assert decoder.error is None
    assert isinstance(events[0], ResponseCreatedEvent)
    assert isinstance(events[-1], ResponseCompletedEvent)
    text = "".join(event.delta for event in events if isinstance(event, TextDeltaEvent))
    assert text == "Hello! How can I assist you today?"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(HELLO)), max_size=20))
def test_where_the_bytes_are_cut_does_not_matter(places: list[int]) -> None:
    decoder = StreamDecoder()
    events: list[Any] = []
    for start, end in zip([0, *sorted(places)], [*sorted(places), len(HELLO)], strict=True):
        decoder, completed = decoder.feed(HELLO[start:end])
        events += completed
    whole, expected = StreamDecoder().feed(HELLO)
    assert tuple(events) == expected
    assert decoder == whole


def test_an_event_of_a_type_that_is_not_known_is_an_event_all_the_same() -> None:
    (ping, delta) = StreamDecoder().feed(sent({"type": "ping"}, event="ping") + sent({**DELTA, "novel": 1}))[1]
    assert isinstance(ping, Unknown)
    assert ping.type == "ping"
    assert isinstance(delta, TextDeltaEvent)
    assert delta.unknown_fields == {"novel": 1}


def test_the_specifications_examples_lack_sequence_numbers_and_logprobs() -> None:
    without = {name: value for name, value in DELTA.items() if name != "sequence_number"}
    (event,) = StreamDecoder().feed(sent(without))[1]
    assert isinstance(event, TextDeltaEvent)


def test_done_ends_the_stream() -> None:
    decoder, events = StreamDecoder().feed(sent(DELTA) + b"data: [DONE]\n\n" + sent(DELTA))
    assert (len(events), decoder.done, decoder.error) == (1, True, None)
    assert decoder.feed(sent(DELTA)) == (decoder, ())


def test_an_event_without_data_is_a_sign_of_life() -> None:
    decoder, events = StreamDecoder().feed(b"event: ping\ndata:\n\n" + sent(DELTA))
    assert (len(events), decoder.error) == (1, None)


FAULT = {"type": "server_error", "code": "overloaded", "message": "Try again.", "param": None}


@pytest.mark.parametrize(
    ("fault", "name", "type_"),
    [
        ({"type": "error", "code": "overloaded", "message": "Try again.", "param": None}, "error", None),
        ({"type": "error", "code": "overloaded", "message": "Try again.", "param": None}, "", None),
        ({"type": "error", "error": FAULT, "sequence_number": 3}, "error", "server_error"),
        ({"error": FAULT}, "error", "server_error"),
        ({"error": FAULT}, "", "server_error"),
        (FAULT, "error", "server_error"),
    ],
)
def test_an_error_in_midstream_becomes_an_error_value(fault: Any, name: str, type_: str | None) -> None:
    decoder, events = StreamDecoder().feed(sent(DELTA) + sent(fault, event=name) + sent(DELTA))
    assert len(events) == 1
    body = ErrorBody(message="Try again.", type=type_, code="overloaded")
    assert decoder.error == StreamError(body=body, data=json.encode(fault))
    assert decoder.feed(sent(DELTA)) == (decoder, ())
    further, more = decoder.past_error()
    assert (len(more), further.error, further.unread) == (1, None, ())


TOLD = ErrorBody(message="Try again.", type="server_error", param="input", code="429")
NESTED: list[dict[str, Any]] = [
    {"error": {"type": "server_error", "code": 429, "message": "Try again.", "param": "input"}, "status": 429},
    {"error": {"type": "server_error", "code": "429"}, "message": "Try again.", "param": "input"},
    {"error": {"message": "Try again.", "param": "input", "kind": {}}, "code": 429, "error_type": 1},
    {"error": {"error": {"message": "Try again.", "code": "429", "type": "server_error"}}, "param": "input"},
    {"error": "Try again.", "code": "429", "param": "input"},
    {"code": "429", "message": "Try again.", "param": "input", "error": None},
]


@pytest.mark.parametrize("members", NESTED)
def test_an_error_event_tells_what_went_wrong_however_it_is_nested(members: dict[str, Any]) -> None:
    """An event of a WebSocket is read by itself; one of a stream is its error. Both tell the same."""
    payload = {"type": "error", "sequence_number": 3, **members}
    data = json.encode(payload)
    event = decode_stream_event(data).unwrap()
    assert isinstance(event, ErrorEvent)
    expected = TOLD if b"server_error" in data else replace(TOLD, type=None)
    assert event.body == expected
    assert json.decode(encode(event)) == payload
    assert StreamDecoder().feed(sent(payload))[0].error == StreamError(body=expected, data=data)


def test_an_event_that_is_named_an_error_is_one_whatever_its_type() -> None:
    delta = {"type": "response.output_text.delta", "delta": "Hi", "item_id": "i", "sequence_number": 1}
    data = json.encode({**delta, "output_index": 0, "content_index": 0, "logprobs": []})
    decoder, events = StreamDecoder().feed(b"event: error\ndata: %b\n\n" % data)
    assert isinstance(decoder.error, StreamError)
    assert (events, decoder.error.data) == ((), data)


def test_the_error_of_a_websocket_is_typed() -> None:
    event = decode_stream_event(json.encode({"type": "error", "status": 400, "error": FAULT})).unwrap()
    assert event == ErrorEvent(
        status=400, error=ErrorObject(type="server_error", code="overloaded", message="Try again.", param=None)
    )
    assert (ErrorEvent().body, ErrorEvent(code="c", message="m").body) == (
        ErrorBody(),
        ErrorBody(code="c", message="m"),
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 600))
def test_what_comes_after_an_error_is_the_same_wherever_it_is_cut(cut: int) -> None:
    body = sent(DELTA) + sent({"error": FAULT}) + sent({**DELTA, "delta": "more"}) + sent({**DELTA, "delta": "last"})
    decoder, events = StreamDecoder(), list[Any]()
    for chunk in (body[:cut], body[cut:]):
        decoder, more = decoder.feed(chunk)
        events += more
        while isinstance(decoder.error, StreamError):
            decoder, more = decoder.past_error()
            events += more
    assert [event.delta for event in events] == ["hi", "more", "last"]
    assert decoder.error is None


def test_after_an_error_another_error_or_the_end_is_told_as_before() -> None:
    both = sent({"error": FAULT}, DELTA)
    decoder, _ = StreamDecoder().feed(both + both + b"data: [DONE]\n\n")
    decoder, first = decoder.past_error()
    assert (len(first), isinstance(decoder.error, StreamError)) == (1, True)
    decoder, second = decoder.past_error()
    assert (len(second), decoder.error, decoder.done) == (1, None, True)
    garbled, _ = StreamDecoder().feed(both + b"data: oops\n\n")
    assert isinstance(garbled.past_error()[0].error, DecodeError)
    large, _ = StreamDecoder(stream=EventStream(limit=500)).feed(both + b"data: " + b"x" * 900)
    assert isinstance(large.error, StreamError)
    assert "at most 500 bytes" in str(large.past_error()[0].error)


def test_only_an_error_that_the_service_tells_can_be_read_past() -> None:
    for decoder in (StreamDecoder(), StreamDecoder().feed(b"data: oops\n\n")[0], StreamDecoder(done=True)):
        assert decoder.past_error() == (decoder, ())


@pytest.mark.parametrize("nonsense", [b"data: oops\n\n", b"data: 5\n\n", b"data: \xff\n\n"])
def test_an_event_that_cannot_be_understood_becomes_an_error_value(nonsense: bytes) -> None:
    decoder, events = StreamDecoder().feed(sent(DELTA) + nonsense + sent(DELTA))
    assert len(events) == 1
    assert isinstance(decoder.error, DecodeError)
    assert decoder.error.body == nonsense[6:-2]


def test_an_event_that_is_too_large_becomes_an_error_value() -> None:
    decoder = StreamDecoder(stream=EventStream(limit=1000))
    decoder, events = decoder.feed(sent(DELTA) + b"data: " + b"x" * 2000)
    assert len(events) == 1
    assert decoder.error == DecodeError(reason="expected events of at most 1,000 bytes, got a larger one")


def test_a_decoder_can_be_kept_and_taken_up_again() -> None:
    decoder, _ = StreamDecoder().feed(HELLO[:1000])
    again = pickle.loads(pickle.dumps(decoder))
    assert again == decoder
    assert again.feed(HELLO[1000:]) == decoder.feed(HELLO[1000:])
