"""The contract suite over `AiohttpTransport`: called, and opening bodies."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from puresponse.transports.aiohttp.transport import AiohttpTransport
from puresponse.transports.contract import AsyncStreamingTransport, AsyncTransport
from puresponse.transports.testing.contract import (
    AsyncNetworkTransportContract,
    AsyncStreamingNetworkTransportContract,
    TransportContract,
)


def made(base_url: str, timeout: float, ca_file: str | None, client_certificate: str | None) -> AiohttpTransport:
    return AiohttpTransport(
        api_key=TransportContract.credential,
        base_url=base_url,
        timeout=timeout,
        connect_timeout=timeout,
        proxy="",
        ca_file=ca_file,
        client_certificate=client_certificate,
    )


class TestAiohttpTransport(AsyncNetworkTransportContract):
    def make_async_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncTransport]:
        return made(base_url, timeout, ca_file, client_certificate)


class TestAiohttpTransportOpening(AsyncStreamingNetworkTransportContract):
    def make_async_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return made(base_url, timeout, ca_file, client_certificate)
