"""What the control endpoint takes, as JSON Schema: for editors, and for types in other languages."""

from __future__ import annotations

from ...codecs.lossless.building import schema_of
from ...codecs.lossless.plain import JsonObject
from ..memory.faults import FaultPlan
from ..memory.scripts.replies import Reply
from ..memory.scripts.script import Scripted
from ..memory.service import State
from .forms import ClockMove


def schemas() -> dict[str, JsonObject]:
    """A schema for the body of each route that takes one."""
    forms = {"script": Scripted | list[str | Reply], "faults": FaultPlan, "state": State, "clock": ClockMove}
    return {name: _schema(form) for name, form in forms.items()}


def _schema(form: object) -> JsonObject:
    schema, definitions = schema_of(form)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "$defs": definitions}
