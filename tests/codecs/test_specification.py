"""The structs beside the specification: what it has, they have, and payloads made after it come through whole."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from recorded import kept
from specification import (
    SCHEMAS,
    Maker,
    Schema,
    alternatives,
    enumerated,
    examples,
    properties,
    values,
)

from puresponse.codecs import SCHEMAS as TYPES
from puresponse.codecs import StreamEvent, Wire, decode, encode
from puresponse.codecs.lossless.forms import Fields, Form, form_of
from puresponse.codecs.lossless.plain import is_object

DELTAS = (
    "Audio",
    "AudioTranscript",
    "CodeInterpreterCallCode",
    "CustomToolCallInput",
    "FunctionCallArguments",
    "MCPCallArguments",
    "ReasoningSummaryText",
    "ReasoningText",
    "Refusal",
    "ShellCallOutputContent",
    "Text",
)

EVENTS = [fields.struct.__name__ for fields in form_of(StreamEvent).tagged.values()]
UNKNOWN_TO_THE_SPECIFICATION = {
    "CompactionCompactingEvent",
    "SteerAcceptedEvent",
    "SteerFailedEvent",
    "SteerPendingEvent",
}
"""Events that the official client has, with all their fields."""

BEYOND: dict[str, set[str]] = {
    "CompactRequest": {"image"},
    "CompactedResponse": {"image"},
    "CompactionTrigger": {"id"},
    "CreateResponse": {"access_programs", "background_options", "image"},
    "CustomTool": {"async"},
    "CustomToolCall": {"async"},
    "ErrorObject": {"headers", "misalignment"},
    "FunctionCall": {"async"},
    "FunctionTool": {"async"},
    "ImageGenerationCall": {
        "action",
        "background",
        "error",
        "output_format",
        "quality",
        "revised_prompt",
        "size",
        "svg_usage",
    },
    "ImageGenerationTool": {"complexity", "frame_count", "frame_duration_ms", "svg"},
    "InputTokensDetails": {"cache_write_tokens_details"},
    "PromptCacheBreakpoint": {"ttl"},
    "PromptCacheOptions": {"comparison_response_id", "prewarm"},
    "Response": {
        "access_programs",
        "billing",
        "frequency_penalty",
        "image",
        "input_transformations",
        "presence_penalty",
        "prompt_cache_diagnostics",
        "store",
        "tool_usage",
    },
    "ResponseError": {"misalignment", "param", "type"},
    **{
        event: {"stream_id"} | ({"obfuscation"} if event.removesuffix("DeltaEvent") in DELTAS else set[str]())
        for event in EVENTS
        if event not in UNKNOWN_TO_THE_SPECIFICATION
    },
    "ErrorEvent": {"error", "status", "stream_id"},
}
"""The fields of structs that the specification lacks: recordings or the official client have them, or they make structs
alike."""

LONG = 30
"""Longer enumerations, of models, are in no docstring."""


class Comparison:
    """Goes through schemas and the forms of their types side by side, and notes what differs."""

    def __init__(self) -> None:
        self.missing: dict[str, None] = {}
        self.undocumented: dict[str, None] = {}
        self.beyond: dict[str, frozenset[str]] = {}
        self._seen: set[tuple[int, int]] = set()

    def compare(self, schema: Schema, form: Form | None, path: str) -> None:
        for option in alternatives(schema):
            if properties(option):
                self._compare_object(option, form, path)
            elif "items" in option and form is not None and form.elements is not None:
                self.compare(option["items"], form.elements, f"{path}[]")
            elif "items" in option and _has_objects(option["items"]):
                self.missing[f"{path}[] is not typed"] = None
            elif is_object(inner := option.get("additionalProperties")) and _has_objects(inner):
                self.compare(inner, form and form.members, f"{path}.*")

    def _compare_object(self, schema: Schema, form: Form | None, path: str) -> None:
        if (id(schema), id(form)) in self._seen:
            return
        self._seen.add((id(schema), id(form)))
        if form is None:
            self.missing[f"{path} is not typed"] = None
            return
        tags = [value for part in properties(schema).get("type", ()) for value in values(part)] or [None]
        for tag in tags:
            fields = form.fields_of({"type": tag} if tag else dict.fromkeys(properties(schema)))
            if fields is None:
                self.missing[f"{path}: no struct for the type {tag!r}"] = None
            else:
                self._compare_fields(schema, fields, path)

    def _compare_fields(self, schema: Schema, fields: Fields, path: str) -> None:
        found = properties(schema)
        struct = fields.struct.__name__
        self.beyond[struct] = self.beyond.get(struct, fields.names) - found.keys()
        for name, schemas in found.items():
            if name not in fields.names:
                self.missing[f"{path}.{name} is not a field of {struct}"] = None
            for inner in schemas:
                if _has_objects(inner):
                    self.compare(inner, fields.forms().get(name), f"{path}.{name}")
            known = enumerated(schemas)
            if name != "type" and len(known) <= LONG:
                documented = " ".join(base.__doc__ or "" for base in fields.struct.__mro__)
                for value in known:
                    if f"`{value}`" not in documented:
                        self.undocumented[f"{struct}.{name} may be {value!r}"] = None


def _has_objects(schema: Schema) -> bool:
    options = alternatives(schema)
    return any(
        bool(properties(option))
        or ("items" in option and _has_objects(option["items"]))
        or (is_object(option.get("additionalProperties")) and _has_objects(option["additionalProperties"]))
        for option in options
    )


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    compared = Comparison()
    for name, schema in SCHEMAS.items():
        if name in TYPES:
            compared.compare(schema, form_of(TYPES[name]), name)
    return compared


def test_every_schema_has_a_type_and_every_type_a_schema() -> None:
    assert sorted(SCHEMAS.keys() ^ TYPES.keys()) == []


def test_every_property_and_every_variant_of_the_specification_has_its_struct(comparison: Comparison) -> None:
    assert list(comparison.missing) == []


def test_every_value_of_an_enumeration_is_in_the_docstring_of_its_struct(comparison: Comparison) -> None:
    assert list(comparison.undocumented) == []


PARTS = {"CreateModelResponseProperties", "ModelResponseProperties", "ResponseProperties"}
"""Schemas that only others are made of."""


def test_every_struct_names_the_schemas_that_it_comes_from() -> None:
    unnamed = [
        f"{shape.__name__} does not say that it comes from {name}"
        for name, shape in TYPES.items()
        if inspect.isclass(shape) and issubclass(shape, Wire) and f"`{name}`" not in (shape.__doc__ or "")
    ]
    assert [line for line in unnamed if line.rpartition(" ")[2] not in PARTS] == []


def test_the_structs_have_no_fields_beside_those_of_the_specification_and_of_recordings(comparison: Comparison) -> None:
    beyond = {struct: set(fields) for struct, fields in comparison.beyond.items() if fields}
    assert beyond == BEYOND


def payloads() -> st.SearchStrategy[tuple[int, int]]:
    """Room and seed for a `Maker`."""
    return st.tuples(st.integers(0, 7), st.integers(0, 2**32))


@pytest.mark.parametrize("schema", SCHEMAS)
@settings(max_examples=8, deadline=None)
@given(payload=payloads())
def test_a_payload_made_after_a_schema_lands_in_its_struct_and_comes_out_as_it_went_in(
    schema: str, payload: tuple[int, int]
) -> None:
    room, seed = payload
    made = Maker(seed).make(SCHEMAS[schema], room)
    data = json.encode(made)
    value = decode(schema, data).unwrap()
    assert [place for place in kept(value) if not place.endswith(".type")] == []
    assert json.decode(encode(value)) == made


@pytest.mark.parametrize(("schema", "example"), tuple(examples()))
def test_an_example_of_the_specification_comes_out_as_it_went_in(schema: str, example: Any) -> None:
    value = decode(schema, json.encode(example)).unwrap()
    assert list(kept(value)) == []
    assert json.decode(encode(value)) == example
