"""A stream as an operation: all its values, at once.

Law: `collect(stream)` returns the values that the stream emits, in order, or the error that it ends with. A body that
it would read in chunks is received whole: an operation opens nothing.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ..errors import Error, Interrupted
from ..frame_trees import Then
from ..http import HttpResponse
from ..rules import ValueRule
from ..steps import Answer, Done, Operation, Send
from ..streams import NOT_OPEN, Chunk, Close, Emit, End, Open, Perform, Read, Stream, is_stream
from .gathered import Gathered

T = TypeVar("T")


def collect(stream: Stream[T]) -> Operation[tuple[T, ...]]:
    """Turn `stream` into the operation that returns all its values at once, or the error that it ended with.

    A body that the stream would read in chunks is received whole: an operation opens nothing. So it does not see the
    last value of a stream before its body ends; where the server holds that open, the exchange lasts until the
    transport times out. What was received by then is not lost: the stream takes what an `Interrupted` holds of the
    body (`partial`) as if it had been read in chunks, and the error after it. What ended within the body has ended,
    whatever cut it off; what had not is resumed, or ends with that error, as the stream itself would.

    Errors: that of the stream.

    >>> from puresponse.core import END, Emit
    >>> collect(Emit((1, 2), END))
    Done(result=<Success: (1, 2)>)
    """
    gather: Gather[T] = Gather(Gathered())
    return gather.through(read_whole(stream))


def read_whole(stream: Stream[T]) -> Stream[T]:
    """The stream that receives its bodies whole, by operations, in place of opening them. It emits the same values."""
    whole: Stream[T] = ReadWhole()(stream)
    return whole


class ReadWhole(ValueRule, frozen=True, tag=True):
    """Receives each body whole, and lets the stream take it as if it were read in chunks.

    `body` is what is left of the body that is open: all of it, no bytes once it was read, None where none is open.
    `error` is what it broke off with, if it did.
    """

    body: bytes | None = None
    error: Interrupted | None = None

    def open(self, step: Open[Any]) -> Any:
        """Receive the body whole."""
        return Perform(
            Send(step.request, ReturnAnswer()), ReadWhole().under(Then(ReturnHead(), step.resume), sees=True)
        )

    def after(self, value: Any) -> ReadWhole:
        """What is open once an answer was received."""
        response, error = _received(value)
        if response is None:
            return ReadWhole()
        return ReadWhole(response.body, error) if response.is_success else ReadWhole(b"")

    def read(self, step: Read[Any]) -> Any:
        """Take all that is left of the body."""
        rule: ReadWhole = self
        stream: Stream[Any] = step
        while isinstance(stream, Read):
            if rule.body is None:
                stream = stream.resume(NOT_OPEN)
                continue
            chunk: Chunk = Success(rule.body) if rule.body or rule.error is None else Failure(rule.error)
            rule = ReadWhole(b"", rule.error)
            stream = stream.resume(chunk)
        return rule(stream)

    def close(self, step: Close[Any]) -> Any:
        """Give up what is left of the body."""
        return ReadWhole().rest(step.rest)


class ReturnAnswer(Struct, frozen=True, tag=True):
    """Returns an answer as the result of an operation."""

    def __call__(self, answer: Answer) -> Operation[HttpResponse]:
        return Done(answer)


class ReturnHead(Struct, frozen=True, tag=True):
    """Ends with the head of an answer that was received whole, for what reads its body in chunks."""

    def __call__(self, answer: Answer) -> Any:
        response, _ = _received(answer)
        head: Any = answer
        if response is not None and response.is_success:
            head = Success(structs.replace(response, body=b""))
        end: End[Any] = End(head)
        return end


def _received(answer: Answer) -> tuple[HttpResponse | None, Interrupted | None]:
    """What was received of a response, and what it broke off with; of a refusal that broke off, nothing is read."""
    if not isinstance(answer, Failure):
        return answer.unwrap(), None
    error = answer.failure()
    partial = error.partial if isinstance(error, Interrupted) else None
    if not isinstance(error, Interrupted) or partial is None or not partial.is_success:
        return None, None
    return partial, error


class Gather(Struct, Generic[T], frozen=True, tag=True):
    """Adds the values that a stream goes on to emit to the `values` that it emitted before, and returns `all` of them.

    `values` is a `Gathered`, or anything else that has its `adding` and `all`. `resume` is what the stream goes on
    with.
    """

    values: Any
    resume: Any = None

    def __call__(self, result: Result[Any, Error]) -> Operation[Any]:
        return self.through(self.resume(result))

    def through(self, stream: Stream[T]) -> Operation[Any]:
        """Take a stream that opens nothing to its next exchange."""
        values = self.values
        while True:
            if isinstance(stream, Emit):
                values = values.adding(stream.values)
                stream = stream.rest
            elif isinstance(stream, Perform):
                operation = stream.operation
                if not isinstance(operation, Done):
                    gather: Gather[T] = Gather(values, stream.resume)
                    return operation.then(gather)
                stream = stream.resume(operation.result)  # and not by `then`, which would recur once for each
            elif isinstance(stream, End):
                return Done(stream.result if isinstance(stream.result, Failure) else Success(values.all()))
            elif is_stream(stream):
                stream = read_whole(stream)
            else:
                from ..mistakes import no_stream

                raise no_stream("collect", stream)
