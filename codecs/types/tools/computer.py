"""Computer use: the tool, the call and its output."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from ..content import ComputerScreenshot
from .computer_actions import ComputerAction


class SafetyCheck(Wire, frozen=True, kw_only=True):
    """A check that the user is to acknowledge before the computer goes on. Schema `ComputerCallSafetyCheckParam`."""

    id: str
    code: str | UnsetType | None = UNSET
    message: str | UnsetType | None = UNSET


class ComputerTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="computer"):
    """Lets the model use a computer. Schema `ComputerTool`."""

    type: ClassVar[Literal["computer"]] = "computer"


class ComputerUsePreviewTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="computer_use_preview"):
    """Lets the model use a computer: the earlier form. Schema `ComputerUsePreviewTool`.

    `environment`: `windows`, `mac`, `linux`, `ubuntu` or `browser`.
    """

    type: ClassVar[Literal["computer_use_preview"]] = "computer_use_preview"
    environment: str
    display_width: int
    display_height: int


class ComputerCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="computer_call"):
    """The model wants something done on the computer. Schema `ComputerToolCall`.

    `status`: `in_progress`, `completed` or `incomplete`.
    """

    type: ClassVar[Literal["computer_call"]] = "computer_call"
    id: str | UnsetType | None = UNSET
    call_id: str
    action: ComputerAction | UnsetType | None = UNSET
    actions: tuple[ComputerAction, ...] | UnsetType | None = UNSET
    pending_safety_checks: tuple[SafetyCheck, ...]
    status: str | UnsetType | None = UNSET


class ComputerCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="computer_call_output"):
    """What the computer shows after a call.

    Schemas `ComputerToolCallOutput`, `ComputerToolCallOutputResource` and `ComputerCallOutputItemParam`.

    `status`: `in_progress`, `completed`, `incomplete` or `failed`.
    """

    type: ClassVar[Literal["computer_call_output"]] = "computer_call_output"
    id: str | UnsetType | None = UNSET
    call_id: str
    acknowledged_safety_checks: tuple[SafetyCheck, ...] | UnsetType | None = UNSET
    output: ComputerScreenshot | Unknown
    status: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET
