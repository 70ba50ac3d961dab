"""Everything public in one place: `from puresponse import cancel_response, run, Urllib3Transport`.

Law: importing this loads nothing else, be it of the library, of what it is made of, or of Python's own. What is public
in `puresponse.core`, `puresponse.codecs` and `puresponse.transports` is public here, and loaded when it is first asked
for; what is of the core can be had without the transports.
"""

TYPE_CHECKING = False  # as type-checkers know it; to import it from `typing` would cost more than all the rest

if TYPE_CHECKING:
    from .codecs import SCHEMAS as SCHEMAS
    from .codecs import AdditionalTools as AdditionalTools
    from .codecs import AndFilter as AndFilter
    from .codecs import Annotation as Annotation
    from .codecs import ApplyPatchCall as ApplyPatchCall
    from .codecs import ApplyPatchCallOutput as ApplyPatchCallOutput
    from .codecs import ApplyPatchTool as ApplyPatchTool
    from .codecs import ApproximateLocation as ApproximateLocation
    from .codecs import AudioDeltaEvent as AudioDeltaEvent
    from .codecs import AudioDoneEvent as AudioDoneEvent
    from .codecs import AudioTranscriptDeltaEvent as AudioTranscriptDeltaEvent
    from .codecs import AudioTranscriptDoneEvent as AudioTranscriptDoneEvent
    from .codecs import BigNumber as BigNumber
    from .codecs import Billing as Billing
    from .codecs import Caller as Caller
    from .codecs import ClickAction as ClickAction
    from .codecs import Codec as Codec
    from .codecs import CodeInterpreterCall as CodeInterpreterCall
    from .codecs import CodeInterpreterCallCodeDeltaEvent as CodeInterpreterCallCodeDeltaEvent
    from .codecs import CodeInterpreterCallCodeDoneEvent as CodeInterpreterCallCodeDoneEvent
    from .codecs import CodeInterpreterCallCompletedEvent as CodeInterpreterCallCompletedEvent
    from .codecs import CodeInterpreterCallInProgressEvent as CodeInterpreterCallInProgressEvent
    from .codecs import CodeInterpreterCallInterpretingEvent as CodeInterpreterCallInterpretingEvent
    from .codecs import CodeInterpreterContainer as CodeInterpreterContainer
    from .codecs import CodeInterpreterImage as CodeInterpreterImage
    from .codecs import CodeInterpreterLogs as CodeInterpreterLogs
    from .codecs import CodeInterpreterOutput as CodeInterpreterOutput
    from .codecs import CodeInterpreterTool as CodeInterpreterTool
    from .codecs import CompactedResponse as CompactedResponse
    from .codecs import Compaction as Compaction
    from .codecs import CompactionTrigger as CompactionTrigger
    from .codecs import CompactRequest as CompactRequest
    from .codecs import ComparisonFilter as ComparisonFilter
    from .codecs import CompoundFilter as CompoundFilter
    from .codecs import ComputerAction as ComputerAction
    from .codecs import ComputerCall as ComputerCall
    from .codecs import ComputerCallOutput as ComputerCallOutput
    from .codecs import ComputerScreenshot as ComputerScreenshot
    from .codecs import ComputerTool as ComputerTool
    from .codecs import ComputerUsePreviewTool as ComputerUsePreviewTool
    from .codecs import ContainerAuto as ContainerAuto
    from .codecs import ContainerFileCitation as ContainerFileCitation
    from .codecs import ContainerReference as ContainerReference
    from .codecs import ContentPart as ContentPart
    from .codecs import ContentPartAddedEvent as ContentPartAddedEvent
    from .codecs import ContentPartDoneEvent as ContentPartDoneEvent
    from .codecs import ContextManagement as ContextManagement
    from .codecs import Conversation as Conversation
    from .codecs import ConversationItem as ConversationItem
    from .codecs import ConversationReference as ConversationReference
    from .codecs import Coordinate as Coordinate
    from .codecs import CreateConversation as CreateConversation
    from .codecs import CreateFile as CreateFile
    from .codecs import CreateItems as CreateItems
    from .codecs import CreateResponse as CreateResponse
    from .codecs import CustomGrammarFormat as CustomGrammarFormat
    from .codecs import CustomTextFormat as CustomTextFormat
    from .codecs import CustomTool as CustomTool
    from .codecs import CustomToolCall as CustomToolCall
    from .codecs import CustomToolCallInputDeltaEvent as CustomToolCallInputDeltaEvent
    from .codecs import CustomToolCallInputDoneEvent as CustomToolCallInputDoneEvent
    from .codecs import CustomToolCallOutput as CustomToolCallOutput
    from .codecs import CustomToolFormat as CustomToolFormat
    from .codecs import DecodeError as DecodeError
    from .codecs import DeletedConversation as DeletedConversation
    from .codecs import DeletedModel as DeletedModel
    from .codecs import DeletedResponse as DeletedResponse
    from .codecs import DeleteFile as DeleteFile
    from .codecs import DirectCaller as DirectCaller
    from .codecs import DoubleClickAction as DoubleClickAction
    from .codecs import DragAction as DragAction
    from .codecs import EqFilter as EqFilter
    from .codecs import ErrorBody as ErrorBody
    from .codecs import ErrorEvent as ErrorEvent
    from .codecs import ErrorObject as ErrorObject
    from .codecs import ErrorResponse as ErrorResponse
    from .codecs import EventStream as EventStream
    from .codecs import FileCitation as FileCitation
    from .codecs import FilePath as FilePath
    from .codecs import FileSearchCall as FileSearchCall
    from .codecs import FileSearchCallCompletedEvent as FileSearchCallCompletedEvent
    from .codecs import FileSearchCallInProgressEvent as FileSearchCallInProgressEvent
    from .codecs import FileSearchCallSearchingEvent as FileSearchCallSearchingEvent
    from .codecs import FileSearchResult as FileSearchResult
    from .codecs import FileSearchTool as FileSearchTool
    from .codecs import Filter as Filter
    from .codecs import FindInPageAction as FindInPageAction
    from .codecs import FunctionCall as FunctionCall
    from .codecs import FunctionCallArgumentsDeltaEvent as FunctionCallArgumentsDeltaEvent
    from .codecs import FunctionCallArgumentsDoneEvent as FunctionCallArgumentsDoneEvent
    from .codecs import FunctionCallOutput as FunctionCallOutput
    from .codecs import FunctionTool as FunctionTool
    from .codecs import GteFilter as GteFilter
    from .codecs import GtFilter as GtFilter
    from .codecs import HybridSearchOptions as HybridSearchOptions
    from .codecs import ImageGenerationCall as ImageGenerationCall
    from .codecs import ImageGenerationCallCompletedEvent as ImageGenerationCallCompletedEvent
    from .codecs import ImageGenerationCallGeneratingEvent as ImageGenerationCallGeneratingEvent
    from .codecs import ImageGenerationCallInProgressEvent as ImageGenerationCallInProgressEvent
    from .codecs import ImageGenerationCallPartialImageEvent as ImageGenerationCallPartialImageEvent
    from .codecs import ImageGenerationTool as ImageGenerationTool
    from .codecs import ImageMask as ImageMask
    from .codecs import IncompleteDetails as IncompleteDetails
    from .codecs import InFilter as InFilter
    from .codecs import InlineSkill as InlineSkill
    from .codecs import InlineSkillSource as InlineSkillSource
    from .codecs import InputContent as InputContent
    from .codecs import InputFile as InputFile
    from .codecs import InputImage as InputImage
    from .codecs import InputItem as InputItem
    from .codecs import InputText as InputText
    from .codecs import InputTokensDetails as InputTokensDetails
    from .codecs import Item as Item
    from .codecs import ItemList as ItemList
    from .codecs import ItemReference as ItemReference
    from .codecs import JSONObjectFormat as JSONObjectFormat
    from .codecs import JSONSchemaFormat as JSONSchemaFormat
    from .codecs import Kept as Kept
    from .codecs import KeyPressAction as KeyPressAction
    from .codecs import ListCodec as ListCodec
    from .codecs import LocalEnvironment as LocalEnvironment
    from .codecs import LocalShellCall as LocalShellCall
    from .codecs import LocalShellCallOutput as LocalShellCallOutput
    from .codecs import LocalShellExec as LocalShellExec
    from .codecs import LocalShellTool as LocalShellTool
    from .codecs import LocalSkill as LocalSkill
    from .codecs import LogProb as LogProb
    from .codecs import LteFilter as LteFilter
    from .codecs import LtFilter as LtFilter
    from .codecs import MCPApprovalPolicy as MCPApprovalPolicy
    from .codecs import MCPApprovalRequest as MCPApprovalRequest
    from .codecs import MCPApprovalResponse as MCPApprovalResponse
    from .codecs import MCPCall as MCPCall
    from .codecs import MCPCallArgumentsDeltaEvent as MCPCallArgumentsDeltaEvent
    from .codecs import MCPCallArgumentsDoneEvent as MCPCallArgumentsDoneEvent
    from .codecs import MCPCallCompletedEvent as MCPCallCompletedEvent
    from .codecs import MCPCallError as MCPCallError
    from .codecs import MCPCallFailedEvent as MCPCallFailedEvent
    from .codecs import MCPCallInProgressEvent as MCPCallInProgressEvent
    from .codecs import MCPHTTPError as MCPHTTPError
    from .codecs import MCPListedTool as MCPListedTool
    from .codecs import MCPListTools as MCPListTools
    from .codecs import MCPListToolsCompletedEvent as MCPListToolsCompletedEvent
    from .codecs import MCPListToolsFailedEvent as MCPListToolsFailedEvent
    from .codecs import MCPListToolsInProgressEvent as MCPListToolsInProgressEvent
    from .codecs import MCPProtocolError as MCPProtocolError
    from .codecs import MCPTool as MCPTool
    from .codecs import MCPToolExecutionError as MCPToolExecutionError
    from .codecs import MCPToolFilter as MCPToolFilter
    from .codecs import Message as Message
    from .codecs import Model as Model
    from .codecs import Moderation as Moderation
    from .codecs import ModerationConfig as ModerationConfig
    from .codecs import ModerationError as ModerationError
    from .codecs import ModerationOutcome as ModerationOutcome
    from .codecs import ModerationParam as ModerationParam
    from .codecs import ModerationPolicy as ModerationPolicy
    from .codecs import ModerationResult as ModerationResult
    from .codecs import MoveAction as MoveAction
    from .codecs import NamespaceTool as NamespaceTool
    from .codecs import NeFilter as NeFilter
    from .codecs import NetworkPolicy as NetworkPolicy
    from .codecs import NetworkPolicyAllowlist as NetworkPolicyAllowlist
    from .codecs import NetworkPolicyDisabled as NetworkPolicyDisabled
    from .codecs import NetworkPolicyDomainSecret as NetworkPolicyDomainSecret
    from .codecs import NinFilter as NinFilter
    from .codecs import OpenPageAction as OpenPageAction
    from .codecs import OrFilter as OrFilter
    from .codecs import OutputItem as OutputItem
    from .codecs import OutputItemAddedEvent as OutputItemAddedEvent
    from .codecs import OutputItemDoneEvent as OutputItemDoneEvent
    from .codecs import OutputText as OutputText
    from .codecs import OutputTextAnnotationAddedEvent as OutputTextAnnotationAddedEvent
    from .codecs import OutputTokensDetails as OutputTokensDetails
    from .codecs import PatchOperation as PatchOperation
    from .codecs import PlainTextFormat as PlainTextFormat
    from .codecs import Program as Program
    from .codecs import ProgramCaller as ProgramCaller
    from .codecs import ProgrammaticToolCallingTool as ProgrammaticToolCallingTool
    from .codecs import ProgramOutput as ProgramOutput
    from .codecs import Prompt as Prompt
    from .codecs import PromptCacheBreakpoint as PromptCacheBreakpoint
    from .codecs import PromptCacheOptions as PromptCacheOptions
    from .codecs import RankingOptions as RankingOptions
    from .codecs import Reasoning as Reasoning
    from .codecs import ReasoningItem as ReasoningItem
    from .codecs import ReasoningSummaryPartAddedEvent as ReasoningSummaryPartAddedEvent
    from .codecs import ReasoningSummaryPartDoneEvent as ReasoningSummaryPartDoneEvent
    from .codecs import ReasoningSummaryTextDeltaEvent as ReasoningSummaryTextDeltaEvent
    from .codecs import ReasoningSummaryTextDoneEvent as ReasoningSummaryTextDoneEvent
    from .codecs import ReasoningText as ReasoningText
    from .codecs import ReasoningTextDeltaEvent as ReasoningTextDeltaEvent
    from .codecs import ReasoningTextDoneEvent as ReasoningTextDoneEvent
    from .codecs import Refusal as Refusal
    from .codecs import RefusalDeltaEvent as RefusalDeltaEvent
    from .codecs import RefusalDoneEvent as RefusalDoneEvent
    from .codecs import Response as Response
    from .codecs import ResponseCompletedEvent as ResponseCompletedEvent
    from .codecs import ResponseCreatedEvent as ResponseCreatedEvent
    from .codecs import ResponseError as ResponseError
    from .codecs import ResponseFailedEvent as ResponseFailedEvent
    from .codecs import ResponseIncompleteEvent as ResponseIncompleteEvent
    from .codecs import ResponseInProgressEvent as ResponseInProgressEvent
    from .codecs import ResponseQueuedEvent as ResponseQueuedEvent
    from .codecs import SafetyCheck as SafetyCheck
    from .codecs import ScreenshotAction as ScreenshotAction
    from .codecs import ScrollAction as ScrollAction
    from .codecs import SearchAction as SearchAction
    from .codecs import ServerSentEvent as ServerSentEvent
    from .codecs import ShellAction as ShellAction
    from .codecs import ShellCall as ShellCall
    from .codecs import ShellCallCommandAddedEvent as ShellCallCommandAddedEvent
    from .codecs import ShellCallCommandDeltaEvent as ShellCallCommandDeltaEvent
    from .codecs import ShellCallCommandDoneEvent as ShellCallCommandDoneEvent
    from .codecs import ShellCallOutput as ShellCallOutput
    from .codecs import ShellCallOutputContentDeltaEvent as ShellCallOutputContentDeltaEvent
    from .codecs import ShellCallOutputContentDoneEvent as ShellCallOutputContentDoneEvent
    from .codecs import ShellEnvironment as ShellEnvironment
    from .codecs import ShellExit as ShellExit
    from .codecs import ShellOutcome as ShellOutcome
    from .codecs import ShellOutput as ShellOutput
    from .codecs import ShellOutputDelta as ShellOutputDelta
    from .codecs import ShellTimeout as ShellTimeout
    from .codecs import ShellTool as ShellTool
    from .codecs import Skill as Skill
    from .codecs import SkillReference as SkillReference
    from .codecs import StreamDecoder as StreamDecoder
    from .codecs import StreamError as StreamError
    from .codecs import StreamEvent as StreamEvent
    from .codecs import StreamOptions as StreamOptions
    from .codecs import SummaryText as SummaryText
    from .codecs import Text as Text
    from .codecs import TextConfig as TextConfig
    from .codecs import TextDeltaEvent as TextDeltaEvent
    from .codecs import TextDoneEvent as TextDoneEvent
    from .codecs import TextFormat as TextFormat
    from .codecs import TokenCount as TokenCount
    from .codecs import TokenCountRequest as TokenCountRequest
    from .codecs import Tool as Tool
    from .codecs import ToolChoice as ToolChoice
    from .codecs import ToolChoiceAllowed as ToolChoiceAllowed
    from .codecs import ToolChoiceApplyPatch as ToolChoiceApplyPatch
    from .codecs import ToolChoiceCodeInterpreter as ToolChoiceCodeInterpreter
    from .codecs import ToolChoiceComputer as ToolChoiceComputer
    from .codecs import ToolChoiceComputerUse as ToolChoiceComputerUse
    from .codecs import ToolChoiceComputerUsePreview as ToolChoiceComputerUsePreview
    from .codecs import ToolChoiceCustom as ToolChoiceCustom
    from .codecs import ToolChoiceFileSearch as ToolChoiceFileSearch
    from .codecs import ToolChoiceFunction as ToolChoiceFunction
    from .codecs import ToolChoiceImageGeneration as ToolChoiceImageGeneration
    from .codecs import ToolChoiceMCP as ToolChoiceMCP
    from .codecs import ToolChoiceProgrammatic as ToolChoiceProgrammatic
    from .codecs import ToolChoiceShell as ToolChoiceShell
    from .codecs import ToolChoiceTypes as ToolChoiceTypes
    from .codecs import ToolChoiceWebSearchPreview as ToolChoiceWebSearchPreview
    from .codecs import ToolChoiceWebSearchPreview20250311 as ToolChoiceWebSearchPreview20250311
    from .codecs import ToolSearchCall as ToolSearchCall
    from .codecs import ToolSearchOutput as ToolSearchOutput
    from .codecs import ToolSearchTool as ToolSearchTool
    from .codecs import TopLogProb as TopLogProb
    from .codecs import TypeAction as TypeAction
    from .codecs import Unknown as Unknown
    from .codecs import Untagged as Untagged
    from .codecs import UpdateConversation as UpdateConversation
    from .codecs import UpdateFile as UpdateFile
    from .codecs import URLCitation as URLCitation
    from .codecs import Usage as Usage
    from .codecs import WaitAction as WaitAction
    from .codecs import WebSearchAction as WebSearchAction
    from .codecs import WebSearchAPISource as WebSearchAPISource
    from .codecs import WebSearchCall as WebSearchCall
    from .codecs import WebSearchCallCompletedEvent as WebSearchCallCompletedEvent
    from .codecs import WebSearchCallInProgressEvent as WebSearchCallInProgressEvent
    from .codecs import WebSearchCallSearchingEvent as WebSearchCallSearchingEvent
    from .codecs import WebSearchFilters as WebSearchFilters
    from .codecs import WebSearchPreviewTool as WebSearchPreviewTool
    from .codecs import WebSearchPreviewTool20250311 as WebSearchPreviewTool20250311
    from .codecs import WebSearchSource as WebSearchSource
    from .codecs import WebSearchTool as WebSearchTool
    from .codecs import WebSearchTool20250826 as WebSearchTool20250826
    from .codecs import Wire as Wire
    from .codecs import brief as brief
    from .codecs import decode as decode
    from .codecs import decode_compacted_response as decode_compacted_response
    from .codecs import decode_conversation as decode_conversation
    from .codecs import decode_conversation_item as decode_conversation_item
    from .codecs import decode_conversation_items as decode_conversation_items
    from .codecs import decode_deleted_conversation as decode_deleted_conversation
    from .codecs import decode_deleted_model as decode_deleted_model
    from .codecs import decode_deleted_response as decode_deleted_response
    from .codecs import decode_error_body as decode_error_body
    from .codecs import decode_input_items as decode_input_items
    from .codecs import decode_model as decode_model
    from .codecs import decode_models as decode_models
    from .codecs import decode_response as decode_response
    from .codecs import decode_stream_event as decode_stream_event
    from .codecs import decode_token_count as decode_token_count
    from .codecs import encode as encode
    from .codecs import function_calls as function_calls
    from .codecs import json_schema as json_schema
    from .codecs import output_text as output_text
    from .codecs import parse_arguments as parse_arguments
    from .codecs import pretty as pretty
    from .codecs import reasoning_summaries as reasoning_summaries
    from .codecs import refusal as refusal
    from .codecs import to_plain as to_plain
    from .core import END as END
    from .core import NOT_OPEN as NOT_OPEN
    from .core import Answer as Answer
    from .core import ApiError as ApiError
    from .core import BatchCancelledWebhookEvent as BatchCancelledWebhookEvent
    from .core import BatchCompletedWebhookEvent as BatchCompletedWebhookEvent
    from .core import BatchExpiredWebhookEvent as BatchExpiredWebhookEvent
    from .core import BatchFailedWebhookEvent as BatchFailedWebhookEvent
    from .core import Checkpoint as Checkpoint
    from .core import Chunk as Chunk
    from .core import Continue as Continue
    from .core import CreateArguments as CreateArguments
    from .core import Done as Done
    from .core import Emit as Emit
    from .core import Error as Error
    from .core import EvalRunCanceledWebhookEvent as EvalRunCanceledWebhookEvent
    from .core import EvalRunFailedWebhookEvent as EvalRunFailedWebhookEvent
    from .core import EvalRunSucceededWebhookEvent as EvalRunSucceededWebhookEvent
    from .core import FineTuningJobCancelledWebhookEvent as FineTuningJobCancelledWebhookEvent
    from .core import FineTuningJobFailedWebhookEvent as FineTuningJobFailedWebhookEvent
    from .core import FineTuningJobSucceededWebhookEvent as FineTuningJobSucceededWebhookEvent
    from .core import HttpRequest as HttpRequest
    from .core import HttpResponse as HttpResponse
    from .core import Interrupted as Interrupted
    from .core import InvalidArgument as InvalidArgument
    from .core import NoRecording as NoRecording
    from .core import NotSent as NotSent
    from .core import Open as Open
    from .core import Operation as Operation
    from .core import OperationFailed as OperationFailed
    from .core import Page as Page
    from .core import Pairs as Pairs
    from .core import Parsed as Parsed
    from .core import Perform as Perform
    from .core import Read as Read
    from .core import RealtimeCallIncomingWebhookEvent as RealtimeCallIncomingWebhookEvent
    from .core import ResponseAudit as ResponseAudit
    from .core import ResponseCancelledWebhookEvent as ResponseCancelledWebhookEvent
    from .core import ResponseCompletedWebhookEvent as ResponseCompletedWebhookEvent
    from .core import ResponseFailedWebhookEvent as ResponseFailedWebhookEvent
    from .core import ResponseIncompleteWebhookEvent as ResponseIncompleteWebhookEvent
    from .core import RetryPolicy as RetryPolicy
    from .core import Send as Send
    from .core import Stop as Stop
    from .core import Stream as Stream
    from .core import Wait as Wait
    from .core import WaitExpired as WaitExpired
    from .core import WaitPolicy as WaitPolicy
    from .core import WebhookError as WebhookError
    from .core import WebhookEvent as WebhookEvent
    from .core import WebhookRejected as WebhookRejected
    from .core import all_conversation_items as all_conversation_items
    from .core import all_input_items as all_input_items
    from .core import all_pages as all_pages
    from .core import alt as alt
    from .core import audit_response as audit_response
    from .core import bind as bind
    from .core import cancel_and_wait as cancel_and_wait
    from .core import cancel_if_running as cancel_if_running
    from .core import cancel_response as cancel_response
    from .core import collect as collect
    from .core import compact_response as compact_response
    from .core import count_input_tokens as count_input_tokens
    from .core import create_conversation as create_conversation
    from .core import create_conversation_items as create_conversation_items
    from .core import create_parsed_response as create_parsed_response
    from .core import create_request as create_request
    from .core import create_response as create_response
    from .core import decode_answer as decode_answer
    from .core import decode_request as decode_request
    from .core import delay as delay
    from .core import delete_conversation as delete_conversation
    from .core import delete_conversation_item as delete_conversation_item
    from .core import delete_response as delete_response
    from .core import delete_response_chain as delete_response_chain
    from .core import elapsed as elapsed
    from .core import encode_answer as encode_answer
    from .core import encode_request as encode_request
    from .core import fail as fail
    from .core import fold as fold
    from .core import fold_event as fold_event
    from .core import has_ended as has_ended
    from .core import is_failure as is_failure
    from .core import lash as lash
    from .core import list_conversation_items as list_conversation_items
    from .core import list_input_items as list_input_items
    from .core import list_models as list_models
    from .core import load_operation as load_operation
    from .core import load_stream as load_stream
    from .core import loop as loop
    from .core import map_ as map_
    from .core import parse_output as parse_output
    from .core import preload as preload
    from .core import response_so_far as response_so_far
    from .core import resume_stream as resume_stream
    from .core import retrieve_conversation as retrieve_conversation
    from .core import retrieve_conversation_item as retrieve_conversation_item
    from .core import retrieve_model as retrieve_model
    from .core import retrieve_response as retrieve_response
    from .core import retrying as retrying
    from .core import save_checkpoint as save_checkpoint
    from .core import sequence_number as sequence_number
    from .core import stream_response as stream_response
    from .core import succeed as succeed
    from .core import text_format_of as text_format_of
    from .core import unwrap_webhook as unwrap_webhook
    from .core import update_conversation as update_conversation
    from .core import value_or_raise as value_or_raise
    from .core import verify_webhook as verify_webhook
    from .core import wait_for_response as wait_for_response
    from .core import watch_response as watch_response
    from .transports import AZURE_AGENT_SERVER as AZURE_AGENT_SERVER
    from .transports import OGX as OGX
    from .transports import OPENAI as OPENAI
    from .transports import AsyncBody as AsyncBody
    from .transports import AsyncStreamingTransport as AsyncStreamingTransport
    from .transports import AsyncTransport as AsyncTransport
    from .transports import Body as Body
    from .transports import CancelUndone as CancelUndone
    from .transports import CaptureTransport as CaptureTransport
    from .transports import CassetteRecorder as CassetteRecorder
    from .transports import CassetteTransport as CassetteTransport
    from .transports import Change as Change
    from .transports import Clock as Clock
    from .transports import CutStream as CutStream
    from .transports import Delay as Delay
    from .transports import Dialect as Dialect
    from .transports import FaultPlan as FaultPlan
    from .transports import FetchTransport as FetchTransport
    from .transports import ForbiddenTransport as ForbiddenTransport
    from .transports import Garbage as Garbage
    from .transports import LateConsistency as LateConsistency
    from .transports import Life as Life
    from .transports import MemoryTransport as MemoryTransport
    from .transports import ModelInput as ModelInput
    from .transports import Outcome as Outcome
    from .transports import QuotaUsedUp as QuotaUsedUp
    from .transports import RateLimited as RateLimited
    from .transports import Recording as Recording
    from .transports import Refused as Refused
    from .transports import Reply as Reply
    from .transports import Reset as Reset
    from .transports import Rule as Rule
    from .transports import ScriptedTransport as ScriptedTransport
    from .transports import ServerError as ServerError
    from .transports import SlowStream as SlowStream
    from .transports import State as State
    from .transports import StreamedResponse as StreamedResponse
    from .transports import Streaming as Streaming
    from .transports import StreamingTransport as StreamingTransport
    from .transports import StubTransport as StubTransport
    from .transports import SystemClock as SystemClock
    from .transports import Transport as Transport
    from .transports import Truncated as Truncated
    from .transports import Urllib3Transport as Urllib3Transport
    from .transports import VirtualClock as VirtualClock
    from .transports import WsgiApplication as WsgiApplication
    from .transports import assert_asked as assert_asked
    from .transports import assert_not_asked as assert_not_asked
    from .transports import in_threads as in_threads
    from .transports import iterate as iterate
    from .transports import iterate_async as iterate_async
    from .transports import json_response as json_response
    from .transports import respond as respond
    from .transports import run as run
    from .transports import run_async as run_async
    from .transports import run_many as run_many
    from .transports import run_many_async as run_many_async
    from .transports import sample_state as sample_state
    from .transports import serving_wsgi as serving_wsgi
    from .transports import stored as stored

    __version__: str

_PACKAGES = ("core", "codecs", "transports")
"""Where what is public is looked for, in this order: a name of two packages is the same thing in both."""


if not TYPE_CHECKING:  # which would else take any name, misspelt ones too, for one that can be imported

    def __getattr__(name: str) -> object:
        if name == "__version__":
            value = _version()
        elif name == "__all__":
            value = [name for package in _PACKAGES for name in _public_names(package)]
            value = list(dict.fromkeys(value))
        elif name in _PACKAGES:
            return _package(name)
        else:
            value = _found(name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        own = [name for name in globals() if name.startswith("__")]
        return sorted({*own, *__getattr__("__all__"), "__all__", "__version__"})

    def _package(name: str) -> object:
        from importlib import import_module

        return import_module(f".{name}", __name__)

    def _public_names(package: str) -> list[str]:
        return _package(package).__all__

    def _found(name: str) -> object:
        if not name.startswith("_"):
            for package in _PACKAGES:
                if name in _public_names(package):
                    return getattr(_package(package), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def _version() -> str:
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("puresponse")
        except PackageNotFoundError:  # a copy on the path, which says of itself no more than that
            return "0+unknown"
