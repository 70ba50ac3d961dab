"""The functional core: HTTP as values, operations, pages, retry, streams. No I/O, clock, chance, environment or thread.

Everything public can be imported from here, and is loaded when it is first asked for; the modules are where to read it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..codecs.lossless.errors import DecodeError as DecodeError
    from .delays import delay as delay
    from .delays import elapsed as elapsed
    from .endpoints.conversation_items import all_conversation_items as all_conversation_items
    from .endpoints.conversation_items import create_conversation_items as create_conversation_items
    from .endpoints.conversation_items import delete_conversation_item as delete_conversation_item
    from .endpoints.conversation_items import list_conversation_items as list_conversation_items
    from .endpoints.conversation_items import retrieve_conversation_item as retrieve_conversation_item
    from .endpoints.conversations import create_conversation as create_conversation
    from .endpoints.conversations import delete_conversation as delete_conversation
    from .endpoints.conversations import retrieve_conversation as retrieve_conversation
    from .endpoints.conversations import update_conversation as update_conversation
    from .endpoints.create import create_request as create_request
    from .endpoints.create import create_response as create_response
    from .endpoints.create_arguments import CreateArguments as CreateArguments
    from .endpoints.input_context import compact_response as compact_response
    from .endpoints.input_context import count_input_tokens as count_input_tokens
    from .endpoints.input_items import list_input_items as list_input_items
    from .endpoints.models import list_models as list_models
    from .endpoints.models import retrieve_model as retrieve_model
    from .endpoints.pages import Page as Page
    from .endpoints.paging import all_input_items as all_input_items
    from .endpoints.paging import all_pages as all_pages
    from .endpoints.responses import cancel_response as cancel_response
    from .endpoints.responses import delete_response as delete_response
    from .endpoints.responses import retrieve_response as retrieve_response
    from .endpoints.structured import Parsed as Parsed
    from .endpoints.structured import create_parsed_response as create_parsed_response
    from .endpoints.structured import parse_output as parse_output
    from .endpoints.structured import text_format_of as text_format_of
    from .endpoints.webhook_events import BatchCancelledWebhookEvent as BatchCancelledWebhookEvent
    from .endpoints.webhook_events import BatchCompletedWebhookEvent as BatchCompletedWebhookEvent
    from .endpoints.webhook_events import BatchExpiredWebhookEvent as BatchExpiredWebhookEvent
    from .endpoints.webhook_events import BatchFailedWebhookEvent as BatchFailedWebhookEvent
    from .endpoints.webhook_events import EvalRunCanceledWebhookEvent as EvalRunCanceledWebhookEvent
    from .endpoints.webhook_events import EvalRunFailedWebhookEvent as EvalRunFailedWebhookEvent
    from .endpoints.webhook_events import EvalRunSucceededWebhookEvent as EvalRunSucceededWebhookEvent
    from .endpoints.webhook_events import FineTuningJobCancelledWebhookEvent as FineTuningJobCancelledWebhookEvent
    from .endpoints.webhook_events import FineTuningJobFailedWebhookEvent as FineTuningJobFailedWebhookEvent
    from .endpoints.webhook_events import FineTuningJobSucceededWebhookEvent as FineTuningJobSucceededWebhookEvent
    from .endpoints.webhook_events import RealtimeCallIncomingWebhookEvent as RealtimeCallIncomingWebhookEvent
    from .endpoints.webhook_events import ResponseCancelledWebhookEvent as ResponseCancelledWebhookEvent
    from .endpoints.webhook_events import ResponseCompletedWebhookEvent as ResponseCompletedWebhookEvent
    from .endpoints.webhook_events import ResponseFailedWebhookEvent as ResponseFailedWebhookEvent
    from .endpoints.webhook_events import ResponseIncompleteWebhookEvent as ResponseIncompleteWebhookEvent
    from .endpoints.webhook_events import WebhookEvent as WebhookEvent
    from .endpoints.webhooks import WebhookError as WebhookError
    from .endpoints.webhooks import WebhookRejected as WebhookRejected
    from .endpoints.webhooks import unwrap_webhook as unwrap_webhook
    from .endpoints.webhooks import verify_webhook as verify_webhook
    from .errors import ApiError as ApiError
    from .errors import Error as Error
    from .errors import Interrupted as Interrupted
    from .errors import InvalidArgument as InvalidArgument
    from .errors import NoRecording as NoRecording
    from .errors import NotSent as NotSent
    from .errors import WaitExpired as WaitExpired
    from .http import HttpRequest as HttpRequest
    from .http import HttpResponse as HttpResponse
    from .http import Pairs as Pairs
    from .interchange.checkpoints import Checkpoint as Checkpoint
    from .interchange.checkpoints import load_operation as load_operation
    from .interchange.checkpoints import load_stream as load_stream
    from .interchange.checkpoints import save_checkpoint as save_checkpoint
    from .interchange.exchange_json import decode_answer as decode_answer
    from .interchange.exchange_json import decode_request as decode_request
    from .interchange.exchange_json import encode_answer as encode_answer
    from .interchange.exchange_json import encode_request as encode_request
    from .loops import Continue as Continue
    from .loops import Stop as Stop
    from .loops import loop as loop
    from .pointfree import alt as alt
    from .pointfree import bind as bind
    from .pointfree import lash as lash
    from .pointfree import map_ as map_
    from .preloading import preload as preload
    from .programs.cancellation import has_ended as has_ended
    from .programs.event_folding import fold_event as fold_event
    from .programs.event_folding import response_so_far as response_so_far
    from .programs.event_position import sequence_number as sequence_number
    from .programs.event_stream import resume_stream as resume_stream
    from .programs.event_stream import stream_response as stream_response
    from .programs.recipes import ResponseAudit as ResponseAudit
    from .programs.recipes import audit_response as audit_response
    from .programs.recipes import cancel_and_wait as cancel_and_wait
    from .programs.recipes import cancel_if_running as cancel_if_running
    from .programs.recipes import delete_response_chain as delete_response_chain
    from .programs.wait_policy import WaitPolicy as WaitPolicy
    from .programs.waiting import wait_for_response as wait_for_response
    from .programs.waiting import watch_response as watch_response
    from .results import OperationFailed as OperationFailed
    from .results import fold as fold
    from .results import is_failure as is_failure
    from .results import value_or_raise as value_or_raise
    from .retry import retrying as retrying
    from .retry_policy import RetryPolicy as RetryPolicy
    from .steps import Answer as Answer
    from .steps import Done as Done
    from .steps import Operation as Operation
    from .steps import Send as Send
    from .steps import Wait as Wait
    from .steps import fail as fail
    from .steps import succeed as succeed
    from .streams import END as END
    from .streams import NOT_OPEN as NOT_OPEN
    from .streams import Chunk as Chunk
    from .streams import Emit as Emit
    from .streams import Open as Open
    from .streams import Perform as Perform
    from .streams import Read as Read
    from .streams import Stream as Stream
    from .streams import collect as collect

_PUBLIC = {
    "interchange.checkpoints": ("Checkpoint", "load_operation", "load_stream", "save_checkpoint"),
    "endpoints.input_context": (
        "compact_response",
        "count_input_tokens",
    ),
    "endpoints.conversation_items": (
        "all_conversation_items",
        "create_conversation_items",
        "delete_conversation_item",
        "list_conversation_items",
        "retrieve_conversation_item",
    ),
    "endpoints.conversations": (
        "create_conversation",
        "delete_conversation",
        "retrieve_conversation",
        "update_conversation",
    ),
    "endpoints.create": (
        "create_request",
        "create_response",
    ),
    "endpoints.create_arguments": ("CreateArguments",),
    "endpoints.input_items": ("list_input_items",),
    "endpoints.models": (
        "list_models",
        "retrieve_model",
    ),
    "endpoints.structured": (
        "Parsed",
        "create_parsed_response",
        "parse_output",
        "text_format_of",
    ),
    "endpoints.webhooks": (
        "WebhookError",
        "WebhookRejected",
        "unwrap_webhook",
        "verify_webhook",
    ),
    "endpoints.webhook_events": (
        "WebhookEvent",
        "ResponseCompletedWebhookEvent",
        "ResponseCancelledWebhookEvent",
        "ResponseFailedWebhookEvent",
        "ResponseIncompleteWebhookEvent",
        "BatchCompletedWebhookEvent",
        "BatchCancelledWebhookEvent",
        "BatchExpiredWebhookEvent",
        "BatchFailedWebhookEvent",
        "FineTuningJobSucceededWebhookEvent",
        "FineTuningJobCancelledWebhookEvent",
        "FineTuningJobFailedWebhookEvent",
        "EvalRunSucceededWebhookEvent",
        "EvalRunCanceledWebhookEvent",
        "EvalRunFailedWebhookEvent",
        "RealtimeCallIncomingWebhookEvent",
    ),
    ".codecs.lossless.errors": ("DecodeError",),
    "delays": ("delay", "elapsed"),
    "programs.cancellation": ("has_ended",),
    "programs.recipes": (
        "ResponseAudit",
        "audit_response",
        "cancel_and_wait",
        "cancel_if_running",
        "delete_response_chain",
    ),
    "programs.waiting": ("wait_for_response", "watch_response"),
    "programs.wait_policy": ("WaitPolicy",),
    "errors": (
        "ApiError",
        "Error",
        "Interrupted",
        "InvalidArgument",
        "NoRecording",
        "NotSent",
        "WaitExpired",
    ),
    "programs.event_stream": ("resume_stream", "stream_response"),
    "interchange.exchange_json": ("decode_answer", "decode_request", "encode_answer", "encode_request"),
    "programs.event_position": ("sequence_number",),
    "http": (
        "HttpRequest",
        "HttpResponse",
        "Pairs",
    ),
    "loops": ("Continue", "Stop", "loop"),
    "endpoints.pages": ("Page",),
    "endpoints.paging": (
        "all_input_items",
        "all_pages",
    ),
    "pointfree": (
        "alt",
        "bind",
        "lash",
        "map_",
    ),
    "preloading": ("preload",),
    "endpoints.responses": (
        "cancel_response",
        "delete_response",
        "retrieve_response",
    ),
    "results": (
        "OperationFailed",
        "fold",
        "is_failure",
        "value_or_raise",
    ),
    "retry": ("retrying",),
    "retry_policy": ("RetryPolicy",),
    "programs.event_folding": ("fold_event", "response_so_far"),
    "steps": (
        "Answer",
        "Done",
        "Operation",
        "Send",
        "Wait",
        "fail",
        "succeed",
    ),
    "streams": ("END", "NOT_OPEN", "Emit", "Open", "Perform", "Chunk", "Read", "Stream", "collect"),
}
"""What is public, by the module that holds it."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names}


if not TYPE_CHECKING:  # which would else take any name, misspelt ones too, for one that can be imported
    __all__ = list(_HOME)

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOME})
