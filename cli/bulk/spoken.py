"""Numbers, times and words as people read them."""

from __future__ import annotations

_LONGEST = 100 * 3600 - 1
"""Seconds: a longer time is as good as none."""


def spoken(word: str) -> str:
    """The word of an outcome, or the kind of an error, for people to read."""
    return word.replace("_", " ")


def number(count: int) -> str:
    """A number with its thousands apart."""
    return f"{count:,}"


def duration(seconds: float) -> str:
    """A time that is told while it passes: minutes and seconds, or hours, minutes and seconds, up to a hundred hours.

    >>> duration(75.2), duration(36000), duration(1e12)
    ('1:15', '10:00:00', '99:59:59')
    """
    whole = round(min(seconds, _LONGEST))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def exact(seconds: float) -> str:
    """A time that was measured, in three digits or so.

    >>> exact(0.0214), exact(1.23), exact(75.2)
    ('21 ms', '1.2 s', '1:15')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else duration(seconds)
