"""The service in memory, steered while it is served: scopes, a journal, a clock, and an endpoint for them."""
