"""Written by tests/scripts/write_stubs.py; what is public is said in `__init__.py`."""

from .decoders import (
    decode as decode,
    decode_compacted_response as decode_compacted_response,
    decode_conversation as decode_conversation,
    decode_conversation_item as decode_conversation_item,
    decode_conversation_items as decode_conversation_items,
    decode_deleted_conversation as decode_deleted_conversation,
    decode_deleted_model as decode_deleted_model,
    decode_deleted_response as decode_deleted_response,
    decode_input_items as decode_input_items,
    decode_model as decode_model,
    decode_models as decode_models,
    decode_response as decode_response,
    decode_responses as decode_responses,
    decode_stream_event as decode_stream_event,
    decode_token_count as decode_token_count,
)
from .event_decoder import StreamDecoder as StreamDecoder, StreamError as StreamError
from .lossless.big_numbers import BigNumber as BigNumber
from .lossless.codec import Codec as Codec, encode as encode, to_plain as to_plain
from .lossless.errors import DecodeError as DecodeError
from .lossless.list_codec import ListCodec as ListCodec
from .lossless.lists import ItemList as ItemList
from .lossless.server_sent_events import EventStream as EventStream, ServerSentEvent as ServerSentEvent
from .lossless.shortened_repr import brief as brief, pretty as pretty
from .lossless.wire import Kept as Kept, Unknown as Unknown, Untagged as Untagged, Wire as Wire
from .rendering.rendered import to_html as to_html, to_text as to_text
from .schema_export import json_schema as json_schema
from .schema_table import SCHEMAS as SCHEMAS
from .types.accessors import (
    function_calls as function_calls,
    output_text as output_text,
    parse_arguments as parse_arguments,
    reasoning_summaries as reasoning_summaries,
    refusal as refusal,
)
from .types.annotations import (
    Annotation as Annotation,
    ContainerFileCitation as ContainerFileCitation,
    FileCitation as FileCitation,
    FilePath as FilePath,
    URLCitation as URLCitation,
)
from .types.audit import ResponseAudit as ResponseAudit
from .types.callers import Caller as Caller, DirectCaller as DirectCaller, ProgramCaller as ProgramCaller
from .types.compaction import (
    Compaction as Compaction,
    CompactionTrigger as CompactionTrigger,
    ContextManagement as ContextManagement,
    ImageOptions as ImageOptions,
)
from .types.content import (
    AudioData as AudioData,
    ComputerScreenshot as ComputerScreenshot,
    ContentPart as ContentPart,
    InputAudio as InputAudio,
    InputContent as InputContent,
    InputFile as InputFile,
    InputImage as InputImage,
    InputText as InputText,
    OutputText as OutputText,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
    ReasoningText as ReasoningText,
    Refusal as Refusal,
    SummaryText as SummaryText,
    Text as Text,
)
from .types.conversations import (
    Conversation as Conversation,
    CreateConversation as CreateConversation,
    CreateItems as CreateItems,
    DeletedConversation as DeletedConversation,
    UpdateConversation as UpdateConversation,
)
from .types.create import (
    BackgroundOptions as BackgroundOptions,
    CreateResponse as CreateResponse,
    StreamOptions as StreamOptions,
)
from .types.error_body import ErrorBody as ErrorBody, decode_error_body as decode_error_body
from .types.error_response import ErrorObject as ErrorObject, ErrorResponse as ErrorResponse
from .types.events.caller_tools import (
    CustomToolCallInputDeltaEvent as CustomToolCallInputDeltaEvent,
    CustomToolCallInputDoneEvent as CustomToolCallInputDoneEvent,
    FunctionCallArgumentsDeltaEvent as FunctionCallArgumentsDeltaEvent,
    FunctionCallArgumentsDoneEvent as FunctionCallArgumentsDoneEvent,
    ShellCallCommandAddedEvent as ShellCallCommandAddedEvent,
    ShellCallCommandDeltaEvent as ShellCallCommandDeltaEvent,
    ShellCallCommandDoneEvent as ShellCallCommandDoneEvent,
    ShellCallOutputContentDeltaEvent as ShellCallOutputContentDeltaEvent,
    ShellCallOutputContentDoneEvent as ShellCallOutputContentDoneEvent,
    ShellOutputDelta as ShellOutputDelta,
)
from .types.events.hosted_tools import (
    CodeInterpreterCallCodeDeltaEvent as CodeInterpreterCallCodeDeltaEvent,
    CodeInterpreterCallCodeDoneEvent as CodeInterpreterCallCodeDoneEvent,
    CodeInterpreterCallCompletedEvent as CodeInterpreterCallCompletedEvent,
    CodeInterpreterCallInProgressEvent as CodeInterpreterCallInProgressEvent,
    CodeInterpreterCallInterpretingEvent as CodeInterpreterCallInterpretingEvent,
    FileSearchCallCompletedEvent as FileSearchCallCompletedEvent,
    FileSearchCallInProgressEvent as FileSearchCallInProgressEvent,
    FileSearchCallSearchingEvent as FileSearchCallSearchingEvent,
    ImageGenerationCallCompletedEvent as ImageGenerationCallCompletedEvent,
    ImageGenerationCallGeneratingEvent as ImageGenerationCallGeneratingEvent,
    ImageGenerationCallInProgressEvent as ImageGenerationCallInProgressEvent,
    ImageGenerationCallPartialImageEvent as ImageGenerationCallPartialImageEvent,
    WebSearchCallCompletedEvent as WebSearchCallCompletedEvent,
    WebSearchCallInProgressEvent as WebSearchCallInProgressEvent,
    WebSearchCallSearchingEvent as WebSearchCallSearchingEvent,
)
from .types.events.mcp import (
    MCPCallArgumentsDeltaEvent as MCPCallArgumentsDeltaEvent,
    MCPCallArgumentsDoneEvent as MCPCallArgumentsDoneEvent,
    MCPCallCompletedEvent as MCPCallCompletedEvent,
    MCPCallFailedEvent as MCPCallFailedEvent,
    MCPCallInProgressEvent as MCPCallInProgressEvent,
    MCPListToolsCompletedEvent as MCPListToolsCompletedEvent,
    MCPListToolsFailedEvent as MCPListToolsFailedEvent,
    MCPListToolsInProgressEvent as MCPListToolsInProgressEvent,
)
from .types.events.output import (
    AudioDeltaEvent as AudioDeltaEvent,
    AudioDoneEvent as AudioDoneEvent,
    AudioTranscriptDeltaEvent as AudioTranscriptDeltaEvent,
    AudioTranscriptDoneEvent as AudioTranscriptDoneEvent,
    CompactionCompactingEvent as CompactionCompactingEvent,
    ContentPartAddedEvent as ContentPartAddedEvent,
    ContentPartDoneEvent as ContentPartDoneEvent,
    OutputItemAddedEvent as OutputItemAddedEvent,
    OutputItemDoneEvent as OutputItemDoneEvent,
    OutputTextAnnotationAddedEvent as OutputTextAnnotationAddedEvent,
    RefusalDeltaEvent as RefusalDeltaEvent,
    RefusalDoneEvent as RefusalDoneEvent,
    TextDeltaEvent as TextDeltaEvent,
    TextDoneEvent as TextDoneEvent,
)
from .types.events.reasoning import (
    ReasoningSummaryPartAddedEvent as ReasoningSummaryPartAddedEvent,
    ReasoningSummaryPartDoneEvent as ReasoningSummaryPartDoneEvent,
    ReasoningSummaryTextDeltaEvent as ReasoningSummaryTextDeltaEvent,
    ReasoningSummaryTextDoneEvent as ReasoningSummaryTextDoneEvent,
    ReasoningTextDeltaEvent as ReasoningTextDeltaEvent,
    ReasoningTextDoneEvent as ReasoningTextDoneEvent,
)
from .types.events.response import (
    ErrorEvent as ErrorEvent,
    ResponseCompletedEvent as ResponseCompletedEvent,
    ResponseCreatedEvent as ResponseCreatedEvent,
    ResponseFailedEvent as ResponseFailedEvent,
    ResponseInProgressEvent as ResponseInProgressEvent,
    ResponseIncompleteEvent as ResponseIncompleteEvent,
    ResponseQueuedEvent as ResponseQueuedEvent,
)
from .types.events.steering import (
    RequiredInput as RequiredInput,
    Steer as Steer,
    SteerAcceptedEvent as SteerAcceptedEvent,
    SteerError as SteerError,
    SteerFailedEvent as SteerFailedEvent,
    SteerPendingEvent as SteerPendingEvent,
)
from .types.events.union import StreamEvent as StreamEvent
from .types.input_context import (
    CompactRequest as CompactRequest,
    CompactedResponse as CompactedResponse,
    TokenCount as TokenCount,
    TokenCountRequest as TokenCountRequest,
)
from .types.items import (
    ConfigurationUpdate as ConfigurationUpdate,
    ConversationItem as ConversationItem,
    InputItem as InputItem,
    Item as Item,
    ItemReference as ItemReference,
    OutputItem as OutputItem,
)
from .types.logprobs import LogProb as LogProb, TopLogProb as TopLogProb
from .types.messages import Message as Message
from .types.models import DeletedModel as DeletedModel, Model as Model
from .types.moderation import (
    Misalignment as Misalignment,
    MisalignmentSteer as MisalignmentSteer,
    Moderation as Moderation,
    ModerationConfig as ModerationConfig,
    ModerationError as ModerationError,
    ModerationOutcome as ModerationOutcome,
    ModerationParam as ModerationParam,
    ModerationPolicy as ModerationPolicy,
    ModerationResult as ModerationResult,
)
from .types.prompt import (
    Prompt as Prompt,
    PromptCacheDiagnostics as PromptCacheDiagnostics,
    PromptCacheHit as PromptCacheHit,
    PromptCacheMiss as PromptCacheMiss,
    PromptCacheNoComparison as PromptCacheNoComparison,
    PromptCacheOptions as PromptCacheOptions,
    PromptCacheUnavailable as PromptCacheUnavailable,
)
from .types.reasoning import Reasoning as Reasoning, ReasoningItem as ReasoningItem
from .types.response import (
    AccessPrograms as AccessPrograms,
    Billing as Billing,
    ConversationReference as ConversationReference,
    DeletedResponse as DeletedResponse,
    IncompleteDetails as IncompleteDetails,
    InputTransformation as InputTransformation,
    Response as Response,
    ResponseError as ResponseError,
)
from .types.text_format import (
    GrammarFormat as GrammarFormat,
    JSONObjectFormat as JSONObjectFormat,
    JSONSchemaFormat as JSONSchemaFormat,
    PlainTextFormat as PlainTextFormat,
    PythonFormat as PythonFormat,
    TextConfig as TextConfig,
    TextFormat as TextFormat,
)
from .types.tools.apply_patch import (
    ApplyPatchCall as ApplyPatchCall,
    ApplyPatchCallOutput as ApplyPatchCallOutput,
    ApplyPatchTool as ApplyPatchTool,
    CreateFile as CreateFile,
    DeleteFile as DeleteFile,
    PatchOperation as PatchOperation,
    UpdateFile as UpdateFile,
)
from .types.tools.code_interpreter import (
    CodeInterpreterCall as CodeInterpreterCall,
    CodeInterpreterContainer as CodeInterpreterContainer,
    CodeInterpreterImage as CodeInterpreterImage,
    CodeInterpreterLogs as CodeInterpreterLogs,
    CodeInterpreterOutput as CodeInterpreterOutput,
    CodeInterpreterTool as CodeInterpreterTool,
)
from .types.tools.computer import (
    ClickAction as ClickAction,
    ComputerAction as ComputerAction,
    ComputerCall as ComputerCall,
    ComputerCallOutput as ComputerCallOutput,
    ComputerTool as ComputerTool,
    ComputerUsePreviewTool as ComputerUsePreviewTool,
    Coordinate as Coordinate,
    DoubleClickAction as DoubleClickAction,
    DragAction as DragAction,
    KeyPressAction as KeyPressAction,
    MoveAction as MoveAction,
    SafetyCheck as SafetyCheck,
    ScreenshotAction as ScreenshotAction,
    ScrollAction as ScrollAction,
    TypeAction as TypeAction,
    WaitAction as WaitAction,
)
from .types.tools.containers import (
    ContainerAuto as ContainerAuto,
    ContainerReference as ContainerReference,
    LocalEnvironment as LocalEnvironment,
    NetworkPolicy as NetworkPolicy,
    NetworkPolicyAllowlist as NetworkPolicyAllowlist,
    NetworkPolicyDisabled as NetworkPolicyDisabled,
    NetworkPolicyDomainSecret as NetworkPolicyDomainSecret,
    ShellEnvironment as ShellEnvironment,
)
from .types.tools.custom_tools import (
    CustomGrammarFormat as CustomGrammarFormat,
    CustomTextFormat as CustomTextFormat,
    CustomTool as CustomTool,
    CustomToolCall as CustomToolCall,
    CustomToolCallOutput as CustomToolCallOutput,
    CustomToolFormat as CustomToolFormat,
)
from .types.tools.file_search import (
    FileSearchCall as FileSearchCall,
    FileSearchResult as FileSearchResult,
    FileSearchTool as FileSearchTool,
    HybridSearchOptions as HybridSearchOptions,
    RankingOptions as RankingOptions,
)
from .types.tools.filters import (
    AndFilter as AndFilter,
    ComparisonFilter as ComparisonFilter,
    CompoundFilter as CompoundFilter,
    EqFilter as EqFilter,
    Filter as Filter,
    GtFilter as GtFilter,
    GteFilter as GteFilter,
    InFilter as InFilter,
    LtFilter as LtFilter,
    LteFilter as LteFilter,
    NeFilter as NeFilter,
    NinFilter as NinFilter,
    OrFilter as OrFilter,
)
from .types.tools.functions import (
    FunctionCall as FunctionCall,
    FunctionCallOutput as FunctionCallOutput,
    FunctionTool as FunctionTool,
)
from .types.tools.image_generation import (
    ImageGenerationCall as ImageGenerationCall,
    ImageGenerationError as ImageGenerationError,
    ImageGenerationTool as ImageGenerationTool,
    ImageMask as ImageMask,
    ImageModerationDetails as ImageModerationDetails,
    SVGOptions as SVGOptions,
    SVGReasoning as SVGReasoning,
    SVGUsage as SVGUsage,
)
from .types.tools.local_shell import (
    LocalShellCall as LocalShellCall,
    LocalShellCallOutput as LocalShellCallOutput,
    LocalShellExec as LocalShellExec,
    LocalShellTool as LocalShellTool,
)
from .types.tools.mcp import (
    MCPApprovalPolicy as MCPApprovalPolicy,
    MCPApprovalRequest as MCPApprovalRequest,
    MCPApprovalResponse as MCPApprovalResponse,
    MCPCall as MCPCall,
    MCPCallError as MCPCallError,
    MCPHTTPError as MCPHTTPError,
    MCPListTools as MCPListTools,
    MCPListedTool as MCPListedTool,
    MCPProtocolError as MCPProtocolError,
    MCPTool as MCPTool,
    MCPToolExecutionError as MCPToolExecutionError,
    MCPToolFilter as MCPToolFilter,
)
from .types.tools.programs import (
    Program as Program,
    ProgramOutput as ProgramOutput,
    ProgrammaticToolCallingTool as ProgrammaticToolCallingTool,
)
from .types.tools.shell import (
    ShellAction as ShellAction,
    ShellCall as ShellCall,
    ShellCallOutput as ShellCallOutput,
    ShellExit as ShellExit,
    ShellOutcome as ShellOutcome,
    ShellOutput as ShellOutput,
    ShellTimeout as ShellTimeout,
    ShellTool as ShellTool,
)
from .types.tools.skills import (
    InlineSkill as InlineSkill,
    InlineSkillSource as InlineSkillSource,
    LocalSkill as LocalSkill,
    Skill as Skill,
    SkillReference as SkillReference,
)
from .types.tools.tool_choice import (
    ToolChoice as ToolChoice,
    ToolChoiceAllowed as ToolChoiceAllowed,
    ToolChoiceApplyPatch as ToolChoiceApplyPatch,
    ToolChoiceCodeInterpreter as ToolChoiceCodeInterpreter,
    ToolChoiceComputer as ToolChoiceComputer,
    ToolChoiceComputerUse as ToolChoiceComputerUse,
    ToolChoiceComputerUsePreview as ToolChoiceComputerUsePreview,
    ToolChoiceCustom as ToolChoiceCustom,
    ToolChoiceFileSearch as ToolChoiceFileSearch,
    ToolChoiceFunction as ToolChoiceFunction,
    ToolChoiceImageGeneration as ToolChoiceImageGeneration,
    ToolChoiceMCP as ToolChoiceMCP,
    ToolChoiceProgrammatic as ToolChoiceProgrammatic,
    ToolChoiceShell as ToolChoiceShell,
    ToolChoiceTypes as ToolChoiceTypes,
    ToolChoiceWebSearchPreview as ToolChoiceWebSearchPreview,
    ToolChoiceWebSearchPreview20250311 as ToolChoiceWebSearchPreview20250311,
)
from .types.tools.tool_search import NamespaceTool as NamespaceTool, ToolSearchTool as ToolSearchTool
from .types.tools.tool_search_items import (
    AdditionalTools as AdditionalTools,
    ToolSearchCall as ToolSearchCall,
    ToolSearchOutput as ToolSearchOutput,
)
from .types.tools.union import Tool as Tool
from .types.tools.web_search import (
    ApproximateLocation as ApproximateLocation,
    FindInPageAction as FindInPageAction,
    OpenPageAction as OpenPageAction,
    SearchAction as SearchAction,
    WebSearchAPISource as WebSearchAPISource,
    WebSearchAction as WebSearchAction,
    WebSearchCall as WebSearchCall,
    WebSearchFilters as WebSearchFilters,
    WebSearchPreviewTool as WebSearchPreviewTool,
    WebSearchPreviewTool20250311 as WebSearchPreviewTool20250311,
    WebSearchSource as WebSearchSource,
    WebSearchTool as WebSearchTool,
    WebSearchTool20250826 as WebSearchTool20250826,
)
from .types.usage import (
    CacheWriteTokensDetails as CacheWriteTokensDetails,
    CachedImageTokensDetails as CachedImageTokensDetails,
    ImageGenerationUsage as ImageGenerationUsage,
    ImageTokensDetails as ImageTokensDetails,
    InputTokensDetails as InputTokensDetails,
    OutputTokensDetails as OutputTokensDetails,
    ToolUsage as ToolUsage,
    Usage as Usage,
    WebSearchUsage as WebSearchUsage,
)
