"""The form in which the model is to write."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire


class PlainTextFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """The model writes plain text. Schema `ResponseFormatText`."""

    type: ClassVar[Literal["text"]] = "text"


class JSONSchemaFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="json_schema"):
    """The model writes JSON that fits a schema. Schema `TextResponseFormatJsonSchema`."""

    type: ClassVar[Literal["json_schema"]] = "json_schema"
    description: str | UnsetType | None = UNSET
    name: str
    schema: dict[str, Any]
    strict: bool | UnsetType | None = UNSET


class JSONObjectFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="json_object"):
    """The model writes a JSON object of any form. Schema `ResponseFormatJsonObject`."""

    type: ClassVar[Literal["json_object"]] = "json_object"


class GrammarFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="grammar"):
    """The model writes what follows a grammar. Not in the specification: the official client has it."""

    type: ClassVar[Literal["grammar"]] = "grammar"
    grammar: str


class PythonFormat(Wire, frozen=True, kw_only=True, tag_field="type", tag="python"):
    """The model writes Python. Not in the specification: the official client has it."""

    type: ClassVar[Literal["python"]] = "python"


class TextConfig(Wire, frozen=True, kw_only=True):
    """How the model is to write: format and verbosity. Schema `ResponseTextParam`.

    `verbosity`: `low`, `medium` or `high`.
    """

    format: TextFormat | UnsetType | None = UNSET
    verbosity: str | UnsetType | None = UNSET


TextFormat: TypeAlias = PlainTextFormat | JSONSchemaFormat | JSONObjectFormat | GrammarFormat | PythonFormat | Unknown
"""The form in which the model is to write. Schema `TextResponseFormatConfiguration`."""
