"""What tables show of models and of conversations."""

from __future__ import annotations

from typing import Any

from msgspec import json

from ..codecs import to_plain
from ..codecs.lossless.plain import is_object
from .tables import Column, View, date_of


def model_cells(model: Any) -> tuple[str, ...]:
    """Show a `Model`."""
    plain = _object(model)
    return _text(plain.get("id")), date_of(plain.get("created")), _text(plain.get("owned_by"))


def conversation_cells(conversation: Any) -> tuple[str, ...]:
    """Show a `Conversation`."""
    plain = _object(conversation)
    metadata = plain.get("metadata")
    pairs = metadata.items() if is_object(metadata) else ()
    shown = ", ".join(f"{name}={_text(value)}" for name, value in pairs)
    return _text(plain.get("id")), date_of(plain.get("created_at")), shown


MODEL_VIEW = View((Column("ID"), Column("CREATED", 16), Column("OWNED BY")), model_cells)
CONVERSATION_VIEW = View((Column("ID"), Column("CREATED", 16), Column("METADATA")), conversation_cells)


def _object(value: Any) -> dict[str, Any]:
    plain = to_plain(value)
    return plain if is_object(plain) else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.encode(value).decode()
