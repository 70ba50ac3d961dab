"""A change of configuration, as an item among the others. Not in the specification: the official client has it."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .reasoning import Reasoning
from .text_format import TextConfig


class ConfigurationUpdate(Wire, frozen=True, kw_only=True, tag_field="type", tag="configuration_update"):
    """From here on the model reasons and writes like this, until the next one. Of `reasoning`, it is the `effort`."""

    type: ClassVar[Literal["configuration_update"]] = "configuration_update"
    id: str | UnsetType | None = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET
    text: TextConfig | UnsetType | None = UNSET
