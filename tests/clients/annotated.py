"""Values of the official client's types, made from its annotations.

Between them, the values of a type name all that it may be: each member of each union and each word of each enumeration,
at whatever depth, is in one of them. The first has what is required and no more; all others have everything.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, Literal, NotRequired, Required, get_args, get_origin, get_type_hints

from official_client import alias_of, fields_of, is_object, options_of, values_of
from pydantic import BaseModel

STRINGS = {
    "arguments": '{"city":"Lyon"}',
    "call_id": "call_1",
    "file_data": "data:text/plain;base64,aGVsbG8=",
    "image_url": "https://example.com/image.png",
    "name": "get_weather",
    "result": "aGVsbG8=",
    "server_url": "https://example.com/mcp",
    "tunnel_id": "tunnel_" + "a" * 32,
    "url": "https://example.com/",
}
"""Strings of which more is asked than that they are some, by the names of their fields."""

NUMBERS = {"compact_threshold": 1000, "max_output_tokens": 16, "quality": 50}
"""Numbers that may not be 1."""

OBJECTS: dict[str, dict[str, Any]] = {"filters": {"type": "eq", "key": "colour", "value": "red"}}
"""Objects of which the annotations say nothing, and the specification does."""


def examples(annotation: Any, name: str = "", *, briefly: frozenset[Any] = frozenset()) -> list[Any]:
    """Values that the annotation allows, of a field called `name`; one, with all in it, of the types `briefly`."""
    return _Maker(briefly).values(annotation, name, ())


def members_of(annotation: Any) -> dict[str, Any]:
    """The members of a union of objects, by their `type` and their own names."""
    shapes = [option for option in options_of(annotation) if is_object(option)]
    return {f"{kind_of(shape)} {shape.__name__}": shape for shape in shapes}


def kind_of(shape: Any) -> str:
    """The `type` that an object of a union is told by; the first where there are two."""
    return next(iter(values_of((fields_of(shape) or {}).get("type"))), "")


class _Maker:
    def __init__(self, briefly: frozenset[Any]) -> None:
        self._briefly = briefly

    def values(self, annotation: Any, name: str, within: tuple[Any, ...]) -> list[Any]:
        """Values of all that the annotation may be, but the objects that this is `within`."""
        options = [option for option in options_of(annotation) if option not in within]
        return [value for option in options for value in self._of(option, name, within)]

    def _of(self, option: Any, name: str, within: tuple[Any, ...]) -> list[Any]:
        origin, arguments = get_origin(option), get_args(option)
        if origin is Literal:
            return [*arguments]
        if is_object(option):
            found = [*self._objects(option, (*within, option))]
            return found[-1:] if option in self._briefly else found
        if inspect.isclass(origin) and issubclass(origin, Mapping):
            return [{"key": value} for value in self.values(arguments[1], name, within)]
        if arguments:
            assert issubclass(origin, Iterable) or origin.__name__ == "SequenceNotStr", option
            return [[value] for value in self.values(arguments[0], name, within)]
        plain: dict[Any, list[Any]] = {
            NoneType: [None],
            bool: [True, False],
            int: [NUMBERS.get(name, 1)],
            float: [0.5],
            object: [OBJECTS.get(name, {"key": "value"})],
            str: [STRINGS.get(name, name or "text")],
        }
        return plain[option]

    def _objects(self, shape: Any, within: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
        required, choices = required_of(shape), dict[str, list[Any]]()
        for name, annotation in (fields_of(shape) or {}).items():
            found = self.values(annotation, name, within)
            # Where a model's field may be left out, None is what the client has in its place.
            absent = is_model(shape) and name not in required
            choices[name] = [value for value in found if value is not None] if absent else found
        least = {name: found[0] for name, found in choices.items() if name in required}
        yield least
        for number in range(max(map(len, choices.values()), default=0)):
            full = {name: found[number % len(found)] for name, found in choices.items() if found}
            if full != least:
                yield full


def is_model(shape: Any) -> bool:
    return inspect.isclass(shape) and issubclass(shape, BaseModel)


def required_of(shape: Any) -> set[str]:
    """The names in JSON of the fields that an object must have."""
    if is_model(shape):
        return {field.alias or name for name, field in shape.model_fields.items() if field.is_required()}
    # What a typed dict says of its keys is wrong where its annotations are strings.
    hints = get_type_hints(shape, include_extras=True)
    asked = {name for name, hint in hints.items() if get_origin(hint) is Required}
    asked |= {name for name, hint in hints.items() if shape.__total__ and get_origin(hint) is not NotRequired}
    return {alias_of(hints[name]) or name for name in asked}
