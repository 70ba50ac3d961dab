"""The contract suite over `Urllib3Transport`: called, opening bodies, and both of it in an event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager

from puresponse.transports.contract import AsyncStreamingTransport, AsyncTransport, StreamingTransport, Transport
from puresponse.transports.testing.contract import (
    AsyncNetworkTransportContract,
    AsyncStreamingNetworkTransportContract,
    NetworkTransportContract,
    StreamingNetworkTransportContract,
    TransportContract,
)
from puresponse.transports.threads import in_threads
from puresponse.transports.urllib3.transport import Urllib3Transport


def made(base_url: str, timeout: float, ca_file: str | None, client_certificate: str | None) -> Urllib3Transport:
    return Urllib3Transport(
        api_key=TransportContract.credential,
        base_url=base_url,
        timeout=timeout,
        connect_timeout=timeout,
        proxy="",
        ca_file=ca_file,
        client_certificate=client_certificate,
    )


class TestUrllib3Transport(NetworkTransportContract):
    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        return made(base_url, timeout, ca_file, client_certificate)


class TestUrllib3TransportOpening(StreamingNetworkTransportContract):
    def make_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[StreamingTransport]:
        return made(base_url, timeout, ca_file, client_certificate)


class TestUrllib3TransportInThreads(AsyncNetworkTransportContract):
    @asynccontextmanager
    async def make_async_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AsyncGenerator[AsyncTransport]:
        with made(base_url, timeout, ca_file, client_certificate) as transport:
            yield in_threads(transport)


class TestUrllib3TransportOpeningInThreads(AsyncStreamingNetworkTransportContract):
    @asynccontextmanager
    async def make_async_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AsyncGenerator[AsyncStreamingTransport]:
        with made(base_url, timeout, ca_file, client_certificate) as transport:
            threads = in_threads(transport)
            assert isinstance(threads, AsyncStreamingTransport)
            yield threads
