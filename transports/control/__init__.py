"""The service in memory, steered from outside while it is served: scopes, a journal, a clock, and an endpoint for them."""
