"""What the page shows of a step, a value, an error and the service: plain data, cut to what can be read.

Law: nothing here changes or decides anything. Every text is valid Unicode and of bounded length.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal, TypeAlias

from msgspec import DecodeError, Struct, json
from playground_code import Problem, Program
from playground_facts import Facts
from playground_text import LINE, clipped, in_line, said_by
from returns.result import Failure, Result

from puresponse import (
    Answer,
    Chunk,
    Close,
    Done,
    Emit,
    End,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    MemoryTransport,
    Open,
    Pairs,
    Perform,
    Read,
    Send,
    TextDeltaEvent,
    Wait,
    brief,
    encode_request,
    pretty,
)

VALUES_SHOWN = 25
"""How many of the values of one `Emit` are shown."""

Kind: TypeAlias = Literal["operation", "stream"]


class RequestShown(Struct):
    """A request, its body as text, and the whole of it as the JSON that `encode_request` writes."""

    method: str
    path: str
    query: Pairs
    headers: Pairs
    body: str | None
    idempotent: bool
    json: str


class ErrorShown(Struct):
    """An error: the name of its type, its sentence, what it says of the server and of a retry, and all its fields."""

    name: str
    sentence: str
    may_have_acted: bool
    retryable: bool
    text: str


class AnswerShown(Struct):
    """The result of a request: a status with headers and a body, or an error."""

    status: int | None = None
    reason: str = ""
    headers: Pairs = ()
    body: str = ""
    error: ErrorShown | None = None


class ValueShown(Struct):
    """A value: its type, in one line, and on several."""

    type: str
    line: str
    text: str


class SendShown(Struct, tag_field="step", tag="Send"):
    """A request was sent, and this is the answer."""

    request: RequestShown
    answer: AnswerShown


class WaitShown(Struct, tag_field="step", tag="Wait"):
    """Time passed: `drawn` seconds, of `seconds` to `seconds + spread`. `elapsed` is what the program was told."""

    seconds: float
    spread: float
    drawn: float
    elapsed: float


class EmitShown(Struct, tag_field="step", tag="Emit"):
    """Values were handed over: the first of them, how many they are, and how many there have been so far.

    `said` is the text that the events have brought so far.
    """

    values: tuple[ValueShown, ...]
    count: int
    total: int
    said: str


class ForkShown(Struct, tag_field="step", tag="Fork"):
    """So many operations are carried out, here one after another; their steps follow."""

    count: int


class PerformShown(Struct, tag_field="step", tag="Perform"):
    """A stream had an operation carried out; its steps follow."""


class OpenShown(Struct, tag_field="step", tag="Open"):
    """A request was sent, and the body of a 2xx is left to be read."""

    request: RequestShown
    answer: AnswerShown


class ReadShown(Struct, tag_field="step", tag="Read"):
    """A chunk of a body was read, of `size` bytes, 0 at its end; or it broke off."""

    size: int = 0
    text: str = ""
    error: ErrorShown | None = None


class CloseShown(Struct, tag_field="step", tag="Close"):
    """A body was given up, where one was `open`; its end may be waited for `within` seconds."""

    open: bool
    within: float


class EndShown(Struct, tag_field="step", tag="End"):
    """The stream ended, and with it the program: well, or with the error that broke it off."""

    error: ErrorShown | None = None
    last: bool = True


class DoneShown(Struct, tag_field="step", tag="Done"):
    """An operation ended, or with `last` the whole program: with a value or an error."""

    last: bool
    value: ValueShown | None = None
    error: ErrorShown | None = None


class DiedShown(Struct, tag_field="step", tag="Died"):
    """The process died here, as `said` tells, and another goes on from its checkpoint."""

    said: str


class RaisedShown(Struct, tag_field="step", tag="Raised"):
    """A function of the visitor's raised, or gave what is no program."""

    problem: Problem


Shown: TypeAlias = (
    SendShown
    | WaitShown
    | ForkShown
    | EmitShown
    | PerformShown
    | OpenShown
    | ReadShown
    | CloseShown
    | DoneShown
    | EndShown
    | DiedShown
    | RaisedShown
)


class Card(Struct):
    """A step that was done: its number from 1, how deep within others, the virtual time after it, and what was printed.

    `branch` says of which operation of a fork it is, "2 of 3"; `said` says what went wrong in it.
    """

    number: int
    depth: int
    branch: str
    at: float
    shown: Shown
    printed: str
    said: str = ""


class Next(Struct):
    """The step that is to be done next."""

    step: str
    line: str
    depth: int
    branch: str
    repr: str
    request: RequestShown | None


class ResponseRow(Struct):
    """A response that the service holds."""

    id: str
    status: str
    background: bool
    items: int


class ServiceShown(Struct):
    """The service: its time, how long the run has lasted, how many requests it was sent, and what it holds."""

    time: str
    elapsed: float
    requests: int
    responses: tuple[ResponseRow, ...]


class View(Struct):
    """All that the page shows after something happened. `cards` are those that are new."""

    kind: Kind | None
    cards: tuple[Card, ...]
    next: Next | None
    facts: Facts | None
    service: ServiceShown
    problem: Problem | None
    printed: str


def show_request(request: HttpRequest) -> RequestShown:
    """What is to be seen of a request."""
    written = encode_request(request)
    return RequestShown(
        method=request.method,
        path=clipped(request.path),
        query=_pairs(request.query),
        headers=_pairs(request.headers),
        body=None if request.body is None else _body(request.body),
        idempotent=request.idempotent,
        json=str(written.failure()) if isinstance(written, Failure) else written.unwrap().decode(),
    )


def show_answer(answer: Answer) -> AnswerShown:
    """What is to be seen of the answer."""
    if isinstance(answer, Failure):
        return AnswerShown(error=show_error(answer.failure()))
    response: HttpResponse = answer.unwrap()
    return AnswerShown(
        status=response.status,
        reason=_reason(response.status),
        headers=_pairs(response.headers),
        body=_body(response.body),
    )


def show_error(error: Error) -> ErrorShown:
    """What is to be seen of an error."""
    return ErrorShown(
        name=type(error).__name__,
        sentence=clipped(str(error)),
        may_have_acted=error.may_have_acted,
        retryable=error.retryable,
        text=clipped(pretty(error, width=70)),
    )


def show_value(value: Any) -> ValueShown:
    """What is to be seen of a value, whatever it is."""
    if isinstance(value, str):
        return ValueShown("str", in_line(repr(value)), clipped(value))
    return ValueShown(type(value).__name__, in_line(said_by(brief, value)), clipped(said_by(_pretty, value)))


def show_chunk(chunk: Chunk) -> ReadShown:
    """What is to be seen of a chunk."""
    if isinstance(chunk, Failure):
        return ReadShown(error=show_error(chunk.failure()))
    data = chunk.unwrap()
    return ReadShown(size=len(data), text=clipped(data.decode(errors="replace")))


class Emitted:
    """What a program has emitted so far: how many values, and the text that their events have brought."""

    def __init__(self) -> None:
        self._total = 0
        self._said = ""

    def shown_with(self, values: tuple[Any, ...]) -> EmitShown:
        """What is to be seen of more values."""
        self._total += len(values)
        self._said += "".join(value.delta for value in values if isinstance(value, TextDeltaEvent))
        return EmitShown(tuple(map(show_value, values[:VALUES_SHOWN])), len(values), self._total, clipped(self._said))


def show_done(result: Result[Any, Error], *, last: bool) -> DoneShown:
    """What is to be seen of the end of an operation, of the whole program where it is the `last`."""
    if isinstance(result, Failure):
        return DoneShown(last=last, error=show_error(result.failure()))
    return DoneShown(last=last, value=show_value(result.unwrap()))


def show_end(result: Result[Any, Error]) -> EndShown:
    """What is to be seen of the end of a stream."""
    return EndShown(show_error(result.failure()) if isinstance(result, Failure) else None)


def next_of(program: Program, depth: int, branch: str) -> Next:
    """Say what a program will have done next."""
    request = program.request if isinstance(program, Send | Open) else None
    return Next(
        step=type(program).__name__,
        line=in_line(_line_of(program)),
        depth=depth,
        branch=branch,
        repr=clipped(said_by(repr, program)),
        request=None if request is None else show_request(request),
    )


def service_of(service: MemoryTransport, now: float, elapsed: float) -> ServiceShown:
    """What the service holds at the time `now`, in seconds since 1970, oldest first."""
    held = [service.state.responses[name] for name in service.state.responses]
    rows = [
        (body.get("created_at"), ResponseRow(body["id"], body["status"], bool(body.get("background")), len(items)))
        for body, items in ((each.at(now), each.input_items) for each in held if each.seen(now))
    ]
    rows.sort(key=lambda row: (row[0], row[1].id))
    return ServiceShown(_time(now), elapsed, len(service.requests), tuple(row for _, row in rows))


def held_service(held: dict[str, str], now: float, elapsed: float, requests: int) -> ServiceShown:
    """The same of a service of which only the ids are known, each with what there is to say of it."""
    rows = tuple(ResponseRow(name, in_line(said), background=False, items=0) for name, said in held.items())
    return ServiceShown(_time(now), elapsed, requests, rows)


def _time(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%H:%M:%S.%f")[:-4]


def _line_of(program: Program) -> str:
    match program:
        case Send(request, _) | Open(request, _):
            return f"{request.method} {request.path}"
        case Wait(seconds, spread, _):
            most = f" to {seconds + spread:g}" if spread else ""
            return f"{seconds:g}{most} s" if seconds or spread else "0 s: only asks for the time"
        case Emit(values, _):
            return f"{len(values):,} value{'s' if len(values) != 1 else ''}"
        case Perform():
            return "an operation, within the stream"
        case Read():
            return "the next chunk of the body"
        case Fork(operations, _):
            return f"{len(operations):,} operation{'s' if len(operations) != 1 else ''}, at once or one after another"
        case Close():
            return "the body is given up"
        case End(result) if not isinstance(result, Failure):
            return "the stream ends well"
        case Done(result) | End(result):
            return f"a {'Failure' if isinstance(result, Failure) else 'Success'}"


def _pretty(value: Any) -> str:
    return pretty(value, width=70)


def _pairs(pairs: Pairs) -> Pairs:
    return tuple((in_line(name), clipped(value, 4 * LINE)) for name, value in pairs)


def _body(data: bytes) -> str:
    """A body as text: JSON on several lines, anything else as it is."""
    try:
        return clipped(json.format(data, indent=2).decode())
    except (DecodeError, UnicodeDecodeError):
        return clipped(data.decode(errors="replace"))


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
