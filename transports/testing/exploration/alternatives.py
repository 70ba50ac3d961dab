"""Everything that may become of a request: the faults of a plan, one for each row of the table of `retrying`.

Law: what that table calls closed never acted; what it leaves open, did and did not.
"""

from __future__ import annotations

from typing import TypeAlias

from ...memory.faults import (
    Delay,
    Fault,
    QuotaUsedUp,
    RateLimited,
    Refused,
    Reset,
    Rule,
    ServerError,
    Truncated,
    Unsent,
)
from ...memory.service import LateConsistency

AnyFault: TypeAlias = Fault | Rule
"""A fault that any request may meet, or one that some may, as the rule says (its counts and chances aside)."""

_AGAIN = (("x-should-retry", "true"),)
_NOT_AGAIN = (("x-should-retry", "false"),)

CLOSED: tuple[AnyFault, ...] = (
    Unsent(),
    RateLimited(),
    QuotaUsedUp(),
    Refused(409, "The resource is locked.", code="conflict"),
    Refused(400, "A refusal that is to be repeated.", headers=_AGAIN),
    Refused(409, "A conflict that is not to be repeated.", headers=_NOT_AGAIN),
    Refused(503, "A failure before anything was done.", type="server_error", headers=_AGAIN),
    Refused(403, "A refusal."),
)
"""Nothing was done, and the answer says so."""

OPEN: tuple[AnyFault, ...] = (
    Reset(),
    Reset(acted=True),
    *(ServerError(status, acted) for status in (500, 502, 503, 504, 408) for acted in (False, True)),
    *(ServerError(500, acted, _NOT_AGAIN) for acted in (False, True)),
    Truncated(),
)
"""The answer leaves open what was done."""

LATE: tuple[AnyFault, ...] = (
    Delay(20.0),
    Rule(LateConsistency(5.0, "created"), method="POST", path="/responses"),
    Rule(LateConsistency(5.0, "ended"), method="POST", path="/responses"),
)
"""The answer takes its time, or what was made cannot be found for a while."""

EVERY_FAULT: tuple[AnyFault, ...] = CLOSED + OPEN + LATE
"""All that may become of a request. Besides, bodies are cut where they are read, processes die, and waits differ."""
