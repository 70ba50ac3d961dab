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
    from .cassette import CassetteTransport as CassetteTransport
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
    from .memory import MemoryTransport as MemoryTransport
    from .threads import in_threads as in_threads
    from .urllib3 import Urllib3Transport as Urllib3Transport

_PUBLIC = {
    "batch": (
        "Outcome",
        "run_many",
        "run_many_async",
    ),
    "cassette": ("CassetteTransport",),
    "clock": (
        "Clock",
        "SystemClock",
        "VirtualClock",
    ),
    "contract": ("AsyncBody", "AsyncStreamingTransport", "AsyncTransport", "Body", "StreamingTransport", "Transport"),
    "drivers": (
        "iterate",
        "iterate_async",
        "run",
        "run_async",
    ),
    "memory": ("MemoryTransport",),
    "threads": ("in_threads",),
    "urllib3": ("Urllib3Transport",),
}
"""What is public, by the module that holds it."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
