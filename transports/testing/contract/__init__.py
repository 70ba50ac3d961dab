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

A transport whose exchanges can be given up is put through one of these, which check the laws of all transports again
by `begin`, or by `begin_open`:

| class | for a transport that can give up | that says how to |
|---|---|---|
| `AbandonableTransportContract` | calls, of any kind | `make_abandonable_transport(service)` |
| `AbandonableNetworkTransportContract` | calls over the network | `make_abandonable_transport_to(base_url, …)` |
| `AbandonableStreamingTransportContract` | openings | `make_abandonable_streaming_transport(service)` |
| `AbandonableStreamingNetworkTransportContract` | both | `make_abandonable_streaming_transport_to(base_url, …)` |

A host, which carries out programs, is put through one of these; which load nothing of a network:

| class | for a host | that says how to |
|---|---|---|
| `HostContract` | of operations | `run(operation, transport, clock)` |
| `AsyncHostContract` | of operations, in an event loop | `run_async(operation, transport, clock)` |
| `StreamHostContract` | of streams, and the operations in them | `iterate(stream, transport, clock)` |
| `AsyncStreamHostContract` | of streams, in an event loop | `iterate_async(stream, transport, clock)` |
| `RaisingStreamHostContract` | of streams, that raises | `iterate_or_raise(stream, transport, clock)` |
| `AsyncRaisingStreamHostContract` | of both kinds | `iterate_or_raise_async(stream, transport, clock)` |
| `RestartingHostContract` | that resumes what was saved | `run_on(operation, transport, clock, elapsed)` |

A service is a function from `HttpRequest` to `HttpResponse`. A transport without a network calls it, or records what
it says; `serving` puts it behind an HTTP server on loopback. The laws of TLS need `trustme` to be installed.
"""

_PUBLIC = {
    ".loopback": "answering listening refusing Service serving",
    "asynchronous": (
        "AsyncNetworkTransportContract AsyncStreamingNetworkTransportContract "
        "AsyncStreamingTransportContract AsyncTransportContract"
    ),
    "exchanges": "AbandonableStreamingTransportContract AbandonableTransportContract",
    "exchanges_network": "AbandonableNetworkTransportContract AbandonableStreamingNetworkTransportContract",
    "expect": "broken_laws",
    "hosts": "HostContract",
    "hosts_asynchronous": "AsyncHostContract",
    "hosts_raising": "AsyncRaisingStreamHostContract RaisingStreamHostContract",
    "hosts_restart": "RestartingHostContract",
    "hosts_streams": "StreamHostContract",
    "hosts_streams_asynchronous": "AsyncStreamHostContract",
    "partial_answers": "CutTransportContract",
    "streaming": "StreamingTransportContract",
    "streaming_network": "StreamingNetworkTransportContract",
    "transports": "TransportContract",
    "transports_network": "NetworkTransportContract",
}
"""What is public, by the module that holds it. The laws of hosts load nothing of a network, those of transports do."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}

# Not assigned as usual: pyright takes no list that is worked out. It has the names from `__init__.pyi`.
globals()["__all__"] = list(_HOME)


def __getattr__(name: str) -> object:
    from ....codecs.on_demand import public_name

    return public_name(globals(), name)


def __dir__() -> list[str]:
    from ....codecs.on_demand import public_names

    return public_names(globals())
