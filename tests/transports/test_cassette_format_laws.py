"""Laws of the formats: what is written is read as it was, and any bytes are recordings or a `ValueError`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from puresponse import HttpRequest, HttpResponse, Recording, export_recordings, import_recordings
from puresponse.transports.cassette.formats.yaml_text import dump_yaml, load_yaml


def spaced(value: Any) -> bytes:
    return json.format(json.encode(value), indent=2)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
BODIES = st.binary(max_size=20) | TEXTS.map(str.encode) | VALUES.map(json.encode) | VALUES.map(spaced)
RECORDINGS = st.lists(
    st.builds(
        Recording,
        st.builds(
            HttpRequest,
            st.sampled_from(["GET", "POST"]),
            st.sampled_from(["/responses", "/responses/resp_1/cancel", "/models/a%2Fb"]),
            st.lists(st.tuples(st.sampled_from(["a", "include[]"]), TEXTS), max_size=2).map(tuple),
            st.sampled_from([(), (("content-type", "application/json"),)]),
            st.none() | BODIES,
        ),
        st.builds(
            HttpResponse,
            status=st.integers(200, 599),
            headers=st.sampled_from([(), (("retry-after", "007"), ("x-request-id", "yes"))]),
            body=BODIES,
        ),
    ),
    max_size=3,
).map(tuple)


@settings(max_examples=25, deadline=None)
@given(RECORDINGS)
def test_vcr_loses_nothing_of_an_exchange(recordings: tuple[Recording, ...]) -> None:
    exported = export_recordings(recordings, "vcr")
    assert exported.not_carried == ()
    assert import_recordings(exported.data, "vcr").recordings == recordings


@settings(max_examples=25, deadline=None)
@given(RECORDINGS)
def test_har_loses_nothing_but_what_it_lists(recordings: tuple[Recording, ...]) -> None:
    exported = export_recordings(recordings, "har")
    lost = {int(one.place.split("[")[1].split("]")[0]) for one in exported.not_carried}
    kept = tuple(one for index, one in enumerate(recordings) if index not in lost)
    assert import_recordings(exported.data, "har").recordings == kept


@settings(max_examples=25, deadline=None)
@given(RECORDINGS)
def test_cassetter_loses_nothing_but_how_json_is_spaced(recordings: tuple[Recording, ...]) -> None:
    exported = export_recordings(recordings, "cassetter")
    read = import_recordings(exported.data, "cassetter").recordings
    listed = {one.place for one in exported.not_carried}
    for index, (one, other) in enumerate(zip(recordings, read, strict=True)):
        assert one.request == other.request or f"recordings[{index}].request.body" in listed
        assert one.answer == other.answer or f"recordings[{index}].response.body" in listed


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_yaml_is_read_as_it_was_written(value: Any) -> None:
    assert json.encode(load_yaml(dump_yaml(value))) == json.encode(value)


def refusal(data: bytes, form: Any) -> str | None:
    """How a file is refused; None where it is read."""
    try:
        import_recordings(data, form)
    except ValueError as error:
        return str(error)
    return None


SEEDS = [
    export_recordings([Recording(HttpRequest("POST", "/responses", body=b'{"a":[1]}'), HttpResponse(status=200))], form)
    for form in ("vcr", "har", "cassetter")
]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_bytes_are_recordings_or_a_value_error(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["vcr", "har", "cassetter", "session-record", "aimock", None]))
    seed = data.draw(st.sampled_from(SEEDS)).data
    place = data.draw(st.integers(0, len(seed)))
    changed = seed[:place] + data.draw(st.binary(max_size=6)) + seed[place + data.draw(st.integers(0, 9)) :]
    refused = refusal(changed, form)
    assert refused is None or refused


SHAPES: list[Any] = [
    [],
    {},
    None,
    1,
    "x",
    {"log": []},
    {"log": {"entries": [None]}},
    {"Entries": [{}]},
    {"fixtures": [{"match": {}}]},
    {"interactions": [{"request": {}, "response": {}}]},
    {"fixtures": [{"match": {"userMessage": "x"}, "response": 5}]},
    {"fixtures": [{"match": {"userMessage": "x"}, "response": {"blocks": [{"type": "text"}]}}]},
]


@pytest.mark.parametrize("form", ["vcr", "har", "cassetter", "session-record", "aimock"])
@pytest.mark.parametrize("value", SHAPES, ids=str)
def test_what_is_of_another_shape_is_a_value_error_or_nothing(form: Any, value: Any) -> None:
    refused = refusal(json.encode(value), form)
    assert refused is None or "or is damaged: " in refused
