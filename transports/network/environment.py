"""What is read from the environment, when a transport is made and at no other time: defaults and proxies.

An empty variable counts as absent. An argument that is given overrides its variable. What cannot be used is refused by
the name of what it was: of the argument, or of the variable.
"""

from __future__ import annotations

import os

from msgspec import Struct

from ...core.errors import InvalidArgument


class Variable(str):
    """The name of an environment variable, where a name may also be that of an argument."""

    __slots__ = ()


API_KEY = Variable("OPENAI_API_KEY")
ORGANIZATION = Variable("OPENAI_ORG_ID")
PROJECT = Variable("OPENAI_PROJECT_ID")
BASE_URL = Variable("OPENAI_BASE_URL")

AZURE_ENDPOINT = Variable("AZURE_OPENAI_ENDPOINT")
AZURE_API_KEY = Variable("AZURE_OPENAI_API_KEY")
AZURE_AD_TOKEN = Variable("AZURE_OPENAI_AD_TOKEN")
AZURE_API_VERSION = Variable("OPENAI_API_VERSION")

CLIENT_CERTIFICATE = Variable("OPENAI_MTLS_CERTIFICATE_CHAIN")
CLIENT_KEY = Variable("OPENAI_MTLS_PRIVATE_KEY")
CLIENT_KEY_PASSWORD = Variable("OPENAI_MTLS_PRIVATE_KEY_PASSWORD")
CA_FILE = Variable("OPENAI_MTLS_CA_BUNDLE")

DEFAULT_BASE_URL = "https://api.openai.com/v1"
"""What requests are relative to where neither an argument nor a variable says it."""


class Setting(Struct, frozen=True):
    """A text, and the name of the argument or the variable that has it."""

    name: str
    text: str

    def __repr__(self) -> str:
        return f"Setting({str.__str__(self.name)!r}, …)"  # the text may be a key


def given_or(given: str | None, variable: str) -> str | None:
    """What is given, or else what the environment variable says; None where that is absent or empty."""
    return os.environ.get(variable) or None if given is None else given


def setting(parameter: str, given: str | None, *variables: Variable) -> Setting | None:
    """What is given as `parameter`, be it empty, or else what the first of the variables says that is there."""
    if given is not None:
        return Setting(parameter, given)
    for variable in variables:
        text = os.environ.get(variable)
        if text:
            return Setting(variable, text)
    return None


def refused(name: str, reason: str) -> ValueError:
    """The error for an argument, or for a `Variable`, that cannot be used. `reason` says what is allowed."""
    if isinstance(name, Variable):
        return ValueError(f"invalid environment variable {str.__str__(name)!r}: {reason}")
    return ValueError(str(InvalidArgument(name, reason)))


def proxy_for(scheme: str, host: str, port: int) -> str | None:
    """The URL of the proxy that the environment wants used for that origin; None for a direct connection."""
    found = proxy_setting(scheme, host, port)
    return None if found is None else found.text


def proxy_setting(scheme: str, host: str, port: int) -> Setting | None:
    """The proxy that the environment wants used for that origin, by the name of what says it.

    Read are `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, and what macOS and Windows hold
    in their settings: exactly as `urllib.request` does.
    """
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    for kind in (scheme, "all"):
        if proxies.get(kind):
            if proxy_bypass(f"{host}:{port}"):
                return None
            return Setting(_proxy_variable(kind, proxies[kind]), proxies[kind])
    return None


def _proxy_variable(kind: str, text: str) -> str:
    lower = "_".join((kind, "proxy"))
    for name in (lower, lower.upper()):
        if os.environ.get(name) == text:
            return Variable(name)
    return "proxy"  # of the system's settings
