"""Streams of every kind of step, as values to try laws on, and a host that notes what it is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st
from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
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
    Interrupted,
    NotSent,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    Wait,
    break_off,
    collect,
    delay,
    is_failure,
)
from puresponse.transports import Body, StreamedResponse, StubTransport, VirtualClock, iterate, run

T = TypeVar("T")

LOST = NotSent("dns", "no such host")
CUT = Interrupted("reset", "cut off")
STOP = 255
"""The byte at which a stream leaves the rest of its body unread."""


# --- what they ask, and what answers ------------------------------------------------------------


def asking(chunks: tuple[bytes, ...], error: Interrupted | None = None, status: int = 200) -> HttpRequest:
    """A request that says itself what is answered."""
    told = "-".join(chunk.hex() for chunk in chunks)
    return HttpRequest("GET", f"/{'cut' if error else 'whole'}/{status}/{told}")


def answered(request: HttpRequest) -> StreamedResponse:
    _, kind, status, told = request.path.split("/")
    chunks = tuple(bytes.fromhex(chunk) for chunk in told.split("-") if chunk)
    return StreamedResponse(status=int(status), chunks=chunks, error=CUT if kind == "cut" else None)


def service() -> StubTransport:
    return StubTransport(answered)


# --- frames -------------------------------------------------------------------------------------


class EmitThen(Struct, frozen=True):
    """Emits `values` whatever it is given, then goes on with `rest`."""

    values: tuple[int, ...]
    rest: Stream[int]

    def __call__(self, given: Any) -> Stream[int]:
        return Emit(self.values, self.rest)


class EmitBody(Struct, frozen=True):
    """Emits the bytes of a body that was received whole, then goes on with `rest`."""

    rest: Stream[int]

    def __call__(self, result: Result[HttpResponse, Error]) -> Stream[int]:
        return break_off(result.failure()) if is_failure(result) else Emit(tuple(result.unwrap().body), self.rest)


class Take(Struct, frozen=True):
    """Returns an answer."""

    def __call__(self, answer: Answer) -> Operation[HttpResponse]:
        return Done(answer)


class ReadChunks(Struct, frozen=True):
    """Emits the bytes of a body as they are read, up to a `STOP`; then goes on with `rest`, and leaves it open."""

    rest: Stream[int]

    def __call__(self, given: Answer | Chunk) -> Stream[int]:
        if is_failure(given):
            return break_off(given.failure())
        data = given.unwrap()
        if not isinstance(data, bytes):
            return Read(self)
        if not data:
            return self.rest
        values, stop, _ = data.partition(bytes([STOP]))
        return Emit(tuple(values), self.rest if stop else Read(self))


# --- streams --------------------------------------------------------------------------------------


class Made(Struct, frozen=True):
    """A stream, the values that it emits, and the error that it ends with."""

    stream: Stream[int]
    values: tuple[int, ...]
    error: Error | None


Part = Callable[[Stream[int]], tuple[Stream[int], tuple[int, ...], Error | None]]
"""What comes before a stream: both, the values before it, and the error that there is in its place."""

rows = st.lists(st.integers(0, STOP - 1), max_size=4).map(tuple[int, ...])
bodies = st.lists(st.binary(min_size=1, max_size=3).map(lambda chunk: chunk.replace(b"\xff", b"")), max_size=3).map(
    lambda chunks: tuple(chunk for chunk in chunks if chunk)
)


class Emitted(Struct, frozen=True):
    """Values in an `Emit`."""

    values: tuple[int, ...]

    def __call__(self, rest: Stream[int]) -> tuple[Stream[int], tuple[int, ...], Error | None]:
        return Emit(self.values, rest), self.values, None


class Waited(Struct, frozen=True):
    """Values after a wait."""

    values: tuple[int, ...]

    def __call__(self, rest: Stream[int]) -> tuple[Stream[int], tuple[int, ...], Error | None]:
        return Perform(delay(1.0), EmitThen(self.values, rest)), self.values, None


class Sent(Struct, frozen=True):
    """Values from an exchange."""

    chunks: tuple[bytes, ...]

    def __call__(self, rest: Stream[int]) -> tuple[Stream[int], tuple[int, ...], Error | None]:
        return Perform(Send(asking(self.chunks), Take()), EmitBody(rest)), tuple(b"".join(self.chunks)), None


class Opened(Struct, frozen=True):
    """Values from a body that is read in chunks, to its end, to where it is cut off, or to a `STOP`."""

    chunks: tuple[bytes, ...]
    cut: bool
    stops: bool
    closes: bool

    def __call__(self, rest: Stream[int]) -> tuple[Stream[int], tuple[int, ...], Error | None]:
        sent = (*self.chunks, b"\xff\x01", b"\x02") if self.stops else self.chunks
        request = asking(sent, CUT if self.cut else None)
        following: Stream[int] = Close(rest) if self.closes else rest
        error = CUT if self.cut and not self.stops else None
        return Open(request, ReadChunks(following)), tuple(b"".join(self.chunks)), error


parts: st.SearchStrategy[Part] = (
    rows.map(Emitted)
    | rows.map(Waited)
    | bodies.map(Sent)
    | st.builds(Opened, bodies, st.sampled_from([False, False, False, True]), st.booleans(), st.booleans())
)


def put_together(parts: list[Part], error: Error | None) -> Made:
    stream: Stream[int] = END if error is None else break_off(error)
    values: tuple[int, ...] = ()
    for part in reversed(parts):
        stream, before, broken = part(stream)
        if broken is not None:
            values, error = (), broken
        values = before + values
    return Made(stream, values, error)


errors = st.sampled_from([None, None, LOST])
made_streams = st.builds(put_together, st.lists(parts, max_size=5), errors)
made_without_error = made_streams.filter(lambda made: made.error is None)


def split_otherwise(values: tuple[int, ...], sizes: list[int], error: Error | None) -> Stream[int]:
    """The values in a row of `Emit`s of these sizes, and the rest in one."""
    rows: list[tuple[int, ...]] = []
    for size in sizes:
        rows.append(values[:size])
        values = values[size:]
    stream: Stream[int] = END if error is None else break_off(error)
    for row in reversed([*rows, values]):
        stream = Emit(row, stream)
    return stream


# --- what is seen of them -------------------------------------------------------------------------


Seen = tuple[tuple[Any, ...], Error | None]
"""The values of a stream, and the error that it ends with."""


def plain(error: Error | None) -> Error | None:
    """The error without what was received before it, which a body that is read in chunks has handed over."""
    return structs.replace(error, partial=None) if isinstance(error, Interrupted) else error


def seen(stream: Stream[Any]) -> Seen:
    """What a driver yields of a stream; the same as what it collects, where it ends well."""
    values = list(iterate(stream, service(), clock=VirtualClock(), results=True))
    error = values.pop().failure() if values and isinstance(values[-1], Failure) else None
    collected = run(collect(stream), service(), clock=VirtualClock())
    if error is None:
        assert collected == Success(tuple(values))
    else:
        assert plain(collected.failure()) == plain(error)
    return tuple(values), plain(error)


Between = Callable[[Stream[Any]], Stream[Any]]


def unchanged(stream: Stream[Any]) -> Stream[Any]:
    return stream


def trace(stream: Stream[Any], between: Between = unchanged) -> list[tuple[str, Any]]:
    """All that a host is asked to do, one value at a time; but for what a stream performs that is done already.

    It takes each step of what `between` makes of the stream there.
    """
    noted: list[tuple[str, Any]] = []
    transport = service()
    body: Body | None = None
    while True:
        stream = between(stream)
        match stream:
            case Emit(values, rest):
                noted += [("value", value) for value in values]
                stream = rest
            case Perform(operation, resume):
                stream = resume(performed(operation, transport, noted))
            case Open(request, resume):
                noted.append(("open", request.path))
                opened = transport.open(request)
                body = None if is_failure(opened) else opened.unwrap()
                stream = resume(opened.map(lambda body: body.answer))
            case Read(resume, _):
                noted.append(("read", None))
                assert body is not None
                stream = resume(body.read())
            case Close(rest, _):
                noted.append(("close", None))
                body = None
                stream = rest
            case End(result):
                noted.append(("end", plain(result.failure()) if is_failure(result) else None))
                return noted


def performed(operation: Operation[T], transport: StubTransport, noted: list[tuple[str, Any]]) -> Result[T, Error]:
    while True:
        match operation:
            case Send(request, resume):
                noted.append(("send", request.path))
                operation = resume(transport(request))
            case Wait(seconds, _, resume):
                noted.append(("wait", seconds))
                operation = resume(seconds)
            case Fork():
                raise AssertionError("none of the streams forks")
            case Done(result):
                return result


def outside(noted: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """What of a trace reaches a transport or a clock, or is a value."""
    return [step for step in noted if step[0] not in ("close", "end")]
