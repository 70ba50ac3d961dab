"""The contract suite over `Urllib3Transport`, as it is and in an event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager

from puresponse.transports.contract import AsyncTransport, Transport
from puresponse.transports.contract_suite import AsyncNetworkTransportContract, NetworkTransportContract
from puresponse.transports.threads import in_threads
from puresponse.transports.urllib3 import Urllib3Transport


class TestUrllib3Transport(NetworkTransportContract):
    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        return Urllib3Transport(
            api_key=self.credential,
            base_url=base_url,
            timeout=timeout,
            connect_timeout=timeout,
            proxy="",
            ca_file=ca_file,
            client_certificate=client_certificate,
        )


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
        with Urllib3Transport(
            api_key=self.credential,
            base_url=base_url,
            timeout=timeout,
            connect_timeout=timeout,
            proxy="",
            ca_file=ca_file,
            client_certificate=client_certificate,
        ) as transport:
            yield in_threads(transport)
