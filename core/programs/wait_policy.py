"""How long to wait for a response, and how often to poll.

Law: a `WaitPolicy` makes sense, or there is none. With the default policy, a wait of hours polls some 200 times.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from ..arguments import invalid_argument, raise_if_invalid
from ..delays import LEAST_DELAY, LONGEST, check_between, check_seconds
from ..errors import InvalidArgument

_AT_FIRST = 10.0
"""Seconds. How long a delay is at most, by default, until the wait itself has been long."""

_SHARE = 0.05
"""What a delay is at most of the time waited, by default: the end is seen a twentieth too late."""


class WaitPolicy(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """How long to wait for a response, how often to poll, and what to do when time is up.

    Poll n (from 0) is followed by a wait of `min(initial_delay * factor**n, max_delay)` seconds, less a random share of
    up to `jitter` of it, or by the wait that the server asks for (`openai-poll-after-ms`, `retry-after-ms`,
    `Retry-After`). A wait that would reach past the deadline ends at the deadline, for a last poll.

    A poll may take what is left until the deadline, and `last_poll` seconds at least. So a wait has ended by
    `deadline + last_poll`, where the transport carries out `HttpRequest.total`.

    Raises `ValueError` for what makes no sense.

    Attributes:
        deadline: Seconds from the start of the wait, 0 to 1e9; 0 polls once. Only the caller knows: no default.
        initial_delay: Seconds after the first poll, 0.01 to 1e9.
        factor: By how much each delay is longer than the one before, 1 to 1e9.
        max_delay: Seconds between two polls at most, 0.01 to 1e9. None, the default, is 10 seconds (or `initial_delay`,
            where that is more) for the first 200, and then a twentieth of the time waited: 25 s after 500, 6 minutes
            after 2 hours.
        jitter: The share of a delay that is left to chance, 0 to 1.
        grace: Seconds for which a 404 is not the end, 0 to 1e9, counted from the first of several in a row.
            The service was seen to answer 404 for up to 33 seconds for responses that were there: the default is just
            longer. An id that does not exist fails after that time only; 0 believes the first 404.
        at_deadline: `give_up` ends in `WaitExpired`; `cancel` cancels the response and returns what the cancellation
            returned.
        last_poll: Seconds that a poll has at least, also at the deadline, 0.01 to 1e9. With `cancel`, half of them are
            the poll's, and the cancellation has what is left.
    """

    deadline: float
    initial_delay: float = 0.5
    factor: float = 1.5
    max_delay: float | None = None
    jitter: float = 0.25
    grace: float = 40.0
    at_deadline: Literal["give_up", "cancel"] = "give_up"
    last_poll: float = 5.0

    def __post_init__(self) -> None:
        raise_if_invalid(_nonsense(self))


def check_wait_policy(policy: Any) -> InvalidArgument | None:
    """Return the `InvalidArgument` of what is no policy; None for one, which its constructor has checked."""
    return None if isinstance(policy, WaitPolicy) else invalid_argument("policy", policy, "a WaitPolicy")


def longest_delay(policy: WaitPolicy, waited: float) -> float:
    """How long the next delay is at most, in seconds, after so many seconds of waiting."""
    if policy.max_delay is not None:
        return policy.max_delay
    return max(_AT_FIRST, policy.initial_delay, _SHARE * waited)


def least_poll(policy: WaitPolicy) -> float:
    """How many seconds a poll has at least. A cancellation at the deadline needs some of them."""
    return policy.last_poll / 2 if policy.at_deadline == "cancel" else policy.last_poll


def _nonsense(policy: WaitPolicy) -> InvalidArgument | None:
    if policy.at_deadline not in ("give_up", "cancel"):
        return invalid_argument("at_deadline", policy.at_deadline, "'give_up' or 'cancel'")
    return (
        check_seconds("deadline", policy.deadline)
        or check_seconds("initial_delay", policy.initial_delay, least=LEAST_DELAY)
        or check_between("factor", policy.factor, 1, LONGEST)
        or (None if policy.max_delay is None else check_seconds("max_delay", policy.max_delay, least=LEAST_DELAY))
        or check_between("jitter", policy.jitter, 0, 1)
        or check_seconds("grace", policy.grace)
        or check_seconds("last_poll", policy.last_poll, least=LEAST_DELAY)
    )
