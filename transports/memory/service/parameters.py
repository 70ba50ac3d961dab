"""The bodies of requests: read, checked against the table, and what a response says of them.

Nothing that is asked is ignored silently: what the table does not take is refused, and so is what is not simulated.
A dialect may let more pass; what the simulation cannot read is then as if it were not there.
"""

from __future__ import annotations

from typing import Any

from msgspec import json

from ....codecs.lossless.errors import REFUSALS
from ....codecs.lossless.plain import JsonObject, is_array, is_object
from ..validation.constraints import Reader
from ..validation.message_parts import check_parts
from ..validation.refusals import not_simulated, unreadable_body
from ..validation.refused_values import missing_parameter, refusal_of
from ..validation.request_table import request_table
from .endpoint import Asked

SHOWN: dict[str, Any] = {
    "access_programs": None,
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "prompt_cache_retention": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "service_tier": "auto",
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
    "metadata": {},
}
"""What a response says of the parameters that its request does not give: in the order of the recorded responses."""

_READ: dict[str, tuple[type, ...]] = {
    "conversation": (str, dict),
    "image": (dict,),
    "include": (list,),
    "input": (str, list),
    "instructions": (str,),
    "items": (list,),
    "metadata": (dict,),
    "model": (str,),
    "previous_response_id": (str,),
    "prompt_cache_options": (dict,),
    "stream_options": (dict,),
    "text": (dict,),
}
"""The JSON types that the simulation can read, where anything may be given."""

_NOT_SIMULATED = ("prompt",)
"""What would change the answer in ways that are not simulated."""


def read_parameters(asked: Asked, body: str, required: tuple[str, ...] = ()) -> JsonObject:
    """Read a request's body by the table's schema of it. One of no bytes has none, where none is `required`.

    What is `required` may not be null either.
    """
    data = asked.request.body
    if not data and not required:
        return {}
    try:
        given: Any = json.decode(data or b"")
    except REFUSALS:
        raise unreadable_body() from None
    if not is_object(given):
        raise unreadable_body()
    accept = asked.state.dialect.accept
    if accept == "anything":
        return _readable(given)
    reader = Reader(request_table(), accept == "unknown_names")
    violation = reader.first_violation(body, given)
    if violation is not None:
        raise refusal_of(violation, reader)
    for name in ("input", "items"):
        if name in request_table()[body]["properties"] and is_array(items := given.get(name)):
            check_parts(items, name)
    for name in _NOT_SIMULATED:
        if given.get(name):
            raise not_simulated(name)
    for name in required:
        if given.get(name) is None:
            raise missing_parameter(name)
    return given


def _readable(given: JsonObject) -> JsonObject:
    """What the simulation can read of a body in which anything may be."""
    readable = {name: value for name, value in given.items() if name not in _READ or type(value) in _READ[name]}
    for name in ("input", "items"):
        if is_array(items := readable.get(name)):
            readable[name] = [_readable_item(item) for item in items if is_object(item)]
    return readable


def _readable_item(item: JsonObject) -> JsonObject:
    kept = {name: value for name, value in item.items() if name not in ("id", "type") or isinstance(value, str)}
    if kept.get("type", "message") == "message" and not isinstance(kept.get("content"), str | list):
        kept["content"] = []
    return kept
