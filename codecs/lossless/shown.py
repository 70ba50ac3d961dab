"""The `repr` of structs that may hold much: bounded, whatever they hold."""

from __future__ import annotations


def shown(self: object) -> str:
    """The short form of `self`, for a struct to have as its `__repr__`."""
    from .shortened_repr import brief

    return brief(self)
