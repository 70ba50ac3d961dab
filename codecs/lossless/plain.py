"""Questions about plain Python values, answered in a way that type-checkers understand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

from returns.result import Failure, Result, Success

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object as plain Python values. Shared, so not to be changed."""


def is_object(value: Any) -> TypeGuard[JsonObject]:
    """True for a JSON object, as `json.decode` returns it."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """True for a JSON array, as `json.decode` returns it."""
    return isinstance(value, list)


def is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    """True for any mapping."""
    return isinstance(value, Mapping)


def is_sequence(value: Any) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """True for a list or a tuple."""
    return isinstance(value, list | tuple)


def is_result(value: Any) -> TypeGuard[Result[Any, Any]]:
    """True for a `Success` or a `Failure`."""
    return isinstance(value, Success | Failure)
