"""The events of webhook deliveries: one struct for each type of event that the service documents.

https://platform.openai.com/docs/api-reference/webhook-events
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...codecs.lossless.wire import Unknown, Wire


class WebhookData(Wire, frozen=True, kw_only=True):
    """What an event is about: the response, batch, job or run of that id."""

    id: str


class SipHeader(Wire, frozen=True, kw_only=True):
    """A header of the SIP invitation of a call."""

    name: str
    value: str


class RealtimeCallData(Wire, frozen=True, kw_only=True):
    """The call that waits to be accepted. What its headers say is not to be trusted."""

    call_id: str
    sip_headers: tuple[SipHeader, ...]
    sip_media_security: str | UnsetType | None = UNSET


class _Event(Wire, frozen=True, kw_only=True):
    """What all events have in common: `created_at` is in seconds since 1970, `object` is `event`."""

    id: str
    created_at: int | float
    object: str | UnsetType | None = UNSET


class _ThinEvent(_Event, frozen=True, kw_only=True):
    """An event that holds no more than the id of what it is about."""

    data: WebhookData


class ResponseCompletedWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="response.completed"):
    """A background response is complete."""

    type: ClassVar[Literal["response.completed"]] = "response.completed"


class ResponseCancelledWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="response.cancelled"):
    """A background response was cancelled."""

    type: ClassVar[Literal["response.cancelled"]] = "response.cancelled"


class ResponseFailedWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="response.failed"):
    """A background response failed."""

    type: ClassVar[Literal["response.failed"]] = "response.failed"


class ResponseIncompleteWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="response.incomplete"
):
    """A background response ended early."""

    type: ClassVar[Literal["response.incomplete"]] = "response.incomplete"


class BatchCompletedWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="batch.completed"):
    """A batch is complete."""

    type: ClassVar[Literal["batch.completed"]] = "batch.completed"


class BatchCancelledWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="batch.cancelled"):
    """A batch was cancelled."""

    type: ClassVar[Literal["batch.cancelled"]] = "batch.cancelled"


class BatchExpiredWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="batch.expired"):
    """A batch was not done in time."""

    type: ClassVar[Literal["batch.expired"]] = "batch.expired"


class BatchFailedWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="batch.failed"):
    """A batch failed."""

    type: ClassVar[Literal["batch.failed"]] = "batch.failed"


class FineTuningJobSucceededWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="fine_tuning.job.succeeded"
):
    """A fine-tuning job succeeded."""

    type: ClassVar[Literal["fine_tuning.job.succeeded"]] = "fine_tuning.job.succeeded"


class FineTuningJobCancelledWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="fine_tuning.job.cancelled"
):
    """A fine-tuning job was cancelled."""

    type: ClassVar[Literal["fine_tuning.job.cancelled"]] = "fine_tuning.job.cancelled"


class FineTuningJobFailedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="fine_tuning.job.failed"
):
    """A fine-tuning job failed."""

    type: ClassVar[Literal["fine_tuning.job.failed"]] = "fine_tuning.job.failed"


class EvalRunSucceededWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="eval.run.succeeded"):
    """An evaluation run succeeded."""

    type: ClassVar[Literal["eval.run.succeeded"]] = "eval.run.succeeded"


class EvalRunCanceledWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="eval.run.canceled"):
    """An evaluation run was cancelled. With one l, as the service writes it here."""

    type: ClassVar[Literal["eval.run.canceled"]] = "eval.run.canceled"


class EvalRunFailedWebhookEvent(_ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="eval.run.failed"):
    """An evaluation run failed."""

    type: ClassVar[Literal["eval.run.failed"]] = "eval.run.failed"


class RealtimeCallIncomingWebhookEvent(
    _Event, frozen=True, kw_only=True, tag_field="type", tag="realtime.call.incoming"
):
    """A call is incoming, and waits to be accepted."""

    type: ClassVar[Literal["realtime.call.incoming"]] = "realtime.call.incoming"
    data: RealtimeCallData


WebhookEvent: TypeAlias = (
    ResponseCompletedWebhookEvent
    | ResponseCancelledWebhookEvent
    | ResponseFailedWebhookEvent
    | ResponseIncompleteWebhookEvent
    | BatchCompletedWebhookEvent
    | BatchCancelledWebhookEvent
    | BatchExpiredWebhookEvent
    | BatchFailedWebhookEvent
    | FineTuningJobSucceededWebhookEvent
    | FineTuningJobCancelledWebhookEvent
    | FineTuningJobFailedWebhookEvent
    | EvalRunSucceededWebhookEvent
    | EvalRunCanceledWebhookEvent
    | EvalRunFailedWebhookEvent
    | RealtimeCallIncomingWebhookEvent
    | Unknown
)
"""The event of a delivery. One of a type that this version of the library does not know is an `Unknown`."""
