"""What is claimed of requests that are sent again.

Law: whether a request may have been acted on is said by the table of `retrying`, and by nothing else: it may have been
where the answer is a 2xx, and where the table says that it is left open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Failure

from ....core.errors import Interrupted
from ....core.http import SAFE_METHODS, HttpRequest, Pairs
from ....core.retry_hints import leaves_open
from ....core.steps import Answer
from ..lives.lives import LifeStep
from .claims import REQUESTS, Broken, Claim, Moment
from .request_patterns import RequestPattern, pattern_of

Asked: TypeAlias = tuple[tuple[int, ...], str, str, Pairs, bytes | None]
"""What makes requests alike: the branch that asks, the method, the path, the query and the body."""

Memory: TypeAlias = tuple[Asked, ...]
"""What may have been acted on, by branch, so that it is the same in whichever order branches have asked."""


class NeverTwice(Struct, frozen=True):
    """The claim of `never_twice`: it remembers what may have been acted on."""

    name: str
    which: RequestPattern
    is_local: bool = True

    def begin(self) -> Memory:
        """Nothing was acted on."""
        return ()

    def after(self, memory: Memory, step: LifeStep, moment: Moment) -> Memory | Broken:
        """What may have been acted on by now."""
        if step.kind not in REQUESTS:
            return memory
        request = step.request
        if request is None or not self.which.matches(request):
            return memory
        asked = (step.branch, request.method, request.path, request.query, request.body)
        if asked in memory:
            return Broken(f"{request.method} {request.path} was sent again, and may have been acted on before")
        return tuple(sorted((*memory, asked), key=_branch)) if may_have_been_acted_on(step.answer) else memory

    def end(self, memory: Memory, step: LifeStep, moment: Moment) -> None:
        """The last request was judged."""


def _branch(asked: Asked) -> tuple[int, ...]:
    return asked[0]


def may_have_been_acted_on(answer: Answer | None) -> bool:
    """Whether a request may have been acted on that was answered so; None where the process died."""
    if answer is None:
        return True
    if isinstance(answer, Failure):
        return isinstance(answer.failure(), Interrupted)
    response = answer.unwrap()
    return response.is_success or leaves_open(response.status, response.headers)


def never_twice(
    method: str | None = None,
    path: str = "*",
    *,
    where: Callable[[HttpRequest], bool] | None = None,
    name: str | None = None,
) -> Claim:
    """Claim that no request is sent again after one like it that may have been acted on.

    - `method`, `path`: of which requests that is claimed: `never_twice("POST", "/responses")`. In the path, `*` matches
      any text. By default it is claimed of all.
    - `where`: a function of a request, besides: True for those of which it is claimed.
    - `name`: what the claim is called.

    Requests are alike that have the same method, path, query and body, and are sent by the same branch of a fork. One
    may have been acted on after a 2xx, and where the table of `retrying` leaves that open; or where the process died
    over it. After an answer by which it was not, a request may be sent again.

    What is meant to be done twice breaks this claim, too: nothing tells it from a repetition, but another branch.

    >>> never_twice("POST", "/responses").name
    'never twice: POST /responses'
    """
    which = pattern_of("never_twice", method, path, where)
    return NeverTwice(name or f"never twice: {which}", which)


def nothing_unsafe_twice() -> Claim:
    """Claim that no request that is not idempotent is sent again after it may have been acted on.

    It is `never_twice` of these requests: of those that create something, say, where they have no `Idempotency-Key`.
    It does not claim that what is created is created once: what the caller's program asks for in two branches, or in
    other words, is created twice.

    >>> from puresponse import RetryPolicy, create_response, explore, retrying
    >>> create = create_response(model="gpt-5", input="Hi")
    >>> [
    ...     explore(retrying(create, policy), faults=1, claims=[nothing_unsafe_twice()]).holds
    ...     for policy in (RetryPolicy(), RetryPolicy(repeat_unsafe=True))
    ... ]
    [True, False]
    """
    return NeverTwice("nothing unsafe is sent twice", RequestPattern(where=_is_unsafe))


def _is_unsafe(request: HttpRequest) -> Any:
    return not request.idempotent and request.method not in SAFE_METHODS
