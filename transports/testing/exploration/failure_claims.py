"""What is claimed of errors: that `may_have_acted` is true where the service has acted and the program was not told.

Law: an error is about one request, the last that the program made (`core/errors.py`), and all attempts at it.
"""

from __future__ import annotations

from itertools import repeat
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure

from ....core.errors import ApiError, Error, Interrupted, InvalidArgument
from ....core.http import SAFE_METHODS, HttpRequest, Pairs
from ....core.steps import Answer
from ..lives.lives import LifeStep
from .claims import REQUESTS, Broken, Claim, Moment
from .repetitions import may_have_been_acted_on


class Untold(Struct, frozen=True):
    """The last request of a `branch`, on which the service has acted without the program being told.

    `told` is what its last attempt was answered with: a status, or the name of an error.
    """

    branch: tuple[int, ...]
    method: str
    path: str
    query: Pairs
    body: bytes | None
    told: int | str

    def is_attempted_by(self, step: LifeStep, request: HttpRequest) -> bool:
        """Whether a request is another attempt at it."""
        mine = (self.branch, self.method, self.path, self.query, self.body)
        return mine == (step.branch, request.method, request.path, request.query, request.body)

    def is_ended_by(self, branch: tuple[int, ...]) -> bool:
        """Whether it is not the last any more where a branch asks for something: itself, one around it, or in it."""
        shared = min(len(branch), len(self.branch))
        return branch[:shared] == self.branch[:shared]

    def is_what_failed(self, error: Error, moment: Moment) -> bool:
        """Whether it is the request that an error is about: it is, unless another one was answered so.

        Of a fork it is not known which branch an error is of: it is of one that was answered so last.
        """
        if isinstance(error, InvalidArgument):
            return False
        if _is_like(error, self.told):
            return True
        return not self.branch and not any(map(self._is_told_elsewhere, repeat(error), moment.requests))

    def _is_told_elsewhere(self, error: Error, step: LifeStep) -> bool:
        """Whether another request was answered as an error says."""
        request = step.request
        return request is not None and not self.is_attempted_by(step, request) and _is_like(error, _told(step.answer))


Memory: TypeAlias = tuple[Untold, ...]
"""Of each branch that is under way; in their order, whichever came first."""


class MayHaveActedIsTrue(Struct, frozen=True):
    """The claim of `may_have_acted_is_true`."""

    name: str
    is_local: bool = True

    def begin(self) -> Memory:
        """Nothing was done."""
        return ()

    def after(self, memory: Memory, step: LifeStep, moment: Moment) -> Memory:
        """What the last requests were that have been acted on."""
        request = step.request
        if request is None or step.kind not in REQUESTS:
            return memory
        told = None if request.method in SAFE_METHODS else _told(step.answer)
        if not memory and (told is None or not step.acted):
            return memory
        earlier = next((one for one in memory if one.is_attempted_by(step, request)), None)
        others = tuple([one for one in memory if not one.is_ended_by(step.branch)])
        if told is None or (earlier is None and not _acted_in_silence(step)):
            return others
        untold = Untold(step.branch, request.method, request.path, request.query, request.body, told)
        return tuple(sorted((*others, untold), key=_branch))

    def end(self, memory: Memory, step: LifeStep, moment: Moment) -> Broken | None:
        """An error about such a request says that it may have been acted on."""
        if not memory or not isinstance(step.result, Failure):
            return None
        error = step.result.failure()
        if getattr(error, "may_have_acted", True):
            return None
        for one in memory:
            if one.is_what_failed(error, moment):
                return Broken(f"{one.method} {one.path} was acted on, and by the error it was not: {error}")
        return None


def _branch(untold: Untold) -> tuple[int, ...]:
    return untold.branch


def _acted_in_silence(step: LifeStep) -> bool:
    """Whether the service did something on a request, and the answer leaves that open."""
    before, after = step.before, step.after
    if not step.acted or not may_have_been_acted_on(step.answer):
        return False
    return (before.responses, before.conversations, before.models) != (
        after.responses,
        after.conversations,
        after.models,
    )


def _is_like(error: Error, told: int | str | None) -> bool:
    return told == (error.status if isinstance(error, ApiError) else type(error).__name__)


def _told(answer: Answer | None) -> int | str | None:
    """What a request was answered with; None where it is known by now that it was done.

    Where the process died, its successor is told that it was interrupted.
    """
    if answer is None:
        return Interrupted.__name__
    if isinstance(answer, Failure):
        return type(answer.failure()).__name__
    response = answer.unwrap()
    return None if response.is_success else response.status


def may_have_acted_is_true() -> Claim:
    """Claim that an error has `may_have_acted` where the service has acted on the request that it is about.

    It is about the last request that the program made, and about all attempts at it: the same method, path, query and
    body; but not where another request was answered with that status or failure. In a fork it is about the last request
    of a branch that was answered so.

    The claim is of requests that changed something, and whose answers left that open by the table of `retrying`; not of
    one that was answered with a 2xx at last.

    It is not claimed that nothing was done where an error says that something may have been. Nor is anything of the
    earlier requests of a program, of which errors say nothing, or of an answer that the table takes for a refusal where
    the service did act.

    >>> from puresponse import delete_response, explore, sample_state
    >>> explore(delete_response("resp_chat"), sample_state(), faults=1, claims=[may_have_acted_is_true()]).holds
    True
    """
    return MayHaveActedIsTrue("may_have_acted is true of the request that failed")
