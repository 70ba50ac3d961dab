"""All that touches the world: the transport contract, the drivers, and the transports.

Everything public can be imported from here, and is loaded when it is first asked for: who runs in memory loads neither
urllib3 nor threads nor an event loop.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .batch import Outcome as Outcome
    from .batch import run_many as run_many
    from .batch import run_many_async as run_many_async
    from .cassette.canned_answers import StreamedResponse as StreamedResponse
    from .cassette.format import Recording as Recording
    from .cassette.transport import CassetteRecorder as CassetteRecorder
    from .cassette.transport import CassetteTransport as CassetteTransport
    from .clock import Clock as Clock
    from .clock import SystemClock as SystemClock
    from .clock import VirtualClock as VirtualClock
    from .contract import AsyncBody as AsyncBody
    from .contract import AsyncStreamingTransport as AsyncStreamingTransport
    from .contract import AsyncTransport as AsyncTransport
    from .contract import Body as Body
    from .contract import StreamingTransport as StreamingTransport
    from .contract import Transport as Transport
    from .drivers import iterate as iterate
    from .drivers import iterate_async as iterate_async
    from .drivers import run as run
    from .drivers import run_async as run_async
    from .fetch.transport import FetchTransport as FetchTransport
    from .memory.faults import CutStream as CutStream
    from .memory.faults import Delay as Delay
    from .memory.faults import FaultPlan as FaultPlan
    from .memory.faults import Garbage as Garbage
    from .memory.faults import QuotaUsedUp as QuotaUsedUp
    from .memory.faults import RateLimited as RateLimited
    from .memory.faults import Refused as Refused
    from .memory.faults import Reset as Reset
    from .memory.faults import Rule as Rule
    from .memory.faults import ServerError as ServerError
    from .memory.faults import SlowStream as SlowStream
    from .memory.faults import Truncated as Truncated
    from .memory.service import AZURE_AGENT_SERVER as AZURE_AGENT_SERVER
    from .memory.service import OGX as OGX
    from .memory.service import OPENAI as OPENAI
    from .memory.service import CancelUndone as CancelUndone
    from .memory.service import Change as Change
    from .memory.service import Dialect as Dialect
    from .memory.service import LateConsistency as LateConsistency
    from .memory.service import Life as Life
    from .memory.service import ModelInput as ModelInput
    from .memory.service import Reply as Reply
    from .memory.service import State as State
    from .memory.service import Streaming as Streaming
    from .memory.service import respond as respond
    from .memory.service import sample_state as sample_state
    from .memory.service import stored as stored
    from .memory.transport import MemoryTransport as MemoryTransport
    from .serving.server import serving_wsgi as serving_wsgi
    from .serving.wsgi import WsgiApplication as WsgiApplication
    from .testing.capture import CaptureTransport as CaptureTransport
    from .testing.capture import assert_asked as assert_asked
    from .testing.capture import assert_not_asked as assert_not_asked
    from .testing.forbidden import ForbiddenTransport as ForbiddenTransport
    from .testing.stub import ScriptedTransport as ScriptedTransport
    from .testing.stub import StubTransport as StubTransport
    from .testing.stub import json_response as json_response
    from .threads import in_threads as in_threads
    from .urllib3.transport import Urllib3Transport as Urllib3Transport

_PUBLIC = {
    "testing.capture": (
        "CaptureTransport",
        "assert_asked",
        "assert_not_asked",
    ),
    "memory.faults": (
        "CutStream",
        "Delay",
        "FaultPlan",
        "Garbage",
        "QuotaUsedUp",
        "RateLimited",
        "Refused",
        "Reset",
        "Rule",
        "ServerError",
        "SlowStream",
        "Truncated",
    ),
    "fetch.transport": ("FetchTransport",),
    "testing.forbidden": ("ForbiddenTransport",),
    "serving.server": ("serving_wsgi",),
    "serving.wsgi": ("WsgiApplication",),
    "batch": (
        "Outcome",
        "run_many",
        "run_many_async",
    ),
    "cassette.transport": (
        "CassetteRecorder",
        "CassetteTransport",
    ),
    "cassette.format": ("Recording",),
    "clock": (
        "Clock",
        "SystemClock",
        "VirtualClock",
    ),
    "contract": (
        "AsyncBody",
        "AsyncStreamingTransport",
        "AsyncTransport",
        "Body",
        "StreamingTransport",
        "Transport",
    ),
    "drivers": (
        "iterate",
        "iterate_async",
        "run",
        "run_async",
    ),
    "memory.transport": ("MemoryTransport",),
    "memory.service": (
        "AZURE_AGENT_SERVER",
        "OGX",
        "OPENAI",
        "CancelUndone",
        "LateConsistency",
        "Life",
        "ModelInput",
        "Reply",
        "Streaming",
        "Change",
        "Dialect",
        "respond",
        "sample_state",
        "State",
        "stored",
    ),
    "cassette.canned_answers": ("StreamedResponse",),
    "testing.stub": (
        "json_response",
        "ScriptedTransport",
        "StubTransport",
    ),
    "threads": ("in_threads",),
    "urllib3.transport": ("Urllib3Transport",),
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
