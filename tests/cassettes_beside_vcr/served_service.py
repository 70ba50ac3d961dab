"""The service from which the ten programs are recorded: the one in memory, on a socket, the same in every run."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from returns.result import Result

from puresponse.core import Answer, Error, HttpRequest
from puresponse.transports import (
    Body,
    FaultPlan,
    MemoryTransport,
    RateLimited,
    Reply,
    Rule,
    Scripted,
    ToolOutput,
    VirtualClock,
    When,
    serve,
)

KEY = "sk-test-of-the-table"

_START = 1_750_000_000.0
_STORY = "Once upon a time, high up in the sky, there was a little star. It sang."

_SCRIPT = Scripted.of(
    Reply.tool_call("get_weather", {"city": "Lyon"}).matching(text="the weather"),
    Reply.text("Take an umbrella.").matching(tool_output=ToolOutput(text="rain")),
    Reply.text(_STORY).matching(text="a story"),
    Reply.text("Done.").lasting(queued=1.0, running=2.0).matching(text="your time"),
    Reply.text("Never.").lasting(queued=1.0, running=None).matching(text="for ever"),
    default="Hello!",
)

_FAULTS = FaultPlan((Rule(RateLimited(retry_after=0.2), times=1, when=When(text="again")),))


class _Ticking:
    """The service in memory, for which each request is a second later than the one before."""

    def __init__(self) -> None:
        self._clock = VirtualClock(now=_START)
        self._service = MemoryTransport.empty(script=_SCRIPT, faults=_FAULTS, clock=self._clock)

    def __call__(self, request: HttpRequest) -> Answer:
        self._clock.sleep(1.0)
        return self._service(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        self._clock.sleep(1.0)
        return self._service.open(request)


@contextmanager
def served() -> Generator[str]:
    """Serve it, anew; the base URL."""
    with serve(_Ticking(), api_key=KEY) as url:
        yield url
