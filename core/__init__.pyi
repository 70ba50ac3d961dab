"""Written by tests/scripts/write_stubs.py; what is public is said in `__init__.py`."""

from ..codecs.lossless.errors import DecodeError as DecodeError
from ..codecs.types.audit import ResponseAudit as ResponseAudit
from .combinators.additions import RequestOptions as RequestOptions
from .combinators.answered import WithResponse as WithResponse, with_response as with_response
from .combinators.beginnings import take as take, take_while as take_while
from .combinators.chunks import chunk as chunk
from .combinators.collecting import collect as collect
from .combinators.configuring import configured as configured
from .combinators.folding import fold_values as fold_values
from .combinators.gathering import gather as gather, gather_all as gather_all
from .combinators.many import (
    all_outcomes as all_outcomes,
    sequence as sequence,
    sequentially as sequentially,
    traverse as traverse,
)
from .combinators.nesting import flat_map as flat_map, for_each as for_each, perform_each as perform_each
from .combinators.successions import (
    alt_end as alt_end,
    concat as concat,
    followed_by as followed_by,
    lash_end as lash_end,
)
from .combinators.time_limit import within as within
from .combinators.values import keep as keep, map_values as map_values, numbered as numbered, scan as scan
from .curl import to_curl as to_curl
from .delays import delay as delay, elapsed as elapsed
from .endpoints.conversation_items import (
    all_conversation_items as all_conversation_items,
    create_conversation_items as create_conversation_items,
    delete_conversation_item as delete_conversation_item,
    list_conversation_items as list_conversation_items,
    retrieve_conversation_item as retrieve_conversation_item,
)
from .endpoints.conversations import (
    create_conversation as create_conversation,
    delete_conversation as delete_conversation,
    retrieve_conversation as retrieve_conversation,
    update_conversation as update_conversation,
)
from .endpoints.create import create_request as create_request, create_response as create_response
from .endpoints.create_arguments import CreateArguments as CreateArguments
from .endpoints.input_context import compact_response as compact_response, count_input_tokens as count_input_tokens
from .endpoints.models import list_models as list_models, retrieve_model as retrieve_model
from .endpoints.pages import Page as Page
from .endpoints.paging import all_input_items as all_input_items, all_pages as all_pages, all_responses as all_responses
from .endpoints.response_lists import list_input_items as list_input_items, list_responses as list_responses
from .endpoints.responses import (
    cancel_response as cancel_response,
    delete_response as delete_response,
    retrieve_response as retrieve_response,
)
from .endpoints.structured import (
    Parsed as Parsed,
    create_parsed_response as create_parsed_response,
    parse_output as parse_output,
    text_format_of as text_format_of,
)
from .endpoints.webhook_events import (
    AgentEnvironmentExpiredWebhookEvent as AgentEnvironmentExpiredWebhookEvent,
    AgentEnvironmentFailedWebhookEvent as AgentEnvironmentFailedWebhookEvent,
    AgentEnvironmentReadyWebhookEvent as AgentEnvironmentReadyWebhookEvent,
    AgentEnvironmentSuspendedWebhookEvent as AgentEnvironmentSuspendedWebhookEvent,
    AgentSessionActionRequiredWebhookEvent as AgentSessionActionRequiredWebhookEvent,
    AgentSessionCreatedWebhookEvent as AgentSessionCreatedWebhookEvent,
    AgentSessionFailedWebhookEvent as AgentSessionFailedWebhookEvent,
    AgentSessionIdleWebhookEvent as AgentSessionIdleWebhookEvent,
    AgentSessionInProgressWebhookEvent as AgentSessionInProgressWebhookEvent,
    BatchCancelledWebhookEvent as BatchCancelledWebhookEvent,
    BatchCompletedWebhookEvent as BatchCompletedWebhookEvent,
    BatchExpiredWebhookEvent as BatchExpiredWebhookEvent,
    BatchFailedWebhookEvent as BatchFailedWebhookEvent,
    EvalRunCanceledWebhookEvent as EvalRunCanceledWebhookEvent,
    EvalRunFailedWebhookEvent as EvalRunFailedWebhookEvent,
    EvalRunSucceededWebhookEvent as EvalRunSucceededWebhookEvent,
    FineTuningJobCancelledWebhookEvent as FineTuningJobCancelledWebhookEvent,
    FineTuningJobFailedWebhookEvent as FineTuningJobFailedWebhookEvent,
    FineTuningJobSucceededWebhookEvent as FineTuningJobSucceededWebhookEvent,
    LiveCallIncomingWebhookEvent as LiveCallIncomingWebhookEvent,
    LiveTransportConnectedWebhookEvent as LiveTransportConnectedWebhookEvent,
    LiveTransportIncomingWebhookEvent as LiveTransportIncomingWebhookEvent,
    RealtimeCallIncomingWebhookEvent as RealtimeCallIncomingWebhookEvent,
    ResponseCancelledWebhookEvent as ResponseCancelledWebhookEvent,
    ResponseCompletedWebhookEvent as ResponseCompletedWebhookEvent,
    ResponseFailedWebhookEvent as ResponseFailedWebhookEvent,
    ResponseIncompleteWebhookEvent as ResponseIncompleteWebhookEvent,
    SafetyAlertCreatedWebhookEvent as SafetyAlertCreatedWebhookEvent,
    SafetyDeactivationIssuedWebhookEvent as SafetyDeactivationIssuedWebhookEvent,
    SafetyOrgAlertCreatedWebhookEvent as SafetyOrgAlertCreatedWebhookEvent,
    SafetyWarningIssuedWebhookEvent as SafetyWarningIssuedWebhookEvent,
    WebhookEvent as WebhookEvent,
)
from .endpoints.webhooks import (
    WebhookError as WebhookError,
    WebhookRejected as WebhookRejected,
    unwrap_webhook as unwrap_webhook,
    verify_webhook as verify_webhook,
)
from .errors import (
    ApiError as ApiError,
    Error as Error,
    Interrupted as Interrupted,
    InvalidArgument as InvalidArgument,
    NoRecording as NoRecording,
    NotSent as NotSent,
    WaitExpired as WaitExpired,
)
from .http import HttpRequest as HttpRequest, HttpResponse as HttpResponse, Pairs as Pairs
from .interchange.checkpoints import (
    Checkpoint as Checkpoint,
    load_operation as load_operation,
    load_stream as load_stream,
    save_checkpoint as save_checkpoint,
)
from .interchange.exchange_json import (
    decode_answer as decode_answer,
    decode_request as decode_request,
    encode_answer as encode_answer,
    encode_request as encode_request,
)
from .loops import Continue as Continue, Stop as Stop, loop as loop
from .pointfree import alt as alt, bind as bind, lash as lash, map_ as map_
from .preloading import preload as preload
from .programs.cancellation import has_ended as has_ended
from .programs.erasure import ErasureReceipt as ErasureReceipt, erase_response as erase_response
from .programs.event_facts import sequence_number as sequence_number
from .programs.event_folding import fold_event as fold_event, response_so_far as response_so_far
from .programs.event_stream import resume_stream as resume_stream, stream_response as stream_response
from .programs.recipes import (
    audit_response as audit_response,
    cancel_and_wait as cancel_and_wait,
    cancel_if_running as cancel_if_running,
    delete_response_chain as delete_response_chain,
)
from .programs.wait_policy import WaitPolicy as WaitPolicy
from .programs.waiting import wait_for_response as wait_for_response, watch_response as watch_response
from .results import (
    OperationFailed as OperationFailed,
    fold as fold,
    is_failure as is_failure,
    value_or_raise as value_or_raise,
)
from .retry import retrying as retrying
from .retry_policy import RetryPolicy as RetryPolicy
from .steps import (
    Answer as Answer,
    Done as Done,
    Fork as Fork,
    Operation as Operation,
    Send as Send,
    Wait as Wait,
    fail as fail,
    succeed as succeed,
)
from .streams import (
    Chunk as Chunk,
    Close as Close,
    END as END,
    Emit as Emit,
    End as End,
    NOT_OPEN as NOT_OPEN,
    Open as Open,
    Perform as Perform,
    Read as Read,
    Stream as Stream,
    break_off as break_off,
)
