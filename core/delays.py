"""Time as an operation: reading how long the run has lasted, and waiting.

The core has no clock. It asks for one by a `Wait`, which the driver answers with the seconds since the run began.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct, structs

from .arguments import invalid_argument
from .errors import InvalidArgument
from .http import LONGEST_TIMEOUT
from .steps import Operation, Send, Wait, fail, succeed

T = TypeVar("T")

LONGEST = 1e9
"""Seconds, about 31 years: what an operating system's timers still take."""

LEAST_DELAY = 0.01
"""Seconds. What is nearer than that is now: a clock may wake a driver a hair early."""


def elapsed() -> Operation[float]:
    """Return the seconds since the run began. The difference of two of these is how long what is between them took.

    Errors: none of its own.

    >>> elapsed()
    Wait(seconds=0.0, spread=0.0, resume=ReturnElapsed())
    """
    return Wait(0.0, 0.0, ReturnElapsed())


def delay(seconds: float, spread: float = 0.0) -> Operation[float]:
    """Wait, then return the seconds since the run began.

    Args:
        seconds: How long to wait at least, 0 to 1e9.
        spread: How many seconds chance may add to that, 0 to 1e9. The driver draws them.

    Errors: `InvalidArgument`.

    >>> delay(2.0, 0.5)
    Wait(seconds=2.0, spread=0.5, resume=ReturnElapsed())
    """
    invalid = check_seconds("seconds", seconds) or check_seconds("spread", spread)
    if invalid is not None:
        return fail(invalid)
    return Wait(float(seconds), float(spread), ReturnElapsed())


def limited(operation: Operation[T], seconds: float) -> Operation[T]:
    """Limit the whole exchange that an operation begins with to so many seconds, more than 0."""
    if not isinstance(operation, Send):
        return operation
    return Send(structs.replace(operation.request, total=min(seconds, LONGEST_TIMEOUT)), operation.resume)


class ReturnElapsed(Struct, frozen=True, tag=True):
    """Returns the time that the driver resumes it with."""

    def __call__(self, elapsed: float) -> Operation[float]:
        return succeed(elapsed)


def check_seconds(parameter: str, value: Any, *, least: float = 0) -> InvalidArgument | None:
    """A time is a finite number of seconds, `least` or more; `LONGEST` at most, so that every timer takes it."""
    return check_between(parameter, value, least, LONGEST, "number of seconds")


def check_between(parameter: str, value: Any, low: float, high: float, kind: str = "number") -> InvalidArgument | None:
    """A number is an int or a float between two others, and neither `True` nor `nan`."""
    if type(value) in (int, float) and low <= value <= high:
        return None
    return invalid_argument(parameter, value, f"a {kind} from {low:g} to {high:g}")
