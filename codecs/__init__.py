"""Bytes to values and back: wire structs, JSON, event streams, error envelope. Knows nothing of HTTP exchanges.

Everything public can be imported from here, and is loaded when it is first asked for; the modules are where to read it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .accessors import function_calls as function_calls
    from .accessors import output_text as output_text
    from .accessors import parse_arguments as parse_arguments
    from .accessors import reasoning_summaries as reasoning_summaries
    from .accessors import refusal as refusal
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
    from .error_body import ErrorBody as ErrorBody
    from .error_body import decode_error_body as decode_error_body
    from .event_decoder import StreamDecoder as StreamDecoder
    from .event_decoder import StreamError as StreamError
    from .lossless.big_numbers import BigNumber as BigNumber
    from .lossless.codec import Codec as Codec
    from .lossless.codec import encode as encode
    from .lossless.codec import to_plain as to_plain
    from .lossless.errors import DecodeError as DecodeError
    from .lossless.list_codec import ListCodec as ListCodec
    from .lossless.lists import ItemList as ItemList
    from .lossless.server_sent_events import EventStream as EventStream
    from .lossless.server_sent_events import ServerSentEvent as ServerSentEvent
    from .lossless.shortened_repr import brief as brief
    from .lossless.shortened_repr import pretty as pretty
    from .lossless.wire import Kept as Kept
    from .lossless.wire import Unknown as Unknown
    from .lossless.wire import Untagged as Untagged
    from .lossless.wire import Wire as Wire
    from .schema_export import json_schema as json_schema
    from .schema_table import SCHEMAS as SCHEMAS
    from .types.annotations import Annotation as Annotation
    from .types.annotations import ContainerFileCitation as ContainerFileCitation
    from .types.annotations import FileCitation as FileCitation
    from .types.annotations import FilePath as FilePath
    from .types.annotations import URLCitation as URLCitation
    from .types.callers import Caller as Caller
    from .types.callers import DirectCaller as DirectCaller
    from .types.callers import ProgramCaller as ProgramCaller
    from .types.compaction import Compaction as Compaction
    from .types.compaction import CompactionTrigger as CompactionTrigger
    from .types.compaction import ContextManagement as ContextManagement
    from .types.content import ComputerScreenshot as ComputerScreenshot
    from .types.content import ContentPart as ContentPart
    from .types.content import InputContent as InputContent
    from .types.content import InputFile as InputFile
    from .types.content import InputImage as InputImage
    from .types.content import InputText as InputText
    from .types.content import OutputText as OutputText
    from .types.content import PromptCacheBreakpoint as PromptCacheBreakpoint
    from .types.content import ReasoningText as ReasoningText
    from .types.content import Refusal as Refusal
    from .types.content import SummaryText as SummaryText
    from .types.content import Text as Text
    from .types.conversations import Conversation as Conversation
    from .types.conversations import CreateConversation as CreateConversation
    from .types.conversations import CreateItems as CreateItems
    from .types.conversations import DeletedConversation as DeletedConversation
    from .types.conversations import UpdateConversation as UpdateConversation
    from .types.create import CreateResponse as CreateResponse
    from .types.create import StreamOptions as StreamOptions
    from .types.error_response import ErrorObject as ErrorObject
    from .types.error_response import ErrorResponse as ErrorResponse
    from .types.events.caller_tools import CustomToolCallInputDeltaEvent as CustomToolCallInputDeltaEvent
    from .types.events.caller_tools import CustomToolCallInputDoneEvent as CustomToolCallInputDoneEvent
    from .types.events.caller_tools import FunctionCallArgumentsDeltaEvent as FunctionCallArgumentsDeltaEvent
    from .types.events.caller_tools import FunctionCallArgumentsDoneEvent as FunctionCallArgumentsDoneEvent
    from .types.events.caller_tools import ShellCallCommandAddedEvent as ShellCallCommandAddedEvent
    from .types.events.caller_tools import ShellCallCommandDeltaEvent as ShellCallCommandDeltaEvent
    from .types.events.caller_tools import ShellCallCommandDoneEvent as ShellCallCommandDoneEvent
    from .types.events.caller_tools import ShellCallOutputContentDeltaEvent as ShellCallOutputContentDeltaEvent
    from .types.events.caller_tools import ShellCallOutputContentDoneEvent as ShellCallOutputContentDoneEvent
    from .types.events.caller_tools import ShellOutputDelta as ShellOutputDelta
    from .types.events.hosted_tools import CodeInterpreterCallCodeDeltaEvent as CodeInterpreterCallCodeDeltaEvent
    from .types.events.hosted_tools import CodeInterpreterCallCodeDoneEvent as CodeInterpreterCallCodeDoneEvent
    from .types.events.hosted_tools import CodeInterpreterCallCompletedEvent as CodeInterpreterCallCompletedEvent
    from .types.events.hosted_tools import CodeInterpreterCallInProgressEvent as CodeInterpreterCallInProgressEvent
    from .types.events.hosted_tools import CodeInterpreterCallInterpretingEvent as CodeInterpreterCallInterpretingEvent
    from .types.events.hosted_tools import FileSearchCallCompletedEvent as FileSearchCallCompletedEvent
    from .types.events.hosted_tools import FileSearchCallInProgressEvent as FileSearchCallInProgressEvent
    from .types.events.hosted_tools import FileSearchCallSearchingEvent as FileSearchCallSearchingEvent
    from .types.events.hosted_tools import ImageGenerationCallCompletedEvent as ImageGenerationCallCompletedEvent
    from .types.events.hosted_tools import ImageGenerationCallGeneratingEvent as ImageGenerationCallGeneratingEvent
    from .types.events.hosted_tools import ImageGenerationCallInProgressEvent as ImageGenerationCallInProgressEvent
    from .types.events.hosted_tools import ImageGenerationCallPartialImageEvent as ImageGenerationCallPartialImageEvent
    from .types.events.hosted_tools import WebSearchCallCompletedEvent as WebSearchCallCompletedEvent
    from .types.events.hosted_tools import WebSearchCallInProgressEvent as WebSearchCallInProgressEvent
    from .types.events.hosted_tools import WebSearchCallSearchingEvent as WebSearchCallSearchingEvent
    from .types.events.mcp import MCPCallArgumentsDeltaEvent as MCPCallArgumentsDeltaEvent
    from .types.events.mcp import MCPCallArgumentsDoneEvent as MCPCallArgumentsDoneEvent
    from .types.events.mcp import MCPCallCompletedEvent as MCPCallCompletedEvent
    from .types.events.mcp import MCPCallFailedEvent as MCPCallFailedEvent
    from .types.events.mcp import MCPCallInProgressEvent as MCPCallInProgressEvent
    from .types.events.mcp import MCPListToolsCompletedEvent as MCPListToolsCompletedEvent
    from .types.events.mcp import MCPListToolsFailedEvent as MCPListToolsFailedEvent
    from .types.events.mcp import MCPListToolsInProgressEvent as MCPListToolsInProgressEvent
    from .types.events.output import AudioDeltaEvent as AudioDeltaEvent
    from .types.events.output import AudioDoneEvent as AudioDoneEvent
    from .types.events.output import AudioTranscriptDeltaEvent as AudioTranscriptDeltaEvent
    from .types.events.output import AudioTranscriptDoneEvent as AudioTranscriptDoneEvent
    from .types.events.output import ContentPartAddedEvent as ContentPartAddedEvent
    from .types.events.output import ContentPartDoneEvent as ContentPartDoneEvent
    from .types.events.output import OutputItemAddedEvent as OutputItemAddedEvent
    from .types.events.output import OutputItemDoneEvent as OutputItemDoneEvent
    from .types.events.output import OutputTextAnnotationAddedEvent as OutputTextAnnotationAddedEvent
    from .types.events.output import RefusalDeltaEvent as RefusalDeltaEvent
    from .types.events.output import RefusalDoneEvent as RefusalDoneEvent
    from .types.events.output import TextDeltaEvent as TextDeltaEvent
    from .types.events.output import TextDoneEvent as TextDoneEvent
    from .types.events.reasoning import ReasoningSummaryPartAddedEvent as ReasoningSummaryPartAddedEvent
    from .types.events.reasoning import ReasoningSummaryPartDoneEvent as ReasoningSummaryPartDoneEvent
    from .types.events.reasoning import ReasoningSummaryTextDeltaEvent as ReasoningSummaryTextDeltaEvent
    from .types.events.reasoning import ReasoningSummaryTextDoneEvent as ReasoningSummaryTextDoneEvent
    from .types.events.reasoning import ReasoningTextDeltaEvent as ReasoningTextDeltaEvent
    from .types.events.reasoning import ReasoningTextDoneEvent as ReasoningTextDoneEvent
    from .types.events.response import ErrorEvent as ErrorEvent
    from .types.events.response import ResponseCompletedEvent as ResponseCompletedEvent
    from .types.events.response import ResponseCreatedEvent as ResponseCreatedEvent
    from .types.events.response import ResponseFailedEvent as ResponseFailedEvent
    from .types.events.response import ResponseIncompleteEvent as ResponseIncompleteEvent
    from .types.events.response import ResponseInProgressEvent as ResponseInProgressEvent
    from .types.events.response import ResponseQueuedEvent as ResponseQueuedEvent
    from .types.events.union import StreamEvent as StreamEvent
    from .types.input_context import CompactedResponse as CompactedResponse
    from .types.input_context import CompactRequest as CompactRequest
    from .types.input_context import TokenCount as TokenCount
    from .types.input_context import TokenCountRequest as TokenCountRequest
    from .types.items import ConversationItem as ConversationItem
    from .types.items import InputItem as InputItem
    from .types.items import Item as Item
    from .types.items import ItemReference as ItemReference
    from .types.items import OutputItem as OutputItem
    from .types.logprobs import LogProb as LogProb
    from .types.logprobs import TopLogProb as TopLogProb
    from .types.messages import Message as Message
    from .types.models import DeletedModel as DeletedModel
    from .types.models import Model as Model
    from .types.moderation import Moderation as Moderation
    from .types.moderation import ModerationConfig as ModerationConfig
    from .types.moderation import ModerationError as ModerationError
    from .types.moderation import ModerationOutcome as ModerationOutcome
    from .types.moderation import ModerationParam as ModerationParam
    from .types.moderation import ModerationPolicy as ModerationPolicy
    from .types.moderation import ModerationResult as ModerationResult
    from .types.prompt import Prompt as Prompt
    from .types.prompt import PromptCacheOptions as PromptCacheOptions
    from .types.reasoning import Reasoning as Reasoning
    from .types.reasoning import ReasoningItem as ReasoningItem
    from .types.response import Billing as Billing
    from .types.response import ConversationReference as ConversationReference
    from .types.response import DeletedResponse as DeletedResponse
    from .types.response import IncompleteDetails as IncompleteDetails
    from .types.response import Response as Response
    from .types.response import ResponseError as ResponseError
    from .types.text_format import JSONObjectFormat as JSONObjectFormat
    from .types.text_format import JSONSchemaFormat as JSONSchemaFormat
    from .types.text_format import PlainTextFormat as PlainTextFormat
    from .types.text_format import TextConfig as TextConfig
    from .types.text_format import TextFormat as TextFormat
    from .types.tools.apply_patch import ApplyPatchCall as ApplyPatchCall
    from .types.tools.apply_patch import ApplyPatchCallOutput as ApplyPatchCallOutput
    from .types.tools.apply_patch import ApplyPatchTool as ApplyPatchTool
    from .types.tools.apply_patch import CreateFile as CreateFile
    from .types.tools.apply_patch import DeleteFile as DeleteFile
    from .types.tools.apply_patch import PatchOperation as PatchOperation
    from .types.tools.apply_patch import UpdateFile as UpdateFile
    from .types.tools.code_interpreter import CodeInterpreterCall as CodeInterpreterCall
    from .types.tools.code_interpreter import CodeInterpreterContainer as CodeInterpreterContainer
    from .types.tools.code_interpreter import CodeInterpreterImage as CodeInterpreterImage
    from .types.tools.code_interpreter import CodeInterpreterLogs as CodeInterpreterLogs
    from .types.tools.code_interpreter import CodeInterpreterOutput as CodeInterpreterOutput
    from .types.tools.code_interpreter import CodeInterpreterTool as CodeInterpreterTool
    from .types.tools.computer import ClickAction as ClickAction
    from .types.tools.computer import ComputerAction as ComputerAction
    from .types.tools.computer import ComputerCall as ComputerCall
    from .types.tools.computer import ComputerCallOutput as ComputerCallOutput
    from .types.tools.computer import ComputerTool as ComputerTool
    from .types.tools.computer import ComputerUsePreviewTool as ComputerUsePreviewTool
    from .types.tools.computer import Coordinate as Coordinate
    from .types.tools.computer import DoubleClickAction as DoubleClickAction
    from .types.tools.computer import DragAction as DragAction
    from .types.tools.computer import KeyPressAction as KeyPressAction
    from .types.tools.computer import MoveAction as MoveAction
    from .types.tools.computer import SafetyCheck as SafetyCheck
    from .types.tools.computer import ScreenshotAction as ScreenshotAction
    from .types.tools.computer import ScrollAction as ScrollAction
    from .types.tools.computer import TypeAction as TypeAction
    from .types.tools.computer import WaitAction as WaitAction
    from .types.tools.containers import ContainerAuto as ContainerAuto
    from .types.tools.containers import ContainerReference as ContainerReference
    from .types.tools.containers import LocalEnvironment as LocalEnvironment
    from .types.tools.containers import NetworkPolicy as NetworkPolicy
    from .types.tools.containers import NetworkPolicyAllowlist as NetworkPolicyAllowlist
    from .types.tools.containers import NetworkPolicyDisabled as NetworkPolicyDisabled
    from .types.tools.containers import NetworkPolicyDomainSecret as NetworkPolicyDomainSecret
    from .types.tools.containers import ShellEnvironment as ShellEnvironment
    from .types.tools.custom_tools import CustomGrammarFormat as CustomGrammarFormat
    from .types.tools.custom_tools import CustomTextFormat as CustomTextFormat
    from .types.tools.custom_tools import CustomTool as CustomTool
    from .types.tools.custom_tools import CustomToolCall as CustomToolCall
    from .types.tools.custom_tools import CustomToolCallOutput as CustomToolCallOutput
    from .types.tools.custom_tools import CustomToolFormat as CustomToolFormat
    from .types.tools.file_search import FileSearchCall as FileSearchCall
    from .types.tools.file_search import FileSearchResult as FileSearchResult
    from .types.tools.file_search import FileSearchTool as FileSearchTool
    from .types.tools.file_search import HybridSearchOptions as HybridSearchOptions
    from .types.tools.file_search import RankingOptions as RankingOptions
    from .types.tools.filters import AndFilter as AndFilter
    from .types.tools.filters import ComparisonFilter as ComparisonFilter
    from .types.tools.filters import CompoundFilter as CompoundFilter
    from .types.tools.filters import EqFilter as EqFilter
    from .types.tools.filters import Filter as Filter
    from .types.tools.filters import GteFilter as GteFilter
    from .types.tools.filters import GtFilter as GtFilter
    from .types.tools.filters import InFilter as InFilter
    from .types.tools.filters import LteFilter as LteFilter
    from .types.tools.filters import LtFilter as LtFilter
    from .types.tools.filters import NeFilter as NeFilter
    from .types.tools.filters import NinFilter as NinFilter
    from .types.tools.filters import OrFilter as OrFilter
    from .types.tools.functions import FunctionCall as FunctionCall
    from .types.tools.functions import FunctionCallOutput as FunctionCallOutput
    from .types.tools.functions import FunctionTool as FunctionTool
    from .types.tools.image_generation import ImageGenerationCall as ImageGenerationCall
    from .types.tools.image_generation import ImageGenerationTool as ImageGenerationTool
    from .types.tools.image_generation import ImageMask as ImageMask
    from .types.tools.local_shell import LocalShellCall as LocalShellCall
    from .types.tools.local_shell import LocalShellCallOutput as LocalShellCallOutput
    from .types.tools.local_shell import LocalShellExec as LocalShellExec
    from .types.tools.local_shell import LocalShellTool as LocalShellTool
    from .types.tools.mcp import MCPApprovalPolicy as MCPApprovalPolicy
    from .types.tools.mcp import MCPApprovalRequest as MCPApprovalRequest
    from .types.tools.mcp import MCPApprovalResponse as MCPApprovalResponse
    from .types.tools.mcp import MCPCall as MCPCall
    from .types.tools.mcp import MCPCallError as MCPCallError
    from .types.tools.mcp import MCPHTTPError as MCPHTTPError
    from .types.tools.mcp import MCPListedTool as MCPListedTool
    from .types.tools.mcp import MCPListTools as MCPListTools
    from .types.tools.mcp import MCPProtocolError as MCPProtocolError
    from .types.tools.mcp import MCPTool as MCPTool
    from .types.tools.mcp import MCPToolExecutionError as MCPToolExecutionError
    from .types.tools.mcp import MCPToolFilter as MCPToolFilter
    from .types.tools.programs import Program as Program
    from .types.tools.programs import ProgrammaticToolCallingTool as ProgrammaticToolCallingTool
    from .types.tools.programs import ProgramOutput as ProgramOutput
    from .types.tools.shell import ShellAction as ShellAction
    from .types.tools.shell import ShellCall as ShellCall
    from .types.tools.shell import ShellCallOutput as ShellCallOutput
    from .types.tools.shell import ShellExit as ShellExit
    from .types.tools.shell import ShellOutcome as ShellOutcome
    from .types.tools.shell import ShellOutput as ShellOutput
    from .types.tools.shell import ShellTimeout as ShellTimeout
    from .types.tools.shell import ShellTool as ShellTool
    from .types.tools.skills import InlineSkill as InlineSkill
    from .types.tools.skills import InlineSkillSource as InlineSkillSource
    from .types.tools.skills import LocalSkill as LocalSkill
    from .types.tools.skills import Skill as Skill
    from .types.tools.skills import SkillReference as SkillReference
    from .types.tools.tool_choice import ToolChoice as ToolChoice
    from .types.tools.tool_choice import ToolChoiceAllowed as ToolChoiceAllowed
    from .types.tools.tool_choice import ToolChoiceApplyPatch as ToolChoiceApplyPatch
    from .types.tools.tool_choice import ToolChoiceCodeInterpreter as ToolChoiceCodeInterpreter
    from .types.tools.tool_choice import ToolChoiceComputer as ToolChoiceComputer
    from .types.tools.tool_choice import ToolChoiceComputerUse as ToolChoiceComputerUse
    from .types.tools.tool_choice import ToolChoiceComputerUsePreview as ToolChoiceComputerUsePreview
    from .types.tools.tool_choice import ToolChoiceCustom as ToolChoiceCustom
    from .types.tools.tool_choice import ToolChoiceFileSearch as ToolChoiceFileSearch
    from .types.tools.tool_choice import ToolChoiceFunction as ToolChoiceFunction
    from .types.tools.tool_choice import ToolChoiceImageGeneration as ToolChoiceImageGeneration
    from .types.tools.tool_choice import ToolChoiceMCP as ToolChoiceMCP
    from .types.tools.tool_choice import ToolChoiceProgrammatic as ToolChoiceProgrammatic
    from .types.tools.tool_choice import ToolChoiceShell as ToolChoiceShell
    from .types.tools.tool_choice import ToolChoiceTypes as ToolChoiceTypes
    from .types.tools.tool_choice import ToolChoiceWebSearchPreview as ToolChoiceWebSearchPreview
    from .types.tools.tool_choice import ToolChoiceWebSearchPreview20250311 as ToolChoiceWebSearchPreview20250311
    from .types.tools.tool_search import NamespaceTool as NamespaceTool
    from .types.tools.tool_search import ToolSearchTool as ToolSearchTool
    from .types.tools.tool_search_items import AdditionalTools as AdditionalTools
    from .types.tools.tool_search_items import ToolSearchCall as ToolSearchCall
    from .types.tools.tool_search_items import ToolSearchOutput as ToolSearchOutput
    from .types.tools.union import Tool as Tool
    from .types.tools.web_search import ApproximateLocation as ApproximateLocation
    from .types.tools.web_search import FindInPageAction as FindInPageAction
    from .types.tools.web_search import OpenPageAction as OpenPageAction
    from .types.tools.web_search import SearchAction as SearchAction
    from .types.tools.web_search import WebSearchAction as WebSearchAction
    from .types.tools.web_search import WebSearchAPISource as WebSearchAPISource
    from .types.tools.web_search import WebSearchCall as WebSearchCall
    from .types.tools.web_search import WebSearchFilters as WebSearchFilters
    from .types.tools.web_search import WebSearchPreviewTool as WebSearchPreviewTool
    from .types.tools.web_search import WebSearchPreviewTool20250311 as WebSearchPreviewTool20250311
    from .types.tools.web_search import WebSearchSource as WebSearchSource
    from .types.tools.web_search import WebSearchTool as WebSearchTool
    from .types.tools.web_search import WebSearchTool20250826 as WebSearchTool20250826
    from .types.usage import InputTokensDetails as InputTokensDetails
    from .types.usage import OutputTokensDetails as OutputTokensDetails
    from .types.usage import Usage as Usage
else:
    # Hidden from type-checkers: they would take it that any name at all can be imported from here.
    _PUBLIC = {
        "types.annotations": "Annotation ContainerFileCitation FileCitation FilePath URLCitation",
        "types.tools.apply_patch": (
            "ApplyPatchCall ApplyPatchCallOutput ApplyPatchTool CreateFile DeleteFile PatchOperation UpdateFile"
        ),
        "lossless.shortened_repr": "brief pretty",
        "lossless.big_numbers": "BigNumber",
        "types.callers": "Caller DirectCaller ProgramCaller",
        "types.tools.code_interpreter": (
            "CodeInterpreterCall CodeInterpreterContainer CodeInterpreterImage "
            "CodeInterpreterLogs CodeInterpreterOutput CodeInterpreterTool"
        ),
        "types.input_context": "CompactRequest CompactedResponse TokenCount TokenCountRequest",
        "types.compaction": "Compaction CompactionTrigger ContextManagement",
        "types.tools.computer": (
            "ClickAction ComputerAction ComputerCall ComputerCallOutput ComputerTool ComputerUsePreviewTool Coordinate "
            "DoubleClickAction DragAction KeyPressAction MoveAction SafetyCheck ScreenshotAction ScrollAction "
            "TypeAction WaitAction"
        ),
        "types.tools.containers": (
            "ContainerAuto ContainerReference LocalEnvironment NetworkPolicy NetworkPolicyAllowlist "
            "NetworkPolicyDisabled NetworkPolicyDomainSecret ShellEnvironment"
        ),
        "types.content": (
            "ComputerScreenshot ContentPart InputContent InputFile InputImage InputText OutputText "
            "PromptCacheBreakpoint ReasoningText Refusal SummaryText Text"
        ),
        "types.conversations": "Conversation CreateConversation CreateItems DeletedConversation UpdateConversation",
        "types.create": "CreateResponse StreamOptions",
        "types.tools.custom_tools": (
            "CustomGrammarFormat CustomTextFormat CustomTool CustomToolCall CustomToolCallOutput CustomToolFormat"
        ),
        "decoders": (
            "decode decode_compacted_response decode_conversation decode_conversation_item "
            "decode_conversation_items decode_deleted_conversation decode_deleted_model "
            "decode_deleted_response decode_input_items decode_model decode_models decode_response "
            "decode_stream_event decode_token_count"
        ),
        "error_body": "ErrorBody decode_error_body",
        "types.error_response": "ErrorObject ErrorResponse",
        "lossless.errors": "DecodeError",
        "lossless.server_sent_events": "EventStream ServerSentEvent",
        "types.events.union": "StreamEvent",
        "types.tools.file_search": "FileSearchCall FileSearchResult FileSearchTool HybridSearchOptions RankingOptions",
        "types.tools.filters": (
            "AndFilter ComparisonFilter CompoundFilter EqFilter Filter GtFilter GteFilter InFilter "
            "LtFilter LteFilter NeFilter NinFilter OrFilter"
        ),
        "types.events.caller_tools": (
            "CustomToolCallInputDeltaEvent CustomToolCallInputDoneEvent "
            "FunctionCallArgumentsDeltaEvent FunctionCallArgumentsDoneEvent "
            "ShellCallCommandAddedEvent ShellCallCommandDeltaEvent ShellCallCommandDoneEvent "
            "ShellCallOutputContentDeltaEvent ShellCallOutputContentDoneEvent ShellOutputDelta"
        ),
        "types.tools.functions": "FunctionCall FunctionCallOutput FunctionTool",
        "types.tools.image_generation": "ImageGenerationCall ImageGenerationTool ImageMask",
        "types.items": "ConversationItem InputItem Item ItemReference OutputItem",
        "schema_export": "json_schema",
        "lossless.list_codec": "ListCodec",
        "lossless.lists": "ItemList",
        "types.tools.local_shell": "LocalShellCall LocalShellCallOutput LocalShellExec LocalShellTool",
        "types.logprobs": "LogProb TopLogProb",
        "lossless.codec": "Codec encode to_plain",
        "types.tools.mcp": (
            "MCPApprovalPolicy MCPApprovalRequest MCPApprovalResponse MCPCall MCPCallError MCPHTTPError "
            "MCPListTools MCPListedTool MCPProtocolError MCPTool MCPToolExecutionError MCPToolFilter"
        ),
        "types.events.mcp": (
            "MCPCallArgumentsDeltaEvent MCPCallArgumentsDoneEvent MCPCallCompletedEvent "
            "MCPCallFailedEvent MCPCallInProgressEvent MCPListToolsCompletedEvent "
            "MCPListToolsFailedEvent MCPListToolsInProgressEvent"
        ),
        "types.messages": "Message",
        "types.models": "DeletedModel Model",
        "types.moderation": (
            "Moderation ModerationConfig ModerationError ModerationOutcome ModerationParam "
            "ModerationPolicy ModerationResult"
        ),
        "types.events.output": (
            "AudioDeltaEvent AudioDoneEvent AudioTranscriptDeltaEvent AudioTranscriptDoneEvent "
            "ContentPartAddedEvent ContentPartDoneEvent OutputItemAddedEvent OutputItemDoneEvent "
            "OutputTextAnnotationAddedEvent RefusalDeltaEvent RefusalDoneEvent TextDeltaEvent "
            "TextDoneEvent"
        ),
        "types.tools.programs": "Program ProgramOutput ProgrammaticToolCallingTool",
        "types.prompt": "Prompt PromptCacheOptions",
        "accessors": "function_calls output_text parse_arguments reasoning_summaries refusal",
        "types.reasoning": "Reasoning ReasoningItem",
        "types.events.reasoning": (
            "ReasoningSummaryPartAddedEvent ReasoningSummaryPartDoneEvent "
            "ReasoningSummaryTextDeltaEvent ReasoningSummaryTextDoneEvent ReasoningTextDeltaEvent "
            "ReasoningTextDoneEvent"
        ),
        "types.response": "Billing ConversationReference DeletedResponse IncompleteDetails Response ResponseError",
        "types.events.response": (
            "ErrorEvent ResponseCompletedEvent ResponseCreatedEvent ResponseFailedEvent "
            "ResponseInProgressEvent ResponseIncompleteEvent ResponseQueuedEvent"
        ),
        "schema_table": "SCHEMAS",
        "types.tools.shell": (
            "ShellAction ShellCall ShellCallOutput ShellExit ShellOutcome ShellOutput ShellTimeout ShellTool"
        ),
        "types.tools.skills": "InlineSkill InlineSkillSource LocalSkill Skill SkillReference",
        "event_decoder": "StreamDecoder StreamError",
        "types.text_format": "JSONObjectFormat JSONSchemaFormat PlainTextFormat TextConfig TextFormat",
        "types.tools.tool_choice": (
            "ToolChoice ToolChoiceAllowed ToolChoiceApplyPatch ToolChoiceCodeInterpreter "
            "ToolChoiceComputer ToolChoiceComputerUse ToolChoiceComputerUsePreview ToolChoiceCustom "
            "ToolChoiceFileSearch ToolChoiceFunction ToolChoiceImageGeneration ToolChoiceMCP "
            "ToolChoiceProgrammatic ToolChoiceShell ToolChoiceTypes ToolChoiceWebSearchPreview "
            "ToolChoiceWebSearchPreview20250311"
        ),
        "types.events.hosted_tools": (
            "CodeInterpreterCallCodeDeltaEvent CodeInterpreterCallCodeDoneEvent "
            "CodeInterpreterCallCompletedEvent CodeInterpreterCallInProgressEvent "
            "CodeInterpreterCallInterpretingEvent FileSearchCallCompletedEvent "
            "FileSearchCallInProgressEvent FileSearchCallSearchingEvent "
            "ImageGenerationCallCompletedEvent ImageGenerationCallGeneratingEvent "
            "ImageGenerationCallInProgressEvent ImageGenerationCallPartialImageEvent "
            "WebSearchCallCompletedEvent WebSearchCallInProgressEvent WebSearchCallSearchingEvent"
        ),
        "types.tools.tool_search": "NamespaceTool ToolSearchTool",
        "types.tools.tool_search_items": "AdditionalTools ToolSearchCall ToolSearchOutput",
        "types.tools.union": "Tool",
        "types.usage": "InputTokensDetails OutputTokensDetails Usage",
        "types.tools.web_search": (
            "ApproximateLocation FindInPageAction OpenPageAction SearchAction WebSearchAPISource "
            "WebSearchAction WebSearchCall WebSearchFilters WebSearchPreviewTool "
            "WebSearchPreviewTool20250311 WebSearchSource WebSearchTool WebSearchTool20250826"
        ),
        "lossless.wire": "Kept Unknown Untagged Wire",
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
