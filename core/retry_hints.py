"""What an answer says about repeating the request: whether, after how long, and whether the server may have acted.

https://platform.openai.com/docs/guides/rate-limits and RFC 9110, section 10.2.3 (Retry-After).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from .http import Pairs, find_header

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_DATE_FORMS = (
    rf"\w{{3}}, (?P<day>\d\d) (?P<month>\w{{3}}) (?P<year>\d{{4}}) {_TIME} GMT",
    rf"\w+, (?P<day>\d\d)-(?P<month>\w{{3}})-(?P<year>\d\d) {_TIME} GMT",
    rf"\w{{3}} (?P<month>\w{{3}}) (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})",
)
"""IMF-fixdate, and the two obsolete forms that recipients must accept (RFC 9110, section 5.6.7)."""

_RETRIED_STATUSES = frozenset({408, 409, 429})
_USELESS_CODES = frozenset({"insufficient_quota"})


def retry_after(headers: Pairs) -> float | None:
    """The delay that the server asks for, in seconds; None where it asks for none, or not intelligibly.

    `retry-after-ms` overrides `Retry-After`, which is a number of seconds or a date. A date is counted from the
    answer's own `Date`, since the core has no clock. A delay below zero is none.
    """
    milliseconds = _number(find_header(headers, "retry-after-ms"))
    seconds = _seconds(headers) if milliseconds is None else milliseconds / 1000
    return None if seconds is None or seconds < 0 else seconds


def poll_after(headers: Pairs) -> float | None:
    """The delay before the next poll that the server asks for, in seconds; None where it asks for none.

    `openai-poll-after-ms` overrides what `retry_after` reads. The official client honours it for other resources than
    responses; whether the service sends it for these is unknown. A delay of zero, or below, is none.
    """
    milliseconds = _number(find_header(headers, "openai-poll-after-ms"))
    seconds = retry_after(headers) if milliseconds is None else milliseconds / 1000
    return None if seconds is None or seconds <= 0 else seconds


def _seconds(headers: Pairs) -> float | None:
    value = find_header(headers, "retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    until, since = _date(value), _date(find_header(headers, "date") or "")
    return None if until is None or since is None else until - since


def asks_to_retry(status: int, code: str | None, kind: str | None, headers: Pairs) -> bool:
    """True where repeating the request may help: `x-should-retry` decides, else the status.

    `code` and `kind` are the `code` and `type` of the error body, None where it has none.

    A quota that is used up (`insufficient_quota`) is not restored by asking again.
    """
    if code in _USELESS_CODES or kind in _USELESS_CODES:
        return False
    order = find_header(headers, "x-should-retry")
    if order in ("true", "false"):
        return order == "true"
    return status in _RETRIED_STATUSES or status >= 500


def leaves_open(status: int, headers: Pairs) -> bool:
    """True for an answer that leaves open whether the server acted: a 5xx, and 408, which a proxy may send.

    `x-should-retry: true` is the server's word that it did not.
    """
    return (status >= 500 or status == 408) and find_header(headers, "x-should-retry") != "true"


def _number(text: str | None) -> float | None:
    """A finite decimal number; not what else `float` would take (`nan`, `inf`, `1_0`)."""
    if text is None or re.fullmatch(r"\s*-?\d{1,15}(\.\d{0,15})?\s*", text, re.ASCII) is None:
        return None
    return float(text)


def _date(text: str) -> float | None:
    """The seconds since 1970 of an HTTP date (RFC 9110, section 5.6.7)."""
    for form in _DATE_FORMS:
        match = re.fullmatch(form, text.strip(), re.ASCII)
        if match is None or match["month"].lower() not in _MONTHS:
            continue
        year = int(match["year"])
        if year < 100:
            year += 2000
        month = _MONTHS.index(match["month"].lower()) + 1
        try:
            moment = datetime(
                year,
                month,
                int(match["day"]),
                int(match["hour"]),
                int(match["minute"]),
                int(match["second"]),
                tzinfo=UTC,
            )
        except ValueError:
            return None
        return moment.timestamp()
    return None
