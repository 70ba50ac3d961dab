"""Headers, parameters of the query, and a timeout for every request of a program.

Law: the inner value wins. What a request has already, from its builder or from what configured it before, is left as
it is, and of two timeouts the shorter holds. So configuring twice is configuring once with both, and it makes no
difference whether a program is configured before it is retried or after.

A builder's own options are the same rule, but they override: what a builder puts into its requests are defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Success

from ..frame_trees import Under
from ..http import HttpRequest, Pairs
from ..rules import P, Rule, failed
from ..steps import Done, Send
from ..streams import Emit, Open, is_step
from .additions import (
    ExtraHeaders,
    ExtraQuery,
    RequestOptions,
    adding,
    additions_in,
    additions_of,
    joined_headers,
    joined_query,
    shorter,
)


def configured(
    program: P,
    *,
    headers: ExtraHeaders | None = None,
    query: ExtraQuery | None = None,
    timeout: float | None = None,
) -> P:
    """Add headers, query parameters and a read timeout to every request of an operation or a stream.

    All requests: those of a `Fork`, of retries, of the replays of a stream, and of an operation inside a value that the
    program returns or emits, such as the `next_page` of a page.

    Args:
        program: The operation or the stream.
        headers: Names and values of headers, names in any case. A request that has one of the name keeps its own. An
            `Idempotency-Key` is sent only with what is not idempotent by itself, such as a creation, and does not
            change that: to let `retrying` repeat a creation, pass `idempotency_key` to what builds it. `Content-Type`
            and others that describe a body are sent only with one. No credentials: these belong to the transport.
        query: Names and values of query parameters: strings, numbers, booleans, and lists (`name[]=…`) and mappings
            (`name[key]=…`) of these; None is left out. A request that has one of the name keeps its own, so that these
            are for what all requests take. No credentials.
        timeout: The read timeout in seconds, more than 0, up to 2,000,000. Of this and the request's own the shorter
            holds. The `total` time of a request stays.

    Errors: `InvalidArgument` for a header, a parameter or a timeout that no request can have, before anything is sent.

    >>> from puresponse.core import delete_response
    >>> configured(delete_response("resp_1", timeout=5), headers={"X-Trace": "1"}, timeout=30).request
    HttpRequest(method='DELETE', path='/responses/resp_1', headers=(('X-Trace', '1'),), idempotent=True, timeout=5.0)
    """
    if not is_step(program):
        from ..mistakes import no_program

        raise no_program(Configured(), program)
    added = additions_of(headers, query, timeout)
    if not isinstance(added, tuple):
        return failed(added, program)
    # What takes the place of `program` is of the same union, which no type can say.
    same: P = Configured(*added)(program)
    return same


def with_options(program: P, options: RequestOptions, caller: Callable[..., object]) -> P:
    """The program that `caller` builds, with the options that it was given; without any, the program itself.

    Raises `TypeError`, as a call of `caller` would, for an option that there is none of.
    """
    if not options:
        return program
    added = additions_in(options, caller)
    if not isinstance(added, tuple):
        return failed(added, program)
    rule = Configured(*added, overriding=True)
    same: P = program if rule == _NOTHING_ADDED else rule(program)
    return same


class Configured(Rule, frozen=True, tag=True, repr_omit_defaults=True):
    """The rule of `configured`, and where it is `overriding`, of the options of a builder."""

    headers: Pairs = ()
    query: Pairs = ()
    timeout: float | None = None
    overriding: bool = False

    def under(self, resume: Callable[[Any], Any], *, sees: bool = False) -> Under:
        """Go on with `resume`, and with this rule behind it; with one rule for both, where it is configured already.

        So what a value holds, and is configured as often as it passes through a rule, does not grow.
        """
        if isinstance(resume, Under) and isinstance(resume.rule, Configured):
            inner = resume.rule
            if inner.overriding is self.overriding:
                return Under(self.around(inner), resume.resume)
        return Under(self, resume, sees)

    def around(self, inner: Configured) -> Configured:
        """The one rule that does what `inner` and then this one does."""
        return Configured(
            joined_headers(inner.headers, self.headers, overriding=self.overriding),
            joined_query(inner.query, self.query, overriding=self.overriding),
            shorter(inner.timeout, self.timeout),
            self.overriding,
        )

    def send(self, step: Send[Any]) -> Any:
        """Add to the request."""
        return Send(self.added_to(step.request), self.under(step.resume))

    def open(self, step: Open[Any]) -> Any:
        """Add to the request that opens a body."""
        return Open(self.added_to(step.request), self.under(step.resume))

    def done(self, step: Done[Any]) -> Any:
        """Configure the operations in the value that is returned."""
        if isinstance(step.result, Failure):
            return step
        value = step.result.unwrap()
        same = within_value(value, self)
        return step if same is value else Done(Success(same))

    def emit(self, step: Emit[Any]) -> Any:
        """Configure the operations in the values that are emitted."""
        return Emit(within_value(step.values, self), self.rest(step.rest))

    def added_to(self, request: HttpRequest) -> HttpRequest:
        """The request with all of this that it may have."""
        headers = self.headers and tuple([pair for pair in self.headers if _belongs(pair[0].lower(), request)])
        return adding(request, (headers, self.query, self.timeout), overriding=self.overriding)


_NOTHING_ADDED = Configured(overriding=True)


def within_value(value: Any, rule: Callable[[Any], Any]) -> Any:
    """`value`, and the operations that it holds under `rule`: itself, where it holds none.

    What holds operations has a method `under_rule` that makes the same value of it with these under a rule. Tuples,
    lists and successes are searched for such values.
    """
    kind = value.__class__
    if kind is tuple or kind is list:
        parts: list[Any] = [within_value(part, rule) for part in value]
        if all(map(_is, parts, value)):
            return value
        return parts if kind is list else tuple(parts)
    if kind is Success:
        part = value.unwrap()
        same = within_value(part, rule)
        return value if same is part else Success(same)
    hold = getattr(kind, "under_rule", None)
    return value if hold is None else hold(value, rule)


def _is(one: object, other: object) -> bool:
    return one is other


def _belongs(name: str, request: HttpRequest) -> bool:
    """Whether a header is one for this request, and not for a creation, or for a request with a body, alone."""
    if name == "idempotency-key":
        return not request.idempotent
    return not name.startswith("content-") or bool(request.body)
