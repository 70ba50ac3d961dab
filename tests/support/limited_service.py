"""Services that take so many requests a second, each counting in its own way and hinting in its own way."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import Literal, TypeAlias

from puresponse.core import HttpRequest, HttpResponse
from puresponse.core.http import Pairs
from puresponse.transports import json_response

Hints: TypeAlias = Literal["none", "seconds", "milliseconds", "all"]
"""What a 429 says: nothing, `Retry-After` in whole seconds, `retry-after-ms`; or that, and all `x-ratelimit-*`."""

ALMOST = 1e-9


class Bucket:
    """So many requests a second, of which some are saved up: as many, or `saved`."""

    def __init__(self, rate: float, saved: float | None = None) -> None:
        self.rate = rate
        self.limit = rate if saved is None else saved
        self.remaining = self.limit
        self.at: float | None = None

    def ask(self, now: float) -> float | None:
        """Take one where it is there; else the seconds after which there is."""
        passed = 0.0 if self.at is None else now - self.at
        self.at = now
        self.remaining = min(self.limit, self.remaining + passed * self.rate)
        if self.remaining < 1 - ALMOST:
            return (1 - self.remaining) / self.rate
        self.remaining -= 1
        return None

    def reset(self, now: float) -> float:
        """The seconds after which all is there."""
        return (self.limit - self.remaining) / self.rate


class Window:
    """So many requests in each second of the clock."""

    def __init__(self, rate: float) -> None:
        self.limit = rate
        self.remaining = rate
        self.second: int | None = None

    def ask(self, now: float) -> float | None:
        """Take one where it is there; else the seconds after which there is."""
        if self.second != int(now + ALMOST):
            self.second, self.remaining = int(now + ALMOST), self.limit
        if self.remaining < 1:
            return self.reset(now)
        self.remaining -= 1
        return None

    def reset(self, now: float) -> float:
        """The seconds after which all is there."""
        return int(now + ALMOST) + 1 - now


class Sliding:
    """So many requests in any second."""

    def __init__(self, rate: float) -> None:
        self.limit = rate
        self.taken: list[float] = []

    @property
    def remaining(self) -> float:
        return self.limit - len(self.taken)

    def ask(self, now: float) -> float | None:
        """Take one where it is there; else the seconds after which there is."""
        self.taken = [one for one in self.taken if one > now - 1 + ALMOST]
        if self.remaining < 1:
            return self.taken[0] + 1 - now
        self.taken.append(now)
        return None

    def reset(self, now: float) -> float:
        """The seconds after which all is there."""
        return self.taken[-1] + 1 - now


class LimitedService:
    """Deletes what it is asked to, as often as its limit allows; counts what it refused."""

    def __init__(self, limit: Bucket | Window | Sliding, hints: Hints, now: Callable[[], float]) -> None:
        self.limit = limit
        self.hints = hints
        self.now = now
        self.refused = 0
        self.asked: list[float] = []
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._lock:
            now = self.now()
            self.asked.append(now)
            seconds = self.limit.ask(now)
            said = self._allowances(now) if self.hints == "all" else ()
            if seconds is None:
                return json_response({"id": request.path[11:], "object": "response", "deleted": True}, headers=said)
            self.refused += 1
            return json_response(
                {"error": {"code": "rate_limit_exceeded", "message": "Too fast."}},
                status=429,
                headers=(*self._delay(seconds), *said),
            )

    def _delay(self, seconds: float) -> Pairs:
        if self.hints == "none":
            return ()
        if self.hints == "seconds":
            return (("retry-after", str(ceil(seconds))),)
        return (("retry-after-ms", str(ceil(seconds * 1000))),)

    def _allowances(self, now: float) -> Pairs:
        return (
            ("x-ratelimit-limit-requests", f"{self.limit.limit:.0f}"),
            ("x-ratelimit-remaining-requests", f"{int(self.limit.remaining + ALMOST)}"),
            ("x-ratelimit-reset-requests", f"{ceil(self.limit.reset(now) * 1000)}ms"),
        )
