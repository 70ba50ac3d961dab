"""How far a program is carried at a time, so that what a lost worker held is known.

Law: it is carried from one request to the next that is neither safe nor idempotent, if anything was sent before; there
it is handed back, saved. So what a lost worker held may be sent again from where it was handed out, or begins with the
one request that must not be. It is handed back at a wait, too, which takes no worker's time, and after as many requests
as the pace has room for.

What is sent again has its answers marked as `retrying` marks them (`after_interruption`), and a `NotSent` among them,
which would say that nothing happened, is the `Interrupted` that the loss was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct, structs
from returns.result import Failure, Success

from ...core.combinators.many import sequentially
from ...core.errors import Interrupted, NotSent
from ...core.http import SAFE_METHODS, HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer, Done, Fork, Operation, Send, Wait
from ..contract import Transport
from ..mistakes import RESULTS, met, result_of
from .parcels import NextRequest

Due: TypeAlias = Send[Any] | Wait[Any] | Done[Any]
"""A step that takes time, or the last."""

_TOLD = frozenset({"retry-after", "retry-after-ms", "date", "x-should-retry"})
"""Headers that say something of the pace, beside those of `x-ratelimit-`."""

LOST = "the worker that held it was lost"


def advanced(program: Operation[Any], elapsed: Callable[[], float]) -> Due:
    """The next step that takes time, or the last: waits of no time are over, forks are rows of steps."""
    while True:
        if isinstance(program, Send | Done):
            return program
        if isinstance(program, Wait):
            if program.seconds > 0 or program.spread > 0:
                return program
            program = program.resume(elapsed())
        else:
            program = sequentially(met(Fork, "run_many_on", program))


def is_once(request: HttpRequest) -> bool:
    """Whether a request must not be sent a second time: it is neither safe nor idempotent."""
    return request.method not in SAFE_METHODS and not request.idempotent


def next_request(request: HttpRequest) -> NextRequest:
    """What is told of a request that is to be sent next."""
    return request.method, request.path, is_once(request)


class Way(Struct, frozen=True, kw_only=True):
    """What a program is carried by: a transport, the time, and how many requests it may send; None for any number.

    `mark` leaves the mark of the parcel, and returns whether it was there before; None where nobody leaves any.
    """

    transport: Transport
    elapsed: Callable[[], float]
    requests: int | None = None
    mark: Callable[[], bool] | None = None
    is_again: bool = False


class Journey(Struct):
    """How far a program was carried; `step` is None where nothing was to be sent a second time. What was `heard`."""

    step: Due | None
    heard: list[HttpResponse | None]


def carried(program: Operation[Any], way: Way) -> Journey:
    """Carry a program on as far as it goes. Raises what a function of it, or the transport, raises."""
    heard: list[HttpResponse | None] = []
    is_again, is_marked = way.is_again, way.mark is None
    step = advanced(program, way.elapsed)
    while isinstance(step, Send):
        request = step.request
        if heard and (is_once(request) or len(heard) == way.requests):
            break
        writes = request.method not in SAFE_METHODS
        if writes and not is_marked and way.mark is not None:
            is_marked = True
            is_again = way.mark() or is_again
        if is_again and is_once(request):
            return Journey(None, heard)
        answer = way.transport(request)
        if type(answer) not in RESULTS:
            answer = result_of("run_many_on", way.transport, answer)
        heard.append(_told(answer))
        step = advanced(step.resume(_again(answer) if is_again and writes else answer), way.elapsed)
    return Journey(step, heard)


def _again(answer: Answer) -> Answer:
    """An answer to what may have been sent before."""
    if not is_failure(answer):
        return Success(structs.replace(answer.unwrap(), after_interruption=True))
    error = answer.failure()
    if isinstance(error, NotSent):
        return Failure(Interrupted("reset", f"{LOST}; the last attempt was {error}"))
    return answer


def _told(answer: Answer) -> HttpResponse | None:
    """What is told of an answer to whoever keeps the pace."""
    if is_failure(answer):
        return None
    response = answer.unwrap()
    headers = tuple([pair for pair in response.headers if _says_the_pace(pair[0].lower())])
    return HttpResponse(status=response.status, headers=headers, body=response.body if response.status == 429 else b"")


def _says_the_pace(name: str) -> bool:
    return name in _TOLD or name.startswith("x-ratelimit-")
