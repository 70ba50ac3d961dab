"""The published JSON Schema of a cassette is that of the structs that read one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from places import ROOT

from puresponse.transports.cassette.format import dump_cassette, load_cassette
from puresponse.transports.cassette.schema import cassette_schema

SCHEMA: Any = json.decode((ROOT / "docs" / "cassette.schema.json").read_bytes())
WHOLE: Any = jsonschema.Draft202012Validator(SCHEMA)
LINE: Any = jsonschema.Draft202012Validator({**SCHEMA, "$ref": "#/$defs/Entry"})
CASSETTES = sorted((ROOT / "tests" / "cassettes").rglob("*.json"))


def test_the_published_schema_is_what_the_structs_make() -> None:
    assert (ROOT / "docs" / "cassette.schema.json").read_bytes() == cassette_schema()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", CASSETTES[::4], ids=lambda path: path.stem)
def test_what_was_recorded_is_of_the_schema(path: Path) -> None:
    data = path.read_bytes()
    assert list(WHOLE.iter_errors(json.decode(data))) == []
    for line in dump_cassette(load_cassette(data), lines=True).splitlines()[1:]:
        assert LINE.is_valid(json.decode(line))


REQUEST: dict[str, Any] = {"method": "GET", "path": "/x"}
NOT_SENT = {"error": "NotSent", "kind": "dns", "reason": ""}
CUT = {"error": "Interrupted", "kind": "reset", "reason": "", "response_id": None}
MISSING = "left out"

BYTES: dict[str, list[Any]] = {
    "json": [MISSING, None, {"a": [1]}],
    "text": [MISSING, "a", ["a", "b"], 1],
    "base64": [MISSING, "/wA=", 2],
    "indent": [MISSING, 2, 3],
}
CHUNKS: list[Any] = [MISSING, [], [{"text": "a", "after": 0.5}], [{"text": "a", "after": -1}], [{"chunks": []}], [{}]]


def objects(members: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in members.items()})
    return chosen.map(lambda found: {name: value for name, value in found.items() if value is not MISSING})


BODIES = objects({**BYTES, "chunks": CHUNKS, "end_after": [MISSING, 1, "1"]})


def response_of(body: Any, more: dict[str, Any]) -> dict[str, Any]:
    return {"status": 200, **more, **({} if body is None else {"body": body})}


def entry_of(request: Any, response: Any, failure: Any, more: dict[str, Any]) -> dict[str, Any]:
    members = {"request": request, "response": response, "failure": failure}
    return {name: member for name, member in members.items() if member is not None} | more


NONE: list[dict[str, Any]] = [{}]
RESPONSES = st.builds(
    response_of,
    st.none() | BODIES,
    st.sampled_from([*NONE, {"headers": {"a": ["b", "c"]}}, {"headers": [["a", "b"]]}, {"headers": [["a"]]}, {"x": 1}]),
)
ENTRIES = st.builds(
    entry_of,
    st.just(REQUEST) | objects(BYTES).map(lambda body: {**REQUEST, "body": body}),
    st.none() | RESPONSES,
    st.sampled_from([None, NOT_SENT, CUT, {"error": "ApiError"}]),
    st.sampled_from([*NONE, {"after": 1.5}, {"after": -1.5}]),
)


@given(st.lists(ENTRIES, max_size=2), st.sampled_from([1, 2]), st.sampled_from([*NONE, {"recorded": None}, {"y": 0}]))
def test_the_schema_allows_what_is_read_and_no_more(entries: list[Any], version: int, more: dict[str, Any]) -> None:
    whole = {"version": version, "recordings": entries, **more}
    try:
        load_cassette(json.encode(whole))
        is_read = True
    except ValueError:
        is_read = False
    assert WHOLE.is_valid(whole) == is_read
