"""Whatever was decoded can stand in a checkpoint: it is loaded as what it was, and exported as it came."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from recorded import PLAIN, STREAMS, Body, read
from specification import SCHEMAS, Maker

from puresponse.codecs import StreamDecoder, decode, encode
from puresponse.core import Done, load_operation, save_checkpoint, succeed


def saved(value: Any) -> Any:
    """The value, saved and loaded."""
    program = load_operation(save_checkpoint(succeed(value)).unwrap()).unwrap().program
    assert isinstance(program, Done)
    return program.result.unwrap()


@pytest.mark.parametrize("schema", SCHEMAS)
@settings(max_examples=8, deadline=None)
@given(payload=st.tuples(st.integers(0, 7), st.integers(0, 2**32)))
def test_what_the_specification_describes_is_loaded_as_it_was_saved(schema: str, payload: tuple[int, int]) -> None:
    room, seed = payload
    value = decode(schema, json.encode(Maker(seed).make(SCHEMAS[schema], room))).unwrap()
    again = saved(value)
    assert again == value
    assert type(again) is type(value)
    assert encode(again) == encode(value)


@pytest.mark.parametrize("body", [pytest.param(body, id=f"{record}-{body.schema}") for record, body in PLAIN])
def test_what_was_recorded_is_loaded_as_it_was_saved(body: Body) -> None:
    value = read(body)
    assert saved(value) == value
    assert encode(saved(value)) == encode(value)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS.keys())
def test_recorded_events_are_loaded_as_they_were_saved(stream: str) -> None:
    _, events = StreamDecoder().feed(stream.encode())
    assert len(events) > 0
    assert saved(events) == events
    assert [*map(encode, saved(events))] == [*map(encode, events)]
