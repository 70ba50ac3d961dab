"""Operations: descriptions of one or more exchanges that end in a `Result`, as values.

Law: an operation does nothing. It says what is to be done next and how to go on from the result; whoever holds
it (`run`, an event loop, a test, a browser, a workflow engine) does that, and steps on:

- `Done`: nothing is left to do, here is the result.
- `Send`: send this request, go on with `resume(the answer)`.
- `Wait`: wait this long, go on with `resume(seconds since the run began)`.

A `resume` is a frame: a frozen struct that is called. Frames of the library hold data and other frames, never
functions, so its operations compare, pickle and print; what a caller passes to `map`, `bind`, `alt` or `lash` may be
any function, and only forfeits that.

The four combinators mean what they mean on a `returns` `Result`, and call each function once. On a `Done` they apply
at once, so that `succeed(x).bind(f) == f(x)`; on a `Send` or `Wait` they queue up in a `Then`. So chains are linear in
time and flat in stack: nested to either side through steps that send or wait, built to the left
(`operation.bind(f).bind(g)`) through any. What recurs through `Done` alone is a recursion like any other, and meets
Python's own limit: the `RecursionError` is the caller's. `loop` has no such limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, Never, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from ..codecs.lossless.shown import shown
from .errors import Error
from .http import HttpRequest, HttpResponse

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

_SHOWN_FRAMES = 5

Answer: TypeAlias = Result[HttpResponse, Error]
"""What a transport returns for a request."""


class _Step(Struct, Generic[T_co], frozen=True):
    """The combinators, once for all three steps."""

    __repr__ = shown

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame`, which receives the result whether it is a `Success` or a `Failure`."""
        raise TypeError(f"{type(self).__name__} is not a step")

    def map(self, function: Callable[[T_co], U]) -> Operation[U]:
        """Apply `function` to the value of a `Success`."""
        return self.then(Map(function))

    def bind(self, function: Callable[[T_co], Operation[U]]) -> Operation[U]:
        """Go on with the operation that `function` makes of the value of a `Success`."""
        return self.then(Bind(function))

    def alt(self, function: Callable[[Error], Error]) -> Operation[T_co]:
        """Apply `function` to the error of a `Failure`."""
        frame: Alt[T_co] = Alt(function)
        return self.then(frame)

    def lash(self, function: Callable[[Error], Operation[U]]) -> Operation[T_co | U]:
        """Go on with the operation that `function` makes of the error of a `Failure`."""
        frame: Lash[T_co, U] = Lash(function)
        return self.then(frame)


class Done(_Step[T_co], Generic[T_co], frozen=True, tag=True):
    """Nothing is left to do: `result` is the operation's result."""

    result: Result[T_co, Error]

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame`, at once: a function that binds itself to a `Done` recurs, as any does that calls itself.

        Where that is too deep for Python's stack, the `RecursionError` passes through; `loop` goes any number of turns.
        """
        return frame(self.result)


class Send(_Step[T_co], Generic[T_co], frozen=True, tag=True):
    """Send `request`, then go on with `resume` and the answer, or the error."""

    request: HttpRequest
    resume: Callable[[Answer], Operation[T_co]]

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame` once the result is there."""
        return Send(self.request, Then(self.resume, frame))


class Wait(_Step[T_co], Generic[T_co], frozen=True, tag=True):
    """Wait for `seconds` and up to `spread` seconds more, drawn by the driver; then go on with `resume`.

    `resume` receives the seconds that have passed since the run began. A wait of no seconds asks only to be resumed.
    """

    seconds: float
    spread: float
    resume: Callable[[float], Operation[T_co]]

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame` once the result is there."""
        return Wait(self.seconds, self.spread, Then(self.resume, frame))


Operation: TypeAlias = Done[T] | Send[T] | Wait[T]
"""A description of exchanges that end in a `Result[T, Error]`: a closed union, to be matched exhaustively."""


class Map(Struct, Generic[T, U], frozen=True, tag=True):
    """The frame of `map`."""

    function: Callable[[T], U]

    def __call__(self, result: Result[T, Error]) -> Operation[U]:
        if isinstance(result, Failure):
            return Done(result)
        return Done(Success(self.function(result.unwrap())))


class Bind(Struct, Generic[T, U], frozen=True, tag=True):
    """The frame of `bind`."""

    function: Callable[[T], Operation[U]]

    def __call__(self, result: Result[T, Error]) -> Operation[U]:
        if isinstance(result, Failure):
            return Done(result)
        return self.function(result.unwrap())


class Alt(Struct, Generic[T], frozen=True, tag=True):
    """The frame of `alt`."""

    function: Callable[[Error], Error]

    def __call__(self, result: Result[T, Error]) -> Operation[T]:
        if isinstance(result, Failure):
            return Done(Failure(self.function(result.failure())))
        return Done(result)


class Lash(Struct, Generic[T, U], frozen=True, tag=True):
    """The frame of `lash`."""

    function: Callable[[Error], Operation[U]]

    def __call__(self, result: Result[T, Error]) -> Operation[T | U]:
        if isinstance(result, Failure):
            return self.function(result.failure())
        return Done(result)


class Then(Struct, Generic[T], frozen=True, tag=True):
    """Two frames in a row: a queue of frames, as a binary tree whose leaves are the frames from left to right.

    Combinators only ever add to the right, so a long chain is a tree that leans to the left. Taking its first leaf
    turns the tree over as it goes down: every node is turned once, so that n frames cost O(n) altogether (van der
    Ploeg and Kiselyov, "Reflection without Remorse", 2014).

    A tree may be deeper than any stack. So it is compared, hashed, pickled and printed by walking along it, and not by
    one call within the other.
    """

    first: Callable[[Any], Operation[Any]]
    rest: Callable[[Result[Any, Error]], Operation[T]]

    def __repr__(self) -> str:
        """The first frames in order, and how many more there are."""
        frames, _ = flattened(self)
        count = len(frames)
        shown = [repr(frame) for frame in frames[:_SHOWN_FRAMES]]
        if count > _SHOWN_FRAMES:
            shown.append(f"… {count - _SHOWN_FRAMES:,} more")
        return f"Then({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        return flattened(self) == flattened(other) if isinstance(other, Then) else NotImplemented

    def __hash__(self) -> int:
        return hash(flattened(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, flattened(self)

    def __call__(self, value: Any) -> Operation[T]:
        frame, rest = self.first, self.rest
        while True:
            while isinstance(frame, Then):
                rest = Then(frame.rest, rest)
                frame = frame.first
            step = frame(value)
            if not isinstance(step, Done):
                return step.then(rest)
            value = step.result
            if not isinstance(rest, Then):
                return rest(value)
            frame = rest.first
            rest = rest.rest


def flattened(tree: Any) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """The frames of a tree from left to right, and how many trees end behind each."""
    frames: list[Any] = []
    joins: list[int] = []
    pending: list[Any] = [tree]
    while pending:
        part = pending.pop()
        if part is _END:
            joins[-1] += 1
        elif isinstance(part, Then):
            pending += (_END, part.rest, part.first)
        else:
            frames.append(part)
            joins.append(0)
    return tuple(frames), tuple(joins)


_END = object()


def rebuilt(frames: Iterable[Any], joins: Iterable[int]) -> Any:
    """The tree that `flattened` made these of."""
    trees: list[Any] = []
    for frame, ends in zip(frames, joins, strict=True):
        trees.append(frame)
        for _ in range(ends):
            rest = trees.pop()
            trees.append(Then(trees.pop(), rest))
    return trees[0]


def succeed(value: T) -> Operation[T]:
    """The operation that sends nothing and succeeds with `value`."""
    return Done(Success(value))


def fail(error: Error) -> Done[Never]:
    """The operation that sends nothing and fails with `error`; the stream, too, that emits nothing."""
    return Done(Failure(error))
