"""A recording as the result of an exchange: called for or opened, at once or in the time that it took.

Law: without a clock every answer is there at once, whatever `timeout` or `total` a request has. With one, an exchange
takes as long as was recorded, and is a `read_timeout` where the request allows less.
"""

from __future__ import annotations

from msgspec.structs import replace
from returns.result import Failure, Result

from ...core.errors import Error
from ...core.http import HttpRequest
from ...core.steps import Answer
from ..clock import Clock
from ..contract import AsyncBody, Body
from .canned_answers import TOO_LATE, StreamedResponse, as_called, as_opened, as_opened_async
from .format import Recording


def called(recording: Recording, request: HttpRequest, clock: Clock | None) -> tuple[float, Answer]:
    """What a call returns, and after how many seconds."""
    answer = recording.answer
    if clock is None:
        return 0.0, as_called(answer)
    delays = (recording.after, *answer.delays) if isinstance(answer, StreamedResponse) else (recording.after,)
    elapsed = 0.0
    for received, delay in enumerate(delays):
        allowed = _allowed(request, elapsed)
        if delay > allowed:
            if not received or not isinstance(answer, StreamedResponse):
                return elapsed + allowed, Failure(TOO_LATE)
            cut = replace(answer, chunks=answer.chunks[: received - 1], delays=(), error=TOO_LATE)
            return elapsed + allowed, as_called(cut)
        elapsed += delay
    return elapsed, as_called(answer)


def opened(recording: Recording, request: HttpRequest, clock: Clock | None) -> tuple[float, Result[Body, Error]]:
    """What opening a body returns, and after how many seconds."""
    seconds, is_late = _opening(recording, request, clock)
    return seconds, Failure(TOO_LATE) if is_late else as_opened(recording.answer, clock)


def opened_async(
    recording: Recording, request: HttpRequest, clock: Clock | None
) -> tuple[float, Result[AsyncBody, Error]]:
    """The same, for an event loop."""
    seconds, is_late = _opening(recording, request, clock)
    return seconds, Failure(TOO_LATE) if is_late else as_opened_async(recording.answer, clock)


def _opening(recording: Recording, request: HttpRequest, clock: Clock | None) -> tuple[float, bool]:
    if clock is None:
        return 0.0, False
    allowed = _allowed(request, 0.0)
    return min(recording.after, allowed), recording.after > allowed


def _allowed(request: HttpRequest, elapsed: float) -> float:
    limits = [request.timeout] if request.timeout is not None else []
    if request.total is not None:
        limits.append(request.total - elapsed)
    return min(limits, default=float("inf"))
