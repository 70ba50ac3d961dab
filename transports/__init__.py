"""All that touches the world: the transport contract, the drivers, and the transports."""
