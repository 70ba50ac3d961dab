"""Operations: descriptions of one or more exchanges that end in a `Result`, as values.

Law: an operation does nothing. It says what is to be done next and how to go on from the result; whoever holds
it (`run`, an event loop, a test, a browser, a workflow engine) does that, and steps on:

- `Done`: nothing is left to do, here is the result.
- `Send`: send this request, go on with `resume(the answer)`.
- `Wait`: wait this long, go on with `resume(seconds since the run began)`.
- `Fork`: carry out these operations, at once or one after another, go on with `resume(their results)`.

A `resume` is a frame: a frozen struct that is called. Frames of the library hold data and other frames, never
functions, so its operations compare, pickle and print; what a caller passes to `map`, `bind`, `alt` or `lash` may be
any function, and only forfeits that.

The four combinators mean what they mean on a `returns` `Result`, and call each function once. On a `Done` they apply
at once, so that `succeed(x).bind(f) == f(x)`; on any other step they queue up in a `Then`. So chains are linear in
time and flat in stack: nested to either side through steps that send or wait, built to the left
(`operation.bind(f).bind(g)`) through any. So are rules over rules (`rules`), which queue up in an `Under`. What recurs
through `Done` alone is a recursion like any other, and meets Python's own limit: the `RecursionError` is the caller's.
`loop` has no such limit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Never, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from ..codecs.lossless.shown import shown
from .errors import Error
from .frame_trees import Then
from .http import HttpRequest, HttpResponse

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

Answer: TypeAlias = Result[HttpResponse, Error]
"""What a transport returns for a request."""


class _Step(Struct, Generic[T_co], frozen=True):
    """The combinators, once for all steps."""

    __repr__ = shown

    # Not annotated: a `ClassVar` would be a field in Temporal's sandbox, where `sys.modules` is no dict.
    is_last = False
    """Whether it is the step that a program ends with, which has the `result`."""

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame`, which receives the result whether it is a `Success` or a `Failure`."""
        raise TypeError(f"{type(self).__name__} is not a step")

    def map(self, function: Callable[[T_co], U]) -> Operation[U]:
        """Apply `function` to the value of a `Success`."""
        if not callable(function):
            raise _no_function("map", function)
        return self.then(Map(function))

    def bind(self, function: Callable[[T_co], Operation[U]]) -> Operation[U]:
        """Go on with the operation that `function` makes of the value of a `Success`."""
        if not callable(function):
            raise _no_function("bind", function)
        return self.then(Bind(function))

    def alt(self, function: Callable[[Error], Error]) -> Operation[T_co]:
        """Apply `function` to the error of a `Failure`."""
        if not callable(function):
            raise _no_function("alt", function)
        frame: Alt[T_co] = Alt(function)
        return self.then(frame)

    def lash(self, function: Callable[[Error], Operation[U]]) -> Operation[T_co | U]:
        """Go on with the operation that `function` makes of the error of a `Failure`."""
        if not callable(function):
            raise _no_function("lash", function)
        frame: Lash[T_co, U] = Lash(function)
        return self.then(frame)


class Done(_Step[T_co], Generic[T_co], frozen=True, tag=True):
    """Nothing is left to do: `result` is the operation's result."""

    is_last = True

    result: Result[T_co, Error]

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame`, at once: a function that binds itself to a `Done` recurs, as any does that calls itself.

        Where that is too deep for Python's stack, the `RecursionError` passes through; `loop` goes any number of turns.
        """
        operation = frame(self.result)
        return operation if type(operation) in OPERATION_STEPS else operation_of("then", frame, operation)


class Send(_Step[T_co], Generic[T_co], frozen=True, tag=True):
    """Send `request`, then go on with `resume` and the answer, or the error.

    Errors of any request, whatever sends it: `InvalidArgument` for an argument that no request can be built from,
    before anything is sent; `NotSent` and `Interrupted` for what the network does; `ApiError` for a status other than
    2xx; `DecodeError` for a 2xx that cannot be understood; `NoRecording` from a cassette or a stub.

    >>> from puresponse.core import delete_response
    >>> delete_response("resp_1").map(lambda deleted: deleted.id).request.path
    '/responses/resp_1'
    """

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


class Fork(_Step[T_co], Generic[T_co], frozen=True, tag=True):
    """Carry out `operations`, all to their end, then go on with `resume` and their results, in the same order.

    They may be carried out at once, or one after another (`sequentially` makes that of a fork).
    """

    operations: tuple[Operation[Any], ...]
    resume: Callable[[tuple[Result[Any, Error], ...]], Operation[T_co]]

    def then(self, frame: Callable[[Result[T_co, Error]], Operation[U]]) -> Operation[U]:
        """Go on with `frame` once the result is there."""
        return Fork(self.operations, Then(self.resume, frame))


Operation: TypeAlias = Done[T] | Send[T] | Wait[T] | Fork[T]
"""A description of exchanges that end in a `Result[T, Error]`: a closed union, to be matched exhaustively."""

OPERATION_STEPS: frozenset[type[Any]] = frozenset({Done, Send, Wait, Fork})
"""The types of its steps, for a check that costs next to nothing."""


def operation_of(who: str, function: object, returned: U) -> U:
    """What `function`, which `who` was given, has `returned`: an operation, or a `TypeError` is raised that says so."""
    given: Any = returned
    if isinstance(given, Done | Send | Wait | Fork):
        return returned
    from .mistakes import returned_no_operation

    raise returned_no_operation(who, function, returned)


def _no_function(who: str, given: object) -> TypeError:
    from .mistakes import no_function

    return no_function(who, given)


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
        operation = self.function(result.unwrap())
        return operation if type(operation) in OPERATION_STEPS else operation_of("bind", self.function, operation)


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
            operation = self.function(result.failure())
            return operation if type(operation) in OPERATION_STEPS else operation_of("lash", self.function, operation)
        return Done(result)


def succeed(value: T) -> Operation[T]:
    """The operation that sends nothing and succeeds with `value`.

    Errors: none of its own.

    >>> succeed(1)
    Done(result=<Success: 1>)
    """
    return Done(Success(value))


def fail(error: Error) -> Done[Never]:
    """The operation that sends nothing and fails with `error`.

    >>> from puresponse.core import NotSent
    >>> fail(NotSent("dns", "no such host"))
    Done(result=<Failure: not sent (dns): no such host>)
    """
    return Done(Failure(error))
