"""What the server itself answers, in place of the transport: the words of it, in one place.

The words of the API are in `memory/validation/refusals.py`. Those of Azure are what its users report.
"""

from __future__ import annotations

from msgspec import json

from ...core.http import HttpResponse, Pairs
from ..memory.validation.refusals import RefusedRequest

JSON: Pairs = (("content-type", "application/json"),)


def refusal_response(refusal: RefusedRequest) -> HttpResponse:
    """A refusal as an answer."""
    return HttpResponse(status=refusal.status, headers=(*JSON, *refusal.headers), body=json.encode(refusal.envelope()))


def outside(method: str, path: str, base_url: str) -> HttpResponse:
    """Refuse a path that is not under the base URL, and say which that is."""
    return refusal_response(RefusedRequest(404, f"Invalid URL ({method} {path}). The base URL here is {base_url}"))


def misdirected(host: str) -> HttpResponse:
    """Refuse a request to a server of another name (RFC 9110, section 15.5.20), and say how to allow it."""
    message = (
        f"The header Host is {host!r}, which is not a name of this machine alone. A web page of anybody's could have "
        "sent this (DNS rebinding). To allow it: puresponse serve --allow-host NAME; in a program, hosts=(NAME,)."
    )
    return refusal_response(RefusedRequest(421, message, code="host_not_allowed"))


def wrong_method(method: str, path: str, allowed: str) -> HttpResponse:
    """Refuse a method that a path of the server's own does not have."""
    refusal = RefusedRequest(405, f"Not allowed to {method} on {path}.", headers=(("allow", allowed),))
    return refusal_response(refusal)


def azure_refuses_key() -> HttpResponse:
    """Refuse a request without the key, as Azure does."""
    message = (
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
        "active subscription and use a correct regional API endpoint for your resource."
    )
    return _azure(401, "401", message)


def azure_has_no_such_path() -> HttpResponse:
    """Refuse a path that is not of the API, or has no version where it needs one, as Azure does."""
    return _azure(404, "404", "Resource not found")


def azure_version_too_old(first: str) -> HttpResponse:
    """Refuse a version from before there was the API, as Azure does."""
    return _azure(400, "BadRequest", f"Azure OpenAI Responses API is enabled only for api-version {first} and later")


def _azure(status: int, code: str, message: str) -> HttpResponse:
    body = json.encode({"error": {"code": code, "message": message}})
    return HttpResponse(status=status, headers=JSON, body=body)
