"""No web page is answered by a server that holds a key: neither one of another origin, nor by a name of its own.

Law: what a browser sends for a page says so, by `Origin` or by `Sec-Fetch-Site`, or is sent to a name that is not of
this machine alone (DNS rebinding, `host_check`). Programs say neither.
"""

from __future__ import annotations

from ...core.http import HttpResponse
from ..memory.validation.refusals import RefusedRequest
from .answers import refusal_response
from .host_check import refuse_host
from .received import Received


def refuse_web_pages(received: Received) -> HttpResponse | None:
    """The refusal of a request that a web page may have sent; None for any other. An `Early` of a front."""
    if refuse_host(received, ()) is not None:
        message = (
            f"The header Host is {received.header('host')!r}, which is not a name of this machine alone. A web page of "
            "anybody's could have sent this (DNS rebinding). Ask for localhost or 127.0.0.1."
        )
        return refusal_response(RefusedRequest(421, message, code="host_not_allowed"))
    origin = received.header("origin")
    if origin is not None or received.header("sec-fetch-site") not in (None, "none"):
        page = "a web page" if origin is None else f"a web page, of {origin!r}"
        message = f"This was sent by {page}. What is passed on here is passed on with a key, and for programs alone."
        return refusal_response(RefusedRequest(403, message, code="origin_not_allowed"))
    return None
