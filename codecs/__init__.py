"""Bytes to values and back: wire structs, JSON, event streams, error envelope. Knows nothing of HTTP exchanges.

Everything public can be imported from here, and is loaded when it is first asked for; the modules are where to read it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .annotations import Annotation as Annotation
    from .annotations import ContainerFileCitation as ContainerFileCitation
    from .annotations import FileCitation as FileCitation
    from .annotations import FilePath as FilePath
    from .annotations import URLCitation as URLCitation
    from .apply_patch import ApplyPatchCall as ApplyPatchCall
    from .apply_patch import ApplyPatchCallOutput as ApplyPatchCallOutput
    from .apply_patch import ApplyPatchTool as ApplyPatchTool
    from .apply_patch import CreateFile as CreateFile
    from .apply_patch import DeleteFile as DeleteFile
    from .apply_patch import PatchOperation as PatchOperation
    from .apply_patch import UpdateFile as UpdateFile
    from .big_numbers import BigNumber as BigNumber
    from .callers import Caller as Caller
    from .callers import DirectCaller as DirectCaller
    from .callers import ProgramCaller as ProgramCaller
    from .code_interpreter import CodeInterpreterCall as CodeInterpreterCall
    from .code_interpreter import CodeInterpreterContainer as CodeInterpreterContainer
    from .code_interpreter import CodeInterpreterImage as CodeInterpreterImage
    from .code_interpreter import CodeInterpreterLogs as CodeInterpreterLogs
    from .code_interpreter import CodeInterpreterOutput as CodeInterpreterOutput
    from .code_interpreter import CodeInterpreterTool as CodeInterpreterTool
    from .compacting import CompactedResponse as CompactedResponse
    from .compacting import CompactRequest as CompactRequest
    from .compaction import Compaction as Compaction
    from .compaction import CompactionTrigger as CompactionTrigger
    from .compaction import ContextManagement as ContextManagement
    from .computer import ComputerCall as ComputerCall
    from .computer import ComputerCallOutput as ComputerCallOutput
    from .computer import ComputerTool as ComputerTool
    from .computer import ComputerUsePreviewTool as ComputerUsePreviewTool
    from .computer import SafetyCheck as SafetyCheck
    from .computer_actions import ClickAction as ClickAction
    from .computer_actions import ComputerAction as ComputerAction
    from .computer_actions import Coordinate as Coordinate
    from .computer_actions import DoubleClickAction as DoubleClickAction
    from .computer_actions import DragAction as DragAction
    from .computer_actions import KeyPressAction as KeyPressAction
    from .computer_actions import MoveAction as MoveAction
    from .computer_actions import ScreenshotAction as ScreenshotAction
    from .computer_actions import ScrollAction as ScrollAction
    from .computer_actions import TypeAction as TypeAction
    from .computer_actions import WaitAction as WaitAction
    from .containers import ContainerAuto as ContainerAuto
    from .containers import ContainerReference as ContainerReference
    from .containers import LocalEnvironment as LocalEnvironment
    from .containers import NetworkPolicy as NetworkPolicy
    from .containers import NetworkPolicyAllowlist as NetworkPolicyAllowlist
    from .containers import NetworkPolicyDisabled as NetworkPolicyDisabled
    from .containers import NetworkPolicyDomainSecret as NetworkPolicyDomainSecret
    from .containers import ShellEnvironment as ShellEnvironment
    from .content import ComputerScreenshot as ComputerScreenshot
    from .content import ContentPart as ContentPart
    from .content import InputContent as InputContent
    from .content import InputFile as InputFile
    from .content import InputImage as InputImage
    from .content import InputText as InputText
    from .content import OutputText as OutputText
    from .content import PromptCacheBreakpoint as PromptCacheBreakpoint
    from .content import ReasoningText as ReasoningText
    from .content import Refusal as Refusal
    from .content import SummaryText as SummaryText
    from .content import Text as Text
    from .conversations import Conversation as Conversation
    from .conversations import CreateConversation as CreateConversation
    from .conversations import CreateItems as CreateItems
    from .conversations import DeletedConversation as DeletedConversation
    from .conversations import UpdateConversation as UpdateConversation
    from .create import CreateResponse as CreateResponse
    from .create import StreamOptions as StreamOptions
    from .custom_tools import CustomGrammarFormat as CustomGrammarFormat
    from .custom_tools import CustomTextFormat as CustomTextFormat
    from .custom_tools import CustomTool as CustomTool
    from .custom_tools import CustomToolCall as CustomToolCall
    from .custom_tools import CustomToolCallOutput as CustomToolCallOutput
    from .custom_tools import CustomToolFormat as CustomToolFormat
    from .decoders import decode as decode
    from .decoders import decode_compacted_response as decode_compacted_response
    from .decoders import decode_conversation as decode_conversation
    from .decoders import decode_conversation_item as decode_conversation_item
    from .decoders import decode_conversation_items as decode_conversation_items
    from .decoders import decode_deleted_conversation as decode_deleted_conversation
    from .decoders import decode_deleted_model as decode_deleted_model
    from .decoders import decode_deleted_response as decode_deleted_response
    from .decoders import decode_input_items as decode_input_items
    from .decoders import decode_model as decode_model
    from .decoders import decode_models as decode_models
    from .decoders import decode_response as decode_response
    from .decoders import decode_stream_event as decode_stream_event
    from .decoders import decode_token_count as decode_token_count
    from .envelope import ErrorBody as ErrorBody
    from .envelope import decode_error_body as decode_error_body
    from .error_response import ErrorObject as ErrorObject
    from .error_response import ErrorResponse as ErrorResponse
    from .errors import DecodeError as DecodeError
    from .event_stream import EventStream as EventStream
    from .event_stream import ServerSentEvent as ServerSentEvent
    from .events import StreamEvent as StreamEvent
    from .file_search import FileSearchCall as FileSearchCall
    from .file_search import FileSearchResult as FileSearchResult
    from .file_search import FileSearchTool as FileSearchTool
    from .file_search import HybridSearchOptions as HybridSearchOptions
    from .file_search import RankingOptions as RankingOptions
    from .filters import AndFilter as AndFilter
    from .filters import ComparisonFilter as ComparisonFilter
    from .filters import CompoundFilter as CompoundFilter
    from .filters import EqFilter as EqFilter
    from .filters import Filter as Filter
    from .filters import GteFilter as GteFilter
    from .filters import GtFilter as GtFilter
    from .filters import InFilter as InFilter
    from .filters import LteFilter as LteFilter
    from .filters import LtFilter as LtFilter
    from .filters import NeFilter as NeFilter
    from .filters import NinFilter as NinFilter
    from .filters import OrFilter as OrFilter
    from .function_events import CustomToolCallInputDeltaEvent as CustomToolCallInputDeltaEvent
    from .function_events import CustomToolCallInputDoneEvent as CustomToolCallInputDoneEvent
    from .function_events import FunctionCallArgumentsDeltaEvent as FunctionCallArgumentsDeltaEvent
    from .function_events import FunctionCallArgumentsDoneEvent as FunctionCallArgumentsDoneEvent
    from .function_events import ShellCallCommandAddedEvent as ShellCallCommandAddedEvent
    from .function_events import ShellCallCommandDeltaEvent as ShellCallCommandDeltaEvent
    from .function_events import ShellCallCommandDoneEvent as ShellCallCommandDoneEvent
    from .function_events import ShellCallOutputContentDeltaEvent as ShellCallOutputContentDeltaEvent
    from .function_events import ShellCallOutputContentDoneEvent as ShellCallOutputContentDoneEvent
    from .function_events import ShellOutputDelta as ShellOutputDelta
    from .functions import FunctionCall as FunctionCall
    from .functions import FunctionCallOutput as FunctionCallOutput
    from .functions import FunctionTool as FunctionTool
    from .image_generation import ImageGenerationCall as ImageGenerationCall
    from .image_generation import ImageGenerationTool as ImageGenerationTool
    from .image_generation import ImageMask as ImageMask
    from .items import ConversationItem as ConversationItem
    from .items import InputItem as InputItem
    from .items import Item as Item
    from .items import ItemReference as ItemReference
    from .items import OutputItem as OutputItem
    from .list_codec import ListCodec as ListCodec
    from .lists import ItemList as ItemList
    from .local_shell import LocalShellCall as LocalShellCall
    from .local_shell import LocalShellCallOutput as LocalShellCallOutput
    from .local_shell import LocalShellExec as LocalShellExec
    from .local_shell import LocalShellTool as LocalShellTool
    from .logprobs import LogProb as LogProb
    from .logprobs import TopLogProb as TopLogProb
    from .lossless import Codec as Codec
    from .lossless import encode as encode
    from .lossless import to_plain as to_plain
    from .mcp import MCPApprovalPolicy as MCPApprovalPolicy
    from .mcp import MCPApprovalRequest as MCPApprovalRequest
    from .mcp import MCPApprovalResponse as MCPApprovalResponse
    from .mcp import MCPCall as MCPCall
    from .mcp import MCPCallError as MCPCallError
    from .mcp import MCPHTTPError as MCPHTTPError
    from .mcp import MCPListedTool as MCPListedTool
    from .mcp import MCPListTools as MCPListTools
    from .mcp import MCPProtocolError as MCPProtocolError
    from .mcp import MCPTool as MCPTool
    from .mcp import MCPToolExecutionError as MCPToolExecutionError
    from .mcp import MCPToolFilter as MCPToolFilter
    from .mcp_events import MCPCallArgumentsDeltaEvent as MCPCallArgumentsDeltaEvent
    from .mcp_events import MCPCallArgumentsDoneEvent as MCPCallArgumentsDoneEvent
    from .mcp_events import MCPCallCompletedEvent as MCPCallCompletedEvent
    from .mcp_events import MCPCallFailedEvent as MCPCallFailedEvent
    from .mcp_events import MCPCallInProgressEvent as MCPCallInProgressEvent
    from .mcp_events import MCPListToolsCompletedEvent as MCPListToolsCompletedEvent
    from .mcp_events import MCPListToolsFailedEvent as MCPListToolsFailedEvent
    from .mcp_events import MCPListToolsInProgressEvent as MCPListToolsInProgressEvent
    from .messages import Message as Message
    from .models import DeletedModel as DeletedModel
    from .models import Model as Model
    from .moderation import Moderation as Moderation
    from .moderation import ModerationConfig as ModerationConfig
    from .moderation import ModerationError as ModerationError
    from .moderation import ModerationOutcome as ModerationOutcome
    from .moderation import ModerationParam as ModerationParam
    from .moderation import ModerationPolicy as ModerationPolicy
    from .moderation import ModerationResult as ModerationResult
    from .output_events import AudioDeltaEvent as AudioDeltaEvent
    from .output_events import AudioDoneEvent as AudioDoneEvent
    from .output_events import AudioTranscriptDeltaEvent as AudioTranscriptDeltaEvent
    from .output_events import AudioTranscriptDoneEvent as AudioTranscriptDoneEvent
    from .output_events import ContentPartAddedEvent as ContentPartAddedEvent
    from .output_events import ContentPartDoneEvent as ContentPartDoneEvent
    from .output_events import OutputItemAddedEvent as OutputItemAddedEvent
    from .output_events import OutputItemDoneEvent as OutputItemDoneEvent
    from .output_events import OutputTextAnnotationAddedEvent as OutputTextAnnotationAddedEvent
    from .output_events import RefusalDeltaEvent as RefusalDeltaEvent
    from .output_events import RefusalDoneEvent as RefusalDoneEvent
    from .output_events import TextDeltaEvent as TextDeltaEvent
    from .output_events import TextDoneEvent as TextDoneEvent
    from .programs import Program as Program
    from .programs import ProgrammaticToolCallingTool as ProgrammaticToolCallingTool
    from .programs import ProgramOutput as ProgramOutput
    from .prompt import Prompt as Prompt
    from .prompt import PromptCacheOptions as PromptCacheOptions
    from .reading import function_calls as function_calls
    from .reading import output_text as output_text
    from .reading import parse_arguments as parse_arguments
    from .reading import reasoning_summaries as reasoning_summaries
    from .reading import refusal as refusal
    from .reasoning import Reasoning as Reasoning
    from .reasoning import ReasoningItem as ReasoningItem
    from .reasoning_events import ReasoningSummaryPartAddedEvent as ReasoningSummaryPartAddedEvent
    from .reasoning_events import ReasoningSummaryPartDoneEvent as ReasoningSummaryPartDoneEvent
    from .reasoning_events import ReasoningSummaryTextDeltaEvent as ReasoningSummaryTextDeltaEvent
    from .reasoning_events import ReasoningSummaryTextDoneEvent as ReasoningSummaryTextDoneEvent
    from .reasoning_events import ReasoningTextDeltaEvent as ReasoningTextDeltaEvent
    from .reasoning_events import ReasoningTextDoneEvent as ReasoningTextDoneEvent
    from .response import Billing as Billing
    from .response import ConversationReference as ConversationReference
    from .response import DeletedResponse as DeletedResponse
    from .response import IncompleteDetails as IncompleteDetails
    from .response import Response as Response
    from .response import ResponseError as ResponseError
    from .response_events import ErrorEvent as ErrorEvent
    from .response_events import ResponseCompletedEvent as ResponseCompletedEvent
    from .response_events import ResponseCreatedEvent as ResponseCreatedEvent
    from .response_events import ResponseFailedEvent as ResponseFailedEvent
    from .response_events import ResponseIncompleteEvent as ResponseIncompleteEvent
    from .response_events import ResponseInProgressEvent as ResponseInProgressEvent
    from .response_events import ResponseQueuedEvent as ResponseQueuedEvent
    from .schema_export import json_schema as json_schema
    from .schemas import SCHEMAS as SCHEMAS
    from .shell import ShellAction as ShellAction
    from .shell import ShellCall as ShellCall
    from .shell import ShellCallOutput as ShellCallOutput
    from .shell import ShellExit as ShellExit
    from .shell import ShellOutcome as ShellOutcome
    from .shell import ShellOutput as ShellOutput
    from .shell import ShellTimeout as ShellTimeout
    from .shell import ShellTool as ShellTool
    from .short_forms import brief as brief
    from .short_forms import pretty as pretty
    from .skills import InlineSkill as InlineSkill
    from .skills import InlineSkillSource as InlineSkillSource
    from .skills import LocalSkill as LocalSkill
    from .skills import Skill as Skill
    from .skills import SkillReference as SkillReference
    from .stream_decoder import StreamDecoder as StreamDecoder
    from .stream_decoder import StreamError as StreamError
    from .text_format import JSONObjectFormat as JSONObjectFormat
    from .text_format import JSONSchemaFormat as JSONSchemaFormat
    from .text_format import PlainTextFormat as PlainTextFormat
    from .text_format import TextConfig as TextConfig
    from .text_format import TextFormat as TextFormat
    from .token_counts import TokenCount as TokenCount
    from .token_counts import TokenCountRequest as TokenCountRequest
    from .tool_choice import ToolChoice as ToolChoice
    from .tool_choice import ToolChoiceAllowed as ToolChoiceAllowed
    from .tool_choice import ToolChoiceApplyPatch as ToolChoiceApplyPatch
    from .tool_choice import ToolChoiceCodeInterpreter as ToolChoiceCodeInterpreter
    from .tool_choice import ToolChoiceComputer as ToolChoiceComputer
    from .tool_choice import ToolChoiceComputerUse as ToolChoiceComputerUse
    from .tool_choice import ToolChoiceComputerUsePreview as ToolChoiceComputerUsePreview
    from .tool_choice import ToolChoiceCustom as ToolChoiceCustom
    from .tool_choice import ToolChoiceFileSearch as ToolChoiceFileSearch
    from .tool_choice import ToolChoiceFunction as ToolChoiceFunction
    from .tool_choice import ToolChoiceImageGeneration as ToolChoiceImageGeneration
    from .tool_choice import ToolChoiceMCP as ToolChoiceMCP
    from .tool_choice import ToolChoiceProgrammatic as ToolChoiceProgrammatic
    from .tool_choice import ToolChoiceShell as ToolChoiceShell
    from .tool_choice import ToolChoiceTypes as ToolChoiceTypes
    from .tool_choice import ToolChoiceWebSearchPreview as ToolChoiceWebSearchPreview
    from .tool_choice import ToolChoiceWebSearchPreview20250311 as ToolChoiceWebSearchPreview20250311
    from .tool_events import CodeInterpreterCallCodeDeltaEvent as CodeInterpreterCallCodeDeltaEvent
    from .tool_events import CodeInterpreterCallCodeDoneEvent as CodeInterpreterCallCodeDoneEvent
    from .tool_events import CodeInterpreterCallCompletedEvent as CodeInterpreterCallCompletedEvent
    from .tool_events import CodeInterpreterCallInProgressEvent as CodeInterpreterCallInProgressEvent
    from .tool_events import CodeInterpreterCallInterpretingEvent as CodeInterpreterCallInterpretingEvent
    from .tool_events import FileSearchCallCompletedEvent as FileSearchCallCompletedEvent
    from .tool_events import FileSearchCallInProgressEvent as FileSearchCallInProgressEvent
    from .tool_events import FileSearchCallSearchingEvent as FileSearchCallSearchingEvent
    from .tool_events import ImageGenerationCallCompletedEvent as ImageGenerationCallCompletedEvent
    from .tool_events import ImageGenerationCallGeneratingEvent as ImageGenerationCallGeneratingEvent
    from .tool_events import ImageGenerationCallInProgressEvent as ImageGenerationCallInProgressEvent
    from .tool_events import ImageGenerationCallPartialImageEvent as ImageGenerationCallPartialImageEvent
    from .tool_events import WebSearchCallCompletedEvent as WebSearchCallCompletedEvent
    from .tool_events import WebSearchCallInProgressEvent as WebSearchCallInProgressEvent
    from .tool_events import WebSearchCallSearchingEvent as WebSearchCallSearchingEvent
    from .tool_search import NamespaceTool as NamespaceTool
    from .tool_search import ToolSearchTool as ToolSearchTool
    from .tool_search_items import AdditionalTools as AdditionalTools
    from .tool_search_items import ToolSearchCall as ToolSearchCall
    from .tool_search_items import ToolSearchOutput as ToolSearchOutput
    from .tools import Tool as Tool
    from .usage import InputTokensDetails as InputTokensDetails
    from .usage import OutputTokensDetails as OutputTokensDetails
    from .usage import Usage as Usage
    from .web_search import ApproximateLocation as ApproximateLocation
    from .web_search import FindInPageAction as FindInPageAction
    from .web_search import OpenPageAction as OpenPageAction
    from .web_search import SearchAction as SearchAction
    from .web_search import WebSearchAction as WebSearchAction
    from .web_search import WebSearchAPISource as WebSearchAPISource
    from .web_search import WebSearchCall as WebSearchCall
    from .web_search import WebSearchFilters as WebSearchFilters
    from .web_search import WebSearchPreviewTool as WebSearchPreviewTool
    from .web_search import WebSearchPreviewTool20250311 as WebSearchPreviewTool20250311
    from .web_search import WebSearchSource as WebSearchSource
    from .web_search import WebSearchTool as WebSearchTool
    from .web_search import WebSearchTool20250826 as WebSearchTool20250826
    from .wire import Kept as Kept
    from .wire import Unknown as Unknown
    from .wire import Untagged as Untagged
    from .wire import Wire as Wire
else:
    # Hidden from type-checkers: they would take it that any name at all can be imported from here.
    _PUBLIC = {
        "annotations": "Annotation ContainerFileCitation FileCitation FilePath URLCitation",
        "apply_patch": (
            "ApplyPatchCall ApplyPatchCallOutput ApplyPatchTool CreateFile DeleteFile PatchOperation UpdateFile"
        ),
        "short_forms": "brief pretty",
        "big_numbers": "BigNumber",
        "callers": "Caller DirectCaller ProgramCaller",
        "code_interpreter": (
            "CodeInterpreterCall CodeInterpreterContainer CodeInterpreterImage "
            "CodeInterpreterLogs CodeInterpreterOutput CodeInterpreterTool"
        ),
        "compacting": "CompactRequest CompactedResponse",
        "compaction": "Compaction CompactionTrigger ContextManagement",
        "computer": "ComputerCall ComputerCallOutput ComputerTool ComputerUsePreviewTool SafetyCheck",
        "computer_actions": (
            "ClickAction ComputerAction Coordinate DoubleClickAction DragAction KeyPressAction "
            "MoveAction ScreenshotAction ScrollAction TypeAction WaitAction"
        ),
        "containers": (
            "ContainerAuto ContainerReference LocalEnvironment NetworkPolicy NetworkPolicyAllowlist "
            "NetworkPolicyDisabled NetworkPolicyDomainSecret ShellEnvironment"
        ),
        "content": (
            "ComputerScreenshot ContentPart InputContent InputFile InputImage InputText OutputText "
            "PromptCacheBreakpoint ReasoningText Refusal SummaryText Text"
        ),
        "conversations": "Conversation CreateConversation CreateItems DeletedConversation UpdateConversation",
        "create": "CreateResponse StreamOptions",
        "custom_tools": (
            "CustomGrammarFormat CustomTextFormat CustomTool CustomToolCall CustomToolCallOutput CustomToolFormat"
        ),
        "decoders": (
            "decode decode_compacted_response decode_conversation decode_conversation_item "
            "decode_conversation_items decode_deleted_conversation decode_deleted_model "
            "decode_deleted_response decode_input_items decode_model decode_models decode_response "
            "decode_stream_event decode_token_count"
        ),
        "envelope": "ErrorBody decode_error_body",
        "error_response": "ErrorObject ErrorResponse",
        "errors": "DecodeError",
        "event_stream": "EventStream ServerSentEvent",
        "events": "StreamEvent",
        "file_search": "FileSearchCall FileSearchResult FileSearchTool HybridSearchOptions RankingOptions",
        "filters": (
            "AndFilter ComparisonFilter CompoundFilter EqFilter Filter GtFilter GteFilter InFilter "
            "LtFilter LteFilter NeFilter NinFilter OrFilter"
        ),
        "function_events": (
            "CustomToolCallInputDeltaEvent CustomToolCallInputDoneEvent "
            "FunctionCallArgumentsDeltaEvent FunctionCallArgumentsDoneEvent "
            "ShellCallCommandAddedEvent ShellCallCommandDeltaEvent ShellCallCommandDoneEvent "
            "ShellCallOutputContentDeltaEvent ShellCallOutputContentDoneEvent ShellOutputDelta"
        ),
        "functions": "FunctionCall FunctionCallOutput FunctionTool",
        "image_generation": "ImageGenerationCall ImageGenerationTool ImageMask",
        "items": "ConversationItem InputItem Item ItemReference OutputItem",
        "schema_export": "json_schema",
        "list_codec": "ListCodec",
        "lists": "ItemList",
        "local_shell": "LocalShellCall LocalShellCallOutput LocalShellExec LocalShellTool",
        "logprobs": "LogProb TopLogProb",
        "lossless": "Codec encode to_plain",
        "mcp": (
            "MCPApprovalPolicy MCPApprovalRequest MCPApprovalResponse MCPCall MCPCallError MCPHTTPError "
            "MCPListTools MCPListedTool MCPProtocolError MCPTool MCPToolExecutionError MCPToolFilter"
        ),
        "mcp_events": (
            "MCPCallArgumentsDeltaEvent MCPCallArgumentsDoneEvent MCPCallCompletedEvent "
            "MCPCallFailedEvent MCPCallInProgressEvent MCPListToolsCompletedEvent "
            "MCPListToolsFailedEvent MCPListToolsInProgressEvent"
        ),
        "messages": "Message",
        "models": "DeletedModel Model",
        "moderation": (
            "Moderation ModerationConfig ModerationError ModerationOutcome ModerationParam "
            "ModerationPolicy ModerationResult"
        ),
        "output_events": (
            "AudioDeltaEvent AudioDoneEvent AudioTranscriptDeltaEvent AudioTranscriptDoneEvent "
            "ContentPartAddedEvent ContentPartDoneEvent OutputItemAddedEvent OutputItemDoneEvent "
            "OutputTextAnnotationAddedEvent RefusalDeltaEvent RefusalDoneEvent TextDeltaEvent "
            "TextDoneEvent"
        ),
        "programs": "Program ProgramOutput ProgrammaticToolCallingTool",
        "prompt": "Prompt PromptCacheOptions",
        "reading": "function_calls output_text parse_arguments reasoning_summaries refusal",
        "reasoning": "Reasoning ReasoningItem",
        "reasoning_events": (
            "ReasoningSummaryPartAddedEvent ReasoningSummaryPartDoneEvent "
            "ReasoningSummaryTextDeltaEvent ReasoningSummaryTextDoneEvent ReasoningTextDeltaEvent "
            "ReasoningTextDoneEvent"
        ),
        "response": "Billing ConversationReference DeletedResponse IncompleteDetails Response ResponseError",
        "response_events": (
            "ErrorEvent ResponseCompletedEvent ResponseCreatedEvent ResponseFailedEvent "
            "ResponseInProgressEvent ResponseIncompleteEvent ResponseQueuedEvent"
        ),
        "schemas": "SCHEMAS",
        "shell": "ShellAction ShellCall ShellCallOutput ShellExit ShellOutcome ShellOutput ShellTimeout ShellTool",
        "skills": "InlineSkill InlineSkillSource LocalSkill Skill SkillReference",
        "stream_decoder": "StreamDecoder StreamError",
        "text_format": "JSONObjectFormat JSONSchemaFormat PlainTextFormat TextConfig TextFormat",
        "token_counts": "TokenCount TokenCountRequest",
        "tool_choice": (
            "ToolChoice ToolChoiceAllowed ToolChoiceApplyPatch ToolChoiceCodeInterpreter "
            "ToolChoiceComputer ToolChoiceComputerUse ToolChoiceComputerUsePreview ToolChoiceCustom "
            "ToolChoiceFileSearch ToolChoiceFunction ToolChoiceImageGeneration ToolChoiceMCP "
            "ToolChoiceProgrammatic ToolChoiceShell ToolChoiceTypes ToolChoiceWebSearchPreview "
            "ToolChoiceWebSearchPreview20250311"
        ),
        "tool_events": (
            "CodeInterpreterCallCodeDeltaEvent CodeInterpreterCallCodeDoneEvent "
            "CodeInterpreterCallCompletedEvent CodeInterpreterCallInProgressEvent "
            "CodeInterpreterCallInterpretingEvent FileSearchCallCompletedEvent "
            "FileSearchCallInProgressEvent FileSearchCallSearchingEvent "
            "ImageGenerationCallCompletedEvent ImageGenerationCallGeneratingEvent "
            "ImageGenerationCallInProgressEvent ImageGenerationCallPartialImageEvent "
            "WebSearchCallCompletedEvent WebSearchCallInProgressEvent WebSearchCallSearchingEvent"
        ),
        "tool_search": "NamespaceTool ToolSearchTool",
        "tool_search_items": "AdditionalTools ToolSearchCall ToolSearchOutput",
        "tools": "Tool",
        "usage": "InputTokensDetails OutputTokensDetails Usage",
        "web_search": (
            "ApproximateLocation FindInPageAction OpenPageAction SearchAction WebSearchAPISource "
            "WebSearchAction WebSearchCall WebSearchFilters WebSearchPreviewTool "
            "WebSearchPreviewTool20250311 WebSearchSource WebSearchTool WebSearchTool20250826"
        ),
        "wire": "Kept Unknown Untagged Wire",
    }
    """What is public, by the module that holds it."""

    _HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}

    __all__ = list(_HOME)

    def __getattr__(name):
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
        return value

    def __dir__():
        return sorted({*globals(), *_HOME})
