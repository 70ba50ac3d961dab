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
    from .capture import CaptureTransport as CaptureTransport
    from .capture import assert_asked as assert_asked
    from .capture import assert_not_asked as assert_not_asked
    from .cassette import CassetteRecorder as CassetteRecorder
    from .cassette import CassetteTransport as CassetteTransport
    from .cassette_format import Recording as Recording
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
    from .faults import CutStream as CutStream
    from .faults import Delay as Delay
    from .faults import FaultPlan as FaultPlan
    from .faults import Garbage as Garbage
    from .faults import QuotaUsedUp as QuotaUsedUp
    from .faults import RateLimited as RateLimited
    from .faults import Refused as Refused
    from .faults import Reset as Reset
    from .faults import Rule as Rule
    from .faults import ServerError as ServerError
    from .faults import SlowStream as SlowStream
    from .faults import Truncated as Truncated
    from .fetch import FetchTransport as FetchTransport
    from .forbidden import ForbiddenTransport as ForbiddenTransport
    from .memory import MemoryTransport as MemoryTransport
    from .server import serving_wsgi as serving_wsgi
    from .simulation import AZURE_AGENT_SERVER as AZURE_AGENT_SERVER
    from .simulation import OGX as OGX
    from .simulation import OPENAI as OPENAI
    from .simulation import CancelUndone as CancelUndone
    from .simulation import Change as Change
    from .simulation import Dialect as Dialect
    from .simulation import LateConsistency as LateConsistency
    from .simulation import Life as Life
    from .simulation import Prompt as Prompt
    from .simulation import Reply as Reply
    from .simulation import State as State
    from .simulation import Streaming as Streaming
    from .simulation import respond as respond
    from .simulation import sample_state as sample_state
    from .simulation import stored as stored
    from .streamed import StreamedResponse as StreamedResponse
    from .stub import ScriptedTransport as ScriptedTransport
    from .stub import StubTransport as StubTransport
    from .stub import json_response as json_response
    from .threads import in_threads as in_threads
    from .urllib3 import Urllib3Transport as Urllib3Transport
    from .wsgi import WsgiApplication as WsgiApplication

_PUBLIC = {
    "capture": (
        "CaptureTransport",
        "assert_asked",
        "assert_not_asked",
    ),
    "faults": (
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
    "fetch": ("FetchTransport",),
    "forbidden": ("ForbiddenTransport",),
    "server": ("serving_wsgi",),
    "wsgi": ("WsgiApplication",),
    "batch": (
        "Outcome",
        "run_many",
        "run_many_async",
    ),
    "cassette": (
        "CassetteRecorder",
        "CassetteTransport",
    ),
    "cassette_format": ("Recording",),
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
    "memory": ("MemoryTransport",),
    "simulation": (
        "AZURE_AGENT_SERVER",
        "OGX",
        "OPENAI",
        "CancelUndone",
        "LateConsistency",
        "Life",
        "Prompt",
        "Reply",
        "Streaming",
        "Change",
        "Dialect",
        "respond",
        "sample_state",
        "State",
        "stored",
    ),
    "streamed": ("StreamedResponse",),
    "stub": (
        "json_response",
        "ScriptedTransport",
        "StubTransport",
    ),
    "threads": ("in_threads",),
    "urllib3": ("Urllib3Transport",),
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
