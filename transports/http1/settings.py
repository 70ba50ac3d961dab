"""The settings that every network transport has: held to what they may be, and what of them a pickle keeps.

Law: what is, or may hold, a credential is hidden before it gets here, and what is kept for a pickle holds none.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Unpack

from ..network.credentials import without_credentials
from ..network.named_key import named
from ..network.timeouts import Limits, check_limits
from .incoming import Bounds
from .way import Given, Way, way_of


class Settings(NamedTuple):
    """What the arguments come to: where to, within which times, how much of an answer, and what a pickle `keeps`."""

    way: Way
    limits: Limits
    bounds: Bounds
    keeps: dict[str, Any]


def settings_of(*, asynchronous: bool = False, **given: Unpack[Given]) -> Settings:
    """Read the arguments, and of the environment what they leave open. Raises `ValueError`.

    `asynchronous` is whether a credential may be asked of a coroutine function.
    """
    timeout, connect_timeout = given["timeout"], given["connect_timeout"]
    max_head, max_body = given["max_head"], given["max_body"]
    check_limits(
        times={"timeout": timeout, "connect_timeout": connect_timeout},
        optional={"total": given["total"], "max_idle": given["max_idle"]},
        counts={"max_connections": given["max_connections"], "max_head": max_head, "max_body": max_body},
    )
    way = way_of(given, asynchronous=asynchronous)
    return Settings(way, Limits(connect_timeout, timeout), Bounds(max_head, max_body), _kept(given))


def _kept(given: Given) -> dict[str, Any]:
    """The arguments that hold no credential, for another process to make the transport anew of."""
    kept: dict[str, Any] = {**given}
    del kept["client_key_password"]
    key, proxy = given["api_key"], given["proxy"]
    kept["api_key"] = "" if isinstance(key, str) and not key else named(key)
    kept["azure_ad_token"] = named(given["azure_ad_token"])
    kept["proxy"] = None if proxy is None or "@" in proxy else str.__str__(proxy)
    for name in ("base_url", "azure_endpoint"):
        kept[name] = None if kept[name] is None else str.__str__(kept[name])
    for name in ("default_headers", "default_query"):
        kept[name] = without_credentials(kept[name])
    return kept
