"""The contract suite: everything that `contract.py` promises, as tests that any transport can be put through.

Nothing of it needs pytest: `broken_laws(contract)` says which laws are broken, and how. But pytest runs it. Name a
class `Test…`, say how the transport is made, and that is all::

    class TestMyTransport(NetworkTransportContract):
        def make_transport_to(self, base_url, *, timeout=30.0, ca_file=None, client_certificate=None):
            return MyTransport(base_url, self.credential, timeout, ca_file, client_certificate)

| class | for a transport | that says how to |
|---|---|---|
| `TransportContract` | of any kind | `make_transport(service)`: a context manager |
| `NetworkTransportContract` | that uses the network | `make_transport_to(base_url, …)`: a context manager |
| `AsyncTransportContract` | for an event loop | `make_async_transport(service)`: an async context manager |
| `AsyncNetworkTransportContract` | of both kinds | `make_async_transport_to(base_url, …)`: the same |

One without a network that can break off within an answer is put through `CutTransportContract` besides, which asks it
what was received by then; it says how to in `make_cut_transport(received)`. Those over the network are anyway.

A transport that also opens bodies is put through one of these too, which check the laws again by opening:

| class | for a transport that opens bodies | that says how to |
|---|---|---|
| `StreamingTransportContract` | of any kind | `make_streaming_transport(service)` |
| `StreamingNetworkTransportContract` | over the network | `make_streaming_transport_to(base_url, …)` |
| `AsyncStreamingTransportContract` | in an event loop | `make_async_streaming_transport(service)` |
| `AsyncStreamingNetworkTransportContract` | of both kinds | `make_async_streaming_transport_to(base_url, …)` |

A host, which carries out programs, is put through one of these; which load nothing of a network:

| class | for a host | that says how to |
|---|---|---|
| `HostContract` | of operations | `run(operation, transport, clock)` |
| `AsyncHostContract` | of operations, in an event loop | `run_async(operation, transport, clock)` |
| `StreamHostContract` | of streams, and the operations in them | `iterate(stream, transport, clock)` |
| `AsyncStreamHostContract` | of streams, in an event loop | `iterate_async(stream, transport, clock)` |
| `RestartingHostContract` | that resumes what was saved | `run_on(operation, transport, clock, elapsed)` |

A service is a function from `HttpRequest` to `HttpResponse`. A transport without a network calls it, or records what
it says; `serving` puts it behind an HTTP server on loopback. The laws of TLS need `trustme` to be installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..loopback import Service as Service
    from ..loopback import answering as answering
    from ..loopback import listening as listening
    from ..loopback import refusing as refusing
    from ..loopback import serving as serving
    from .asynchronous import AsyncNetworkTransportContract as AsyncNetworkTransportContract
    from .asynchronous import AsyncStreamingNetworkTransportContract as AsyncStreamingNetworkTransportContract
    from .asynchronous import AsyncStreamingTransportContract as AsyncStreamingTransportContract
    from .asynchronous import AsyncTransportContract as AsyncTransportContract
    from .expect import broken_laws as broken_laws
    from .hosts import HostContract as HostContract
    from .hosts_asynchronous import AsyncHostContract as AsyncHostContract
    from .hosts_restart import RestartingHostContract as RestartingHostContract
    from .hosts_streams import StreamHostContract as StreamHostContract
    from .hosts_streams_asynchronous import AsyncStreamHostContract as AsyncStreamHostContract
    from .partial_answers import CutTransportContract as CutTransportContract
    from .streaming import StreamingTransportContract as StreamingTransportContract
    from .streaming_network import StreamingNetworkTransportContract as StreamingNetworkTransportContract
    from .transports import TransportContract as TransportContract
    from .transports_network import NetworkTransportContract as NetworkTransportContract

_PUBLIC = {
    "asynchronous": (
        "AsyncNetworkTransportContract",
        "AsyncStreamingNetworkTransportContract",
        "AsyncStreamingTransportContract",
        "AsyncTransportContract",
    ),
    "partial_answers": ("CutTransportContract",),
    "expect": ("broken_laws",),
    "hosts": ("HostContract",),
    "hosts_asynchronous": ("AsyncHostContract",),
    "hosts_restart": ("RestartingHostContract",),
    "hosts_streams": ("StreamHostContract",),
    "hosts_streams_asynchronous": ("AsyncStreamHostContract",),
    "transports": ("TransportContract",),
    "transports_network": ("NetworkTransportContract",),
    "streaming": ("StreamingTransportContract",),
    "streaming_network": ("StreamingNetworkTransportContract",),
    ".loopback": (
        "Service",
        "answering",
        "listening",
        "refusing",
        "serving",
    ),
}
"""What is public, by the module that holds it. The laws of hosts load nothing of a network, those of transports do."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names}


if not TYPE_CHECKING:  # which would else take any name, misspelt ones too, for one that can be imported
    __all__ = list(_HOME)

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOME})
