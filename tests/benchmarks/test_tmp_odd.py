"""What one field more, or one thing that does not fit, costs a payload, beside the same payload without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from benchmarking import compare
from msgspec import json
from test_decode_cost import RESPONSE, page

from puresponse.codecs import StreamDecoder, decode_input_items, decode_response, decode_stream_event

pytestmark = pytest.mark.benchmark

Place = tuple[str | int, ...]

RESPONSE_PLACES: dict[str, Place] = {
    "at the top": (),
    "in an annotation": ("output", 2, "content", 0, "annotations", 0),
    "in a tool": ("tools", 1),
}
ITEM: dict[str, Any] = json.decode(RESPONSE)["output"][2]
CALL: dict[str, Any] = json.decode(RESPONSE)["output"][1]
DELTA: dict[str, Any] = {
    "type": "response.output_text.delta",
    "sequence_number": 4,
    "item_id": f"msg_{0:050}",
    "output_index": 0,
    "content_index": 0,
    "delta": " weather",
    "logprobs": [],
}


def with_a_field(payload: Any, place: Place) -> bytes:
    """The payload with a field that nobody names in the object at that place, the last of its members."""
    changed = json.decode(json.encode(payload))
    target = changed
    for step in place:
        target = target[step]
    target["access_programs"] = None
    return json.encode(changed)


def with_a_misfit(payload: Any, place: Place, name: str) -> bytes:
    """The payload with a number for the member of that name in the object at that place."""
    changed = json.decode(json.encode(payload))
    target = changed
    for step in place:
        target = target[step]
    target[name] = 3
    return json.encode(changed)


def check(name: str, decode: Callable[[bytes], Any], good: Any, odd: bytes, calls: int, bound: float) -> None:
    floor = json.encode(good)
    assert not isinstance(decode(odd), Exception)
    comparison = compare(lambda: decode(floor), lambda: decode(odd), calls=calls)
    comparison.report(name, bound)
    pass


def event(**members: Any) -> dict[str, Any]:
    return {"sequence_number": 9, **members}


COMPLETED = event(type="response.completed", response=json.decode(RESPONSE))
ADDED = event(type="response.output_item.added", output_index=2, item=ITEM)
CALLED = event(type="response.output_item.done", output_index=1, item=CALL)


@pytest.mark.parametrize("place", RESPONSE_PLACES.values(), ids=RESPONSE_PLACES.keys())
def test_a_response_with_one_field_more(place: Place) -> None:
    good = json.decode(RESPONSE)
    check(f"a response, a field at {place}", decode_response, good, with_a_field(good, place), 300, 3.5)


@pytest.mark.parametrize("place", [0, 33, 66, 99])
def test_a_page_with_one_field_more(place: int) -> None:
    good = json.decode(page())
    check(f"a page, item {place}", decode_input_items, good, with_a_field(good, ("data", place)), 60, 3.0)


def test_a_completed_event() -> None:
    check("completed", decode_stream_event, COMPLETED, with_a_field(COMPLETED, ("response",)), 300, 3.5)


def test_items() -> None:
    check("item event top", decode_stream_event, ADDED, with_a_field(ADDED, ()), 1000, 4)
    check("item event item", decode_stream_event, ADDED, with_a_field(ADDED, ("item",)), 1000, 4)
    check(
        "item event annotation",
        decode_stream_event,
        ADDED,
        with_a_field(ADDED, ("item", "content", 0, "annotations", 0)),
        1000,
        4,
    )
    check("item call", decode_stream_event, CALLED, with_a_field(CALLED, ("item",)), 1000, 4)


def test_delta() -> None:
    check("delta", decode_stream_event, DELTA, with_a_field(DELTA, ()), 2000, 5)
    check("unknown event", decode_stream_event, DELTA, json.encode({**DELTA, "type": "response.new"}), 2000, 5)


def test_misfits() -> None:
    good = json.decode(RESPONSE)
    check("misfit response", decode_response, good, with_a_misfit(good, (), "usage"), 300, 3.5)
    check(
        "misfit response deep",
        decode_response,
        good,
        with_a_misfit(good, RESPONSE_PLACES["in an annotation"], "url"),
        300,
        3.5,
    )
    check(
        "misfit completed", decode_stream_event, COMPLETED, with_a_misfit(COMPLETED, ("response",), "usage"), 300, 3.5
    )
    check("misfit item", decode_stream_event, ADDED, with_a_misfit(ADDED, ("item",), "role"), 1000, 4)
    check("misfit item call", decode_stream_event, CALLED, with_a_misfit(CALLED, ("item",), "name"), 1000, 4)
    check("misfit delta", decode_stream_event, DELTA, with_a_misfit(DELTA, (), "delta"), 2000, 5)
    p = json.decode(page())
    for place in (0, 33, 66, 99):
        check(f"misfit page {place}", decode_input_items, p, with_a_misfit(p, ("data", place), "status"), 60, 3)


def stream_of(delta: bytes, count: int) -> bytes:
    return b"event: response.output_text.delta\ndata: %b\n\n" % delta * count


def test_stream() -> None:
    good, odd = stream_of(json.encode(DELTA), 2000), stream_of(with_a_field(DELTA, ()), 2000)
    comparison = compare(lambda: StreamDecoder().feed(good), lambda: StreamDecoder().feed(odd), calls=1, rounds=20)
    comparison.report("2,000 deltas", 3.0)
