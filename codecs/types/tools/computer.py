"""Computer use: the tool, the call, what the model wants done, and the output."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from ..content import ComputerScreenshot


class ClickAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="click"):
    """Click at a point. Schema `ClickParam`.

    `button`: `left`, `right`, `wheel`, `back` or `forward`.
    """

    type: ClassVar[Literal["click"]] = "click"
    button: str
    x: int
    y: int
    keys: tuple[str, ...] | UnsetType | None = UNSET


class DoubleClickAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="double_click"):
    """Click twice at a point. Schema `DoubleClickAction`."""

    type: ClassVar[Literal["double_click"]] = "double_click"
    x: int
    y: int
    keys: tuple[str, ...] | UnsetType | None = UNSET


class DragAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="drag"):
    """Drag along a path. Schema `DragParam`."""

    type: ClassVar[Literal["drag"]] = "drag"
    path: tuple[Coordinate, ...]
    keys: tuple[str, ...] | UnsetType | None = UNSET


class KeyPressAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="keypress"):
    """Press keys together. Schema `KeyPressAction`."""

    type: ClassVar[Literal["keypress"]] = "keypress"
    keys: tuple[str, ...]


class MoveAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="move"):
    """Move the pointer. Schema `MoveParam`."""

    type: ClassVar[Literal["move"]] = "move"
    x: int
    y: int
    keys: tuple[str, ...] | UnsetType | None = UNSET


class ScreenshotAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="screenshot"):
    """Take a screenshot. Schema `ScreenshotParam`."""

    type: ClassVar[Literal["screenshot"]] = "screenshot"


class ScrollAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="scroll"):
    """Scroll at a point, by pixels. Schema `ScrollParam`."""

    type: ClassVar[Literal["scroll"]] = "scroll"
    x: int
    y: int
    scroll_x: int
    scroll_y: int
    keys: tuple[str, ...] | UnsetType | None = UNSET


class TypeAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="type"):
    """Type text. Schema `TypeParam`."""

    type: ClassVar[Literal["type"]] = "type"
    text: str


class WaitAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="wait"):
    """Wait a while. Schema `WaitParam`."""

    type: ClassVar[Literal["wait"]] = "wait"


class Coordinate(Wire, frozen=True, kw_only=True):
    """A point on the screen, in pixels. Schema `CoordParam`."""

    x: int
    y: int


ComputerAction: TypeAlias = (
    ClickAction
    | DoubleClickAction
    | DragAction
    | KeyPressAction
    | MoveAction
    | ScreenshotAction
    | ScrollAction
    | TypeAction
    | WaitAction
    | Unknown
)
"""What the model wants done on a computer. Schema `ComputerAction`."""


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
