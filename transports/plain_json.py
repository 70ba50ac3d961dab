"""JSON as plain Python values, and how to tell its kinds apart so that both type-checkers follow."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = dict[str, Any]
"""A JSON object as plain Python values. Shared, so not to be changed."""


def is_object(value: Any) -> TypeGuard[Json]:
    """True for a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """True for a JSON array."""
    return isinstance(value, list)
