"""Tools as people read them: the name, what it is for, and the rest folded away. Secrets are not shown.

Law: a key that a tool was given for its server, and what it puts into requests, is shown as `(hidden)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..lossless.plain import is_mapping, is_sequence
from .blocks import Code, Folded, Part, Words
from .contents import further
from .fields import Fields, is_object_like, json_text, members_of

HIDDEN = "(hidden)"
"""What is shown of a secret."""

_DEEPEST = 4
"""Tools within tools: what is deeper is JSON."""


def tools_of(tools: Sequence[Any], depth: int = 0) -> tuple[Part, ...]:
    """Tools, each folded under its name."""
    return tuple(_tool(one, depth) for one in tools)


def _tool(value: Any, depth: int) -> Part:
    if not is_object_like(value):
        return Code(json_text(value))
    fields = Fields(value)
    kind, name = fields.text("type"), fields.text("name") or fields.text("server_label")
    title = " ".join(filter(None, (kind, name))) or "tool"
    parts: list[Part] = []
    description = fields.text("description") or fields.text("server_description")
    if description:
        parts.append(Words(description))
    for schema in ("parameters", "input_schema", "output_schema"):
        given = fields.take(schema)
        if given is not None:
            parts.append(Code(json_text(given), schema.replace("_", " ")))
    inner = fields.list("tools") if depth < _DEEPEST else ()
    parts += tools_of(inner, depth + 1)
    rest = {name: _without(name, member) for name, member in fields.rest().items()}
    return Folded(title, (*parts, *further(Fields(rest))))


def _without(name: str, value: Any) -> Any:
    if name == "authorization":
        return HIDDEN
    if name == "headers":
        return dict.fromkeys(members_of(value), HIDDEN)
    return without_secrets(value) if name in ("environment", "container", "network_policy") else value


def without_secrets(value: Any) -> Any:
    """The settings of a container, whose `domain_secrets` are hidden."""
    if not is_object_like(value):
        return value
    members = members_of(value)
    if "network_policy" in members:
        members["network_policy"] = without_secrets(members["network_policy"])
    secrets = members.get("domain_secrets")
    if is_sequence(secrets):
        members["domain_secrets"] = [
            {**members_of(one), "value": HIDDEN} if is_mapping(one) or is_object_like(one) else HIDDEN
            for one in secrets
        ]
    return members
