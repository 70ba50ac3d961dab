"""How far a batch is: a value, made anew after each outcome.

Law: what is told is counted, but for `rate` and `remaining`, which are of the last `_OF_LATE` seconds. The time is
that of the clock that the batch has, so that it is the same in every run by a `VirtualClock`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from returns.result import Result

from ...core.errors import ApiError, Error, Interrupted, NotSent
from ...core.results import is_failure

_OF_LATE = 10.0
"""Seconds in which the outcomes are counted that make the rate."""

_MARKS = 20
"""How many times in these seconds the count is noted: the rate is of 9.5 to 10 of them."""

_MOST_KINDS = 100
"""Kinds of failures that are counted apart: a server may make up codes without end."""

_OTHER = "other"

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class UsageSum(Struct, frozen=True, kw_only=True):
    """The tokens that `responses` took together: those that said so; a detail that one does not tell counts as 0.

    `input_tokens`, of which `cached_tokens` were cached; `output_tokens`, of which `reasoning_tokens` were for
    reasoning; and `total_tokens`, as the service has it.
    """

    responses: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0


NO_USAGE = UsageSum()


class Progress(Struct, frozen=True, kw_only=True):
    """How far a batch is, as its clock has it.

    - `done`, `failed`: how many have ended, with a value and with an error.
    - `total`: how many there are, None where nobody knows. `skipped` of them were not begun, for the ledger has them.
    - `in_flight`: how many have begun and have not ended; those that wait are among them.
    - `elapsed`: seconds since the first was asked for.
    - `rate`: outcomes a second in the last ten seconds, or since the beginning, where that is less; 0.0 where no time
      has passed.
    - `remaining`: seconds that the others take at this rate; None without a total, and while there is no rate.
    - `usage`: the tokens of all values that have a usage, summed: responses, audits, compacted contexts.
    - `failures`: how many failed with each kind of error: its name, and its status and code, or its kind, such as
      `ApiError 429 rate_limit_exceeded`, `NotSent dns` or `WaitExpired`. Of kinds beyond a hundred, `other`.
    """

    done: int = 0
    failed: int = 0
    total: int | None = None
    in_flight: int = 0
    elapsed: float = 0.0
    rate: float = 0.0
    remaining: float | None = None
    usage: UsageSum = NO_USAGE
    failures: Mapping[str, int] = {}
    skipped: int = 0


class Tally:
    """Counts outcomes, and makes a `Progress` of what it has counted."""

    def __init__(self, now: Callable[[], float], total: int | None) -> None:
        self._now = now
        self._total = total
        self._done = 0
        self.failed = 0
        self.skipped = 0
        self._usage = NO_USAGE
        self._failures: Mapping[str, int] = {}
        self._began: float | None = None
        self._marks = deque[tuple[float, int]]()
        self._next_mark = 0.0

    def begin(self) -> None:
        """The time runs from the first call on."""
        if self._began is None:
            self._began = self._now()
            self._mark(self._began, 0)

    def count(self, result: Result[Any, Error]) -> None:
        """Count one that has ended."""
        if is_failure(result):
            self.failed += 1
            kind = error_kind(result.failure())
            counts = dict(self._failures)
            if kind not in counts and len(counts) >= _MOST_KINDS:
                kind = _OTHER
            counts[kind] = counts.get(kind, 0) + 1
            self._failures = counts  # and never touched again: a value that was told stays as it is
            return
        self._done += 1
        value: Any = result.unwrap()
        if _may_have_usage(value.__class__):
            self._usage = _with_usage(self._usage, value)

    def progress(self, in_flight: int) -> Progress:
        """How far it is now, with so many under way."""
        now, ended = self._now(), self._done + self.failed
        began = now if self._began is None else self._began
        if now >= self._next_mark:
            self._mark(now, ended)
        since, before = self._marks[0] if self._marks else (now, ended)
        rate = (ended - before) / (now - since) if now > since else 0.0
        total, remaining = self._total, None
        if total is not None and rate > 0.0:
            remaining = max(0, total - self.skipped - ended) / rate
        return Progress(
            done=self._done,
            failed=self.failed,
            total=total,
            in_flight=in_flight,
            elapsed=now - began,
            rate=rate,
            remaining=remaining,
            usage=self._usage,
            failures=self._failures,
            skipped=self.skipped,
        )

    def _mark(self, now: float, ended: int) -> None:
        """Note how many had ended by now, and forget what is not of late: all but the last of those before."""
        marks = self._marks
        marks.append((now, ended))
        self._next_mark = now + _OF_LATE / _MARKS
        while len(marks) > 1 and marks[1][0] <= now - _OF_LATE:
            marks.popleft()


def error_kind(error: Error) -> str:
    """What errors are counted by: what they are, and which of these; never what a server says in its own words.

    >>> from puresponse.core import ApiError, NotSent, WaitExpired
    >>> error_kind(ApiError(status=404)), error_kind(NotSent("dns", "no such host"))
    ('ApiError 404', 'NotSent dns')
    """
    name = type(error).__name__
    if isinstance(error, ApiError):
        code = error.code or error.type
        told = f" {code}" if code is not None and _CODE.fullmatch(code) else ""
        return f"{name} {error.status}{told}"
    return f"{name} {error.kind}" if isinstance(error, NotSent | Interrupted) else name


_USAGES: dict[type[Any], bool] = {}
_MOST_TYPES = 1_000


def _may_have_usage(kind: type[Any]) -> bool:
    """Whether values of this type have a usage, by themselves or by their response; asked once for each type."""
    known = _USAGES.get(kind)
    if known is None:
        known = hasattr(kind, "usage") or hasattr(kind, "response")
        if len(_USAGES) < _MOST_TYPES:
            _USAGES[kind] = known
    return known


def _with_usage(usage: UsageSum, value: Any) -> UsageSum:
    from ...codecs.types.usage import Usage  # is loaded already, where a value has one

    found = getattr(getattr(value, "response", value), "usage", None)
    if not isinstance(found, Usage):
        return usage
    cached = getattr(found.input_tokens_details, "cached_tokens", 0)
    reasoning = getattr(found.output_tokens_details, "reasoning_tokens", 0)
    return UsageSum(
        responses=usage.responses + 1,
        input_tokens=usage.input_tokens + found.input_tokens,
        output_tokens=usage.output_tokens + found.output_tokens,
        total_tokens=usage.total_tokens + found.total_tokens,
        cached_tokens=usage.cached_tokens + (cached if isinstance(cached, int) else 0),
        reasoning_tokens=usage.reasoning_tokens + (reasoning if isinstance(reasoning, int) else 0),
    )
