"""Streams: descriptions of exchanges that emit values on the way and end in success or an error, as values.

A stream is a closed union, like an operation, and is stepped like one:

- `Emit`: here are values for the caller; go on with `rest`.
- `Perform`: carry out `operation`, go on with `resume(its result)`.
- `Open`: send `request`, leave the body of a 2xx answer to be read in chunks, go on with `resume(the answer)`.
- `Read`: read the next chunk of the body that was opened last, go on with `resume(it)`.
- `Close`: give up the body that was opened last; go on with `rest`.
- `End`: the stream has ended, with a `Success` of None or the `Failure` that it broke off with.

An operation is inside a `Perform` whole, rather than that its `Send` and `Wait` are steps of the stream too,
because Python cannot type one `Send` as part of two unions. Which body is open is the driver's to know: a step names
none, so that it stays data. A stream that goes on where its body is not open (in another process, say) reads an
`Interrupted`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Never, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from ..codecs.lossless.shown import shown
from .errors import Error, Interrupted
from .frame_trees import Then, Under
from .http import HttpRequest
from .steps import Answer, Done, Fork, Operation, Send, Wait

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

Chunk: TypeAlias = Result[bytes, Error]
"""What a `Read` is resumed with: some bytes, no bytes at the end of the body, or the `Interrupted` that ended it."""

LINGER = 0.05
"""Seconds in which the end of a body may follow the last event of its stream: it is sent in a segment of its own."""

NOT_OPEN: Chunk = Failure(Interrupted("reset", "no body is open to be read"))
"""What a `Read` gets where no body is open."""


class _StreamStep(Struct, Generic[T_co], frozen=True):
    """The combinators, once for all steps."""

    __repr__ = shown

    # Not annotated: a `ClassVar` would be a field in Temporal's sandbox, where `sys.modules` is no dict.
    is_last = False
    """Whether it is the step that a stream ends with, which has the `result`."""

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """When the stream has ended, go on with `frame`, which receives how: a `Success` of None, or a `Failure`."""
        raise TypeError(f"{type(self).__name__} is not a step")

    def map(self, function: Callable[[T_co], U]) -> Stream[U]:
        """Emit what `function` makes of each value. It is called for all values of an `Emit` at once, in order."""
        from . import map_values

        return self._by(map_values(function))

    def filter(self, predicate: Callable[[T_co], bool]) -> Stream[T_co]:
        """Emit the values for which `predicate` holds."""
        from . import keep

        return self._by(keep(predicate))

    def flat_map(self, function: Callable[[T_co], Stream[U]]) -> Stream[U]:
        """Emit the values of the stream that `function` makes of each value, one stream after another."""
        from . import flat_map

        return self._by(flat_map(function))

    def for_each(self, function: Callable[[T_co], Operation[U]]) -> Stream[U]:
        """Emit what the operation returns that `function` makes of each value, one after another."""
        from . import perform_each

        return self._by(perform_each(function))

    def take(self, count: int) -> Stream[T_co]:
        """Emit the first `count` values, 0 or more, and end with the last of them: nothing more is sent or read."""
        from . import take

        return self._by(take(count))

    def take_while(self, predicate: Callable[[T_co], bool]) -> Stream[T_co]:
        """Emit the values before the first for which `predicate` does not hold, and end there."""
        from . import take_while

        return self._by(take_while(predicate))

    def chunk(self, size: int) -> Stream[tuple[T_co, ...]]:
        """Emit the values in tuples of `size`, 1 or more; the last has those that are left."""
        from . import chunk

        return self._by(chunk(size))

    def numbered(self, start: int = 0) -> Stream[tuple[int, T_co]]:
        """Emit each value with its number, counted from `start`, 0 or more."""
        from . import numbered

        return self._by(numbered(start))

    def scan(self, initial: U, function: Callable[[U, T_co], U]) -> Stream[U]:
        """Emit, for each value, what `function` makes of it and of what it made of those before; at first `initial`."""
        from . import scan

        return self._by(scan(initial, function))

    def fold(self, initial: U, function: Callable[[U, T_co], U]) -> Operation[U]:
        """The operation that returns what `function` makes of all values, one after another, from `initial` on."""
        from . import fold_values

        return self._by(fold_values(initial, function))

    def concat(self, *streams: Stream[U]) -> Stream[T_co | U]:
        """Emit the values of this stream, then those of each of `streams`."""
        from . import followed_by

        return self._by(followed_by(*streams))

    def alt(self, function: Callable[[Error], Error]) -> Stream[T_co]:
        """Apply `function` to the error that the stream ends with."""
        from . import alt_end

        return self._by(alt_end(function))

    def lash(self, function: Callable[[Error], Stream[U]]) -> Stream[T_co | U]:
        """Go on with the stream that `function` makes of the error that this one ends with."""
        from . import lash_end

        return self._by(lash_end(function))

    def _by(self, function: Callable[[Any], U]) -> U:
        """What a function of a stream makes of this one."""
        return function(self)


class Emit(_StreamStep[T_co], Generic[T_co], frozen=True, tag=True):
    """Hand `values` to the caller, in order, then go on with `rest`."""

    values: tuple[T_co, ...]
    rest: Stream[T_co]

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """Go on with `frame` when the stream has ended; of a row of `Emit`s, no more than one is looked at."""
        return Emit(self.values, queued(self.rest, frame))


class Perform(_StreamStep[T_co], Generic[T_co], frozen=True, tag=True):
    """Carry out `operation`, then go on with `resume` and its result."""

    operation: Operation[Any]
    resume: Callable[[Result[Any, Error]], Stream[T_co]]

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """Go on with `frame` when the stream has ended."""
        return Perform(self.operation, Then(self.resume, frame))


class Open(_StreamStep[T_co], Generic[T_co], frozen=True, tag=True):
    """Send `request`, then go on with `resume` and the answer.

    The body of a 2xx is read by `Read`, chunk by chunk; that of any other answer is part of it, whole, and leaves
    nothing to be read. A body that is open already is given up.
    """

    request: HttpRequest
    resume: Callable[[Answer], Stream[T_co]]

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """Go on with `frame` when the stream has ended."""
        return Open(self.request, Then(self.resume, frame))


class Read(_StreamStep[T_co], Generic[T_co], frozen=True, tag=True):
    """Read the next chunk of the body that was opened last, then go on with `resume` and the chunk.

    `within` is how many seconds to wait for it at most; None waits as long as the transport does. Where no byte was
    received by then, `resume` receives an `Interrupted` (`read_timeout`), and what is left of the body is abandoned.
    """

    resume: Callable[[Chunk], Stream[T_co]]
    within: float | None = None

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """Go on with `frame` when the stream has ended."""
        return Read(Then(self.resume, frame), self.within)


class Close(_StreamStep[T_co], Generic[T_co], frozen=True, tag=True):
    """Give up the body that was opened last, then go on with `rest`. Where none is open, there is nothing to give up.

    `within` is for how many seconds the end of the body may be waited for, so that its connection serves again.
    """

    rest: Stream[T_co]
    within: float = 0.0

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """Go on with `frame` when the stream has ended."""
        return Close(queued(self.rest, frame), self.within)


class End(_StreamStep[T_co], Generic[T_co], frozen=True, tag=True):
    """The stream has ended: `result` is a `Success` of None, or the `Failure` that it broke off with."""

    is_last = True

    result: Result[None, Error]

    def then(self, frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T_co | U]:
        """Go on with `frame`, at once."""
        stream = frame(self.result)
        return stream if type(stream) in STREAM_STEPS else stream_of("then", frame, stream)


Stream: TypeAlias = Emit[T] | Perform[T] | Open[T] | Read[T] | Close[T] | End[T]
"""A description of values that arrive one after another: a closed union, to be matched exhaustively."""

STREAM_STEPS: frozenset[type[Any]] = frozenset({Emit, Perform, Open, Read, Close, End})
"""The types of its steps, for a check that costs next to nothing."""


def stream_of(who: str, function: object, returned: U) -> U:
    """What `function`, which `who` was given, has `returned`: a stream, or a `TypeError` is raised that says so."""
    given: Any = returned
    if isinstance(given, Emit | Perform | Open | Read | Close | End):
        return returned
    from .mistakes import returned_no_stream

    raise returned_no_stream(who, function, returned)


END: End[Never] = End(Success(None))
"""The stream that has nothing more to emit."""


def break_off(error: Error) -> End[Never]:
    """The stream that emits nothing and ends with `error`.

    >>> from puresponse.core import NotSent
    >>> break_off(NotSent("dns", "no such host"))
    End(result=<Failure: not sent (dns): no such host>)
    """
    return End(Failure(error))


def is_step(value: object) -> bool:
    """Whether a value is a step of an operation or of a stream."""
    return isinstance(value, (Done, Send, Wait, Fork, Emit, Perform, Open, Read, Close, End))


def is_stream(value: object) -> bool:
    """Whether a value is a step of a stream."""
    return isinstance(value, (Emit, Perform, Open, Read, Close, End))


class GoOn(Struct, Generic[T], frozen=True, tag=True):
    """Goes on with `stream`, whatever was before."""

    stream: Stream[T]

    def __call__(self, result: Result[Any, Error]) -> Stream[T]:
        return self.stream


def suspended(stream: Stream[T], rule: Any) -> Stream[Any]:
    """The stream under `rule`, of which no step is looked at before it is asked for."""
    return Perform(_NOTHING, Under(rule, GoOn(stream)))


def queued(stream: Stream[T], frame: Callable[[Result[None, Error]], Stream[U]]) -> Stream[T | U]:
    """Go on with `frame` behind `stream`, of which no more than one step is looked at."""
    if isinstance(stream, Emit | Close):
        return Perform(_NOTHING, Then(GoOn(stream), frame))
    return stream.then(frame)


_NOTHING: Done[None] = Done(Success(None))
"""The operation that a suspended stream begins with: it is over at once."""


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
