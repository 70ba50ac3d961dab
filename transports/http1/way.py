"""Where a transport sends to, as whom, and by way of whom: what its settings and the environment say together."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import TypedDict

from msgspec import Struct

from ..network.asked import AsyncKey
from ..network.credentials import Identity, identity_of, user_agent
from ..network.environment import Setting, proxy_setting, refused
from ..network.secret import hidden
from ..network.services import service_of
from ..network.tls import Path, tls_settings
from .addresses import Origin, Proxy, origin_of, proxy_of
from .request_bytes import OutgoingBytes


class Way(Struct, frozen=True):
    """All that is known before anything is sent. `tls` is None where none is spoken."""

    identity: Identity
    origin: Origin
    proxy: Proxy | None
    tls: ssl.SSLContext | None
    outgoing: OutgoingBytes

    @property
    def base_url(self) -> str:
        """What paths are relative to, without a slash at its end."""
        return self.origin.url + self.origin.path


class Given(TypedDict):
    """The arguments of a transport's constructor, which says what they mean."""

    api_key: AsyncKey | None
    organization: str | None
    project: str | None
    base_url: str | None
    region: str | None
    azure_endpoint: str | None
    azure_api_version: str | None
    azure_ad_token: AsyncKey | None
    timeout: float
    connect_timeout: float
    max_connections: int
    total: float | None
    max_head: int
    max_body: int
    max_idle: float | None
    proxy: str | None
    ca_file: Path | None
    client_certificate: Path | None
    client_key: Path | None
    client_key_password: str | None
    system_trust: bool
    default_headers: Mapping[str, str]
    default_query: Mapping[str, str]


def way_of(given: Given, *, asynchronous: bool = False) -> Way:
    """Read the settings, and of the environment what they leave open. Raises `ValueError`.

    Texts that are, or may hold, credentials are hidden by then. `asynchronous` is whether a credential may be asked of
    a coroutine function.
    """
    files = tls_settings(
        given["ca_file"],
        given["client_certificate"],
        given["client_key"],
        given["client_key_password"],
        system_trust=given["system_trust"],
    )
    service = service_of(
        base_url=given["base_url"],
        region=given["region"],
        azure_endpoint=given["azure_endpoint"],
        azure_api_version=given["azure_api_version"],
        has_key=given["api_key"] is not None,
        has_azure_token=given["azure_ad_token"] is not None,
        has_certificate=files.client_certificate is not None,
    )
    if service.azure_api_version is not None:
        files = files.without_variables
    identity = identity_of(
        api_key=given["api_key"],
        organization=given["organization"],
        project=given["project"],
        azure_api_version=service.azure_api_version,
        azure_ad_token=given["azure_ad_token"],
        default_headers=given["default_headers"],
        default_query=given["default_query"],
        agent=user_agent(),
    )
    if identity.asked is not None and identity.asked.is_async and not asynchronous:
        reason = "it is a coroutine function, and nothing awaits one here; it must be a plain function"
        raise refused(identity.asked.parameter, reason)
    origin = origin_of(hidden(service.base_url.text), service.base_url.name)
    found = (
        proxy_setting(origin.scheme, origin.host, origin.port)
        if given["proxy"] is None
        else Setting("proxy", given["proxy"])
    )
    through = None if found is None or not found.text else proxy_of(hidden(found.text), found.name)
    identity = identity.with_secrets(() if through is None else through.secrets)
    return Way(
        identity,
        origin,
        through,
        files.context() if origin.scheme == "https" or files.is_any else None,
        _outgoing(identity, origin, through),
    )


def _outgoing(identity: Identity, origin: Origin, proxy: Proxy | None) -> OutgoingBytes:
    prefix, headers = origin.path, identity.headers
    if proxy is not None and not proxy.is_socks and origin.scheme == "http":
        # To a proxy a request of plain HTTP says where it goes; all else goes through a tunnel.
        prefix = origin.url + origin.path
        if proxy.credentials is not None:
            headers = (*headers, ("Proxy-Authorization", proxy.credentials.header("Basic ")))
    return OutgoingBytes(prefix, origin.server, headers, identity.shown_query, identity.hidden_query)
