"""The types of the official client, read from its annotations, beside the forms of ours.

The client has models for what arrives and typed dicts for what is sent. Both are gone through from a root downwards,
together with the form of our type at the same place; what the client names there and ours does not is noted. Where an
object has a `type`, ours is the struct of that `type`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from typing_extensions import TypeAliasType, is_typeddict

from puresponse.codecs.lossless.forms import Fields, Form

LONG = 30
"""Longer enumerations, of models, are in no docstring."""


def options_of(annotation: Any) -> Iterator[Any]:
    """What an annotation may be, without what is only about a field: whether it is required, how it is written."""
    if isinstance(annotation, TypeAliasType):
        yield from options_of(annotation.__value__)
        return
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in {Annotated, Required, NotRequired}:
        yield from options_of(args[0])
    elif origin in {Union, UnionType}:
        for option in args:
            yield from options_of(option)
    else:
        yield annotation


def fields_of(shape: Any) -> dict[str, Any] | None:
    """The annotations of an object's fields, by their names in JSON; None where the type is no object of fields."""
    if inspect.isclass(shape) and issubclass(shape, BaseModel):
        return {field.alias or name: field.annotation for name, field in shape.model_fields.items()}
    if is_typeddict(shape):
        hints = get_type_hints(shape, include_extras=True)
        return {alias_of(hint) or name: hint for name, hint in hints.items()}
    return None


def alias_of(hint: Any) -> str | None:
    """The name in JSON of a typed dict's field, where its annotation gives it another one."""
    if get_origin(hint) in {Required, NotRequired}:
        return alias_of(get_args(hint)[0])
    found = (getattr(note, "alias", None) for note in getattr(hint, "__metadata__", ()))
    return next((alias for alias in found if alias), None)


def values_of(annotation: Any) -> list[str]:
    """The strings that an annotation enumerates, also those that elements or members may be."""
    found: list[Any] = []
    for option in options_of(annotation):
        found += get_args(option) if get_origin(option) is Literal else ()
        for inner in _inside(option):
            found += values_of(inner)
    return [value for value in found if isinstance(value, str)]


def is_object(shape: Any) -> bool:
    """Whether a type of the client's is an object of fields."""
    return (inspect.isclass(shape) and issubclass(shape, BaseModel)) or is_typeddict(shape)


def has_objects(annotation: Any) -> bool:
    """Whether there is an object of fields in what the annotation may be."""
    return any(
        is_object(option) or any(has_objects(inner) for inner in _inside(option)) for option in options_of(annotation)
    )


def _inside(option: Any) -> tuple[Any, ...]:
    """What the elements of a sequence are, or the members of a mapping."""
    origin, args = get_origin(option), get_args(option)
    if not inspect.isclass(origin) or not args or not issubclass(origin, Iterable):
        return tuple(_elements_of(option))
    return (args[1],) if issubclass(origin, Mapping) else (args[0],)


def _elements_of(option: Any) -> Iterator[Any]:
    """The elements of the client's own protocol of a sequence that is no string."""
    if getattr(get_origin(option), "__name__", "") == "SequenceNotStr":
        yield get_args(option)[0]


class Drift:
    """Goes through the client's types and our forms side by side, and notes what ours have no name for."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}
        """What ours have no name for, and the first place where it was met."""
        self.compared = 0
        """How many fields were."""
        self.met: set[Any] = set()
        """The client's models and typed dicts that were."""
        self._seen: set[tuple[Any, int]] = set()

    def compare(self, annotation: Any, form: Form | None, path: str) -> None:
        """Compare what the client has at `path` with our form there."""
        for option in options_of(annotation):
            fields = fields_of(option)
            inside = _inside(option)
            if fields is not None:
                self._compare_object(option, fields, form, path)
            elif inside and has_objects(inside[0]):
                mapping = issubclass(get_origin(option), Mapping)
                inner = None if form is None else form.members if mapping else form.elements
                self.compare(inside[0], inner, f"{path}.*" if mapping else f"{path}[]")

    def _compare_object(self, shape: Any, fields: dict[str, Any], form: Form | None, path: str) -> None:
        if (shape, id(form)) in self._seen:
            return
        self._seen.add((shape, id(form)))
        self.met.add(shape)
        tags: list[str | None] = [*values_of(fields.get("type"))]
        if form is None or not (form.tagged or form.untagged):
            self._note(f"{shape.__name__} {_members(fields)}", path)
            return
        for tag in tags or [None]:
            ours = form.fields_of({"type": tag} if tag else dict.fromkeys(fields))
            if ours is None:
                self._note(f"{tag or shape.__name__} {_members(fields)}", path)
            else:
                self._compare_fields(fields, ours, path, tag)

    def _compare_fields(self, fields: dict[str, Any], ours: Fields, path: str, tag: str | None) -> None:
        here = f"{path}<{tag}>" if tag else path
        struct = ours.struct.__name__
        documented = " ".join(base.__doc__ or "" for base in ours.struct.__mro__)
        for name, annotation in fields.items():
            self.compared += 1
            if name not in ours.names:
                self._note(f"{struct}.{name}", here)
                continue
            if has_objects(annotation):
                self.compare(annotation, ours.forms().get(name), f"{here}.{name}")
            values = values_of(annotation)
            if name not in {"type", "object"} and len(values) <= LONG:
                for value in values:
                    if f"`{value}`" not in documented:
                        self._note(f"{struct}.{name} = {value}", here)

    def _note(self, name: str, path: str) -> None:
        self.missing.setdefault(name, path)


def _members(fields: dict[str, Any]) -> str:
    return "{" + ", ".join(fields) + "}"
