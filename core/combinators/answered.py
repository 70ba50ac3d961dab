"""The answer behind a value: status, headers and request id of the last exchange before it.

Law: `with_response(operation)` sends what the operation sends and fails as it fails; where it succeeds, the value is
there with the last answer that was received before it, whatever its status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct, structs
from returns.result import Failure, Result, Success

from ...codecs.lossless.plain import is_sequence
from ..errors import Error
from ..http import HttpResponse
from ..steps import Done, Fork, Operation, Send, Wait
from .configuring import within_value
from .stateful import StatefulRule, reported_in, value_in

T = TypeVar("T")


class WithResponse(Struct, Generic[T], frozen=True):
    """A `value`, and in `response` the last answer before it, whole; None where there was none.

    Its `repr` shows neither headers nor body, which may be long and anybody's.
    """

    value: T
    response: HttpResponse | None = None

    @property
    def request_id(self) -> str | None:
        """The `x-request-id` of the answer, to be named to the service; None where there is none."""
        return None if self.response is None else self.response.header("x-request-id")

    def under_rule(self, rule: Callable[[Any], Any]) -> WithResponse[T]:
        """The same, the operations in the value under `rule`."""
        value = within_value(self.value, rule)
        return self if value is self.value else structs.replace(self, value=value)

    def __repr__(self) -> str:
        from ...codecs.lossless.shortened_repr import brief  # for people alone

        status = None if self.response is None else self.response.status
        value = "WithResponse(…)" if isinstance(self.value, WithResponse) else brief(self.value)
        return f"WithResponse({value}, status={status}, request_id={self.request_id!r})"


def with_response(operation: Operation[T]) -> Operation[WithResponse[T]]:
    """Return the value of an operation with the last answer that was received before it.

    Args:
        operation: Any operation. Where it sends nothing, there is no answer: `response` is None. Of a request that was
            repeated it is the answer to the last attempt; of several requests, of the last; of a `Fork`, of the last of
            its operations, in their order, that received one. A request that nothing answered leaves the answer before.

    Errors: those of the operation; an `ApiError` has status, headers and request id itself. A stream is a `TypeError`:
    `with_response(collect(stream))` is for all of its values, and within a stream it takes the operations.
    https://platform.openai.com/docs/api-reference/debugging-requests

    >>> from puresponse.core import succeed
    >>> with_response(succeed(1))
    Done(result=<Success: WithResponse(1, status=None, request_id=None)>)
    """
    given: Any = operation
    if not isinstance(given, Done | Send | Wait | Fork):
        from ..mistakes import no_program

        raise no_program(Answered(), given)
    answered: Operation[WithResponse[T]] = Answered()(operation)
    return answered


class Answered(StatefulRule, frozen=True, kw_only=True, tag=True):
    """The rule of `with_response`. `response` is the last answer so far."""

    response: HttpResponse | None = None

    def inside(self) -> Answered:
        """Begin without an answer."""
        return Answered(reports=True)

    def send(self, step: Send[Any]) -> Any:
        """See the answer."""
        return Send(step.request, self.under(step.resume, sees=True))

    def ended(self, result: Result[Any, Error], step: Done[Any]) -> Operation[Any]:
        """Add the answer to the value."""
        if self.reports or isinstance(result, Failure):
            return Done(result)
        return Done(Success(WithResponse(result.unwrap(), self.response)))

    def after(self, value: Any) -> Answered:
        """Keep an answer; of a fork, that of its last operation."""
        for result in reversed(value) if is_sequence(value) else (value,):
            found = _answer_in(result)
            if found is not None:
                return structs.replace(self, response=found)
        return self


def _answer_in(result: Any) -> HttpResponse | None:
    """The answer that a request was resumed with, or that an operation reports."""
    reported = reported_in(result)
    if reported is not None:
        last = reported.last
        return last.response if isinstance(last, Answered) else None
    answer = value_in(result)
    return answer if isinstance(answer, HttpResponse) else None
