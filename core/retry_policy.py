"""How often, and after how long, a request is repeated.

Law: a `RetryPolicy` makes sense, or there is none. The defaults are those of the official client
(https://github.com/openai/openai-python#retries).
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from .arguments import invalid_argument, raise_if_invalid
from .delays import check_between, check_seconds
from .errors import InvalidArgument

_MOST_RETRIES = 1_000_000_000

_LARGEST_EXPONENT = 60
"""Where doubling has long passed any `max_delay`, and not yet the range of a float."""


class RetryPolicy(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """How often, and after how long, a request is repeated.

    Before retry n (from 0) a driver waits `min(initial_delay * 2**n, max_delay)` seconds, less a random share of up
    to `jitter` of it. A delay that the server asks for is kept exactly, without jitter, where it is more than 0 and at
    most `max_server_delay` seconds; a longer one means that the request is not repeated.

    Raises `ValueError` for what makes no sense.

    Attributes:
        max_retries: How often one request is repeated at most, 0 to 1e9.
        initial_delay: Seconds before the first retry, 0 to 1e9.
        max_delay: Seconds before any retry at most, 0 to 1e9.
        jitter: The share of a delay that is left to chance, 0 to 1.
        max_server_delay: The longest delay in seconds that a server may ask for, 0 to 1e9.
        repeat_unsafe: True repeats what is not idempotent also where the server may have acted: then it may do twice,
            and bill twice, what was asked for once.
    """

    max_retries: int = 2
    initial_delay: float = 0.5
    max_delay: float = 8.0
    jitter: float = 0.25
    max_server_delay: float = 120.0
    repeat_unsafe: bool = False

    def __post_init__(self) -> None:
        raise_if_invalid(_nonsense(self))


def check_policy(policy: Any) -> InvalidArgument | None:
    """Return the `InvalidArgument` of what is no policy; None for one, which its constructor has checked."""
    return None if isinstance(policy, RetryPolicy) else invalid_argument("policy", policy, "a RetryPolicy")


def check_retries(parameter: str, value: Any) -> InvalidArgument | None:
    """A number of retries is an integer from 0 to 1e9."""
    if type(value) is int and 0 <= value <= _MOST_RETRIES:
        return None
    return invalid_argument(parameter, value, f"an integer from 0 to {_MOST_RETRIES:g}")


def _nonsense(policy: RetryPolicy) -> InvalidArgument | None:
    return (
        check_retries("max_retries", policy.max_retries)
        or check_seconds("initial_delay", policy.initial_delay)
        or check_seconds("max_delay", policy.max_delay)
        or check_seconds("max_server_delay", policy.max_server_delay)
        or check_between("jitter", policy.jitter, 0, 1)
        or _check_flag("repeat_unsafe", policy.repeat_unsafe)
    )


def _check_flag(parameter: str, value: Any) -> InvalidArgument | None:
    return None if isinstance(value, bool) else invalid_argument(parameter, value, "True or False")


def pause_before(policy: RetryPolicy, number: int, hint: float | None = None) -> tuple[float, float] | None:
    """The least wait before retry `number`, from 0, and how much chance may add to it, in seconds.

    `hint` is the delay that the server asks for. None where that is longer than the policy waits for.
    """
    if hint is not None and hint > policy.max_server_delay:
        return None
    return (hint, 0.0) if hint is not None and hint > 0 else backoff(policy, number)


def backoff(policy: RetryPolicy, number: int) -> tuple[float, float]:
    """The least wait before retry `number`, from 0, and how much chance may add to it, in seconds."""
    longest = min(policy.initial_delay * 2.0 ** min(number, _LARGEST_EXPONENT), policy.max_delay)
    return longest * (1 - policy.jitter), longest * policy.jitter
