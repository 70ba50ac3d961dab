"""Written by tests/scripts/write_stubs.py; what is public is said in `__init__.py`."""

from ..loopback import (
    Service as Service,
    answering as answering,
    listening as listening,
    refusing as refusing,
    serving as serving,
)
from .asynchronous import (
    AsyncNetworkTransportContract as AsyncNetworkTransportContract,
    AsyncStreamingNetworkTransportContract as AsyncStreamingNetworkTransportContract,
    AsyncStreamingTransportContract as AsyncStreamingTransportContract,
    AsyncTransportContract as AsyncTransportContract,
)
from .exchanges import (
    AbandonableStreamingTransportContract as AbandonableStreamingTransportContract,
    AbandonableTransportContract as AbandonableTransportContract,
)
from .exchanges_network import (
    AbandonableNetworkTransportContract as AbandonableNetworkTransportContract,
    AbandonableStreamingNetworkTransportContract as AbandonableStreamingNetworkTransportContract,
)
from .expect import broken_laws as broken_laws
from .hosts import HostContract as HostContract
from .hosts_asynchronous import AsyncHostContract as AsyncHostContract
from .hosts_raising import (
    AsyncRaisingStreamHostContract as AsyncRaisingStreamHostContract,
    RaisingStreamHostContract as RaisingStreamHostContract,
)
from .hosts_restart import RestartingHostContract as RestartingHostContract
from .hosts_streams import StreamHostContract as StreamHostContract
from .hosts_streams_asynchronous import AsyncStreamHostContract as AsyncStreamHostContract
from .partial_answers import CutTransportContract as CutTransportContract
from .streaming import StreamingTransportContract as StreamingTransportContract
from .streaming_network import StreamingNetworkTransportContract as StreamingNetworkTransportContract
from .transports import TransportContract as TransportContract
from .transports_network import NetworkTransportContract as NetworkTransportContract
