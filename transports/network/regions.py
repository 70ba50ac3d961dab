"""The API's own hosts, by name: where data is kept and processed, and where certificates are asked for.

The names are those of the official client's `data_residency`; `mtls`, `mtls-us` and `mtls-eu` are the hosts that it
uses with a client certificate.
"""

from __future__ import annotations

from ...core.credentials import REDACTED
from .environment import DEFAULT_BASE_URL, refused

REGIONS = {
    "global": DEFAULT_BASE_URL,
    "us": "https://us.api.openai.com/v1",
    "eu": "https://eu.api.openai.com/v1",
    "ae": "https://ae.api.openai.com/v1",
    "au": "https://au.api.openai.com/v1",
    "in": "https://in.api.openai.com/v1",
    "jp": "https://jp.api.openai.com/v1",
    "mtls": "https://mtls.api.openai.com/v1",
    "mtls-us": "https://mtls-us.api.openai.com/v1",
    "mtls-eu": "https://mtls-eu.api.openai.com/v1",
}
"""Base URLs, by the name of the region. https://platform.openai.com/docs/guides/your-data"""


def region_url(region: object) -> str:
    """The base URL of a region. Raises `ValueError`, which names the regions, for one that there is not."""
    if isinstance(region, str) and region in REGIONS:
        return REGIONS[region]
    allowed = ", ".join(map(repr, REGIONS))
    raise refused("region", f"it is {shown_name(region)}; it must be one of {allowed}")


def shown_name(given: object) -> str:
    """What was given in place of a name; `[redacted]` where it is as long as keys are, which are pasted anywhere."""
    text = repr(given)
    return text if len(text) <= _LONGEST_NAME else REDACTED


_LONGEST_NAME = 20
"""Characters, with quotes."""
