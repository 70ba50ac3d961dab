"""Events about input that is to steer a response while it is made, which a WebSocket connection can send.

None of them is in the specification: the official client has them.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire
from ..items import InputItem


class Steer(Wire, frozen=True, kw_only=True):
    """Input that is to steer the response `previous_response_id`; `input` is there where it is returned."""

    id: str | UnsetType | None = UNSET
    previous_response_id: str | UnsetType | None = UNSET
    input: str | tuple[InputItem, ...] | UnsetType | None = UNSET


class SteerError(Wire, frozen=True, kw_only=True):
    """Why the input was not used.

    `code`: `response_not_found`, `invalid_input`, `steering_not_supported`, `too_many_pending_steers`,
    `response_already_completed`, `response_not_active` or `successor_creation_failed`.
    """

    code: str | UnsetType | None = UNSET
    message: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET


class RequiredInput(Wire, frozen=True, kw_only=True):
    """What the caller has yet to bring: an item of this `type`, with these fields and its output or approval.

    `type`: `function_call_output`, `custom_tool_call_output`, `computer_call_output`, `shell_call_output`,
    `apply_patch_call_output`, `tool_search_output` or `mcp_approval_response`. `execution`: `client`.
    """

    type: str
    call_id: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    execution: str | UnsetType | None = UNSET
    approval_request_id: str | UnsetType | None = UNSET


class SteerAcceptedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.steer.accepted"):
    """The input waits to be used."""

    type: ClassVar[Literal["response.steer.accepted"]] = "response.steer.accepted"
    sequence_number: int | UnsetType | None = UNSET
    steer: Steer
    stream_id: str | UnsetType | None = UNSET


class SteerPendingEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.steer.pending"):
    """The input waits still, and something is required first.

    `reason`: `waiting_for_required_input`.
    """

    type: ClassVar[Literal["response.steer.pending"]] = "response.steer.pending"
    sequence_number: int | UnsetType | None = UNSET
    steer: Steer
    reason: str | UnsetType | None = UNSET
    required_input: tuple[RequiredInput, ...] | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class SteerFailedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.steer.failed"):
    """The input was not used, and is returned. The response itself goes on."""

    type: ClassVar[Literal["response.steer.failed"]] = "response.steer.failed"
    sequence_number: int | UnsetType | None = UNSET
    steer: Steer
    error: SteerError
    stream_id: str | UnsetType | None = UNSET
