"""Bytes to values and back: wire structs, JSON, event streams, error envelope. Knows nothing of HTTP exchanges.

Everything public can be imported from here, and is loaded when it is first asked for; the modules are where to read it.
"""

_PUBLIC = {
    "decoders": (
        "decode decode_compacted_response decode_conversation decode_conversation_item decode_conversation_items "
        "decode_deleted_conversation decode_deleted_model decode_deleted_response decode_input_items decode_model "
        "decode_models decode_response decode_responses decode_stream_event decode_token_count"
    ),
    "event_decoder": "StreamDecoder StreamError",
    "lossless.big_numbers": "BigNumber",
    "lossless.codec": "Codec encode to_plain",
    "lossless.errors": "DecodeError",
    "lossless.list_codec": "ListCodec",
    "lossless.lists": "ItemList",
    "lossless.server_sent_events": "EventStream ServerSentEvent",
    "lossless.shortened_repr": "brief pretty",
    "lossless.wire": "Kept Unknown Untagged Wire",
    "rendering.rendered": "to_html to_text",
    "schema_export": "json_schema",
    "schema_table": "SCHEMAS",
    "types.accessors": "function_calls output_text parse_arguments reasoning_summaries refusal",
    "types.annotations": "Annotation ContainerFileCitation FileCitation FilePath URLCitation",
    "types.audit": "ResponseAudit",
    "types.callers": "Caller DirectCaller ProgramCaller",
    "types.compaction": "Compaction CompactionTrigger ContextManagement ImageOptions",
    "types.content": (
        "AudioData ComputerScreenshot ContentPart InputAudio InputContent InputFile InputImage InputText OutputText "
        "PromptCacheBreakpoint ReasoningText Refusal SummaryText Text"
    ),
    "types.conversations": "Conversation CreateConversation CreateItems DeletedConversation UpdateConversation",
    "types.create": "BackgroundOptions CreateResponse StreamOptions",
    "types.error_body": "decode_error_body ErrorBody",
    "types.error_response": "ErrorObject ErrorResponse",
    "types.events.caller_tools": (
        "CustomToolCallInputDeltaEvent CustomToolCallInputDoneEvent FunctionCallArgumentsDeltaEvent "
        "FunctionCallArgumentsDoneEvent ShellCallCommandAddedEvent ShellCallCommandDeltaEvent "
        "ShellCallCommandDoneEvent ShellCallOutputContentDeltaEvent ShellCallOutputContentDoneEvent ShellOutputDelta"
    ),
    "types.events.hosted_tools": (
        "CodeInterpreterCallCodeDeltaEvent CodeInterpreterCallCodeDoneEvent CodeInterpreterCallCompletedEvent "
        "CodeInterpreterCallInProgressEvent CodeInterpreterCallInterpretingEvent FileSearchCallCompletedEvent "
        "FileSearchCallInProgressEvent FileSearchCallSearchingEvent ImageGenerationCallCompletedEvent "
        "ImageGenerationCallGeneratingEvent ImageGenerationCallInProgressEvent ImageGenerationCallPartialImageEvent "
        "WebSearchCallCompletedEvent WebSearchCallInProgressEvent WebSearchCallSearchingEvent"
    ),
    "types.events.mcp": (
        "MCPCallArgumentsDeltaEvent MCPCallArgumentsDoneEvent MCPCallCompletedEvent MCPCallFailedEvent "
        "MCPCallInProgressEvent MCPListToolsCompletedEvent MCPListToolsFailedEvent MCPListToolsInProgressEvent"
    ),
    "types.events.output": (
        "AudioDeltaEvent AudioDoneEvent AudioTranscriptDeltaEvent AudioTranscriptDoneEvent CompactionCompactingEvent "
        "ContentPartAddedEvent ContentPartDoneEvent OutputItemAddedEvent OutputItemDoneEvent "
        "OutputTextAnnotationAddedEvent RefusalDeltaEvent RefusalDoneEvent TextDeltaEvent TextDoneEvent"
    ),
    "types.events.reasoning": (
        "ReasoningSummaryPartAddedEvent ReasoningSummaryPartDoneEvent ReasoningSummaryTextDeltaEvent "
        "ReasoningSummaryTextDoneEvent ReasoningTextDeltaEvent ReasoningTextDoneEvent"
    ),
    "types.events.response": (
        "ErrorEvent ResponseCompletedEvent ResponseCreatedEvent ResponseFailedEvent ResponseIncompleteEvent "
        "ResponseInProgressEvent ResponseQueuedEvent"
    ),
    "types.events.steering": ("RequiredInput Steer SteerAcceptedEvent SteerError SteerFailedEvent SteerPendingEvent"),
    "types.events.union": "StreamEvent",
    "types.input_context": "CompactedResponse CompactRequest TokenCount TokenCountRequest",
    "types.items": "ConfigurationUpdate ConversationItem InputItem Item ItemReference OutputItem",
    "types.logprobs": "LogProb TopLogProb",
    "types.messages": "Message",
    "types.models": "DeletedModel Model",
    "types.moderation": (
        "Misalignment MisalignmentSteer Moderation ModerationConfig ModerationError ModerationOutcome ModerationParam "
        "ModerationPolicy ModerationResult"
    ),
    "types.prompt": (
        "Prompt PromptCacheDiagnostics PromptCacheHit PromptCacheMiss PromptCacheNoComparison PromptCacheOptions "
        "PromptCacheUnavailable"
    ),
    "types.reasoning": "Reasoning ReasoningItem",
    "types.response": (
        "AccessPrograms Billing ConversationReference DeletedResponse IncompleteDetails InputTransformation Response "
        "ResponseError"
    ),
    "types.text_format": (
        "GrammarFormat JSONObjectFormat JSONSchemaFormat PlainTextFormat PythonFormat TextConfig TextFormat"
    ),
    "types.tools.apply_patch": (
        "ApplyPatchCall ApplyPatchCallOutput ApplyPatchTool CreateFile DeleteFile PatchOperation UpdateFile"
    ),
    "types.tools.code_interpreter": (
        "CodeInterpreterCall CodeInterpreterContainer CodeInterpreterImage CodeInterpreterLogs CodeInterpreterOutput "
        "CodeInterpreterTool"
    ),
    "types.tools.computer": (
        "ClickAction ComputerAction ComputerCall ComputerCallOutput ComputerTool ComputerUsePreviewTool Coordinate "
        "DoubleClickAction DragAction KeyPressAction MoveAction SafetyCheck ScreenshotAction ScrollAction TypeAction "
        "WaitAction"
    ),
    "types.tools.containers": (
        "ContainerAuto ContainerReference LocalEnvironment NetworkPolicy NetworkPolicyAllowlist NetworkPolicyDisabled "
        "NetworkPolicyDomainSecret ShellEnvironment"
    ),
    "types.tools.custom_tools": (
        "CustomGrammarFormat CustomTextFormat CustomTool CustomToolCall CustomToolCallOutput CustomToolFormat"
    ),
    "types.tools.file_search": "FileSearchCall FileSearchResult FileSearchTool HybridSearchOptions RankingOptions",
    "types.tools.filters": (
        "AndFilter ComparisonFilter CompoundFilter EqFilter Filter GteFilter GtFilter InFilter LteFilter LtFilter "
        "NeFilter NinFilter OrFilter"
    ),
    "types.tools.functions": "FunctionCall FunctionCallOutput FunctionTool",
    "types.tools.image_generation": (
        "ImageGenerationCall ImageGenerationError ImageGenerationTool ImageMask ImageModerationDetails SVGOptions "
        "SVGReasoning SVGUsage"
    ),
    "types.tools.local_shell": "LocalShellCall LocalShellCallOutput LocalShellExec LocalShellTool",
    "types.tools.mcp": (
        "MCPApprovalPolicy MCPApprovalRequest MCPApprovalResponse MCPCall MCPCallError MCPHTTPError MCPListedTool "
        "MCPListTools MCPProtocolError MCPTool MCPToolExecutionError MCPToolFilter"
    ),
    "types.tools.programs": "Program ProgrammaticToolCallingTool ProgramOutput",
    "types.tools.shell": (
        "ShellAction ShellCall ShellCallOutput ShellExit ShellOutcome ShellOutput ShellTimeout ShellTool"
    ),
    "types.tools.skills": "InlineSkill InlineSkillSource LocalSkill Skill SkillReference",
    "types.tools.tool_choice": (
        "ToolChoice ToolChoiceAllowed ToolChoiceApplyPatch ToolChoiceCodeInterpreter ToolChoiceComputer "
        "ToolChoiceComputerUse ToolChoiceComputerUsePreview ToolChoiceCustom ToolChoiceFileSearch ToolChoiceFunction "
        "ToolChoiceImageGeneration ToolChoiceMCP ToolChoiceProgrammatic ToolChoiceShell ToolChoiceTypes "
        "ToolChoiceWebSearchPreview ToolChoiceWebSearchPreview20250311"
    ),
    "types.tools.tool_search": "NamespaceTool ToolSearchTool",
    "types.tools.tool_search_items": "AdditionalTools ToolSearchCall ToolSearchOutput",
    "types.tools.union": "Tool",
    "types.tools.web_search": (
        "ApproximateLocation FindInPageAction OpenPageAction SearchAction WebSearchAction WebSearchAPISource "
        "WebSearchCall WebSearchFilters WebSearchPreviewTool WebSearchPreviewTool20250311 WebSearchSource "
        "WebSearchTool WebSearchTool20250826"
    ),
    "types.usage": (
        "CachedImageTokensDetails CacheWriteTokensDetails ImageGenerationUsage ImageTokensDetails InputTokensDetails "
        "OutputTokensDetails ToolUsage Usage WebSearchUsage"
    ),
}
"""What is public, by the module that holds it; `__init__.pyi` is made of this, for type-checkers."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}

# Not assigned as usual: pyright takes no list that is worked out. It has the names from `__init__.pyi`.
globals()["__all__"] = list(_HOME)


def __getattr__(name: str) -> object:
    from .on_demand import public_name

    return public_name(globals(), name)


def __dir__() -> list[str]:
    from .on_demand import public_names

    return public_names(globals())
