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
    """The call that waits to be accepted. What its headers say is not to be trusted.

    `sip_media_security`: `rtp` or `srtp`.
    """

    call_id: str
    sip_headers: tuple[SipHeader, ...]
    sip_media_security: str | UnsetType | None = UNSET


class AgentConnection(Wire, frozen=True, kw_only=True):
    """Where the environment of a session is to connect to, if it is the caller's own."""

    remote_url: str


class RequiredAction(Wire, frozen=True, kw_only=True):
    """What a session waits for; the session itself has the details.

    `type`: `computer_use_approval_request`, `mcp_approval_request`, `function_call` or `environment_connection`.
    """

    type: str


class AgentSessionData(Wire, frozen=True, kw_only=True):
    """The session of an agent, and what it runs in or waits for.

    `environment_type`: `none`, `openai_hosted` or `self_hosted`.
    """

    id: str
    environment_type: str | UnsetType | None = UNSET
    environment_id: str | UnsetType | None = UNSET
    connect: AgentConnection | UnsetType | None = UNSET
    required_action: RequiredAction | UnsetType | None = UNSET


class LiveSessionData(Wire, frozen=True, kw_only=True):
    """The Live session, and the call that it is for, if any. What the headers of a call say is not to be trusted.

    `type`: `webrtc` or `sip`. `sip_media_security`: `rtp` or `srtp`.
    """

    session_id: str
    type: str | UnsetType | None = UNSET
    sip_headers: tuple[SipHeader, ...] | UnsetType | None = UNSET
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


class AgentEnvironmentReadyWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="agent.environment.ready"
):
    """An environment for agents is ready, before a session uses it."""

    type: ClassVar[Literal["agent.environment.ready"]] = "agent.environment.ready"


class AgentEnvironmentFailedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="agent.environment.failed"
):
    """An environment for agents could not be made ready."""

    type: ClassVar[Literal["agent.environment.failed"]] = "agent.environment.failed"


class AgentEnvironmentSuspendedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="agent.environment.suspended"
):
    """An environment of an agent is suspended, and can go on from a snapshot."""

    type: ClassVar[Literal["agent.environment.suspended"]] = "agent.environment.suspended"


class AgentEnvironmentExpiredWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="agent.environment.expired"
):
    """An environment of an agent is gone permanently."""

    type: ClassVar[Literal["agent.environment.expired"]] = "agent.environment.expired"


class SafetyAlertCreatedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="safety.alert.created"
):
    """There is a safety alert for the project."""

    type: ClassVar[Literal["safety.alert.created"]] = "safety.alert.created"


class SafetyOrgAlertCreatedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="safety.org_alert.created"
):
    """There is a safety alert for the organization."""

    type: ClassVar[Literal["safety.org_alert.created"]] = "safety.org_alert.created"


class SafetyWarningIssuedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="safety.warning_issued"
):
    """One of the organization's end users was warned: the id is that of a safety case."""

    type: ClassVar[Literal["safety.warning_issued"]] = "safety.warning_issued"


class SafetyDeactivationIssuedWebhookEvent(
    _ThinEvent, frozen=True, kw_only=True, tag_field="type", tag="safety.deactivation_issued"
):
    """One of the organization's end users is shut out: the id is that of a safety case."""

    type: ClassVar[Literal["safety.deactivation_issued"]] = "safety.deactivation_issued"


class AgentSessionCreatedWebhookEvent(_Event, frozen=True, kw_only=True, tag_field="type", tag="agent.session.created"):
    """A session of an agent was created."""

    type: ClassVar[Literal["agent.session.created"]] = "agent.session.created"
    data: AgentSessionData


class AgentSessionInProgressWebhookEvent(
    _Event, frozen=True, kw_only=True, tag_field="type", tag="agent.session.in_progress"
):
    """A session of an agent is running."""

    type: ClassVar[Literal["agent.session.in_progress"]] = "agent.session.in_progress"
    data: AgentSessionData


class AgentSessionIdleWebhookEvent(_Event, frozen=True, kw_only=True, tag_field="type", tag="agent.session.idle"):
    """A session of an agent has nothing to do."""

    type: ClassVar[Literal["agent.session.idle"]] = "agent.session.idle"
    data: AgentSessionData


class AgentSessionFailedWebhookEvent(_Event, frozen=True, kw_only=True, tag_field="type", tag="agent.session.failed"):
    """A session of an agent failed."""

    type: ClassVar[Literal["agent.session.failed"]] = "agent.session.failed"
    data: AgentSessionData


class AgentSessionActionRequiredWebhookEvent(
    _Event, frozen=True, kw_only=True, tag_field="type", tag="agent.session.action_required"
):
    """A session of an agent waits for an approval, an output or an environment."""

    type: ClassVar[Literal["agent.session.action_required"]] = "agent.session.action_required"
    data: AgentSessionData


class LiveTransportConnectedWebhookEvent(
    _Event, frozen=True, kw_only=True, tag_field="type", tag="live.transport.connected"
):
    """A Live session was begun."""

    type: ClassVar[Literal["live.transport.connected"]] = "live.transport.connected"
    data: LiveSessionData


class LiveTransportIncomingWebhookEvent(
    _Event, frozen=True, kw_only=True, tag_field="type", tag="live.transport.incoming"
):
    """A call is incoming, and waits for a Live session to accept it."""

    type: ClassVar[Literal["live.transport.incoming"]] = "live.transport.incoming"
    data: LiveSessionData


class LiveCallIncomingWebhookEvent(_Event, frozen=True, kw_only=True, tag_field="type", tag="live.call.incoming"):
    """The same, as it was called before `live.transport.incoming`."""

    type: ClassVar[Literal["live.call.incoming"]] = "live.call.incoming"
    data: LiveSessionData


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
    | AgentEnvironmentReadyWebhookEvent
    | AgentEnvironmentFailedWebhookEvent
    | AgentEnvironmentSuspendedWebhookEvent
    | AgentEnvironmentExpiredWebhookEvent
    | SafetyAlertCreatedWebhookEvent
    | SafetyOrgAlertCreatedWebhookEvent
    | SafetyWarningIssuedWebhookEvent
    | SafetyDeactivationIssuedWebhookEvent
    | AgentSessionCreatedWebhookEvent
    | AgentSessionInProgressWebhookEvent
    | AgentSessionIdleWebhookEvent
    | AgentSessionFailedWebhookEvent
    | AgentSessionActionRequiredWebhookEvent
    | LiveTransportConnectedWebhookEvent
    | LiveTransportIncomingWebhookEvent
    | LiveCallIncomingWebhookEvent
    | Unknown
)
"""The event of a delivery. One of a type that this version of the library does not know is an `Unknown`."""
