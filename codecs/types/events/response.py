"""Events about a whole response."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.codec import to_plain
from ...lossless.wire import Wire
from ..error_body import ErrorBody, error_body_of
from ..error_response import ErrorObject
from ..response import Response


class ResponseCreatedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.created"):
    """The response was created. Schema `ResponseCreatedEvent`."""

    type: ClassVar[Literal["response.created"]] = "response.created"
    sequence_number: int | UnsetType | None = UNSET
    response: Response
    stream_id: str | UnsetType | None = UNSET


class ResponseQueuedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.queued"):
    """The response waits for its turn. Schema `ResponseQueuedEvent`."""

    type: ClassVar[Literal["response.queued"]] = "response.queued"
    response: Response
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ResponseInProgressEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.in_progress"):
    """The model has begun. Schema `ResponseInProgressEvent`."""

    type: ClassVar[Literal["response.in_progress"]] = "response.in_progress"
    sequence_number: int | UnsetType | None = UNSET
    response: Response
    stream_id: str | UnsetType | None = UNSET


class ResponseCompletedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.completed"):
    """The response is complete. Schema `ResponseCompletedEvent`."""

    type: ClassVar[Literal["response.completed"]] = "response.completed"
    sequence_number: int | UnsetType | None = UNSET
    response: Response
    stream_id: str | UnsetType | None = UNSET


class ResponseFailedEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.failed"):
    """The response failed; its `error` says why. Schema `ResponseFailedEvent`."""

    type: ClassVar[Literal["response.failed"]] = "response.failed"
    sequence_number: int | UnsetType | None = UNSET
    response: Response
    stream_id: str | UnsetType | None = UNSET


class ResponseIncompleteEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="response.incomplete"):
    """The response ended early; its `incomplete_details` say why. Schema `ResponseIncompleteEvent`."""

    type: ClassVar[Literal["response.incomplete"]] = "response.incomplete"
    response: Response
    sequence_number: int | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET


class ErrorEvent(Wire, frozen=True, kw_only=True, tag_field="type", tag="error"):
    """Something went wrong, and the stream ends. Schema `ResponseErrorEvent`.

    A WebSocket, and some servers, send what went wrong in `error`, and the `status` that an answer would have had.
    `body` tells it wherever it is.
    """

    type: ClassVar[Literal["error"]] = "error"
    code: str | UnsetType | None = UNSET
    message: str | UnsetType | None = UNSET
    param: str | UnsetType | None = UNSET
    stream_id: str | UnsetType | None = UNSET
    sequence_number: int | UnsetType | None = UNSET
    status: int | UnsetType | None = UNSET
    error: ErrorObject | UnsetType | None = UNSET

    @property
    def body(self) -> ErrorBody:
        """What went wrong: message, type, param and code, as the `ApiError` of a stream has them."""
        return error_body_of(to_plain(self))
