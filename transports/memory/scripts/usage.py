"""The usage of a response: counted, a word as a token, but for what a script says of it."""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject, is_object
from ..validation.refused_values import below_minimum
from .completion import WrongItem
from .endings import wrong
from .model_input import text_of

_DETAILS = ("input_tokens_details", "output_tokens_details")
_COUNTS = (
    *("input_tokens", "output_tokens", "total_tokens"),
    *("cache_write_tokens", "cached_tokens", "reasoning_tokens"),
)


def check_usage(usage: JsonObject, where: str = "usage") -> None:
    """Raise `WrongItem` where a count of tokens is no integer from 0 on. Counts of other names are let through."""
    for name, value in usage.items():
        if name in _DETAILS and where == "usage":
            if not is_object(value):
                raise wrong(f"{where}.{name}", "an object", value)
            check_usage(value, f"{where}.{name}")
        elif name in _COUNTS:
            if type(value) is not int:
                raise wrong(f"{where}.{name}", "an integer", value)
            if value < 0:
                raise WrongItem(below_minimum(f"{where}.{name}", 0, str(value)).message)


def tokens_read(items: list[JsonObject], given: JsonObject) -> int:
    """How many tokens the input has: a word counts as one."""
    return len((given.get("instructions") or "").split()) + sum(len(text_of(item).split()) for item in items)


def usage_of(read_tokens: int, output: list[JsonObject], given: JsonObject | None = None) -> JsonObject:
    """The count of tokens: a word of text, of arguments or of a refusal is one. Counts that are `given` stay so."""
    wrote = reasoned = 0
    for item in output:
        words = _words(item)
        wrote += words
        if item.get("type") == "reasoning":
            reasoned += words
    usage: JsonObject = {
        "input_tokens": read_tokens,
        "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
        "output_tokens": wrote,
        "output_tokens_details": {"reasoning_tokens": reasoned},
        "total_tokens": read_tokens + wrote,
    }
    if not given:
        return usage
    for name, value in given.items():
        usage[name] = {**usage[name], **value} if is_object(value) and name in usage else value
    if "total_tokens" not in given:
        usage["total_tokens"] = usage["input_tokens"] + usage["output_tokens"]
    return usage


def _words(item: JsonObject) -> int:
    count = 0
    for part in (item, *(item.get("content") or ()), *(item.get("summary") or ())):
        if is_object(part):
            for name in ("text", "refusal", "arguments", "input"):
                text = part.get(name)
                if isinstance(text, str):
                    count += len(text.split())
    return count
