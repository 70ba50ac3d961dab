"""Equipment for tests: stubs, captures, a server on loopback, the pytest plugin, the contract suites."""
