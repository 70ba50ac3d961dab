"""The bodies of requests: which parameters each endpoint has, of which JSON types, and what a response says of them.

Nothing that is asked is ignored silently: parameters are checked by name and JSON type, and what is not simulated is
refused. Names and types are the specification's, and the official client's where that has more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, json

from ....codecs.lossless.errors import REFUSALS
from ....codecs.lossless.plain import JsonObject, is_object
from .refusals import (
    missing_parameter,
    not_simulated,
    string_too_long,
    too_many_properties,
    unknown_parameter,
    unreadable_body,
    wrong_type,
)


class Parameter(Struct, frozen=True):
    """A parameter: what it may be, in the service's words and as Python types, and what the response says of it.

    `default` is what the response says where the request says nothing or null; `...` if the response does not say.
    """

    expected: str
    types: tuple[type, ...]
    default: Any = ...


_BOOLEAN = ("a boolean", (bool,))
_INTEGER = ("an integer", (int,))
_NUMBER = ("a number", (int, float))
_STRING = ("a string", (str,))
_OBJECT = ("an object", (dict,))
_ARRAY = ("an array of objects", (list,))
_EITHER = ("a string or an object", (str, dict))

OBJECT = Parameter(*_OBJECT)
STRING = Parameter(*_STRING)
OPTIONAL_STRING = Parameter("a string", (str, type(None)))
INPUT = Parameter("a string or an array of objects", (str, list))
ITEMS = Parameter(*_ARRAY)
METADATA = Parameter(*_OBJECT, {})

# In the order of the recorded responses.
CREATE: dict[str, Parameter] = {
    "access_programs": Parameter(*_OBJECT, None),
    "background": Parameter(*_BOOLEAN, False),
    "instructions": Parameter(*_STRING, None),
    "max_output_tokens": Parameter(*_INTEGER, None),
    "max_tool_calls": Parameter(*_INTEGER, None),
    "model": STRING,
    "parallel_tool_calls": Parameter(*_BOOLEAN, True),
    "previous_response_id": Parameter(*_STRING, None),
    "prompt_cache_key": Parameter(*_STRING, None),
    "prompt_cache_retention": Parameter(*_STRING, None),
    "reasoning": Parameter(*_OBJECT, {"effort": None, "summary": None}),
    "safety_identifier": Parameter(*_STRING, None),
    "service_tier": Parameter(*_STRING, "auto"),
    "store": Parameter(*_BOOLEAN, True),
    "temperature": Parameter(*_NUMBER, 1.0),
    "text": Parameter(*_OBJECT, {"format": {"type": "text"}, "verbosity": "medium"}),
    "tool_choice": Parameter(*_EITHER, "auto"),
    "tools": Parameter(*_ARRAY, []),
    "top_logprobs": Parameter(*_INTEGER, 0),
    "top_p": Parameter(*_NUMBER, 1.0),
    "truncation": Parameter(*_STRING, "disabled"),
    "user": Parameter(*_STRING, None),
    "metadata": METADATA,
    "include": Parameter("an array of strings", (list,)),
    "input": INPUT,
    "stream": Parameter(*_BOOLEAN),
    "stream_options": OBJECT,
    "background_options": OBJECT,
    "context_management": ITEMS,
    "conversation": Parameter(*_EITHER),
    "image": OBJECT,
    "moderation": OBJECT,
    "prompt": OBJECT,
    "prompt_cache_options": OBJECT,
}

COMPACT: dict[str, Parameter] = {
    "model": STRING,
    "input": INPUT,
    "previous_response_id": STRING,
    "instructions": STRING,
    "prompt_cache_key": STRING,
    "prompt_cache_retention": STRING,
    "prompt_cache_options": OBJECT,
    "service_tier": STRING,
    "image": OBJECT,
}

COUNT: dict[str, Parameter] = {
    "model": STRING,
    "input": INPUT,
    "previous_response_id": STRING,
    "conversation": Parameter(*_EITHER),
    "tools": ITEMS,
    "text": OBJECT,
    "reasoning": OBJECT,
    "truncation": STRING,
    "instructions": STRING,
    "personality": STRING,
    "tool_choice": Parameter(*_EITHER),
    "parallel_tool_calls": Parameter(*_BOOLEAN),
}

CONVERSATION: dict[str, Parameter] = {"metadata": METADATA, "items": ITEMS}
UPDATE: dict[str, Parameter] = {"metadata": METADATA}
ADD: dict[str, Parameter] = {"items": ITEMS}

_NOT_SIMULATED = ("prompt",)
"""What would change the answer in ways that are not simulated."""

_MOST_METADATA = 16
_LONGEST_NAME = 64
_LONGEST_VALUE = 512

_JSON_KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    dict: "an object",
    list: "an array",
    type(None): "null",
}


def read_parameters(
    data: bytes | None, parameters: Mapping[str, Parameter], required: tuple[str, ...] = ()
) -> JsonObject:
    """Read and check the parameters of a request's body. One of no bytes has none, where none is `required`."""
    if not data and not required:
        return {}
    try:
        given: Any = json.decode(data or b"")
    except REFUSALS:
        raise unreadable_body() from None
    if not is_object(given):
        raise unreadable_body()
    for name, value in given.items():
        parameter = parameters.get(name)
        if parameter is None:
            raise unknown_parameter(name)
        if value is None:
            continue
        check(value, name, parameter)
        if name == "metadata":
            _check_metadata(value)
        elif value and name in _NOT_SIMULATED:
            raise not_simulated(name)
    for name in required:
        if given.get(name) is None:
            raise missing_parameter(name)
    return given


def check(value: Any, where: str, parameter: Parameter) -> None:
    """Refuse a value of a type that the parameter does not have."""
    if type(value) not in parameter.types:
        raise wrong_type(where, parameter.expected, _JSON_KINDS[type(value)])


def _check_metadata(metadata: JsonObject) -> None:
    if len(metadata) > _MOST_METADATA:
        raise too_many_properties("metadata", _MOST_METADATA, len(metadata))
    for name, value in metadata.items():
        if len(name) > _LONGEST_NAME:
            raise string_too_long("metadata", _LONGEST_NAME, len(name))
        check(value, f"metadata.{name}", STRING)
        if len(value) > _LONGEST_VALUE:
            raise string_too_long(f"metadata.{name}", _LONGEST_VALUE, len(value))
