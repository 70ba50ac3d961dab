"""What a misbehaviour is: what the server does, and the one value that a transport must return for it."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct
from returns.result import Failure
from server import Close, Request, Row, Say

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.core.errors import InterruptedKind, NotSentKind
from puresponse.core.steps import Answer as Result

GET = HttpRequest("GET", "/asked")
POST = HttpRequest("POST", "/asked", (), (), b"{}")
HEAD = HttpRequest("HEAD", "/asked")

Scene: TypeAlias = Literal["plain", "tls", "proxy"]
BOTH: tuple[Scene, ...] = ("plain", "tls")
PLAIN: tuple[Scene, ...] = ("plain",)
TLS: tuple[Scene, ...] = ("tls",)
PROXY: tuple[Scene, ...] = ("proxy",)


class Answer(NamedTuple):
    """An answer, with exactly these headers."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]

    def response(self) -> HttpResponse:
        return HttpResponse(status=self.status, headers=self.headers, body=self.body)


class Begun(NamedTuple):
    """A part of an answer, with exactly these headers, and no more than so many bytes of a body."""

    status: int
    most: int
    headers: tuple[tuple[str, str], ...]


class Broken(NamedTuple):
    """An `Interrupted` whose reason is as this pattern says."""

    kind: InterruptedKind
    reason: str
    partial: Answer | Begun | None = None


class Unsent(NamedTuple):
    """A `NotSent` whose reason is as this pattern says."""

    kind: NotSentKind
    reason: str


Value: TypeAlias = Answer | Broken | Unsent


class Behaviour(Struct, frozen=True, kw_only=True):
    """One way to misbehave.

    Attributes:
        name: What the server does.
        rows: What it does with each connection, in order.
        value: What a transport returns.
        request: What is asked for.
        scenes: Where the server may do so.
        handshake: By which certificate the server is known, under TLS.
        warm: How many calls precede, to which it is good.
        kept: Whether the connection serves the next request.
        connections: How many connections the call, and those before it, use.
        seen: How many requests the server sees, those before included.
        repeats: Which requests are repeated after it: `all`, those that are `idempotent`, or `none`.
        waits: Seconds before the repetition, where the server asks for any; None is the policy's own.
        settings: Of the transport.
    """

    name: str
    rows: tuple[Row, ...]
    value: Value
    request: HttpRequest = GET
    scenes: tuple[Scene, ...] = BOTH
    handshake: str = "good"
    warm: int = 0
    kept: bool = False
    connections: int = 1
    seen: int = 1
    repeats: Literal["all", "idempotent", "none", ""] = ""
    waits: float | None = None
    settings: dict[str, Any] = {}

    @property
    def repeated(self) -> Literal["all", "idempotent", "none"]:
        """Which requests `retrying` repeats; where it is not said, by the kind of the failure."""
        if self.repeats:
            return self.repeats
        if isinstance(self.value, Unsent):
            return "all"
        return "idempotent" if isinstance(self.value, Broken) and self.value.kind != "limit" else "none"


def ok(body: bytes = b"", *fields: str, status: int = 200) -> Answer:
    """An answer with these header lines."""
    pairs = (field.partition(":") for field in fields)
    return Answer(status, body, tuple((name, value.lstrip(" ")) for name, _, value in pairs))


def said(name: str, data: bytes, value: Value, **more: Any) -> Behaviour:
    """The server answers with these bytes, and keeps the connection open for the next request."""
    return Behaviour(name=name, rows=((Request(), Say(data)),), value=value, **more)


def closed(name: str, data: bytes, value: Value, **more: Any) -> Behaviour:
    """The server answers with these bytes, and closes."""
    return Behaviour(name=name, rows=((Request(), Say(data), Close()),), value=value, **more)


def mismatch(value: Value, result: Result) -> str:
    """In which way a result is not what was to be returned; nothing where it is."""
    if isinstance(value, Answer):
        return "" if result.value_or(None) == value.response() else f"{result} is not {value}"
    if not isinstance(result, Failure):
        return f"{result} is no failure: {value}"
    error = result.failure()
    kind = Interrupted if isinstance(value, Broken) else NotSent
    if not isinstance(error, NotSent | Interrupted) or type(error) is not kind or error.kind != value.kind:
        return f"{error!r} is not {value}"
    if not re.search(value.reason, error.reason):
        return f"the reason is {error.reason!r} and not {value.reason!r}"
    if isinstance(value, Broken):
        received = error.partial if isinstance(error, Interrupted) else None
        partial = value.partial
        if isinstance(partial, Begun):
            body = b"" if received is None else received.body[: partial.most]
            partial = Answer(partial.status, body, partial.headers)
        if received != (None if partial is None else partial.response()):
            return f"the partial answer is {received!r} {received and received.body[:99]!r} and not {partial!r}"
    return ""
