"""Messages, and the parts that their content is made of."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from .wire import Unknown, Wire


class InputText(Wire, frozen=True, kw_only=True, tag_field="type", tag="input_text"):
    """Text given to the model. Schema `InputTextContent`."""

    type: ClassVar[Literal["input_text"]] = "input_text"
    text: str


class OutputText(Wire, frozen=True, kw_only=True, tag_field="type", tag="output_text"):
    """Text that the model wrote. Schema `OutputTextContent`."""

    type: ClassVar[Literal["output_text"]] = "output_text"
    text: str
    annotations: tuple[dict[str, Any], ...] | UnsetType = UNSET
    logprobs: tuple[dict[str, Any], ...] | UnsetType = UNSET


ContentPart: TypeAlias = InputText | OutputText | Unknown


class Message(Wire, frozen=True, kw_only=True, tag_field="type", tag="message"):
    """A message to or from the model. Schemas `InputMessageResource` and `OutputMessage`."""

    type: ClassVar[Literal["message"]] = "message"
    id: str | None | UnsetType = UNSET
    role: str
    content: tuple[ContentPart, ...]
    status: str | UnsetType = UNSET
