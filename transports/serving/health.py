"""`/health`: whether the server is up, for whoever waits for it or watches over it. It needs no key."""

from __future__ import annotations

from ...core.http import HttpResponse
from .answers import JSON, wrong_method
from .received import Received

PATH = "/health"


def health(received: Received) -> HttpResponse | None:
    """What is answered there; None for a request to elsewhere."""
    if received.path != PATH:
        return None
    if received.method == "OPTIONS":
        return HttpResponse(status=204, headers=(("allow", "GET"),))
    if received.method != "GET":
        return wrong_method(received.method, PATH, "GET")
    return HttpResponse(status=200, headers=(*JSON, ("cache-control", "no-store")), body=b'{"status":"ok"}')
