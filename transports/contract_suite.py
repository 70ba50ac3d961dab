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

A service is a function from `HttpRequest` to `HttpResponse`. A transport without a network calls it, or records what
it says; `serving` puts it behind an HTTP server on loopback. The laws of TLS need `trustme` to be installed.
"""

from .contract_async import AsyncNetworkTransportContract, AsyncTransportContract
from .contract_laws import TransportContract
from .contract_network import NetworkTransportContract
from .loopback import Service, answering, listening, refusing, serving

__all__ = [
    "AsyncNetworkTransportContract",
    "AsyncTransportContract",
    "NetworkTransportContract",
    "Service",
    "TransportContract",
    "answering",
    "listening",
    "refusing",
    "serving",
]
