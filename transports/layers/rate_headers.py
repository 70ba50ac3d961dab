"""What an answer says about how much may still be asked: `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`.

Law: whatever a header holds is a value or nothing; nothing raises. Times are in seconds.
https://platform.openai.com/docs/guides/rate-limits
"""

from __future__ import annotations

import re

from msgspec import Struct

from ...core.http import Pairs

_PREFIX = "x-ratelimit-"
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d{1,12}(?:\.\d{0,9})?)(ms|s|m|h|d)", re.ASCII)
_DURATION = re.compile(rf"(?:{_PART.pattern})+", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{0,9})?", re.ASCII)


class Allowance(Struct, frozen=True):
    """How much `remaining` there is of something, of at most `limit`, and after how long it is all there (`reset`).

    None is for what the answer does not say, or not intelligibly.
    """

    remaining: float
    limit: float | None = None
    reset: float | None = None


def allowances(headers: Pairs) -> tuple[Allowance | None, Allowance | None]:
    """Those of requests and of tokens; None where the answer does not say how much remains.

    >>> allowances((("x-ratelimit-remaining-requests", "59"), ("x-ratelimit-reset-requests", "1m0.5s")))
    (Allowance(remaining=59.0, limit=None, reset=60.5), None)
    """
    found: dict[str, str] = {}
    for name, value in headers:
        if len(name) > 21 and (lowered := name.lower()).startswith(_PREFIX):
            found.setdefault(lowered[len(_PREFIX) :], value)
    return (_allowance(found, "requests"), _allowance(found, "tokens")) if found else (None, None)


def duration(text: str | None) -> float | None:
    """The seconds of a text such as `6m0s`, `12ms` or, as others write it, `0.5`; None for anything else."""
    if text is None:
        return None
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    if not _DURATION.fullmatch(text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def _allowance(found: dict[str, str], of: str) -> Allowance | None:
    remaining = _number(found.get(f"remaining-{of}"))
    if remaining is None:
        return None
    return Allowance(remaining, _number(found.get(f"limit-{of}")), duration(found.get(f"reset-{of}")))


def _number(text: str | None) -> float | None:
    return None if text is None or not _NUMBER.fullmatch(text.strip()) else float(text)
