"""`FetchTransport` in the four ways in which it can be put through the contract suite."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext

from puresponse.transports import FetchTransport
from puresponse.transports.contract import AsyncStreamingTransport, AsyncTransport, StreamingTransport, Transport
from puresponse.transports.testing.contract import (
    AsyncNetworkTransportContract,
    AsyncStreamingNetworkTransportContract,
    NetworkTransportContract,
    StreamingNetworkTransportContract,
    TransportContract,
)


def made(base_url: str, timeout: float, ca_file: str | None, client_certificate: str | None) -> FetchTransport:
    if ca_file is not None or client_certificate is not None:
        raise AssertionError("a fetch takes neither an authority nor a certificate of its own")
    return FetchTransport(api_key=TransportContract.credential, base_url=base_url, timeout=timeout)


class Awaited(AsyncNetworkTransportContract):
    def make_async_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(made(base_url, timeout, ca_file, client_certificate))


class AwaitedOpening(AsyncStreamingNetworkTransportContract):
    def make_async_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return nullcontext(made(base_url, timeout, ca_file, client_certificate))


class Blocking(NetworkTransportContract):
    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        return nullcontext(made(base_url, timeout, ca_file, client_certificate).blocking())


class BlockingOpening(StreamingNetworkTransportContract):
    def make_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(made(base_url, timeout, ca_file, client_certificate).blocking())


FORMS: dict[str, type[TransportContract]] = {
    "awaited": Awaited,
    "awaited, opening": AwaitedOpening,
    "blocking": Blocking,
    "blocking, opening": BlockingOpening,
}
