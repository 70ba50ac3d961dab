"""What is read from the environment, when a transport is made and at no other time: defaults and proxies.

An empty variable counts as absent. An argument that is given overrides its variable.
"""

from __future__ import annotations

import os

API_KEY = "OPENAI_API_KEY"
ORGANIZATION = "OPENAI_ORG_ID"
PROJECT = "OPENAI_PROJECT_ID"
BASE_URL = "OPENAI_BASE_URL"

DEFAULT_BASE_URL = "https://api.openai.com/v1"
"""What requests are relative to where neither an argument nor a variable says it."""


def given_or(given: str | None, variable: str) -> str | None:
    """What is given, or else what the environment variable says; None where that is absent or empty."""
    return os.environ.get(variable) or None if given is None else given


def proxy_for(scheme: str, host: str, port: int) -> str | None:
    """The URL of the proxy that the environment wants used for that origin; None for a direct connection.

    Read are `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, and what macOS and Windows hold
    in their settings: exactly as `urllib.request` does.
    """
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(f"{host}:{port}"):
        return None
    return proxy
