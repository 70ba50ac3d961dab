"""What the members of a request's body must be, as far as the specification bounds them.

A value that the specification only lists (a model, a tier, an include) is any string here: the API grows. What a
member may be besides is null, which is None; one that is left out is `UNSET`, and is not checked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ...codecs.lossless.plain import is_mapping, is_sequence
from ..arguments import check_include, invalid_argument
from ..errors import InvalidArgument

_MOST_METADATA = 16
_LONGEST_KEY = 64
_LONGEST_VALUE = 512
_LONGEST_IDENTIFIER = 64
_LEAST_THRESHOLD = 1000
"""Tokens."""


def check_body(body: Mapping[str, Any]) -> InvalidArgument | None:
    """Check each member of `body` that the specification bounds; None where all are good."""
    for name, value in body.items():
        if value is not None and name in BOUNDS:
            check, *bounds = BOUNDS[name]
            invalid: InvalidArgument | None = check(name, value, *bounds)
            if invalid is not None:
                return invalid
    return None


def check_text(parameter: str, value: Any) -> InvalidArgument | None:
    """A text is a string, also an empty one."""
    return None if isinstance(value, str) else invalid_argument(parameter, value, "a string, or None")


def check_word(parameter: str, value: Any) -> InvalidArgument | None:
    """A word is a string that is not empty: an id, a model, or one of a list of values that grows."""
    return (
        None if isinstance(value, str) and value else invalid_argument(parameter, value, "a non-empty string, or None")
    )


def check_identifier(parameter: str, value: Any) -> InvalidArgument | None:
    """An identifier is a string of at most 64 characters."""
    if isinstance(value, str) and len(value) <= _LONGEST_IDENTIFIER:
        return None
    return invalid_argument(parameter, value, f"a string of at most {_LONGEST_IDENTIFIER} characters, or None")


def check_flag(parameter: str, value: Any) -> InvalidArgument | None:
    """A flag is True or False."""
    return None if isinstance(value, bool) else invalid_argument(parameter, value, "True, False or None")


def check_number(parameter: str, value: Any, low: float, high: float) -> InvalidArgument | None:
    """A number is an int or a float from `low` to `high`."""
    if type(value) in (int, float) and low <= value <= high:
        return None
    return invalid_argument(parameter, value, f"a number from {low} to {high}, or None")


def check_count(parameter: str, value: Any, low: float, high: float) -> InvalidArgument | None:
    """A count is an int from `low` to `high`."""
    if type(value) is int and low <= value <= high:
        return None
    bounds = "" if math.isinf(low) else f" of at least {low}" if math.isinf(high) else f" from {low} to {high}"
    return invalid_argument(parameter, value, f"an integer{bounds}, or None")


def check_metadata(parameter: str, value: Any) -> InvalidArgument | None:
    """Metadata are at most 16 pairs of strings: keys of at most 64 characters, values of at most 512."""
    allowed = f"a mapping of at most {_MOST_METADATA} strings of at most {_LONGEST_VALUE} characters, or None"
    if not is_mapping(value) or not all(isinstance(text, str) for pair in value.items() for text in pair):
        return invalid_argument(parameter, value, allowed)
    if len(value) > _MOST_METADATA:
        return InvalidArgument(parameter, f"given {len(value)} pairs; allowed is {allowed}")
    for key, text in value.items():
        if len(key) > _LONGEST_KEY:
            return invalid_argument(parameter, key, f"keys of at most {_LONGEST_KEY} characters")
        if len(text) > _LONGEST_VALUE:
            return InvalidArgument(parameter, f"given {len(text)} characters for {key!r}; allowed is {allowed}")
    return None


def check_object(parameter: str, value: Any) -> InvalidArgument | None:
    """An object is a struct or a mapping."""
    return None if _is_object(value) else invalid_argument(parameter, value, "a struct, a mapping, or None")


def check_word_or_object(parameter: str, value: Any) -> InvalidArgument | None:
    """What is named by a string or described by an object."""
    if _is_object(value) or (isinstance(value, str) and value):
        return None
    return invalid_argument(parameter, value, "a non-empty string, a struct, a mapping, or None")


def check_objects(parameter: str, value: Any) -> InvalidArgument | None:
    """Objects are a list or tuple of structs and mappings."""
    if is_sequence(value) and all(map(_is_object, value)):
        return None
    return invalid_argument(parameter, value, "a list of structs and mappings, or None")


def check_context_management(parameter: str, value: Any) -> InvalidArgument | None:
    """Context management is at least one object, with a threshold of at least 1000 tokens where it has one."""
    if not (is_sequence(value) and value and all(map(_is_object, value))):
        return invalid_argument(parameter, value, "a list of at least one struct or mapping, or None")
    for entry in value:
        found: Any = entry.get("compact_threshold") if is_mapping(entry) else getattr(entry, "compact_threshold", None)
        if type(found) is int and found < _LEAST_THRESHOLD:
            return invalid_argument(
                f"{parameter}.compact_threshold", found, f"an integer of at least {_LEAST_THRESHOLD}"
            )
    return None


def _is_object(value: Any) -> bool:
    return isinstance(value, Struct) or is_mapping(value)


BOUNDS: dict[str, tuple[Any, ...]] = {
    "access_programs": (check_object,),
    "background": (check_flag,),
    "background_options": (check_object,),
    "context_management": (check_context_management,),
    "conversation": (check_word_or_object,),
    "image": (check_object,),
    "include": (check_include,),
    "instructions": (check_text,),
    "max_output_tokens": (check_count, 16, math.inf),
    "max_tool_calls": (check_count, -math.inf, math.inf),
    "metadata": (check_metadata,),
    "model": (check_word,),
    "moderation": (check_object,),
    "parallel_tool_calls": (check_flag,),
    "personality": (check_word,),
    "previous_response_id": (check_word,),
    "prompt": (check_object,),
    "prompt_cache_key": (check_text,),
    "prompt_cache_options": (check_object,),
    "prompt_cache_retention": (check_word,),
    "reasoning": (check_object,),
    "safety_identifier": (check_identifier,),
    "service_tier": (check_word,),
    "store": (check_flag,),
    "stream_options": (check_object,),
    "temperature": (check_number, 0, 2),
    "text": (check_object,),
    "tool_choice": (check_word_or_object,),
    "tools": (check_objects,),
    "top_logprobs": (check_count, 0, 20),
    "top_p": (check_number, 0, 1),
    "truncation": (check_word,),
    "user": (check_text,),
}
"""The check of each member, and its bounds. Of `input`, `inputs` makes items, which is its check."""
