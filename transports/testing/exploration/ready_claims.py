"""Claims that are ready to be made: of time, and those that hold of any program."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ....core.delays import LEAST_DELAY
from ....core.programs.wait_policy import WaitPolicy
from ..lives.lives import LifeStep
from .claims import REQUESTS, Broken, Claim, Eventually, Moment
from .deletion_claims import deleted_is_gone
from .failure_claims import may_have_acted_is_true
from .repetitions import nothing_unsafe_twice
from .request_patterns import RequestPattern, pattern_of


class EndsInTime(Struct, frozen=True):
    """The claim of `ends_in_time`: it remembers when the time began, in seconds since the life did."""

    name: str
    seconds: float
    since: RequestPattern | None = None
    is_local: bool = False

    def begin(self) -> float | None:
        """It begins with the life, unless a request begins it."""
        return 0.0 if self.since is None else None

    def after(self, memory: float | None, step: LifeStep, moment: Moment) -> float | None:
        """When it began."""
        if memory is not None or step.kind not in REQUESTS or self.since is None or step.request is None:
            return memory
        return moment.seconds if self.since.matches(step.request) else None

    def end(self, memory: float | None, step: LifeStep, moment: Moment) -> Broken | None:
        """The program ended in time."""
        if memory is None:
            return None
        took = moment.seconds - memory
        if took <= self.seconds + LEAST_DELAY:
            return None
        return Broken(f"it ended after {took:g} s, and its law says {self.seconds:g} s")


def ends_in_time(limit: float | WaitPolicy, *, since: tuple[str | None, str] | None = None) -> Claim:
    """Claim that a program ends within some seconds, in whichever way.

    - `limit`: the seconds, 0 or more: those of `within`, say. Of a wait they follow from its policy: `deadline` and
      `last_poll` together. A hundredth of a second is nothing: what is nearer is now.
    - `since`: the method and the path of the request from whose answer the time counts, the first of them, where it is
      not the whole program that is limited: `("POST", "/responses")` of one that creates and then waits. In the path,
      `*` matches any text; a method of None is any.

    It is claimed where a program ends: nothing is of one that does not. Each request must have its limit
    (`HttpRequest.total`), as waits and `within` see to: a single answer may take any time.

    The claim looks at the seconds that a life has lasted: lives of different lengths are different to the search.

    >>> from puresponse import cancel_response, explore, sample_state, within
    >>> program = within(cancel_response("resp_queued"), 10.0)
    >>> explore(program, sample_state(), faults=1, claims=[ends_in_time(10.0)]).holds
    True
    """
    which = None if since is None else pattern_of("ends_in_time", *since, None)
    seconds = _seconds_of(limit)
    about = "" if which is None else f" of {which}"
    return EndsInTime(f"it ends within {seconds:g} s{about}", seconds, which)


def _seconds_of(limit: Any) -> float:
    if isinstance(limit, WaitPolicy):
        return limit.deadline + limit.last_poll
    if type(limit) in (int, float) and limit >= 0:
        return float(limit)
    raise TypeError(f"ends_in_time: limit must be a number of seconds from 0 on, or a WaitPolicy, got {limit!r}")


class EveryLifeEnds(Eventually, frozen=True):
    """The claim of `every_life_ends`."""

    def after(self, memory: bool, step: LifeStep, moment: Moment) -> bool:
        """Whether the life has ended: `check`, of the step alone."""
        return step.result is not None


def every_life_ends() -> Claim:
    """Claim that no life of a program goes on for ever.

    It is claimed of programs, and of lives with so many faults as a search has: a service that is never there again is
    none of them.

    >>> from puresponse import delete_response, explore, retrying, sample_state
    >>> explore(retrying(delete_response("resp_chat")), sample_state(), faults=1, claims=[every_life_ends()]).holds
    True
    """
    return EveryLifeEnds("every life ends", _has_ended, is_local=True)


def _has_ended(moment: Moment) -> bool:
    return moment.result is not None


USUAL_CLAIMS: tuple[Claim, ...] = (
    every_life_ends(),
    nothing_unsafe_twice(),
    deleted_is_gone(),
    may_have_acted_is_true(),
)
"""What holds of any program, and is claimed of it where nothing else is said."""
