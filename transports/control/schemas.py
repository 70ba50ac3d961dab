"""What the control endpoint takes, as JSON Schema: for editors, and for types in other languages."""

from __future__ import annotations

from ...codecs.lossless.building import schema_of
from ...codecs.lossless.plain import JsonObject
from ..memory.scripts.schema import script_schema
from ..memory.service import State
from .forms import ClockMove


def schemas() -> dict[str, JsonObject]:
    """A schema for the body of each route that takes one."""
    files = script_schema()
    about = {name: files[name] for name in ("$schema", "$defs")}
    return {
        "script": {**about, "$ref": "#/$defs/Script"},
        "faults": {**about, "$ref": "#/$defs/FaultPlan"},
        "state": _schema(State),
        "clock": _schema(ClockMove),
    }


def _schema(form: object) -> JsonObject:
    schema, definitions = schema_of(form)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "$defs": definitions}
