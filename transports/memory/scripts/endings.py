"""What a script may say of how a response ends: its error, or why it is incomplete."""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject
from ..validation.refused_values import JSON_KINDS, missing_parameter, wrong_type
from .completion import WrongItem


def check_texts(said: JsonObject, where: str, names: tuple[str, ...]) -> None:
    """Raise `WrongItem` where `said` lacks a text of one of those names."""
    for name in names:
        if name not in said:
            raise WrongItem(missing_parameter(f"{where}.{name}").message)
        if not isinstance(said[name], str):
            raise wrong(f"{where}.{name}", "a string", said[name])


def wrong(where: str, expected: str, given: object) -> WrongItem:
    """What to raise where a value is of another type."""
    return WrongItem(wrong_type(where, expected, JSON_KINDS.get(type(given), type(given).__name__)).message)
