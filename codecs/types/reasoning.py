"""Reasoning: how the model is to reason, and what it thought."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire
from .content import ReasoningText, SummaryText


class Reasoning(Wire, frozen=True, kw_only=True):
    """How the model is to reason. Schema `Reasoning`.

    `mode`: `standard` or `pro`. `effort`: `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`. `summary`:
    `auto`, `concise` or `detailed`. `context`: `auto`, `current_turn` or `all_turns`. `generate_summary`: `auto`,
    `concise` or `detailed`.
    """

    context: str | UnsetType | None = UNSET
    effort: str | UnsetType | None = UNSET
    mode: str | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET
    generate_summary: str | UnsetType | None = UNSET


class ReasoningItem(Wire, frozen=True, kw_only=True, tag_field="type", tag="reasoning"):
    """What the model thought, as far as it is shown. Schema `ReasoningItem`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["reasoning"]] = "reasoning"
    id: str | UnsetType | None = UNSET
    content: tuple[ReasoningText | Unknown, ...] | UnsetType | None = UNSET
    encrypted_content: str | UnsetType | None = UNSET
    summary: tuple[SummaryText | Unknown, ...]
    status: str | UnsetType | None = UNSET
