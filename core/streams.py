"""Streams: descriptions of exchanges that emit values on the way and end in success or an error, as values.

A stream is a closed union, like an operation, and is stepped like one:

- `Emit`: here are values for the caller; go on with `rest`.
- `Perform`: carry out `operation`, go on with `resume(its result)`.
- `Open`: send `request`, leave the body of a 2xx answer to be read in chunks, go on with `resume(the answer)`.
- `Read`: read the next chunk of the body that was opened last, go on with `resume(it)`.
- `Done`: the stream has ended, with a `Success` of None or the `Failure` that it broke off with.

An operation is inside a `Perform` whole, rather than that its `Send` and `Wait` are steps of the stream too,
because Python cannot type one `Send` as part of two unions. Which body is open is the driver's to know: a step names
none, so that it stays data. A stream that goes on where its body is not open (in another process, say) reads an
`Interrupted`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ..codecs.lossless.shown import shown
from .errors import Error, Interrupted
from .http import HttpRequest, HttpResponse
from .steps import Answer, Done, Operation, Send, Wait

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Chunk: TypeAlias = Result[bytes, Error]
"""What a `Read` is resumed with: some bytes, no bytes at the end of the body, or the `Interrupted` that ended it."""


class Emit(Struct, Generic[T_co], frozen=True, tag=True):
    """Hand `values` to the caller, in order, then go on with `rest`."""

    __repr__ = shown

    values: tuple[T_co, ...]
    rest: Stream[T_co]


class Perform(Struct, Generic[T_co], frozen=True, tag=True):
    """Carry out `operation`, then go on with `resume` and its result."""

    __repr__ = shown

    operation: Operation[Any]
    resume: Callable[[Result[Any, Error]], Stream[T_co]]


class Open(Struct, Generic[T_co], frozen=True, tag=True):
    """Send `request`, then go on with `resume` and the answer.

    The body of a 2xx is read by `Read`, chunk by chunk; that of any other answer is part of it, whole, and leaves
    nothing to be read.
    """

    __repr__ = shown

    request: HttpRequest
    resume: Callable[[Answer], Stream[T_co]]


class Read(Struct, Generic[T_co], frozen=True, tag=True):
    """Read the next chunk of the body that was opened last, then go on with `resume` and the chunk.

    `within` is how many seconds to wait for it at most; None waits as long as the transport does. Where no byte was
    received by then, `resume` receives an `Interrupted` (`read_timeout`), and what is left of the body is abandoned.
    """

    __repr__ = shown

    resume: Callable[[Chunk], Stream[T_co]]
    within: float | None = None


Stream: TypeAlias = Done[None] | Emit[T] | Perform[T] | Open[T] | Read[T]
"""A description of values that arrive one after another: a closed union, to be matched exhaustively."""


def is_step(value: object) -> bool:
    """Whether a value is a step of an operation or of a stream."""
    return isinstance(value, (Done, Send, Wait, Emit, Perform, Open, Read))


def emitted_by(stream: Stream[T]) -> tuple[list[tuple[T, ...]], Stream[T]]:
    """The values of all the `Emit`s that a stream begins with, and what follows them."""
    emitted: list[tuple[T, ...]] = []
    while isinstance(stream, Emit):
        emitted.append(stream.values)
        stream = stream.rest
    return emitted, stream


def emitting(emitted: Sequence[tuple[T, ...]], rest: Stream[T]) -> Stream[T]:
    """The stream that begins with an `Emit` of each of these values."""
    for values in reversed(emitted):
        rest = Emit(values, rest)
    return rest


END: Done[None] = Done(Success(None))
"""The stream that has nothing more to emit."""


def collect(stream: Stream[T]) -> Operation[tuple[T, ...]]:
    """Turn a stream into the operation that returns all its values at once, or the error that it ended with.

    A body that the stream would read in chunks is received whole: an operation opens nothing. So it does not see the
    last value of a stream before its body ends; where the server holds that open, the exchange lasts until the
    transport times out. What was received by then is not lost: the stream takes what an `Interrupted` holds of the
    body (`partial`) as if it had been read in chunks, and the error after it. What ended within the body has ended,
    whatever cut it off; what had not is resumed, or ends with that error, as the stream itself would.

    >>> collect(Emit((1, 2), END))
    Done(result=<Success: (1, 2)>)
    """
    return _gather(stream, Gathered(), None, None)


class Gathered(Struct, Generic[T], frozen=True, tag=True):
    """Values so far, in chunks each longer than the next: adding copies a value only as often as they double."""

    chunks: tuple[tuple[T, ...], ...] = ()

    def __repr__(self) -> str:
        return f"<{sum(map(len, self.chunks)):,} values>"

    def adding(self, values: tuple[T, ...]) -> Gathered[T]:
        """These values, and `values` after them."""
        chunks = self.chunks
        while chunks and len(chunks[-1]) <= len(values):
            values = chunks[-1] + values
            chunks = chunks[:-1]
        return Gathered((*chunks, values))

    def all(self) -> tuple[T, ...]:
        """All the values, as one tuple."""
        return tuple(value for chunk in self.chunks for value in chunk)


class Gather(Struct, Generic[T], frozen=True, tag=True):
    """Adds the values that a stream goes on to emit to the `values` that it emitted before.

    `body` is what is left of the body that is open: all of it, no bytes once it was read, None where none is open.
    `error` is what it broke off with, if it did.
    """

    resume: Callable[[Result[Any, Error]], Stream[T]]
    values: Gathered[T]
    body: bytes | None
    error: Interrupted | None = None

    def __call__(self, result: Result[Any, Error]) -> Operation[tuple[T, ...]]:
        return _gather(self.resume(result), self.values, self.body, self.error)


class GatherOpen(Struct, Generic[T], frozen=True, tag=True):
    """Receives an answer whole, and lets the stream take it as if it were read in chunks."""

    resume: Callable[[Answer], Stream[T]]
    values: Gathered[T]

    def __call__(self, answer: Answer) -> Operation[tuple[T, ...]]:
        response, error = _received(answer)
        if response is None:
            return _gather(self.resume(answer), self.values, None, None)
        if not response.is_success:
            return _gather(self.resume(answer), self.values, b"", None)
        head = structs.replace(response, body=b"")
        return _gather(self.resume(Success(head)), self.values, response.body, error)


def _received(answer: Answer) -> tuple[HttpResponse | None, Interrupted | None]:
    """What was received of a response, and what it broke off with; of a refusal that broke off, nothing is read."""
    if not isinstance(answer, Failure):
        return answer.unwrap(), None
    error = answer.failure()
    partial = error.partial if isinstance(error, Interrupted) else None
    if not isinstance(error, Interrupted) or partial is None or not partial.is_success:
        return None, None
    return partial, error


def _gather(
    stream: Stream[T], values: Gathered[T], body: bytes | None, error: Interrupted | None
) -> Operation[tuple[T, ...]]:
    while True:
        if isinstance(stream, Emit):
            values = values.adding(stream.values)
            stream = stream.rest
        elif isinstance(stream, Read):
            if body is None:
                stream = stream.resume(NOT_OPEN)
                continue
            stream = stream.resume(Success(body) if body or error is None else Failure(error))
            body = b""
        elif isinstance(stream, Perform):
            operation = stream.operation
            if not isinstance(operation, Done):
                return operation.then(Gather(stream.resume, values, body, error))
            stream = stream.resume(operation.result)  # and not by `then`, which would recur once for each
        elif isinstance(stream, Open):
            return Send(stream.request, GatherOpen(stream.resume, values))
        else:
            return Done(stream.result if isinstance(stream.result, Failure) else Success(values.all()))


NOT_OPEN: Chunk = Failure(Interrupted("reset", "no body is open to be read"))
"""What a `Read` gets where no body is open."""
