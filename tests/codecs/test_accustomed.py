"""Events with fields that no struct names: read alike, however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from puresponse.codecs import StreamEvent, TextDeltaEvent, Unknown, encode
from puresponse.codecs.lossless.accustomed import AccustomedCodec
from puresponse.codecs.lossless.codec import codec_for

DELTA: dict[str, Any] = {
    "type": "response.output_text.delta",
    "sequence_number": 4,
    "item_id": "msg_1",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hi",
    "logprobs": [],
}
REFUSAL: dict[str, Any] = {**DELTA, "type": "response.refusal.delta", "logprobs": None}
PLAIN = codec_for(StreamEvent)


def codec() -> AccustomedCodec[StreamEvent]:
    return AccustomedCodec(StreamEvent)


def alike(reading: AccustomedCodec[StreamEvent], payload: Any) -> Any:
    """The event of a payload, which is what a codec makes of it that has met nothing."""
    data = json.encode(payload)
    event, plain = reading.read(data), PLAIN.read(data)
    assert type(event) is type(plain)
    assert event == plain
    assert repr(event) == repr(plain)
    assert encode(event) == encode(plain)
    return event


def test_a_field_is_the_same_the_first_time_and_later() -> None:
    reading = codec()
    for number in range(4):
        event = alike(reading, {**DELTA, "novel": number})
        assert isinstance(event, TextDeltaEvent)
        assert event.unknown_fields == {"novel": number}


def test_events_without_it_and_other_events_are_the_same_after_it() -> None:
    reading = codec()
    alike(reading, {**DELTA, "novel": 1})
    others: list[dict[str, Any]] = [DELTA, {**DELTA, "obfuscation": "x"}, REFUSAL, {**REFUSAL, "novel": 1}]
    for payload in (*others, {"type": "new", "novel": 1}):
        alike(reading, payload)


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, {"a": [1.5, None]}, "text", 2**70])
def test_it_may_hold_anything(value: Any) -> None:
    reading = codec()
    for _ in range(3):
        assert alike(reading, {**DELTA, "novel": value}).unknown_fields == {"novel": value}


def test_numbers_out_of_range_are_kept_after_it_too() -> None:
    reading = codec()
    data = json.encode({**DELTA, "novel": 1}).replace(b'"novel":1', b'"novel":1e400')
    for _ in range(3):
        assert reading.read(data) == PLAIN.read(data)
        alike(reading, {**DELTA, "novel": 1})


def test_several_fields_stay_in_the_order_in_which_they_came() -> None:
    reading = codec()
    alike(reading, {**DELTA, "a": 1})
    alike(reading, {**DELTA, "b": 2})
    assert list(alike(reading, {**DELTA, "b": 1, "a": 2}).unknown_fields) == ["b", "a"]
    assert list(alike(reading, {**DELTA, "a": 1, "b": 2}).unknown_fields) == ["a", "b"]


@pytest.mark.parametrize(
    "name", ["unknown_fields", "(unknown fields)", "__class__", "more_0", "a b", "type_", "é", "self"]
)
def test_it_may_have_any_name(name: str) -> None:
    reading = codec()
    for _ in range(3):
        assert alike(reading, {**DELTA, name: 1}).unknown_fields == {name: 1}


def test_what_does_not_fit_is_kept_after_it_too() -> None:
    reading = codec()
    alike(reading, {**DELTA, "novel": 1})
    event = alike(reading, {**DELTA, "novel": 1, "delta": 5})
    assert isinstance(event, Unknown)
    assert event.mismatch == "$.delta: Expected `str`, got `int`"


def test_there_is_no_end_to_the_fields_that_may_come() -> None:
    reading = codec()
    for number in range(100):
        alike(reading, {**DELTA, f"novel_{number}": number})
    assert alike(reading, {**DELTA, "novel_1": 1}).unknown_fields == {"novel_1": 1}


WORDS = st.sampled_from(["novel", "other", "delta", "logprobs", "obfuscation", "type"])
EVENTS = st.dictionaries(
    WORDS, st.none() | st.integers(0, 2) | st.sampled_from(["x", DELTA["type"], REFUSAL["type"]]), max_size=3
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=6))
def test_what_it_has_met_changes_nothing(members: list[dict[str, Any]]) -> None:
    reading = codec()
    for more in members:
        alike(reading, {**DELTA, **more})


def test_many_threads_may_read_at_once() -> None:
    reading = codec()
    events = [json.encode({**DELTA, f"novel_{number % 20}": number}) for number in range(400)]
    expected = [PLAIN.read(data) for data in events]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(reading.read, events)) == expected
