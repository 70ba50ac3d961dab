"""The JSON Schema of the wire structs, for documentation, validation and other languages.

Law: it says what decoding takes. So objects may have more fields than it names, and be of other types.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from .lossless.building import schema_of
from .lossless.plain import is_array, is_object
from .lossless.wire import UNKNOWN_FIELDS, Kept, Unknown

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_UNKNOWN = {"$ref": f"#/$defs/{Unknown.__name__}"}


def json_schema(shape: Any) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `shape`: a wire struct, a union of them, or anything made of them.

    https://json-schema.org/draft/2020-12

    >>> from puresponse.codecs import DeletedModel
    >>> json_schema(DeletedModel)["$defs"]["DeletedModel"]["required"]
    ['id', 'deleted']
    """
    schema, definitions = schema_of(shape, _schema_of_kept)
    opened = {name: _opened(definition) for name, definition in definitions.items() if name != Unknown.__name__}
    return {"$schema": _DRAFT, **_opened(schema), "$defs": opened}


def _schema_of_kept(type_: type) -> dict[str, Any]:
    if issubclass(type_, Kept):
        return {"type": "object"}
    raise NotImplementedError


def _opened(schema: Any) -> Any:
    """The schema that msgspec makes of a strict struct, as it is meant: open, and without what is ours."""
    if is_array(schema):
        return [_opened(element) for element in schema]
    if not is_object(schema):
        return schema
    opened = {word: _opened(value) for word, value in schema.items() if word != "properties"}
    if "description" in opened:
        opened["description"] = cleandoc(opened["description"])
    if "properties" in schema:
        opened["properties"] = {name: _opened(member) for name, member in schema["properties"].items()}
        if opened["properties"].pop(UNKNOWN_FIELDS, None):
            del opened["additionalProperties"]
    if _UNKNOWN in opened.get("anyOf", ()):
        known = opened.pop("discriminator")["mapping"].keys() - {Unknown.__struct_config__.tag}
        opened["anyOf"][opened["anyOf"].index(_UNKNOWN)] = _none_of(sorted(known))
    return opened


def _none_of(types: list[str]) -> dict[str, Any]:
    known = {"properties": {"type": {"enum": types}}, "required": ["type"]}
    return {"title": Unknown.__name__, "type": "object", "not": known}
