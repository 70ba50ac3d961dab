"""The groups of the reference: every public name once, in the order in which a page tells them.

Law: a public name is in exactly one group; a test says which is in none. The objects of the API are told with
tables of their fields; everything else by its docstring.
"""

from __future__ import annotations

from msgspec import Struct


class Group(Struct, frozen=True):
    """A page: its file below `docs/reference/`, its title, what it is for, and its sections with their names."""

    file: str
    title: str
    what: str
    sections: dict[str, str]

    @property
    def names(self) -> list[str]:
        """The names in their order."""
        return [name for names in self.sections.values() for name in names.split()]


GROUPS = (
    Group(
        "names/responses.md",
        "Create, retrieve, delete and cancel",
        "One response, from its creation to its erasure: the operations of the API, and the recipes made of them.",
        {
            "Create": "create_response create_request CreateArguments",
            "Retrieve": "retrieve_response audit_response ResponseAudit",
            "Delete": "delete_response delete_response_chain erase_response ErasureReceipt",
            "Cancel": "cancel_response cancel_if_running cancel_and_wait",
            "The context and its tokens": "compact_response count_input_tokens",
            "Models": "list_models retrieve_model",
            "Options of any request": "RequestOptions configured with_response WithResponse",
        },
    ),
    Group(
        "names/paging.md",
        "Input items and paging",
        "Lists, one page at a time or as a stream of all their items.",
        {
            "Input items of a response": "list_input_items all_input_items",
            "Stored responses": "list_responses all_responses",
            "Pages": "Page all_pages",
        },
    ),
    Group(
        "names/streams.md",
        "Streams of events",
        "Responses received event by event, resumed where they break off, and put together again.",
        {
            "Create and resume": "stream_response resume_stream",
            "A response made of its events": "response_so_far fold_event sequence_number",
            "Bytes to events": "StreamDecoder StreamError EventStream ServerSentEvent",
        },
    ),
    Group(
        "names/waiting.md",
        "Waiting, retries and time",
        "Polls with a deadline, requests that are repeated, and limits to how long a program takes.",
        {
            "Waiting for a response": "wait_for_response watch_response has_ended WaitPolicy",
            "Retries": "retrying RetryPolicy",
            "Time": "within delay elapsed",
            "Clocks": "Clock SystemClock VirtualClock WakingClock",
        },
    ),
    Group(
        "names/operations.md",
        "Operations and streams: the steps",
        "What a program is made of. Whoever embeds the core handles these; everybody else composes them.",
        {
            "Operations": "Operation Done Send Wait Fork Answer",
            "Streams": "Stream Emit Perform Open Read Close End Chunk NOT_OPEN",
            "Requests and answers": "HttpRequest HttpResponse Pairs to_curl",
        },
    ),
    Group(
        "names/combining.md",
        "Combining operations and streams",
        "Functions from programs to programs; each method of an operation or a stream is here as a function too.",
        {
            "Values and errors as operations": "succeed fail break_off END",
            "One operation after another": "map_ bind alt lash loop Continue Stop",
            "Several operations": "gather gather_all sequence all_outcomes traverse sequentially",
            "Values of a stream": "map_values keep take take_while numbered scan chunk flat_map for_each perform_each",
            "The end of a stream": "concat followed_by alt_end lash_end",
            "From a stream to an operation": "collect fold_values",
        },
    ),
    Group(
        "names/errors-and-results.md",
        "Errors and results",
        "What a program ends with: a value, or one of these errors.",
        {
            "Errors": "Error ApiError DecodeError Interrupted InvalidArgument NoRecording NotSent WaitExpired",
            "Results": "value_or_raise OperationFailed is_failure fold",
            "Bodies of errors": "ErrorBody decode_error_body",
        },
    ),
    Group(
        "names/running.md",
        "Running programs",
        "Drivers carry a program out by a transport: one operation, a stream, or many at once.",
        {
            "One program": "run run_async iterate iterate_async",
            "Many at once": "run_many run_many_async run_many_on",
            "Outcomes and progress": "Outcome Unfinished Progress UsageSum",
            "Ending early": "hopeless TooManyFailures RunStopped",
            "Threads": "in_threads",
        },
    ),
    Group(
        "names/structured-output.md",
        "Structured output and function calls",
        "Text in the form of a type, the arguments of function calls, and what else a response holds.",
        {
            "Structured output": "create_parsed_response parse_output Parsed text_format_of",
            "Read a response": "output_text function_calls parse_arguments reasoning_summaries refusal",
            "Show a response": "to_text to_html brief pretty",
        },
    ),
    Group(
        "names/conversations.md",
        "Conversations",
        "Conversations that the service keeps, and their items.",
        {
            "Conversations": "create_conversation retrieve_conversation update_conversation delete_conversation",
            "Items": (
                "create_conversation_items list_conversation_items all_conversation_items retrieve_conversation_item "
                "delete_conversation_item"
            ),
        },
    ),
    Group(
        "names/webhooks.md",
        "Webhooks",
        "Deliveries of the service: whether they are genuine, and the event in them.",
        {
            "Deliveries": "unwrap_webhook verify_webhook WebhookRejected WebhookError",
        },
    ),
    Group(
        "names/transports.md",
        "Transports",
        "What sends requests: over urllib3, aiohttp or a browser's fetch, and what any transport promises.",
        {
            "Transports": "Urllib3Transport AiohttpTransport FetchTransport",
            "Credentials": (
                "Secret NamedKey many_keys RefreshingToken AccessToken entra_token managed_identity workload_identity "
                "TokenFile"
            ),
            "The contract": (
                "Transport StreamingTransport AbandonableTransport AbandonableStreamingTransport AsyncTransport "
                "AsyncStreamingTransport Body AsyncBody Exchange"
            ),
        },
    ),
    Group(
        "names/memory.md",
        "The service in memory, and stubs",
        "The API without a network: as a simulation with scripts and faults, or as answers that a test lists.",
        {
            "The service in memory": "MemoryTransport sample_state State respond stored Change",
            "Scripts": "Scripted Reply Life load_script When Match ToolOutput ModelInput",
            "Faults": (
                "FaultPlan Rule Delay Unsent Refused Reset Truncated Garbage ServerError RateLimited QuotaUsedUp "
                "SlowStream CutStream load_faults"
            ),
            "Dialects": (
                "Dialect Listing Streaming LateConsistency CancelUndone OPENAI AZURE_FOUNDRY AZURE_AGENT_SERVER "
                "FIREWORKS OGX SGLANG VLLM VLLM_STORING"
            ),
            "Stubs": (
                "StubTransport ScriptedTransport json_response CaptureTransport assert_asked assert_not_asked "
                "ForbiddenTransport"
            ),
        },
    ),
    Group(
        "names/cassettes.md",
        "Cassettes",
        "Answers of a service, recorded once and replayed without a network.",
        {
            "Record and replay": (
                "use_cassette CassetteTransport AsyncCassetteTransport CassetteRecorder AsyncCassetteRecorder "
                "Recording StreamedResponse"
            ),
            "What is the same": "Matching Normalising",
            "Secrets": "Redaction SecretFound",
            "Old and unfinished ones": (
                "verify_cassette verify_cassette_async Verification StaleCassette LeftOverRecording"
            ),
            "Recordings of other programs": "import_recordings export_recordings Imported Exported NotCarried",
        },
    ),
    Group(
        "names/layers.md",
        "Layers and observers",
        "Functions from transport to transport, and what is told of a run while it runs.",
        {
            "Layers": (
                "Layer Attempt Turn LayeredTransport LayeredAbandonableTransport LayeredStreamingTransport "
                "LayeredAbandonableStreamingTransport LayeredAsyncTransport LayeredAsyncStreamingTransport"
            ),
            "Watch each attempt": "observing BodyRead",
            "Logs": "logging_exchanges set_up_logging",
            "A pace": "pacing Pacer",
            "Observers of runs": (
                "Observer OpenTelemetry RunEvent RunBegan RunEnded RunRaised AttemptBegan AttemptAnswered "
                "AttemptRaised WaitBegan ForkBegan ValuesEmitted BodyEnded"
            ),
        },
    ),
    Group(
        "names/ledgers.md",
        "Ledgers, machines and archives",
        "What became of every operation of a batch, in a file; batches over many machines; responses in files.",
        {
            "Ledgers": "Ledger Fate FateName Receipt Settled Verified Damaged LedgerInUse LedgerRefused Recorder",
            "Machines": "DaskExecutor MarkingExecutor HandedOut WorkerLost Mark Marks CannotTravel",
            "Archives": "open_archive read_archive ArchiveWriter ArchiveFormat ArchiveDamage",
        },
    ),
    Group(
        "names/serving.md",
        "Serving and control",
        "Any transport behind an HTTP server, and the served service steered by tests.",
        {
            "Serving": "serve WsgiApplication AsgiApplication",
            "Control": (
                "ServiceControl ControlEndpoint ControlRefused ClockReading JournalEntry JournalEvent JournalRequest "
                "JournalResponse Scopes SteeredClock"
            ),
        },
    ),
    Group(
        "names/checking.md",
        "Checking programs",
        "Every fault at every step of a program, what is claimed of it, and the shortest life in which it fails.",
        {
            "Every life": "explore Exploration Violation Ending EVERY_FAULT",
            "Claims": (
                "Claim always eventually finally_ Moment Broken USUAL_CLAIMS ends_in_time every_life_ends "
                "every_event_once deleted_is_gone gone_is_reported may_have_acted_is_true never_twice "
                "nothing_unsafe_twice"
            ),
            "Lives as files": "life_json load_life WrittenLife WrittenStep LifeStep Dies OtherWait",
            "Lives, replayed": "replay_lives Replays ReplayedLife FailedLife NotTheSame ProcessEnded",
            "Walks": "walk Walk Walked Errand Strayed Swarm",
        },
    ),
    Group(
        "names/contract-suites.md",
        "Contract suites",
        "Everything that a transport or a host promises, as tests: in `puresponse.transports.testing.contract`.",
        {
            "Transports": (
                "TransportContract NetworkTransportContract CutTransportContract StreamingTransportContract "
                "StreamingNetworkTransportContract AbandonableTransportContract AbandonableNetworkTransportContract "
                "AbandonableStreamingTransportContract AbandonableStreamingNetworkTransportContract"
            ),
            "Transports for an event loop": (
                "AsyncTransportContract AsyncNetworkTransportContract AsyncStreamingTransportContract "
                "AsyncStreamingNetworkTransportContract"
            ),
            "Hosts": (
                "HostContract AsyncHostContract StreamHostContract AsyncStreamHostContract RaisingStreamHostContract "
                "AsyncRaisingStreamHostContract RestartingHostContract"
            ),
            "Without pytest, and servers on loopback": "broken_laws Service serving answering listening refusing",
        },
    ),
    Group(
        "names/checkpoints.md",
        "Checkpoints and exchanges as JSON",
        "Programs, requests and answers as JSON: for another process, another language, or a sandbox.",
        {
            "Checkpoints": "save_checkpoint load_operation load_stream Checkpoint",
            "Exchanges": "encode_request decode_request encode_answer decode_answer",
            "Before a sandbox": "preload",
        },
    ),
    Group(
        "names/codecs.md",
        "Codecs",
        "Bytes to values and back. Whatever the bytes are, there is a value or a `DecodeError`.",
        {
            "Bytes to values": (
                "decode decode_response decode_responses decode_deleted_response decode_input_items "
                "decode_compacted_response decode_token_count decode_stream_event decode_conversation "
                "decode_deleted_conversation decode_conversation_item decode_conversation_items decode_model "
                "decode_models decode_deleted_model"
            ),
            "Values to bytes": "encode to_plain",
            "Codecs and schemas": "Codec ListCodec SCHEMAS json_schema",
            "What every value has": "Wire ItemList Kept Unknown Untagged BigNumber",
        },
    ),
    Group(
        "values/responses.md",
        "Responses and requests",
        "The objects of the API around a response: what is sent, what is answered, and what is in it.",
        {
            "Responses": (
                "Response DeletedResponse ResponseError IncompleteDetails ConversationReference InputTransformation "
                "AccessPrograms Billing CompactedResponse TokenCount"
            ),
            "Requests": "CreateResponse StreamOptions BackgroundOptions CompactRequest TokenCountRequest",
            "Reasoning, text and prompts": (
                "Reasoning TextConfig TextFormat PlainTextFormat JSONSchemaFormat JSONObjectFormat GrammarFormat "
                "PythonFormat Prompt PromptCacheOptions PromptCacheDiagnostics PromptCacheHit PromptCacheMiss "
                "PromptCacheNoComparison PromptCacheUnavailable ContextManagement ImageOptions"
            ),
            "Tokens and costs": (
                "Usage InputTokensDetails OutputTokensDetails CacheWriteTokensDetails CachedImageTokensDetails "
                "ImageGenerationUsage ImageTokensDetails ToolUsage WebSearchUsage"
            ),
            "What moderation says": (
                "Moderation ModerationConfig ModerationError ModerationOutcome ModerationParam ModerationPolicy "
                "ModerationResult Misalignment MisalignmentSteer"
            ),
            "Conversations": "Conversation CreateConversation CreateItems UpdateConversation DeletedConversation",
            "Models": "Model DeletedModel",
            "Errors": "ErrorObject ErrorResponse",
        },
    ),
    Group(
        "values/items.md",
        "Items and content",
        "What a response is made from, and what it is made of.",
        {
            "Unions": "Item InputItem OutputItem ConversationItem InputContent ContentPart Annotation Caller",
            "Messages and their content": (
                "Message InputText InputImage InputFile InputAudio AudioData OutputText Text Refusal SummaryText "
                "ReasoningText ComputerScreenshot PromptCacheBreakpoint"
            ),
            "Annotations and log probabilities": (
                "FileCitation URLCitation ContainerFileCitation FilePath LogProb TopLogProb"
            ),
            "Reasoning and the context": (
                "ReasoningItem Compaction CompactionTrigger ItemReference ConfigurationUpdate "
                "DirectCaller ProgramCaller"
            ),
        },
    ),
    Group(
        "values/tools.md",
        "Tools and their calls",
        "Tools that a model may use, how it is told which, and the items of their calls and outputs.",
        {
            "Any tool": "Tool",
            "Choice of tools": (
                "ToolChoice ToolChoiceAllowed ToolChoiceTypes ToolChoiceFunction ToolChoiceCustom ToolChoiceMCP "
                "ToolChoiceFileSearch ToolChoiceWebSearchPreview ToolChoiceWebSearchPreview20250311 ToolChoiceComputer "
                "ToolChoiceComputerUse ToolChoiceComputerUsePreview ToolChoiceImageGeneration "
                "ToolChoiceCodeInterpreter ToolChoiceProgrammatic ToolChoiceApplyPatch ToolChoiceShell"
            ),
            "Functions": "FunctionTool FunctionCall FunctionCallOutput",
            "Custom tools": (
                "CustomTool CustomToolCall CustomToolCallOutput CustomToolFormat CustomTextFormat CustomGrammarFormat"
            ),
            "Web search": (
                "WebSearchTool WebSearchTool20250826 WebSearchPreviewTool WebSearchPreviewTool20250311 WebSearchCall "
                "WebSearchAction SearchAction OpenPageAction FindInPageAction WebSearchSource WebSearchAPISource "
                "WebSearchFilters ApproximateLocation"
            ),
            "File search": (
                "FileSearchTool FileSearchCall FileSearchResult RankingOptions HybridSearchOptions Filter "
                "ComparisonFilter CompoundFilter EqFilter NeFilter GtFilter GteFilter LtFilter LteFilter InFilter "
                "NinFilter AndFilter OrFilter"
            ),
            "Computer": (
                "ComputerTool ComputerUsePreviewTool ComputerCall ComputerCallOutput ComputerAction ClickAction "
                "DoubleClickAction DragAction KeyPressAction MoveAction ScreenshotAction ScrollAction TypeAction "
                "WaitAction Coordinate SafetyCheck"
            ),
            "Code interpreter": (
                "CodeInterpreterTool CodeInterpreterContainer CodeInterpreterCall CodeInterpreterOutput "
                "CodeInterpreterLogs CodeInterpreterImage"
            ),
            "Image generation": (
                "ImageGenerationTool ImageMask ImageGenerationCall ImageGenerationError ImageModerationDetails "
                "SVGOptions SVGReasoning SVGUsage"
            ),
            "MCP": (
                "MCPTool MCPToolFilter MCPApprovalPolicy MCPListTools MCPListedTool MCPCall MCPCallError "
                "MCPProtocolError MCPToolExecutionError MCPHTTPError MCPApprovalRequest MCPApprovalResponse"
            ),
            "Shell": (
                "ShellTool ShellCall ShellAction ShellCallOutput ShellOutput ShellOutcome ShellExit ShellTimeout "
                "LocalShellTool LocalShellCall LocalShellExec LocalShellCallOutput"
            ),
            "Containers and skills": (
                "ShellEnvironment ContainerAuto ContainerReference LocalEnvironment NetworkPolicy "
                "NetworkPolicyAllowlist NetworkPolicyDisabled NetworkPolicyDomainSecret Skill SkillReference "
                "InlineSkill InlineSkillSource LocalSkill"
            ),
            "Patches": (
                "ApplyPatchTool ApplyPatchCall ApplyPatchCallOutput PatchOperation CreateFile UpdateFile DeleteFile"
            ),
            "Tool search and programs": (
                "ToolSearchTool NamespaceTool ToolSearchCall ToolSearchOutput AdditionalTools "
                "ProgrammaticToolCallingTool Program ProgramOutput"
            ),
        },
    ),
    Group(
        "values/events.md",
        "Events of a streamed response",
        "Everything that a stream emits; `StreamEvent` is the union of them.",
        {
            "Any event": "StreamEvent",
            "The response": (
                "ResponseCreatedEvent ResponseQueuedEvent ResponseInProgressEvent ResponseCompletedEvent "
                "ResponseFailedEvent ResponseIncompleteEvent ErrorEvent"
            ),
            "Output": (
                "OutputItemAddedEvent OutputItemDoneEvent ContentPartAddedEvent ContentPartDoneEvent TextDeltaEvent "
                "TextDoneEvent OutputTextAnnotationAddedEvent RefusalDeltaEvent RefusalDoneEvent AudioDeltaEvent "
                "AudioDoneEvent AudioTranscriptDeltaEvent AudioTranscriptDoneEvent CompactionCompactingEvent"
            ),
            "Reasoning": (
                "ReasoningSummaryPartAddedEvent ReasoningSummaryPartDoneEvent ReasoningSummaryTextDeltaEvent "
                "ReasoningSummaryTextDoneEvent ReasoningTextDeltaEvent ReasoningTextDoneEvent"
            ),
            "Functions, custom tools and shells": (
                "FunctionCallArgumentsDeltaEvent FunctionCallArgumentsDoneEvent CustomToolCallInputDeltaEvent "
                "CustomToolCallInputDoneEvent ShellCallCommandAddedEvent ShellCallCommandDeltaEvent "
                "ShellCallCommandDoneEvent ShellCallOutputContentDeltaEvent ShellCallOutputContentDoneEvent "
                "ShellOutputDelta"
            ),
            "The service's own tools": (
                "WebSearchCallInProgressEvent WebSearchCallSearchingEvent WebSearchCallCompletedEvent "
                "FileSearchCallInProgressEvent FileSearchCallSearchingEvent FileSearchCallCompletedEvent "
                "CodeInterpreterCallInProgressEvent CodeInterpreterCallInterpretingEvent "
                "CodeInterpreterCallCompletedEvent CodeInterpreterCallCodeDeltaEvent CodeInterpreterCallCodeDoneEvent "
                "ImageGenerationCallInProgressEvent ImageGenerationCallGeneratingEvent "
                "ImageGenerationCallPartialImageEvent ImageGenerationCallCompletedEvent"
            ),
            "MCP": (
                "MCPListToolsInProgressEvent MCPListToolsCompletedEvent MCPListToolsFailedEvent MCPCallInProgressEvent "
                "MCPCallArgumentsDeltaEvent MCPCallArgumentsDoneEvent MCPCallCompletedEvent MCPCallFailedEvent"
            ),
            "Steering": "Steer SteerAcceptedEvent SteerPendingEvent SteerFailedEvent SteerError RequiredInput",
        },
    ),
    Group(
        "values/webhook-events.md",
        "Events of webhooks",
        "Everything that a delivery can hold; `WebhookEvent` is the union of them.",
        {
            "Any event": "WebhookEvent",
            "Responses": (
                "ResponseCompletedWebhookEvent ResponseFailedWebhookEvent ResponseIncompleteWebhookEvent "
                "ResponseCancelledWebhookEvent"
            ),
            "Batches, fine-tuning and evaluations": (
                "BatchCompletedWebhookEvent BatchFailedWebhookEvent BatchExpiredWebhookEvent "
                "BatchCancelledWebhookEvent FineTuningJobSucceededWebhookEvent FineTuningJobFailedWebhookEvent "
                "FineTuningJobCancelledWebhookEvent EvalRunSucceededWebhookEvent EvalRunFailedWebhookEvent "
                "EvalRunCanceledWebhookEvent"
            ),
            "Calls": (
                "RealtimeCallIncomingWebhookEvent LiveCallIncomingWebhookEvent LiveTransportConnectedWebhookEvent "
                "LiveTransportIncomingWebhookEvent"
            ),
            "Agents": (
                "AgentEnvironmentReadyWebhookEvent AgentEnvironmentFailedWebhookEvent "
                "AgentEnvironmentExpiredWebhookEvent AgentEnvironmentSuspendedWebhookEvent "
                "AgentSessionCreatedWebhookEvent AgentSessionInProgressWebhookEvent AgentSessionIdleWebhookEvent "
                "AgentSessionActionRequiredWebhookEvent AgentSessionFailedWebhookEvent"
            ),
            "Safety": (
                "SafetyAlertCreatedWebhookEvent SafetyOrgAlertCreatedWebhookEvent SafetyWarningIssuedWebhookEvent "
                "SafetyDeactivationIssuedWebhookEvent"
            ),
        },
    ),
)
