"""Filling in what is not given.

Law: what is given stays as it is, and where nothing is missing, the value itself is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ....codecs.lossless.plain import JsonObject, is_array, is_object


def over(defaults: JsonObject, given: JsonObject, kind: str = "") -> JsonObject:
    """What is given, with the defaults of what is not, or is null where it may not be. An item has a `kind`."""
    for name, value in defaults.items():
        if name not in given or (given[name] is None and value is not None):
            break
    else:
        if not kind or "type" in given:
            return given
    missing = {
        name: value
        for name, value in defaults.items()
        if name not in given or (given[name] is None and value is not None)
    }
    # Recorded: an item's id, type and status are said first.
    head = {"id": given["id"]} if "id" in given else {}
    if kind:
        head["type"] = kind
    if "status" in missing:
        head["status"] = missing["status"]
    return {**head, **given, **missing}


def each_of(values: Any, fill: Callable[[JsonObject], JsonObject]) -> Any:
    """The objects of a list, each filled; the list itself where all of them are whole."""
    if not is_array(values):
        return values
    for index, value in enumerate(values):
        if is_object(value) and (whole := fill(value)) is not value:
            rest = [fill(each) if is_object(each) else each for each in values[index + 1 :]]
            return [*values[:index], whole, *rest]
    return values


def with_null(value: Any, path: Sequence[str | int]) -> Any:
    """The value with null at that place, in which there is nothing."""
    if not path:
        return None
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return [*value[:step], with_null(value[step], rest), *value[step + 1 :]]
    return {**value, step: with_null(value.get(step), rest)}
