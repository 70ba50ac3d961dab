"""The JSON Schema of a cassette, made of the structs that read it: `docs/cassette.schema.json` is what this writes.

Law: the schema allows what the structs read, and no more; what a struct cannot say (that bytes are one of three forms)
is added here, and checked where it is read.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from msgspec import json

from ...codecs.lossless.building import schema_of
from .file_structs import VERSION, CassetteFile, Entry, Head

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def cassette_schema() -> bytes:
    """The schema of a whole cassette, as JSON; in `$defs` also `Head` and `Entry`, the lines of the JSON Lines form."""
    whole, definitions = schema_of(CassetteFile)
    definitions = {**definitions, **schema_of(Head)[1], **schema_of(Entry)[1]}
    for name, forms in (
        ("Bytes", ("json", "text", "base64")),
        ("ChunkBytes", ("json", "text", "base64")),
        ("BodyBytes", ("json", "text", "base64", "chunks")),
    ):
        _one_of(definitions[name], forms)
    definitions["Entry"]["oneOf"] = [
        {
            "required": ["response"],
            "properties": {
                "response": {"$ref": "#/$defs/ResponseEntry"},
                "failure": {"anyOf": [{"$ref": "#/$defs/InterruptedEntry"}, {"type": "null"}]},
            },
        },
        {
            "required": ["failure"],
            "properties": {"response": {"type": "null"}, "failure": {"not": {"type": "null"}}},
        },
    ]
    for name in ("CassetteFile", "Head"):
        properties = definitions[name]["properties"]
        properties["version"] = {"const": VERSION}
        properties["recorded"]["format"] = "date-time"
    for definition in definitions.values():
        definition["description"] = cleandoc(definition["description"])
    written = {"$schema": DIALECT, "title": "A cassette of puresponse", **whole, "$defs": definitions}
    return json.format(json.encode(written, order="sorted"), indent=2) + b"\n"


def _one_of(definition: dict[str, Any], forms: tuple[str, ...]) -> None:
    definition["oneOf"] = [{"required": [form]} for form in forms]
    definition["dependentRequired"] = {"indent": ["json"]}
    definition["properties"]["indent"] = {"enum": [-1, 0, 2, 4]}
