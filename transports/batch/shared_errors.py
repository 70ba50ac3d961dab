"""Errors that every other operation of a batch would meet as well, and what to do about them.

Law: a function of the error alone. What may be about one response only, or may pass by itself, is none of these: a 404
about a response, a 403 that does not say of whom, a 429 that is about the pace, a reset, a timeout.
"""

from __future__ import annotations

from ...core.errors import ApiError, Error, NotSent

_ADDRESS = "is the base URL right, and does its server run?"

_NOT_THERE = {
    "dns": f"no server of that name is known: {_ADDRESS}",
    "refused": f"nothing answers at that address: {_ADDRESS}",
    "unreachable": f"no way leads to that address: {_ADDRESS}",
    "tls": "no secure connection to that address is possible: is the base URL right (https, http), and its certificate"
    " known to this machine?",
    "proxy": "the proxy does not let the request through: are its address and its password right (HTTPS_PROXY)?",
}

_QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_OF_THE_PROJECT = frozenset(
    {
        "AccessDenied",
        "PermissionDenied",
        "account_deactivated",
        "invalid_organization",
        "ip_not_authorized",
        "missing_scope",
        "organization_deactivated",
        "project_archived",
        "unsupported_country_region_territory",
    }
)


def hopeless(error: Error) -> str | None:
    """What to do about an `error` that every other operation would meet as well; None for any other error.

    For `stop_on`, which it can be given as it is, and for what is told to whoever started the batch. It is a sentence
    for a refused key (401, and a 403 of the whole project), a route that the server lacks (`no_such_route`), a quota
    that is used up, and an address where no server is (`NotSent`: dns, refused, unreachable, tls, proxy).

    >>> from puresponse import ApiError
    >>> hopeless(ApiError(status=401, message="Incorrect API key provided"))
    'the server refuses the key: set another, or that of the right project'
    >>> hopeless(ApiError(status=404, message="Response with id 'resp_1' not found.")) is None
    True
    """
    if isinstance(error, NotSent):
        return _NOT_THERE.get(error.kind)
    if not isinstance(error, ApiError):
        return None
    codes = {error.code, error.type}
    if error.status == 401:
        return "the server refuses the key: set another, or that of the right project"
    if codes & _QUOTA:
        return "the quota is used up: add credit or raise the limit of the project, then go on"
    if error.status == 403 and (codes & _OF_THE_PROJECT or "insufficient permissions" in (error.message or "")):
        return "the server refuses the whole project: look at the rights of the key and at where it may be used from"
    if error.no_such_route:
        return "this server cannot: it has no such route; is the base URL right (/v1)?"
    return None
