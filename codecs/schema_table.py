"""The schemas of the specification, by name, and the type that each is decoded into.

Law: each schema of the specification has an entry; a test compares. A schema whose objects have a `type` may also be
read as an `Unknown`; one that only enumerates values is any string, for enumerations are open. Public types are read by
their own names too, so that what is written can be read back.
"""

from __future__ import annotations

from importlib import import_module
from types import UnionType
from typing import Any, Union, get_args, get_origin

from .lossless.codec import Codec, codec_for
from .lossless.list_codec import ListCodec, list_codec_for
from .lossless.lists import ItemList
from .lossless.wire import Unknown, Wire
from .types.annotations import Annotation, ContainerFileCitation, FileCitation, FilePath, URLCitation
from .types.callers import Caller, DirectCaller, ProgramCaller
from .types.compaction import Compaction, CompactionTrigger, ContextManagement
from .types.content import (
    ComputerScreenshot,
    ContentPart,
    InputContent,
    InputFile,
    InputImage,
    InputText,
    OutputText,
    PromptCacheBreakpoint,
    ReasoningText,
    Refusal,
    SummaryText,
    Text,
)
from .types.conversations import Conversation, CreateConversation, DeletedConversation, UpdateConversation
from .types.create import CreateResponse, StreamOptions
from .types.error_response import ErrorObject, ErrorResponse
from .types.events.caller_tools import (
    CustomToolCallInputDeltaEvent,
    CustomToolCallInputDoneEvent,
    FunctionCallArgumentsDeltaEvent,
    FunctionCallArgumentsDoneEvent,
    ShellCallCommandAddedEvent,
    ShellCallCommandDeltaEvent,
    ShellCallCommandDoneEvent,
    ShellCallOutputContentDeltaEvent,
    ShellCallOutputContentDoneEvent,
    ShellOutputDelta,
)
from .types.events.hosted_tools import (
    CodeInterpreterCallCodeDeltaEvent,
    CodeInterpreterCallCodeDoneEvent,
    CodeInterpreterCallCompletedEvent,
    CodeInterpreterCallInProgressEvent,
    CodeInterpreterCallInterpretingEvent,
    FileSearchCallCompletedEvent,
    FileSearchCallInProgressEvent,
    FileSearchCallSearchingEvent,
    ImageGenerationCallCompletedEvent,
    ImageGenerationCallGeneratingEvent,
    ImageGenerationCallInProgressEvent,
    ImageGenerationCallPartialImageEvent,
    WebSearchCallCompletedEvent,
    WebSearchCallInProgressEvent,
    WebSearchCallSearchingEvent,
)
from .types.events.mcp import (
    MCPCallArgumentsDeltaEvent,
    MCPCallArgumentsDoneEvent,
    MCPCallCompletedEvent,
    MCPCallFailedEvent,
    MCPCallInProgressEvent,
    MCPListToolsCompletedEvent,
    MCPListToolsFailedEvent,
    MCPListToolsInProgressEvent,
)
from .types.events.output import (
    AudioDeltaEvent,
    AudioDoneEvent,
    AudioTranscriptDeltaEvent,
    AudioTranscriptDoneEvent,
    ContentPartAddedEvent,
    ContentPartDoneEvent,
    OutputItemAddedEvent,
    OutputItemDoneEvent,
    OutputTextAnnotationAddedEvent,
    RefusalDeltaEvent,
    RefusalDoneEvent,
    TextDeltaEvent,
    TextDoneEvent,
)
from .types.events.reasoning import (
    ReasoningSummaryPartAddedEvent,
    ReasoningSummaryPartDoneEvent,
    ReasoningSummaryTextDeltaEvent,
    ReasoningSummaryTextDoneEvent,
    ReasoningTextDeltaEvent,
    ReasoningTextDoneEvent,
)
from .types.events.response import (
    ErrorEvent,
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseInProgressEvent,
    ResponseQueuedEvent,
)
from .types.events.union import StreamEvent
from .types.input_context import CompactedResponse, CompactRequest, TokenCount, TokenCountRequest
from .types.items import ConversationItem, InputItem, Item, ItemReference, OutputItem
from .types.logprobs import LogProb, TopLogProb
from .types.messages import Message
from .types.models import DeletedModel, Model
from .types.moderation import (
    Moderation,
    ModerationConfig,
    ModerationError,
    ModerationParam,
    ModerationPolicy,
    ModerationResult,
)
from .types.prompt import Prompt, PromptCacheOptions
from .types.reasoning import Reasoning, ReasoningItem
from .types.response import ConversationReference, Response, ResponseError
from .types.text_format import JSONObjectFormat, JSONSchemaFormat, PlainTextFormat, TextConfig, TextFormat
from .types.tools.apply_patch import (
    ApplyPatchCall,
    ApplyPatchCallOutput,
    ApplyPatchTool,
    CreateFile,
    DeleteFile,
    PatchOperation,
    UpdateFile,
)
from .types.tools.code_interpreter import (
    CodeInterpreterCall,
    CodeInterpreterContainer,
    CodeInterpreterImage,
    CodeInterpreterLogs,
    CodeInterpreterTool,
)
from .types.tools.computer import (
    ClickAction,
    ComputerAction,
    ComputerCall,
    ComputerCallOutput,
    ComputerTool,
    ComputerUsePreviewTool,
    Coordinate,
    DoubleClickAction,
    DragAction,
    KeyPressAction,
    MoveAction,
    SafetyCheck,
    ScreenshotAction,
    ScrollAction,
    TypeAction,
    WaitAction,
)
from .types.tools.containers import (
    ContainerAuto,
    ContainerReference,
    LocalEnvironment,
    NetworkPolicyAllowlist,
    NetworkPolicyDisabled,
    NetworkPolicyDomainSecret,
)
from .types.tools.custom_tools import (
    CustomGrammarFormat,
    CustomTextFormat,
    CustomTool,
    CustomToolCall,
    CustomToolCallOutput,
)
from .types.tools.file_search import FileSearchCall, FileSearchTool, HybridSearchOptions, RankingOptions
from .types.tools.filters import (
    AndFilter,
    EqFilter,
    Filter,
    GteFilter,
    GtFilter,
    InFilter,
    LteFilter,
    LtFilter,
    NeFilter,
    NinFilter,
    OrFilter,
)
from .types.tools.functions import FunctionCall, FunctionCallOutput, FunctionTool
from .types.tools.image_generation import ImageGenerationCall, ImageGenerationTool
from .types.tools.local_shell import LocalShellCall, LocalShellCallOutput, LocalShellExec, LocalShellTool
from .types.tools.mcp import (
    MCPApprovalRequest,
    MCPApprovalResponse,
    MCPCall,
    MCPCallError,
    MCPHTTPError,
    MCPListedTool,
    MCPListTools,
    MCPProtocolError,
    MCPTool,
    MCPToolExecutionError,
    MCPToolFilter,
)
from .types.tools.programs import Program, ProgrammaticToolCallingTool, ProgramOutput
from .types.tools.shell import (
    ShellAction,
    ShellCall,
    ShellCallOutput,
    ShellExit,
    ShellOutcome,
    ShellOutput,
    ShellTimeout,
    ShellTool,
)
from .types.tools.skills import InlineSkill, InlineSkillSource, LocalSkill, SkillReference
from .types.tools.tool_choice import (
    ToolChoice,
    ToolChoiceAllowed,
    ToolChoiceApplyPatch,
    ToolChoiceCodeInterpreter,
    ToolChoiceComputer,
    ToolChoiceComputerUse,
    ToolChoiceComputerUsePreview,
    ToolChoiceCustom,
    ToolChoiceFileSearch,
    ToolChoiceFunction,
    ToolChoiceImageGeneration,
    ToolChoiceMCP,
    ToolChoiceProgrammatic,
    ToolChoiceShell,
    ToolChoiceWebSearchPreview,
    ToolChoiceWebSearchPreview20250311,
)
from .types.tools.tool_search import NamespaceTool, ToolSearchTool
from .types.tools.tool_search_items import AdditionalTools, ToolSearchCall, ToolSearchOutput
from .types.tools.union import Tool
from .types.tools.web_search import (
    ApproximateLocation,
    FindInPageAction,
    OpenPageAction,
    SearchAction,
    WebSearchCall,
    WebSearchPreviewTool,
    WebSearchPreviewTool20250311,
    WebSearchTool,
    WebSearchTool20250826,
)
from .types.usage import Usage

_ENUMERATIONS = (
    "ApplyPatchCallOutputStatus ApplyPatchCallOutputStatusParam ApplyPatchCallStatus ApplyPatchCallStatusParam "
    "CallableToolAllowedCaller ClickButtonType ComputerCallOutputStatus ComputerEnvironment ContainerMemoryLimit "
    "DetailEnum FileDetailEnum FileInputDetail FunctionCallItemStatus FunctionCallOutputStatusEnum "
    "FunctionCallStatus FunctionShellCallItemStatus FunctionShellCallOutputStatusEnum FunctionShellCallStatus "
    "GrammarSyntax1 ImageDetail ImageGenActionEnum IncludeEnum InputFidelity MCPToolCallStatus MessagePhase "
    "MessagePhase-2 MessageRole MessageStatus ModelIdsResponses ModelIdsShared ModerationInputType ModerationMode "
    "PersonalityEnum ProgramOutputItemStatus ProgramOutputStatus PromptCacheModeEnum PromptCacheRetentionEnum "
    "PromptCacheTTLEnum RankerVersionType ReasoningModeEnum ResponseErrorCode SearchContentType SearchContextSize "
    "ServiceTierEnum ToolChoiceOptions ToolSearchExecutionType TruncationEnum "
)
"""All of these are open: any string will do."""

_PACKAGE = __name__.rpartition(".")[0]

SCHEMAS: dict[str, Any] = {
    **dict.fromkeys(_ENUMERATIONS.split(), str),
    "AdditionalTools": AdditionalTools,
    "AdditionalToolsItemParam": AdditionalTools,
    "Annotation": Annotation,
    "ApplyPatchCreateFileOperation": CreateFile,
    "ApplyPatchCreateFileOperationParam": CreateFile,
    "ApplyPatchDeleteFileOperation": DeleteFile,
    "ApplyPatchDeleteFileOperationParam": DeleteFile,
    "ApplyPatchOperationParam": PatchOperation,
    "ApplyPatchToolCall": ApplyPatchCall,
    "ApplyPatchToolCallItemParam": ApplyPatchCall,
    "ApplyPatchToolCallOutput": ApplyPatchCallOutput,
    "ApplyPatchToolCallOutputItemParam": ApplyPatchCallOutput,
    "ApplyPatchToolParam": ApplyPatchTool,
    "ApplyPatchUpdateFileOperation": UpdateFile,
    "ApplyPatchUpdateFileOperationParam": UpdateFile,
    "ApproximateLocation": ApproximateLocation,
    "AutoCodeInterpreterToolParam": CodeInterpreterContainer,
    "ClickParam": ClickAction,
    "CodeInterpreterOutputImage": CodeInterpreterImage,
    "CodeInterpreterOutputLogs": CodeInterpreterLogs,
    "CodeInterpreterTool": CodeInterpreterTool,
    "CodeInterpreterToolCall": CodeInterpreterCall,
    "CompactResource": CompactedResponse,
    "CompactResponseMethodPublicBody": CompactRequest,
    "CompactionBody": Compaction,
    "CompactionSummaryItemParam": Compaction,
    "CompactionTriggerItemParam": CompactionTrigger,
    "ComparisonFilter": EqFilter
    | NeFilter
    | GtFilter
    | GteFilter
    | LtFilter
    | LteFilter
    | InFilter
    | NinFilter
    | Unknown,
    "CompoundFilter": AndFilter | OrFilter | Unknown,
    "ComputerAction": ComputerAction,
    "ComputerActionList": tuple[ComputerAction, ...],
    "ComputerCallOutputItemParam": ComputerCallOutput,
    "ComputerCallSafetyCheckParam": SafetyCheck,
    "ComputerScreenshotContent": ComputerScreenshot,
    "ComputerScreenshotImage": ComputerScreenshot,
    "ComputerTool": ComputerTool,
    "ComputerToolCall": ComputerCall,
    "ComputerToolCallOutput": ComputerCallOutput,
    "ComputerToolCallOutputResource": ComputerCallOutput,
    "ComputerUsePreviewTool": ComputerUsePreviewTool,
    "ContainerAutoParam": ContainerAuto,
    "ContainerFileCitationBody": ContainerFileCitation,
    "ContainerNetworkPolicyAllowlistParam": NetworkPolicyAllowlist,
    "ContainerNetworkPolicyDisabledParam": NetworkPolicyDisabled,
    "ContainerNetworkPolicyDomainSecretParam": NetworkPolicyDomainSecret,
    "ContainerReferenceParam": ContainerReference,
    "ContainerReferenceResource": ContainerReference,
    "ContextManagementParam": ContextManagement,
    "ConversationItem": ConversationItem,
    "ConversationItemList": ItemList[ConversationItem],
    "ConversationParam": str | ConversationReference,
    "ConversationParam-2": ConversationReference,
    "ConversationResource": Conversation,
    "CoordParam": Coordinate,
    "CreateConversationBody": CreateConversation,
    "CreateModelResponseProperties": CreateResponse,
    "CreateResponse": CreateResponse,
    "CustomGrammarFormatParam": CustomGrammarFormat,
    "CustomTextFormatParam": CustomTextFormat,
    "CustomToolCall": CustomToolCall,
    "CustomToolCallOutput": CustomToolCallOutput,
    "CustomToolCallOutputResource": CustomToolCallOutput,
    "CustomToolCallResource": CustomToolCall,
    "CustomToolParam": CustomTool,
    "DeleteModelResponse": DeletedModel,
    "DeletedConversationResource": DeletedConversation,
    "DirectToolCallCaller": DirectCaller,
    "DirectToolCallCallerParam": DirectCaller,
    "DoubleClickAction": DoubleClickAction,
    "DragParam": DragAction,
    "EasyInputMessage": Message,
    "EmptyModelParam": dict[str, Any],
    "Error": ErrorObject,
    "ErrorResponse": ErrorResponse,
    "FileCitationBody": FileCitation,
    "FilePath": FilePath,
    "FileSearchTool": FileSearchTool,
    "FileSearchToolCall": FileSearchCall,
    "Filters": Filter,
    "FunctionAndCustomToolCallOutput": InputContent,
    "FunctionCallOutputItemParam": FunctionCallOutput,
    "FunctionShellAction": ShellAction,
    "FunctionShellActionParam": ShellAction,
    "FunctionShellCall": ShellCall,
    "FunctionShellCallItemParam": ShellCall,
    "FunctionShellCallOutput": ShellCallOutput,
    "FunctionShellCallOutputContent": ShellOutput,
    "FunctionShellCallOutputContentParam": ShellOutput,
    "FunctionShellCallOutputExitOutcome": ShellExit,
    "FunctionShellCallOutputExitOutcomeParam": ShellExit,
    "FunctionShellCallOutputItemParam": ShellCallOutput,
    "FunctionShellCallOutputOutcomeParam": ShellOutcome,
    "FunctionShellCallOutputTimeoutOutcome": ShellTimeout,
    "FunctionShellCallOutputTimeoutOutcomeParam": ShellTimeout,
    "FunctionShellToolParam": ShellTool,
    "FunctionTool": FunctionTool,
    "FunctionToolCall": FunctionCall,
    "FunctionToolCallOutput": FunctionCallOutput,
    "FunctionToolCallOutputResource": FunctionCallOutput,
    "FunctionToolCallResource": FunctionCall,
    "FunctionToolParam": FunctionTool,
    "HTTPError": MCPHTTPError,
    "HybridSearchOptions": HybridSearchOptions,
    "ImageGenTool": ImageGenerationTool,
    "ImageGenToolCall": ImageGenerationCall,
    "InlineSkillParam": InlineSkill,
    "InlineSkillSourceParam": InlineSkillSource,
    "InputContent": InputContent,
    "InputFileContent": InputFile,
    "InputFileContentParam": InputFile,
    "InputImageContent": InputImage,
    "InputImageContentParamAutoParam": InputImage,
    "InputItem": InputItem,
    "InputMessage": Message,
    "InputMessageContentList": tuple[InputContent, ...],
    "InputMessageResource": Message,
    "InputParam": str | tuple[InputItem, ...],
    "InputTextContent": InputText,
    "InputTextContentParam": InputText,
    "Item": Item,
    "ItemField": Item,
    "ItemReferenceParam": ItemReference,
    "ItemResource": Item,
    "KeyPressAction": KeyPressAction,
    "ListModelsResponse": ItemList[Model],
    "LocalEnvironmentParam": LocalEnvironment,
    "LocalEnvironmentResource": LocalEnvironment,
    "LocalShellExecAction": LocalShellExec,
    "LocalShellToolCall": LocalShellCall,
    "LocalShellToolCallOutput": LocalShellCallOutput,
    "LocalShellToolParam": LocalShellTool,
    "LocalSkillParam": LocalSkill,
    "LogProb": LogProb,
    "MCPApprovalRequest": MCPApprovalRequest,
    "MCPApprovalResponse": MCPApprovalResponse,
    "MCPApprovalResponseResource": MCPApprovalResponse,
    "MCPListTools": MCPListTools,
    "MCPListToolsTool": MCPListedTool,
    "MCPProtocolError": MCPProtocolError,
    "MCPTool": MCPTool,
    "MCPToolCall": MCPCall,
    "MCPToolCallError": MCPCallError,
    "MCPToolExecutionError": MCPToolExecutionError,
    "MCPToolFilter": MCPToolFilter,
    "Message": Message,
    "Metadata": dict[str, str] | None,
    "Model": Model,
    "ModelIdsCompaction": str | None,
    "ModelResponseProperties": CreateResponse,
    "Moderation": Moderation,
    "ModerationConfigParam": ModerationConfig,
    "ModerationErrorBody": ModerationError,
    "ModerationParam": ModerationParam,
    "ModerationPolicyParam": ModerationPolicy,
    "ModerationResultBody": ModerationResult,
    "MoveParam": MoveAction,
    "NamespaceToolParam": NamespaceTool,
    "OutputContent": ContentPart,
    "OutputItem": OutputItem,
    "OutputMessage": Message,
    "OutputMessageContent": ContentPart,
    "OutputTextContent": OutputText,
    "Program": Program,
    "ProgramItemParam": Program,
    "ProgramOutput": ProgramOutput,
    "ProgramOutputItemParam": ProgramOutput,
    "ProgramToolCallCaller": ProgramCaller,
    "ProgramToolCallCallerParam": ProgramCaller,
    "ProgrammaticToolCallingParam": ProgrammaticToolCallingTool,
    "Prompt": Prompt | None,
    "PromptCacheBreakpointConfig": PromptCacheBreakpoint,
    "PromptCacheBreakpointParam": PromptCacheBreakpoint,
    "PromptCacheOptions": PromptCacheOptions,
    "PromptCacheOptionsParam": PromptCacheOptions,
    "RankingOptions": RankingOptions,
    "Reasoning": Reasoning,
    "ReasoningEffort": str | None,
    "ReasoningItem": ReasoningItem,
    "ReasoningTextContent": ReasoningText,
    "RefusalContent": Refusal,
    "Response": Response,
    "ResponseAudioDeltaEvent": AudioDeltaEvent,
    "ResponseAudioDoneEvent": AudioDoneEvent,
    "ResponseAudioTranscriptDeltaEvent": AudioTranscriptDeltaEvent,
    "ResponseAudioTranscriptDoneEvent": AudioTranscriptDoneEvent,
    "ResponseCodeInterpreterCallCodeDeltaEvent": CodeInterpreterCallCodeDeltaEvent,
    "ResponseCodeInterpreterCallCodeDoneEvent": CodeInterpreterCallCodeDoneEvent,
    "ResponseCodeInterpreterCallCompletedEvent": CodeInterpreterCallCompletedEvent,
    "ResponseCodeInterpreterCallInProgressEvent": CodeInterpreterCallInProgressEvent,
    "ResponseCodeInterpreterCallInterpretingEvent": CodeInterpreterCallInterpretingEvent,
    "ResponseCompletedEvent": ResponseCompletedEvent,
    "ResponseContentPartAddedEvent": ContentPartAddedEvent,
    "ResponseContentPartDoneEvent": ContentPartDoneEvent,
    "ResponseConversation": ConversationReference,
    "ResponseCreatedEvent": ResponseCreatedEvent,
    "ResponseCustomToolCallInputDeltaEvent": CustomToolCallInputDeltaEvent,
    "ResponseCustomToolCallInputDoneEvent": CustomToolCallInputDoneEvent,
    "ResponseError": ResponseError | None,
    "ResponseErrorEvent": ErrorEvent,
    "ResponseFailedEvent": ResponseFailedEvent,
    "ResponseFileSearchCallCompletedEvent": FileSearchCallCompletedEvent,
    "ResponseFileSearchCallInProgressEvent": FileSearchCallInProgressEvent,
    "ResponseFileSearchCallSearchingEvent": FileSearchCallSearchingEvent,
    "ResponseFormatJsonObject": JSONObjectFormat,
    "ResponseFormatJsonSchemaSchema": dict[str, Any],
    "ResponseFormatText": PlainTextFormat,
    "ResponseFunctionCallArgumentsDeltaEvent": FunctionCallArgumentsDeltaEvent,
    "ResponseFunctionCallArgumentsDoneEvent": FunctionCallArgumentsDoneEvent,
    "ResponseImageGenCallCompletedEvent": ImageGenerationCallCompletedEvent,
    "ResponseImageGenCallGeneratingEvent": ImageGenerationCallGeneratingEvent,
    "ResponseImageGenCallInProgressEvent": ImageGenerationCallInProgressEvent,
    "ResponseImageGenCallPartialImageEvent": ImageGenerationCallPartialImageEvent,
    "ResponseInProgressEvent": ResponseInProgressEvent,
    "ResponseIncompleteEvent": ResponseIncompleteEvent,
    "ResponseItemList": ItemList[InputItem],
    "ResponseLogProb": LogProb,
    "ResponseMCPCallArgumentsDeltaEvent": MCPCallArgumentsDeltaEvent,
    "ResponseMCPCallArgumentsDoneEvent": MCPCallArgumentsDoneEvent,
    "ResponseMCPCallCompletedEvent": MCPCallCompletedEvent,
    "ResponseMCPCallFailedEvent": MCPCallFailedEvent,
    "ResponseMCPCallInProgressEvent": MCPCallInProgressEvent,
    "ResponseMCPListToolsCompletedEvent": MCPListToolsCompletedEvent,
    "ResponseMCPListToolsFailedEvent": MCPListToolsFailedEvent,
    "ResponseMCPListToolsInProgressEvent": MCPListToolsInProgressEvent,
    "ResponseOutputItemAddedEvent": OutputItemAddedEvent,
    "ResponseOutputItemDoneEvent": OutputItemDoneEvent,
    "ResponseOutputTextAnnotationAddedEvent": OutputTextAnnotationAddedEvent,
    "ResponsePromptVariables": dict[str, str | InputContent] | None,
    "ResponseProperties": CreateResponse,
    "ResponseQueuedEvent": ResponseQueuedEvent,
    "ResponseReasoningSummaryPartAddedEvent": ReasoningSummaryPartAddedEvent,
    "ResponseReasoningSummaryPartDoneEvent": ReasoningSummaryPartDoneEvent,
    "ResponseReasoningSummaryTextDeltaEvent": ReasoningSummaryTextDeltaEvent,
    "ResponseReasoningSummaryTextDoneEvent": ReasoningSummaryTextDoneEvent,
    "ResponseReasoningTextDeltaEvent": ReasoningTextDeltaEvent,
    "ResponseReasoningTextDoneEvent": ReasoningTextDoneEvent,
    "ResponseRefusalDeltaEvent": RefusalDeltaEvent,
    "ResponseRefusalDoneEvent": RefusalDoneEvent,
    "ResponseShellCallCommandAddedStreamingEvent": ShellCallCommandAddedEvent,
    "ResponseShellCallCommandDeltaStreamingEvent": ShellCallCommandDeltaEvent,
    "ResponseShellCallCommandDoneStreamingEvent": ShellCallCommandDoneEvent,
    "ResponseShellCallOutputContentDeltaStreamingEvent": ShellCallOutputContentDeltaEvent,
    "ResponseShellCallOutputContentDoneStreamingEvent": ShellCallOutputContentDoneEvent,
    "ResponseStreamEvent": StreamEvent,
    "ResponseStreamOptions": StreamOptions | None,
    "ResponseTextDeltaEvent": TextDeltaEvent,
    "ResponseTextDoneEvent": TextDoneEvent,
    "ResponseTextParam": TextConfig,
    "ResponseUsage": Usage,
    "ResponseWebSearchCallCompletedEvent": WebSearchCallCompletedEvent,
    "ResponseWebSearchCallInProgressEvent": WebSearchCallInProgressEvent,
    "ResponseWebSearchCallSearchingEvent": WebSearchCallSearchingEvent,
    "ScreenshotParam": ScreenshotAction,
    "ScrollParam": ScrollAction,
    "ServiceTierResponses": str | None,
    "ShellCallOutputDelta": ShellOutputDelta,
    "SkillReferenceParam": SkillReference,
    "SpecificApplyPatchParam": ToolChoiceApplyPatch,
    "SpecificFunctionShellParam": ToolChoiceShell,
    "SpecificProgrammaticToolCallingParam": ToolChoiceProgrammatic,
    "SummaryTextContent": SummaryText,
    "TextContent": Text,
    "TextResponseFormatConfiguration": TextFormat,
    "TextResponseFormatJsonSchema": JSONSchemaFormat,
    "TokenCountsBody": TokenCountRequest,
    "TokenCountsResource": TokenCount,
    "Tool": Tool,
    "ToolCallCaller": Caller,
    "ToolCallCallerParam": Caller,
    "ToolChoiceAllowed": ToolChoiceAllowed,
    "ToolChoiceCustom": ToolChoiceCustom,
    "ToolChoiceFunction": ToolChoiceFunction,
    "ToolChoiceMCP": ToolChoiceMCP,
    "ToolChoiceParam": ToolChoice,
    "ToolChoiceTypes": ToolChoiceFileSearch
    | ToolChoiceWebSearchPreview
    | ToolChoiceWebSearchPreview20250311
    | ToolChoiceComputer
    | ToolChoiceComputerUse
    | ToolChoiceComputerUsePreview
    | ToolChoiceImageGeneration
    | ToolChoiceCodeInterpreter
    | Unknown,
    "ToolSearchCall": ToolSearchCall,
    "ToolSearchCallItemParam": ToolSearchCall,
    "ToolSearchOutput": ToolSearchOutput,
    "ToolSearchOutputItemParam": ToolSearchOutput,
    "ToolSearchToolParam": ToolSearchTool,
    "ToolsArray": tuple[Tool, ...],
    "TopLogProb": TopLogProb,
    "TypeParam": TypeAction,
    "UpdateConversationBody": UpdateConversation,
    "UrlCitationBody": URLCitation,
    "VectorStoreFileAttributes": dict[str, str | int | float | bool] | None,
    "Verbosity": str | None,
    "WaitParam": WaitAction,
    "WebSearchActionFind": FindInPageAction,
    "WebSearchActionOpenPage": OpenPageAction,
    "WebSearchActionSearch": SearchAction,
    "WebSearchApproximateLocation": ApproximateLocation | None,
    "WebSearchPreviewTool": WebSearchPreviewTool | WebSearchPreviewTool20250311 | Unknown,
    "WebSearchTool": WebSearchTool | WebSearchTool20250826 | Unknown,
    "WebSearchToolCall": WebSearchCall,
}
"""What each schema of the specification that the library knows is decoded as, by the name of the schema."""


def codec_of(name: str) -> Codec[Any] | ListCodec[Any]:
    """The codec of the schema of that name, or of the public type where no schema has the name.

    Raises:
        ValueError: There is neither.
    """
    shape = SCHEMAS[name] if name in SCHEMAS else _public_type(name)
    if shape is None:
        from difflib import get_close_matches

        near = "".join(f"; did you mean {known!r}?" for known in get_close_matches(str(name), readable_names(), 1))
        raise ValueError(f"schema: neither the specification nor the library has {name!r}{near}")
    return list_codec_for(*get_args(shape)) if get_origin(shape) is ItemList else codec_for(shape)


def readable_names() -> tuple[str, ...]:
    """Every name that has a codec: of the schemas, and of the public types."""
    public: list[str] = import_module(_PACKAGE).__all__
    return *SCHEMAS, *(name for name in public if name not in SCHEMAS and _public_type(name) is not None)


def _public_type(name: str) -> Any:
    """The wire struct, or union of them, that is public under that name; None where there is none.

    `ItemList` is none: of what, its name does not say.
    """
    package = import_module(_PACKAGE)
    value: Any = getattr(package, name) if name in package.__all__ else None
    if isinstance(value, type):
        return value if issubclass(value, Wire) and value not in {Wire, ItemList} else None
    return value if get_origin(value) in {Union, UnionType} else None
