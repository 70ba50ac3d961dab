"""Which requests a claim is about, as a value.

Law: a method, a path and a function are all to hold, as for the rules of a fault plan.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from msgspec import Struct

from ....core.http import HttpRequest


class RequestPattern(Struct, frozen=True):
    """The requests of a `method` (None: any), to a path like `path`, for which `where` holds."""

    method: str | None = None
    path: str = "*"
    where: Callable[[HttpRequest], bool] | None = None

    def matches(self, request: HttpRequest) -> bool:
        """Whether a request is one of them."""
        if self.method is not None and request.method != self.method:
            return False
        if self.path != "*" and not _is_like(request.path, self.path):
            return False
        return self.where is None or self.where(request)

    def __str__(self) -> str:
        of = "" if self.where is None else f" ({getattr(self.where, '__name__', 'some').strip('_').replace('_', ' ')})"
        return f"{self.method or 'any request'} {self.path}{of}"


_is_like = lru_cache(1024)(fnmatchcase)  # the same few paths again and again


def pattern_of(who: str, method: Any, path: Any, where: Callable[[HttpRequest], bool] | None) -> RequestPattern:
    """The pattern of a caller's arguments. Raises `TypeError` for what is none."""
    predicate: Any = where
    if not (method is None or isinstance(method, str)):
        raise TypeError(f"{who}: method must be a method such as 'DELETE', or None for any, got {method!r}")
    if not isinstance(path, str):
        raise TypeError(f"{who}: path must be a pattern such as '/responses/*/cancel', got {path!r}")
    if not (predicate is None or callable(predicate)):
        raise TypeError(f"{who}: where must be a function of a request, or None, got {predicate!r}")
    return RequestPattern(method, path, where)
