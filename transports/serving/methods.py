"""What a path can be asked (RFC 9110): `OPTIONS` tells the methods (section 9.3.7), `HEAD` is `GET` without the body.

Law: `OPTIONS` changes nothing and counts as no request of the service: the pure service is asked, and forgotten.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from ...core.http import HttpRequest, HttpResponse
from ..contract import AnyTransport
from ..memory.service import State, respond
from ..memory.transport import MemoryTransport


def options(path: str, transport: AnyTransport) -> HttpResponse:
    """Which methods a path of the API has; a 404 for one that is not of the API."""
    state = transport.state if isinstance(transport, MemoryTransport) else State()
    _, answer = respond(state, HttpRequest("OPTIONS", path), 0.0)
    allowed = answer.header("allow")
    return answer if allowed is None else HttpResponse(status=204, headers=(("allow", allowed),))


def with_all_methods(answer: HttpResponse) -> HttpResponse:
    """The answer, with what every path has too in its `Allow`: `HEAD` where there is `GET`, and `OPTIONS`."""
    if answer.header("allow") is None:
        return answer
    headers = [(name, _all(value) if name.lower() == "allow" else value) for name, value in answer.headers]
    return replace(answer, headers=tuple(headers))


def _all(allowed: str) -> str:
    methods = [method for method in re.split(r"[,\s]+", allowed) if method]
    if "GET" in methods and "HEAD" not in methods:
        methods.insert(methods.index("GET") + 1, "HEAD")
    return ", ".join(methods if "OPTIONS" in methods else [*methods, "OPTIONS"])
