"""The transport that needs no network: a simulated service, and faults as data."""
