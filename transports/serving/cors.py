"""Which web pages may read what is served: CORS, as in the Fetch standard.

Law: a page of an origin that is not allowed is told nothing, by no header; its browser then lets it read nothing. No
cookie is at stake: a page sends its key by itself, in a header, which it must be allowed to send.
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec.structs import replace

from ...core.http import HttpResponse, Pairs
from .received import Received

ANY = "*"
"""Among the allowed origins: a page of any origin."""

KEPT_FOR = 600
"""Seconds for which a browser need not ask again whether it may send a request."""

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\s]+", re.IGNORECASE)

_READABLE = frozenset({"cache-control", "content-language", "content-length", "content-type", "expires", "pragma"})
"""What a page may read of every answer (CORS-safelisted response-header names)."""


def check_origins(origins: Collection[str]) -> frozenset[str]:
    """The origins as they are compared. Raises `ValueError` for one that is none."""
    for origin in origins:
        if origin not in (ANY, "null") and _ORIGIN.fullmatch(origin) is None:
            raise ValueError(
                f"cors: {origin!r} is no origin; it must be like http://localhost:5173, without a path, or {ANY}"
            )
    return frozenset(origin.lower() for origin in origins)


def preflight(received: Received, origins: Collection[str]) -> HttpResponse | None:
    """What is answered to a browser that asks whether it may send a request; None where that is not asked, or may not.

    It may send any method and any header: what the service has no use for it will say itself.
    """
    method = received.header("access-control-request-method")
    if received.method != "OPTIONS" or method is None or not _allows(received, origins):
        return None
    asked = received.header("access-control-request-headers")
    wanted = () if asked is None else (("access-control-allow-headers", asked),)
    headers = (("access-control-allow-methods", method), *wanted, ("access-control-max-age", str(KEPT_FOR)))
    return HttpResponse(status=204, headers=headers)


def with_cors(received: Received, answer: HttpResponse, origins: Collection[str]) -> HttpResponse:
    """The answer, with what lets a page of the allowed origins read it, all its headers included."""
    if not origins:
        return answer
    added: list[tuple[str, str]] = []
    if ANY not in origins:
        # What is kept for one origin is not for another (Fetch, section 3.3.5), nor for a request without one.
        added.append(("vary", "origin"))
    if _allows(received, origins):
        names = sorted({name.lower() for name, _ in answer.headers} - _READABLE)
        added.append(("access-control-allow-origin", ANY if ANY in origins else str(received.header("origin"))))
        if names and received.method != "OPTIONS":
            added.append(("access-control-expose-headers", ", ".join(names)))
    return replace(answer, headers=(*answer.headers, *_merged(answer.headers, added)))


def _allows(received: Received, origins: Collection[str]) -> bool:
    origin = received.header("origin")
    return origin is not None and (ANY in origins or origin in origins)


def _merged(headers: Pairs, added: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What of `added` an answer does not say itself, as one that a transport took from elsewhere may."""
    said = {name.lower() for name, _ in headers}
    return [(name, value) for name, value in added if name not in said or name == "vary"]
