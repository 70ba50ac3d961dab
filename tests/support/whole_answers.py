"""A validator over the specification: whether an answer and each event of the service in memory is whole.

It reads the specification itself, with `jsonschema`, and not the tables that the service is shipped with. Readings:

- `oneOf` is `anyOf`; of objects that tell themselves apart by `type`, only those of the value's type are tried.
- A name that is required of nothing is not required: `UNNAMED` has them.
- What the real service was recorded to answer goes before the specification: `RECORDED` has the places.
- Properties that schemas have in November and lacked in August, and those that the service was recorded to say, are as
  `write_request_table.py` has them.
- A property that no schema names is amiss, but for those of `BESIDES`.
- A type that no schema names is let through only if it is one of `UNKNOWN_TYPES`, which tests make on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from msgspec import json
from specification import PATHS, SCHEMAS
from write_request_table import NEW, NOVEMBER, RETURNED

from puresponse.codecs.lossless.plain import is_object
from puresponse.transports.memory.service import Dialect

Schema = dict[str, Any]

_jsonschema: Any = import_module("jsonschema")


class Flaw(NamedTuple):
    """Something that is amiss: where in the answer, by which rule of the specification, and what the rule says."""

    place: str
    rule: str
    words: str


def _descend_named(validator: Any, name: str, instance: Any, _: Schema) -> Iterator[Any]:
    yield from validator.descend(instance, compiled(name), schema_path=name)


def _descend_nullable(validator: Any, schema: Schema, instance: Any, _: Schema) -> Iterator[Any]:
    if instance is not None:
        yield from validator.descend(instance, schema)


def _descend_by_type(validator: Any, members: dict[str, list[Schema]], instance: Any, _: Schema) -> Iterator[Any]:
    tag = instance.get("type") if is_object(instance) else None
    if not isinstance(tag, str) or tag not in members:
        if tag not in UNKNOWN_TYPES:
            yield _jsonschema.ValidationError(f"{tag!r} is none of the types {sorted(members)}")
        return
    tried = [list(validator.descend(instance, member)) for member in members[tag]]
    if all(tried):
        yield from min(tried, key=len)


def _known(validator: Any, names: Schema, instance: Any, _: Schema) -> Iterator[Any]:
    for name in instance if is_object(instance) else ():
        if name not in names:
            yield _jsonschema.ValidationError(f"'{name}' is no property that the specification has")


_Validator: Any = _jsonschema.validators.extend(
    _jsonschema.Draft202012Validator,
    {"named": _descend_named, "nullable": _descend_nullable, "byType": _descend_by_type, "known": _known},
)


WORDS = (
    *("type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems"),
    *("maxProperties", "propertyNames"),
)
"""What is read of a schema as it is."""


def _read(schema: Schema) -> Schema:
    """A schema as the validator reads it."""
    if schema.get("nullable"):
        return {"nullable": _read({word: value for word, value in schema.items() if word != "nullable"})}
    if "$ref" in schema:
        return {"named": schema["$ref"].rpartition("/")[2]}
    if "$recursiveRef" in schema:
        return {"named": "CompoundFilter"}
    members = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    if members:
        return _read_union(members)
    if "allOf" in schema:
        return {"allOf": [_read(part) for part in schema["allOf"]]}
    node: Schema = {word: schema[word] for word in WORDS if word in schema}
    if "properties" in schema:
        node |= {"type": "object", "properties": {name: _read(inner) for name, inner in schema["properties"].items()}}
        node["required"] = [name for name in schema.get("required", ()) if name in schema["properties"]]
        if schema["properties"] and "additionalProperties" not in schema:
            node["known"] = node["properties"]
    if "items" in schema:
        node["items"] = _read(schema["items"])
    return node


def _read_union(members: list[Schema]) -> Schema:
    some = [member for member in members if member.get("type") != "null"]
    flat = [each for member in some for each in _flat(member)]
    tagged: dict[str, list[Schema]] = {}
    for member in flat:
        for tag in _tags(member):
            tagged.setdefault(tag, []).append(_read(member))
    if tagged and all(_tags(member) for member in flat):
        node: Schema = {"byType": tagged}
    else:
        node = _read(some[0]) if len(some) == 1 else {"anyOf": [_read(member) for member in some]}
    return {"nullable": node} if len(some) < len(members) else node


def _flat(schema: Schema) -> list[Schema]:
    """The members of a union of unions; references are kept where they are to objects."""
    named = _named(schema)
    members = [*named.get("anyOf", ()), *named.get("oneOf", ())]
    return [each for member in members for each in _flat(member)] if members else [schema]


def _named(schema: Schema) -> Schema:
    """What a schema refers to, if it is a reference; itself if not."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return schema if not name else OWN.get(name) or NEW.get(name) or SCHEMAS[name]


def _tags(schema: Schema) -> list[str]:
    """The values that `type` may have in objects of a schema."""
    schema = _named(schema)
    for part in schema.get("allOf", ()):
        if tags := _tags(part):
            return tags
    tags = schema.get("properties", {}).get("type", {}).get("enum", [])
    return [tag for tag in tags if isinstance(tag, str)]


@cache
def compiled(name: str) -> Schema:
    """The schema of that name, read once."""
    node = _read(_merged(_named({"$ref": name})))
    for part in _parts_of(name):
        for property_, more in {**NOVEMBER.get(part, {}), **RETURNED.get(part, {})}.items():
            node["properties"][property_] = _read(more)
    for (union, tag), also in ALSO.items():
        if union == name:
            node["byType"][tag].append({"named": also})
    return node


def _parts_of(name: str) -> list[str]:
    """The schema of that name, and those that it is made of."""
    parts = [part["$ref"].rpartition("/")[2] for part in _named({"$ref": name}).get("allOf", ()) if "$ref" in part]
    return [name, *(inner for part in parts for inner in _parts_of(part))]


def _merged(schema: Schema) -> Schema:
    """A schema whose parts are all objects as one object: what one part requires another may name."""
    parts = [_merged(_named(part)) for part in schema.get("allOf", ())]
    if not parts or not all("properties" in part for part in parts):
        return schema
    properties = {name: inner for part in parts for name, inner in part["properties"].items()}
    return {"properties": properties, "required": [name for part in parts for name in part.get("required", ())]}


UNKNOWN_TYPES = {"hunch", "novelty", "hologram", "configuration_update"}
"""Types that August's specification lacks: of November, or of nobody."""

ALSO = {("ItemResource", "message"): "Message"}
"""A further schema for objects of a type in a union.

A request may have any part in any message, and the list of its items shows what was given.
"""

RECORDED = {
    "Response.user.type": "ResponsesTests.CanDeleteResponse",
    "ResponseUsage.type": "ResponsesTests.CanCancelBackgroundResponses",
    "ResponseUsage.input_tokens_details.required.cache_write_tokens": "ResponsesTests.CanDeleteResponse",
    "TextResponseFormatJsonSchema.description.type": "ResponsesTests.StructuredOutputs_gpt_4o_mini",
    "MCPTool.require_approval.anyOf": "ResponsesToolTests.MCPToolAlwaysRequiresApproval_False",
    "MCPTool.allowed_tools.anyOf": "ResponsesToolTests.MCPToolWithDisallowedTools",
    "ResponseFunctionCallArgumentsDoneEvent.required.name": "ResponsesTests.FunctionCallStreamingWorks",
    "Response.known.billing": "ResponsesTests.MultipleResponseInstructions",
    "Response.known.frequency_penalty": "ResponsesTests.MultipleResponseInstructions",
    "Response.known.presence_penalty": "ResponsesTests.MultipleResponseInstructions",
    "Response.known.store": "ResponsesTests.CanDeleteResponse",
    "Response.known.tool_usage": "ResponsesTests.ResponsesWithPromptCache",
    "ResponseCodeInterpreterCallCodeDeltaEvent.known.obfuscation": "ResponsesToolTests.CodeInterpreterToolStreaming",
    "ResponseFunctionCallArgumentsDeltaEvent.known.obfuscation": "ResponsesTests.FunctionCallStreamingWorks",
    "ResponseMCPCallArgumentsDeltaEvent.known.obfuscation": "ResponsesToolTests.MCPToolStreamingWorks",
    "ResponseTextDeltaEvent.known.obfuscation": "ResponsesTests.HelloWorldStreaming_gpt_4o_mini",
}
"""The rules of the specification that the real service was recorded to break, and a recording of each that shows it."""

BESIDES = {
    "CompactResource.known.image": "the official client of November",
    "Response.known.access_programs": "the official client of November",
    "Response.known.image": "the official client of November",
    "Response.known.prompt_cache_diagnostics": "the official client of November",
    "Model.known.max_tokens": "the file of `serve --models`, in the test of it",
    "LocalEnvironmentResource.known.skills": "the official client, of what is given; what is shown of it is unknown",
    "Response.known.input": "OGX, in its list of responses",
    "ResponseCustomToolCallInputDeltaEvent.known.obfuscation": "the recordings, of other deltas",
    "ResponseReasoningSummaryTextDeltaEvent.known.obfuscation": "the recordings, of other deltas",
    "ResponseReasoningTextDeltaEvent.known.obfuscation": "the recordings, of other deltas",
    "ResponseRefusalDeltaEvent.known.obfuscation": "the recordings, of other deltas",
    "WebSearchToolCall.known.results": "the specification, as what may be included",
}
"""The properties that no schema of the specification has, and who says that there are such."""

OWN: dict[str, Schema] = {
    "Deleted": {
        "properties": {"id": {"type": "string"}, "object": {"type": "string"}, "deleted": {"type": "boolean"}},
        "required": ["id", "object", "deleted"],
    },
    "Said": {"properties": {"message": {"type": "string"}}, "required": ["message"]},
    "ResponseList": {
        "properties": {
            "object": {"type": "string", "enum": ["list"]},
            "data": {"type": "array", "items": {"$ref": "#/Response"}},
            "first_id": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "last_id": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "has_more": {"type": "boolean"},
        },
        "required": ["object", "data", "first_id", "last_id", "has_more"],
    },
    # What vLLM and SGLang say, and what the framework does that they are built on, where they have no route.
    "Numbered": {"anyOf": [{"$ref": "#/NumberedError"}, {"$ref": "#/Detail"}]},
    "NumberedError": {
        "properties": {
            "error": {
                "properties": {
                    "message": {"type": "string"},
                    "type": {"type": "string"},
                    "param": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "code": {"type": "integer"},
                },
                "required": ["message", "type", "param", "code"],
            }
        },
        "required": ["error"],
    },
    "Detail": {"properties": {"detail": {"type": "string"}}, "required": ["detail"]},
}


def flaws(name: str, value: Any) -> Iterator[Flaw]:
    """All that is amiss in a value by the schema of that name."""
    for error in _Validator(compiled(name)).iter_errors(value):
        yield from _flaws_of(error, name)


def _flaws_of(error: Any, name: str) -> Iterator[Flaw]:
    steps = list(error.absolute_schema_path)
    while "named" in steps:
        place = steps.index("named")
        name, steps = steps[place + 1], steps[place + 2 :]
    words = [str(step) for step in steps if step not in ("properties", "nullable", "items")]
    if error.validator in ("required", "known"):
        words.append(str(error.message).split("'")[1])
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    yield Flaw(where.removeprefix("."), ".".join([name, *words]), str(error.message)[:200])


class Answer(NamedTuple):
    """An answer of the service in memory: what was asked, and what it sent."""

    method: str
    path: str
    dialect: Dialect
    status: int
    body: bytes
    is_stream: bool


_ANSWERS = [
    (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), answer)
    for path, operations in PATHS.items()
    for method, operation in operations.items()
    if method in ("get", "post", "delete")
    for answer in [operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema")]
]


def schema_of(answer: Answer) -> str:
    """The name of the schema that an answer has to follow."""
    if not 200 <= answer.status < 300:
        return {"error": "ErrorResponse", "bare": "Error", "detail": "Detail", "numbered": "Numbered"}[
            answer.dialect.envelope
        ]
    if answer.is_stream:
        return "ResponseStreamEvent"
    if (answer.method, answer.path) == ("GET", "/responses"):
        return "ResponseList"
    if answer.method == "DELETE" and answer.dialect.deleted_message is not None:
        return "Said"
    for method, path, schema in _ANSWERS:
        if method == answer.method.lower() and path.fullmatch(answer.path):
            return schema["$ref"].rpartition("/")[2] if schema else "Deleted"
    raise AssertionError(f"{answer.method} {answer.path}: the specification has no answer to it")


def flaws_in(answer: Answer) -> Iterator[Flaw]:
    """All that is amiss in an answer."""
    if answer.dialect.accept == "anything":
        # What was asked is in the answer, and may be anything.
        return
    name = schema_of(answer)
    left_out = _left_out(answer.dialect)
    values = events_of(answer.body) if answer.is_stream else [json.decode(answer.body)] if answer.body else []
    for number, value in enumerate(values):
        for flaw in flaws(name, value):
            if value.get("data") == [] and flaw.place in ("first_id", "last_id"):
                # What the real service says there is unknown.
                continue
            if flaw.rule in RECORDED or flaw.rule in BESIDES or flaw.rule.partition(".")[2] in left_out:
                continue
            if not (answer.dialect.accept == "unknown_names" and ".known." in flaw.rule):
                yield flaw._replace(place=f"event {number}: {flaw.place}") if answer.is_stream else flaw


def _left_out(dialect: Dialect) -> set[str]:
    """The rules for what a dialect leaves out of lists and their items."""
    ends: set[str] = set() if dialect.page_ends else {"required.first_id", "required.last_id", "required.has_more"}
    if dialect.members is not None:
        ends |= {f"required.{name}" for name in compiled("Response")["required"] if name not in dialect.members}
    return ends if dialect.item_ids else ends | {"id.type"}


def events_of(body: bytes) -> list[dict[str, Any]]:
    """The events of a body that is a stream of them."""
    return [json.decode(line[6:]) for line in body.split(b"\n") if line.startswith(b"data: {")]
