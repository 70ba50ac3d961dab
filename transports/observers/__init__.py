"""Observers: what becomes of the events that drivers report about a run."""
