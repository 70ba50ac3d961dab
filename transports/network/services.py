"""Which service a transport asks: the API, one of its regions, Azure's, or any server that speaks it.

Law: one setting says where. A base URL, a region and an endpoint of Azure exclude each other; an argument goes before
every variable. Azure is asked where an argument is about Azure, or where its variables alone say where, without a key
or a base URL of the API beside them: what is set up for the API today is not sent elsewhere because of a variable.
"""

from __future__ import annotations

import os
import re

from msgspec import Struct

from .environment import (
    API_KEY,
    AZURE_API_VERSION,
    AZURE_ENDPOINT,
    BASE_URL,
    DEFAULT_BASE_URL,
    Setting,
    refused,
    setting,
)
from .regions import REGIONS, region_url, shown_name
from .secret import Hidden

_OF_ALL_VERSIONS = frozenset({"v1", "preview", "latest"})
_OF_A_DAY = re.compile(r"\d{4}-\d\d-\d\d(-[a-z0-9.]+)?")

DEFAULT_AZURE_API_VERSION = "v1"
"""Azure's own default. https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle"""


class Service(Struct, frozen=True):
    """Where requests go, and the `api-version` that they say there; None where the service is not Azure's."""

    base_url: Setting
    azure_api_version: str | None


def service_of(
    *,
    base_url: str | None,
    region: str | None = None,
    azure_endpoint: str | None = None,
    azure_api_version: str | None = None,
    has_key: bool = False,
    has_azure_token: bool = False,
    has_certificate: bool = False,
) -> Service:
    """Find out which service is meant; what is None is read from the environment. Raises `ValueError`.

    Args:
        base_url: The base URL of any server.
        region: The name of a region of the API.
        azure_endpoint: The endpoint of a resource at Azure, `https://{resource}.openai.azure.com`.
        azure_api_version: What Azure calls `api-version`.
        has_key: Whether a key was given, be it an empty one, so that it is no variable's to say whose it is.
        has_azure_token: Whether a token of Entra was given.
        has_certificate: Whether a client certificate is shown: the API has hosts of its own that ask for one.
    """
    _check_alone(base_url=base_url, region=region, azure_endpoint=azure_endpoint)
    if region is not None and (azure_api_version is not None or has_azure_token):
        raise refused("region", "it is a region of the API, and what is given beside it is for Azure; give one of them")
    about_azure = azure_endpoint is not None or azure_api_version is not None or has_azure_token
    says_where = base_url is not None or region is not None
    unsaid = not says_where and not has_key and not os.environ.get(API_KEY) and not os.environ.get(BASE_URL)
    if about_azure or (unsaid and os.environ.get(AZURE_ENDPOINT)):
        return _azure(base_url, azure_endpoint, azure_api_version)
    if region is not None:
        return Service(Setting("region", region_url(region)), None)
    default = REGIONS["mtls"] if has_certificate else DEFAULT_BASE_URL
    return Service(setting("base_url", base_url, BASE_URL) or Setting("base_url", default), None)


def _check_alone(**where: str | None) -> None:
    given = [name for name, value in where.items() if value is not None]
    if len(given) > 1:
        raise refused(given[1], f"{given[0]} is given as well; each of them says where the service is: give one")


def _azure(base_url: str | None, endpoint: str | None, api_version: str | None) -> Service:
    found = setting("azure_api_version", api_version, AZURE_API_VERSION)
    version = Setting("azure_api_version", DEFAULT_AZURE_API_VERSION) if found is None else found
    if not version.text:
        raise refused(version.name, "it is empty; Azure's own default is 'v1'")
    if base_url is not None:
        return Service(Setting("base_url", base_url), version.text)
    at = setting("azure_endpoint", endpoint, AZURE_ENDPOINT)
    if at is not None:
        return Service(Setting(at.name, Hidden(_azure_url(at, version))), version.text)
    elsewhere = setting("base_url", None, BASE_URL)
    if elsewhere is None:
        raise refused(
            "azure_endpoint",
            f"it is missing, and so is {str.__str__(AZURE_ENDPOINT)}; it must be https://{{resource}}.openai.azure.com",
        )
    return Service(elsewhere, version.text)


def _azure_url(endpoint: Setting, version: Setting) -> str:
    """The base URL at an endpoint: that of all versions has the first version's name in its path."""
    text = str.__str__(endpoint.text).rstrip("/")
    if text.endswith(("/openai", "/openai/v1")):
        raise refused(endpoint.name, "its path must not end in /openai, which is added; a whole address is a base_url")
    if version.text in _OF_ALL_VERSIONS:
        return f"{text}/openai/v1"
    if _OF_A_DAY.fullmatch(version.text) is None:
        reason = f"it is {shown_name(version.text)}; it must be 'v1', 'preview', or a day such as '2025-04-01-preview'"
        raise refused(version.name, reason)
    return f"{text}/openai"
