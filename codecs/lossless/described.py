"""The JSON Schema of a type that msgspec reads, with all that the type says.

Law: what fits the schema is read as a value of the type. A member that msgspec does not read, or not as the type means
it, is refused, with the path that leads to it; msgspec itself would fail, or pass over it, when a value is read.

msgspec gives a `datetime` and a `time` a format only where the type demands a time zone. One that takes either is
given it here: whoever writes a time then adds its zone, which such a field takes as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from .building import info_of, schema_of
from .self_reading import reads_itself, reads_only_by_adapter

_REF = "#/$defs/"
_FORMATS = {"DateTimeType": "date-time", "TimeType": "time"}


class Unread(TypeError):
    """A member of a type is one that msgspec does not read."""


def described(shape: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a type, and those that it refers to. Raises `TypeError`, or `NameError` where a name is unknown."""
    info = info_of(shape)
    for path, kind in foreign_in(info):
        raise Unread(_advice(path, kind))
    root, components = schema_of(shape)
    _Formats(components).add(info, root)
    return root, components


def refuse_models(shape: Any) -> None:
    """Raise `Unread` for a type that msgspec reads and that has a pydantic model inside."""
    for path, kind in foreign_in(info_of(shape)):
        if reads_itself(kind) or reads_only_by_adapter(kind):
            raise Unread(_advice(path, kind))


def foreign_in(info: Any) -> Iterator[tuple[str, type]]:
    """The members of a type that msgspec does not read as they are meant, each with its path."""
    pending, seen = [("$", info)], set[type]()
    while pending:
        path, part = pending.pop()
        kind: Any = getattr(part, "cls", None)
        if type(part).__name__ == "CustomType" or reads_only_by_adapter(kind):
            yield path, kind
        elif kind not in seen:
            fields: Any = getattr(part, "fields", ())
            seen |= {kind} if fields else set()
            pending += [(f"{path}.{field.encode_name}", field.type) for field in reversed(fields)]
        pending += [(path + step, inner) for step, inner in _inner(part)]


def _inner(info: Any) -> Iterator[tuple[str, Any]]:
    """The types that a type is made of, but for its fields, and what they add to the path."""
    for name, step in (("type", ""), ("item_type", "[]"), ("key_type", "[]"), ("value_type", "[]")):
        if hasattr(info, name):
            yield step, getattr(info, name)
    for name, step in (("types", ""), ("item_types", "[]")):
        yield from ((step, inner) for inner in getattr(info, name, ()))


def unread_member(shape: Any) -> str:
    """The path of the member for which msgspec refuses a type: it says what the matter is, and not where."""
    path, seen = "$", set[int]()
    while id(shape) not in seen:
        seen.add(id(shape))
        for step, inner in _declared(shape):
            if id(inner) not in seen and not _is_known(inner):
                shape, path = inner, path + step
                break
    return path


def _declared(shape: Any) -> list[tuple[str, Any]]:
    """The types that a type names: of its fields, or of its elements."""
    try:
        if isinstance(shape, type) and not get_origin(shape):
            return [(f".{name}", hint) for name, hint in get_type_hints(shape, include_extras=True).items()]
    except Exception:  # whatever a caller's own annotations may raise
        return []
    if get_origin(shape) is Annotated:
        return [("", get_args(shape)[0])]
    step = "[]" if isinstance(get_origin(shape), type) and get_origin(shape) is not UnionType else ""
    return [(step, inner) for inner in get_args(shape)]


def _is_known(shape: Any) -> bool:
    try:
        info_of(shape)
    except Exception:
        return False
    return True


def place(path: str) -> str:
    """The subject of a sentence about the member to which `path` leads."""
    return "The type itself" if path == "$" else f"The member `{path}`"


def _advice(path: str, kind: type) -> str:
    name = getattr(kind, "__name__", repr(kind))
    if reads_itself(kind):
        return (
            f"{place(path)} is the model `{name}`, which msgspec does not read inside another type."
            " Make the type around it a model too; of a list or a union of models, pass a `pydantic.TypeAdapter`"
        )
    if reads_only_by_adapter(kind):
        return (
            f"{place(path)} is the pydantic dataclass `{name}`, whose validators msgspec would pass over."
            " Pass a `pydantic.TypeAdapter` of the whole type"
        )
    return (
        f"{place(path)} is of the type `{name}`, which msgspec does not read."
        " Declare one that it does: a struct, a dataclass, a TypedDict, a list, a string and so on"
    )


class _Formats:
    """Adds the formats of times to a schema and to those that it refers to, beside the type that they were made of."""

    __slots__ = ("_components",)

    def __init__(self, components: dict[str, Any]) -> None:
        self._components = dict(components)

    def add(self, info: Any, schema: Any) -> None:
        while hasattr(info, "extra_json_schema"):
            info = info.type
        if "$ref" in schema:
            schema = self._components.pop(schema["$ref"].removeprefix(_REF), {})
        kind = type(info).__name__
        if kind in _FORMATS and info.tz is None and schema.get("type") == "string":
            schema.setdefault("format", _FORMATS[kind])
        for inner, part in self._parts(info, schema):
            self.add(inner, part)

    def _parts(self, info: Any, schema: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
        """The types that a type is made of, each beside its schema."""
        if hasattr(info, "fields"):
            members = schema.get("properties", {})
            places = schema.get("prefixItems", [])
            yield from (
                (field.type, members[field.encode_name]) for field in info.fields if field.encode_name in members
            )
            # An array has the tag of a struct before its fields.
            yield from zip((field.type for field in reversed(info.fields)), reversed(places), strict=False)
        for name, word in (("item_type", "items"), ("value_type", "additionalProperties")):
            if hasattr(info, name) and word in schema:
                yield getattr(info, name), schema[word]
        yield from zip(getattr(info, "item_types", ()), schema.get("prefixItems", ()), strict=False)
        if hasattr(info, "types"):
            yield from _options(info.types, schema.get("anyOf", []))


def _options(types: Any, schemas: list[Any]) -> Iterator[tuple[Any, Any]]:
    """The types of a union, each beside its schema: structs are after the others, several of them in a union inside."""
    others = [part for part in types if _kind_of(part) not in {"NoneType", "StructType"}]
    structs = [part for part in types if _kind_of(part) == "StructType"]
    behind = schemas[len(others) :]
    yield from zip(others, schemas, strict=False)
    yield from zip(structs, behind[0].get("anyOf", behind) if behind else (), strict=False)


def _kind_of(info: Any) -> str:
    """What a type in a union is; an array, where a struct is written as one."""
    while hasattr(info, "extra_json_schema"):
        info = info.type
    kind = type(info).__name__
    return "array" if kind == "StructType" and info.array_like else kind
