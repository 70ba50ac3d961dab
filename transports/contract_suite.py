"""The contract suite: everything that `contract.py` promises, as tests that any transport can be put through.

Nothing of it needs pytest, but pytest runs it. Name a class `Test…`, say how the transport is made, and that is all::

    class TestMyTransport(NetworkTransportContract):
        def make_transport_to(self, base_url, *, timeout=30.0, ca_file=None, client_certificate=None):
            return MyTransport(base_url, self.credential, timeout, ca_file, client_certificate)

| class | for a transport | that says how to |
|---|---|---|
| `TransportContract` | of any kind | `make_transport(service)`: a context manager |
| `NetworkTransportContract` | that uses the network | `make_transport_to(base_url, …)`: a context manager |
| `AsyncTransportContract` | for an event loop | `make_async_transport(service)`: an async context manager |
| `AsyncNetworkTransportContract` | of both kinds | `make_async_transport_to(base_url, …)`: the same |

A transport that also opens bodies is put through one of these too, which check the laws again by opening:

| class | for a transport that opens bodies | that says how to |
|---|---|---|
| `StreamingTransportContract` | of any kind | `make_streaming_transport(service)` |
| `StreamingNetworkTransportContract` | over the network | `make_streaming_transport_to(base_url, …)` |
| `AsyncStreamingTransportContract` | in an event loop | `make_async_streaming_transport(service)` |
| `AsyncStreamingNetworkTransportContract` | of both kinds | `make_async_streaming_transport_to(base_url, …)` |

A service is a function from `HttpRequest` to `HttpResponse`. A transport without a network calls it, or records what
it says; `serving` puts it behind an HTTP server on loopback. The laws of TLS need `trustme` to be installed.
"""

from .contract_async import AsyncNetworkTransportContract, AsyncTransportContract
from .contract_laws import TransportContract
from .contract_network import NetworkTransportContract
from .contract_streaming import StreamingTransportContract
from .contract_streaming_async import AsyncStreamingNetworkTransportContract, AsyncStreamingTransportContract
from .contract_streaming_network import StreamingNetworkTransportContract
from .loopback import Service, answering, listening, refusing, serving

__all__ = [
    "AsyncNetworkTransportContract",
    "AsyncStreamingNetworkTransportContract",
    "AsyncStreamingTransportContract",
    "AsyncTransportContract",
    "NetworkTransportContract",
    "Service",
    "StreamingNetworkTransportContract",
    "StreamingTransportContract",
    "TransportContract",
    "answering",
    "listening",
    "refusing",
    "serving",
]
