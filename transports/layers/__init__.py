"""Layers: from a transport to a transport that does the same and one thing more."""
