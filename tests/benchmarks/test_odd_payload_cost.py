"""What one field more, or one thing that does not fit, costs a payload, beside the same payload without it.

What is as expected is measured beside plain msgspec in `test_decode_cost.py`. A payload is met for the first time in
each call, but for the deltas of a stream: nothing is remembered of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from benchmarking import compare
from msgspec import json
from test_decode_cost import RESPONSE, page

from puresponse.codecs import StreamDecoder, decode_input_items, decode_response, decode_stream_event

pytestmark = pytest.mark.benchmark

Case: TypeAlias = tuple[Callable[[bytes], object], Any, dict[str, Any], tuple[str | int, ...], float]
"""What decodes, a payload, what is set in the object at a place (or a field more), the place, and the bound."""

WHOLE = json.decode(RESPONSE)
PAGE = json.decode(page())
DELTA: dict[str, Any] = {
    "type": "response.output_text.delta",
    "sequence_number": 4,
    "item_id": f"msg_{0:050}",
    "output_index": 0,
    "content_index": 0,
    "delta": " weather",
    "logprobs": [],
}
COMPLETED = {"type": "response.completed", "sequence_number": 9, "response": WHOLE}
ADDED = {"type": "response.output_item.added", "sequence_number": 9, "output_index": 2, "item": WHOLE["output"][2]}
CALLED = {"type": "response.output_item.done", "sequence_number": 9, "output_index": 1, "item": WHOLE["output"][1]}
ANNOTATION = ("content", 0, "annotations", 0)

MORE = {"field_of_tomorrow": None}

CASES: dict[str, Case] = {
    "a response, with a field more": (decode_response, WHOLE, MORE, (), 3.5),
    "a response, with a field more in a tool": (decode_response, WHOLE, MORE, ("tools", 1), 3.5),
    "a response, with a field more in an annotation": (decode_response, WHOLE, MORE, ("output", 2, *ANNOTATION), 3.5),
    "a page of 100, with a field more in the first item": (decode_input_items, PAGE, MORE, ("data", 0), 1.7),
    "a page of 100, with a field more in the middle": (decode_input_items, PAGE, MORE, ("data", 33), 2.0),
    "a page of 100, with a field more in the last item": (decode_input_items, PAGE, MORE, ("data", 99), 2.8),
    "a completed event, with a field more": (decode_stream_event, COMPLETED, MORE, ("response",), 3.5),
    "an item event, with a field more": (decode_stream_event, ADDED, MORE, (), 4.5),
    "an item event, with a field more in the item": (decode_stream_event, ADDED, MORE, ("item",), 5.0),
    "an item event, with a field more in an annotation": (decode_stream_event, ADDED, MORE, ("item", *ANNOTATION), 5.5),
    "an event of a call, with a field more in the item": (decode_stream_event, CALLED, MORE, ("item",), 6.2),
    "a text delta, with a field more": (decode_stream_event, DELTA, MORE, (), 6.6),
    "an unknown event": (decode_stream_event, DELTA, {"type": "response.new"}, (), 5.0),
    "a response, with a misfit": (decode_response, WHOLE, {"usage": 3}, (), 4.5),
    "a response, with a misfit in an annotation": (decode_response, WHOLE, {"url": 3}, ("output", 2, *ANNOTATION), 4.5),
    "a page of 100, with a misfit in the first item": (decode_input_items, PAGE, {"status": 3}, ("data", 0), 2.1),
    "a page of 100, with a misfit in the last item": (decode_input_items, PAGE, {"status": 3}, ("data", 99), 3.2),
    "a completed event, with a misfit": (decode_stream_event, COMPLETED, {"usage": 3}, ("response",), 4.5),
    "an item event, with a misfit": (decode_stream_event, ADDED, {"role": 3}, ("item",), 7.0),
    "a text delta, with a misfit": (decode_stream_event, DELTA, {"delta": 3}, (), 10.5),
}
"""Bounds are what is reached on a noisy machine; those for a response, a completed event, an unknown one and a stream
are what was asked for. What cannot be had: a strict reading that fails at the end of a page has read all of it, and it
takes another, so that the last item costs twice the page at least; and an exception and its text take longer than a
text delta.
"""


def changed(payload: Any, members: dict[str, Any], place: tuple[str | int, ...]) -> bytes:
    """The payload with these members in the object at that place, as the last of it where they are new."""
    copy = json.decode(json.encode(payload))
    target = copy
    for step in place:
        target = target[step]
    target.update(members)
    return json.encode(copy)


@pytest.mark.parametrize("name", CASES)
def test_what_is_odd_costs_a_bounded_share_of_its_payload(name: str) -> None:
    decode, payload, members, place, bound = CASES[name]
    usual, odd = json.encode(payload), changed(payload, members, place)
    comparison = compare(lambda: decode(usual), lambda: decode(odd), calls=max(60, 600_000 // len(usual)))
    comparison.report(name, bound)
    assert comparison.ratio <= bound


def test_a_stream_of_deltas_with_a_field_more_takes_at_most_three_times_the_time() -> None:
    def stream_of(delta: dict[str, Any]) -> bytes:
        return b"event: response.output_text.delta\ndata: %b\n\n" % json.encode(delta) * 20_000

    usual, odd = stream_of(DELTA), stream_of({**DELTA, **MORE})
    comparison = compare(lambda: StreamDecoder().feed(usual), lambda: StreamDecoder().feed(odd), calls=1, rounds=10)
    comparison.report("20,000 text deltas, with a field more", 3.0)
    assert comparison.ratio <= 3.0
