"""The contract suite of exchanges that can be given up, over `Urllib3Transport`: calls, and openings."""

from __future__ import annotations

from contextlib import AbstractContextManager

from puresponse.transports.contract import AbandonableStreamingTransport, AbandonableTransport
from puresponse.transports.testing.contract import (
    AbandonableNetworkTransportContract,
    AbandonableStreamingNetworkTransportContract,
    TransportContract,
)
from puresponse.transports.urllib3.transport import Urllib3Transport


def made(base_url: str, timeout: float, max_connections: int, proxy: str, ca_file: str | None) -> Urllib3Transport:
    return Urllib3Transport(
        api_key=TransportContract.credential,
        base_url=base_url,
        timeout=timeout,
        connect_timeout=timeout,
        max_connections=max_connections,
        proxy=proxy,
        ca_file=ca_file,
    )


class TestUrllib3Exchanges(AbandonableNetworkTransportContract):
    def make_abandonable_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_connections: int = 100,
        proxy: str = "",
        ca_file: str | None = None,
    ) -> AbstractContextManager[AbandonableTransport]:
        return made(base_url, timeout, max_connections, proxy, ca_file)


class TestUrllib3ExchangesThatOpen(AbandonableStreamingNetworkTransportContract):
    def make_abandonable_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_connections: int = 100,
        proxy: str = "",
        ca_file: str | None = None,
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return made(base_url, timeout, max_connections, proxy, ca_file)
