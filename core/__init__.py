"""The functional core: HTTP as values, operations, pages, retry, streams. No I/O, clock, chance, environment or thread.

Everything public can be imported from here, and is loaded when it is first asked for; the modules are where to read it.
"""

_PUBLIC = {
    ".codecs.lossless.errors": "DecodeError",
    ".codecs.types.audit": "ResponseAudit",
    "combinators.additions": "RequestOptions",
    "combinators.answered": "with_response WithResponse",
    "combinators.beginnings": "take take_while",
    "combinators.chunks": "chunk",
    "combinators.collecting": "collect",
    "combinators.configuring": "configured",
    "combinators.folding": "fold_values",
    "combinators.gathering": "gather gather_all",
    "combinators.many": "all_outcomes sequence sequentially traverse",
    "combinators.nesting": "flat_map for_each perform_each",
    "combinators.successions": "alt_end concat followed_by lash_end",
    "combinators.time_limit": "within",
    "combinators.values": "keep map_values numbered scan",
    "curl": "to_curl",
    "delays": "delay elapsed",
    "endpoints.conversation_items": (
        "all_conversation_items create_conversation_items delete_conversation_item list_conversation_items "
        "retrieve_conversation_item"
    ),
    "endpoints.conversations": "create_conversation delete_conversation retrieve_conversation update_conversation",
    "endpoints.create": "create_request create_response",
    "endpoints.create_arguments": "CreateArguments",
    "endpoints.input_context": "compact_response count_input_tokens",
    "endpoints.models": "list_models retrieve_model",
    "endpoints.pages": "Page",
    "endpoints.paging": "all_input_items all_pages all_responses",
    "endpoints.response_lists": "list_input_items list_responses",
    "endpoints.responses": "cancel_response delete_response retrieve_response",
    "endpoints.structured": "create_parsed_response parse_output Parsed text_format_of",
    "endpoints.webhook_events": (
        "AgentEnvironmentExpiredWebhookEvent AgentEnvironmentFailedWebhookEvent "
        "AgentEnvironmentReadyWebhookEvent AgentEnvironmentSuspendedWebhookEvent "
        "AgentSessionActionRequiredWebhookEvent AgentSessionCreatedWebhookEvent "
        "AgentSessionFailedWebhookEvent AgentSessionIdleWebhookEvent AgentSessionInProgressWebhookEvent "
        "BatchCancelledWebhookEvent BatchCompletedWebhookEvent BatchExpiredWebhookEvent "
        "BatchFailedWebhookEvent EvalRunCanceledWebhookEvent EvalRunFailedWebhookEvent "
        "EvalRunSucceededWebhookEvent FineTuningJobCancelledWebhookEvent FineTuningJobFailedWebhookEvent "
        "FineTuningJobSucceededWebhookEvent LiveCallIncomingWebhookEvent LiveTransportConnectedWebhookEvent "
        "LiveTransportIncomingWebhookEvent RealtimeCallIncomingWebhookEvent ResponseCancelledWebhookEvent "
        "ResponseCompletedWebhookEvent ResponseFailedWebhookEvent ResponseIncompleteWebhookEvent "
        "SafetyAlertCreatedWebhookEvent SafetyDeactivationIssuedWebhookEvent "
        "SafetyOrgAlertCreatedWebhookEvent SafetyWarningIssuedWebhookEvent WebhookEvent"
    ),
    "endpoints.webhooks": "unwrap_webhook verify_webhook WebhookError WebhookRejected",
    "errors": "ApiError Error Interrupted InvalidArgument NoRecording NotSent WaitExpired",
    "http": "HttpRequest HttpResponse Pairs",
    "interchange.checkpoints": "Checkpoint load_operation load_stream save_checkpoint",
    "interchange.exchange_json": "decode_answer decode_request encode_answer encode_request",
    "loops": "Continue loop Stop",
    "pointfree": "alt bind lash map_",
    "preloading": "preload",
    "programs.cancellation": "has_ended",
    "programs.erasure": "erase_response ErasureReceipt",
    "programs.event_facts": "sequence_number",
    "programs.event_folding": "fold_event response_so_far",
    "programs.event_stream": "resume_stream stream_response",
    "programs.recipes": "audit_response cancel_and_wait cancel_if_running delete_response_chain",
    "programs.wait_policy": "WaitPolicy",
    "programs.waiting": "wait_for_response watch_response",
    "results": "fold is_failure OperationFailed value_or_raise",
    "retry": "retrying",
    "retry_policy": "RetryPolicy",
    "steps": "Answer Done fail Fork Operation Send succeed Wait",
    "streams": "break_off Chunk Close Emit End END NOT_OPEN Open Perform Read Stream",
}
"""What is public, by the module that holds it; `__init__.pyi` is made of this, for type-checkers."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}

# Not assigned as usual: pyright takes no list that is worked out. It has the names from `__init__.pyi`.
globals()["__all__"] = list(_HOME)


def __getattr__(name: str) -> object:
    from ..codecs.on_demand import public_name

    return public_name(globals(), name)


def __dir__() -> list[str]:
    from ..codecs.on_demand import public_names

    return public_names(globals())
