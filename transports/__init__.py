"""All that touches the world: the transport contract, the drivers, and the transports.

What needs threads, an event loop or urllib3 is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .clock import Clock as Clock
from .clock import SystemClock as SystemClock
from .clock import VirtualClock as VirtualClock
from .contract import AsyncTransport as AsyncTransport
from .contract import Transport as Transport
from .drivers import iterate as iterate
from .drivers import iterate_async as iterate_async
from .drivers import run as run
from .drivers import run_async as run_async

if TYPE_CHECKING:
    from .batch import Outcome as Outcome
    from .batch import run_many as run_many
    from .batch import run_many_async as run_many_async
    from .threads import in_threads as in_threads

_LATER = {
    "Outcome": "batch",
    "run_many": "batch",
    "run_many_async": "batch",
    "in_threads": "threads",
}


def __getattr__(name: str) -> object:
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{module}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
