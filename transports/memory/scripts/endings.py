"""What a script may say of how a response ends: its error, why it is incomplete, what it used."""

from __future__ import annotations

from typing import Any

from ....codecs.lossless.plain import JsonObject, is_object
from ..validation.refused_values import JSON_KINDS, below_minimum, missing_parameter, wrong_type
from .completion import WrongItem

_DETAILS = ("input_tokens_details", "output_tokens_details")


def check_texts(said: JsonObject, where: str, names: tuple[str, ...]) -> None:
    """Raise `WrongItem` where `said` lacks a text of one of those names."""
    for name in names:
        if name not in said:
            raise WrongItem(missing_parameter(f"{where}.{name}").message)
        if not isinstance(said[name], str):
            raise _wrong(f"{where}.{name}", "a string", said[name])


def check_usage(usage: JsonObject, where: str = "usage") -> None:
    """Raise `WrongItem` where a count of tokens is no integer from 0 on. Counts of other names are let through."""
    for name, value in usage.items():
        if name in _DETAILS and where == "usage":
            if not is_object(value):
                raise _wrong(f"{where}.{name}", "an object", value)
            check_usage(value, f"{where}.{name}")
        elif name.endswith("_tokens"):
            if type(value) is not int:
                raise _wrong(f"{where}.{name}", "an integer", value)
            if value < 0:
                raise WrongItem(below_minimum(f"{where}.{name}", 0, str(value)).message)


def _wrong(where: str, expected: str, given: Any) -> WrongItem:
    return WrongItem(wrong_type(where, expected, JSON_KINDS.get(type(given), type(given).__name__)).message)
