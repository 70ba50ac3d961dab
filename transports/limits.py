"""The times that a transport takes as limits."""

from __future__ import annotations

from ..core.errors import InvalidArgument

_LONGEST_TIME = 2_000_000.0
"""Seconds. Some systems count the milliseconds of a timeout in 31 bits."""


def check_time(parameter: str, seconds: object) -> None:
    """Raise `ValueError` for what is no number of seconds greater than 0, or is more than any system can count."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_TIME:
        reason = f"it is {seconds!r}; it must be a number of seconds greater than 0, up to {_LONGEST_TIME:.0f}"
        raise ValueError(str(InvalidArgument(parameter, reason)))
