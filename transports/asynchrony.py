"""Which transports are asynchronous: told by how their methods are written, with `async def` or without.

Law: of what opens bodies, it is one or the other. It is asynchronous where `open` or the call itself is a coroutine
function (by `async def`, by `functools.wraps` of one, or marked as one), and blocking otherwise. So `isinstance` tells
a `StreamingTransport` from an `AsyncStreamingTransport`, which have the same methods. One whose `open` never returns,
by its annotation, is both.
"""

from __future__ import annotations

from abc import ABCMeta
from inspect import iscoroutinefunction, unwrap
from typing import Any, Never, NoReturn, TypeVar

C = TypeVar("C")


def is_async_function(function: object) -> bool:
    """Whether calling `function` returns a coroutine, as far as can be told before it is called."""
    return callable(function) and iscoroutinefunction(unwrap(function))


def never_returns(function: object) -> bool:
    """Whether a function says that it only raises."""
    return getattr(function, "__annotations__", {}).get("return") in _NEVER


_NEVER = ("NoReturn", "Never", NoReturn, Never)


def is_async(transport: Any) -> bool:
    """Whether a transport is asynchronous, as far as can be told before it is used."""
    return any(map(is_async_function, (transport, transport.__call__, getattr(transport, "open", None))))


class _ToldApart(ABCMeta):
    """The type of a protocol whose instances are told by whether they are asynchronous."""

    is_asynchronous: bool | None
    """None for a class that inherits from the protocol, whose instances are its own."""

    def __instancecheck__(cls, instance: object) -> bool:
        manner = vars(cls).get("is_asynchronous")
        if manner is None:
            return super().__instancecheck__(instance)
        opening = getattr(instance, "open", None)
        if not callable(instance) or isinstance(instance, type) or not callable(opening):
            return False
        return never_returns(opening) or is_async(instance) is manner


def told_apart(protocol: type[C]) -> type[C]:
    """Let `isinstance` of a protocol with `open` tell whether that is to be `async def` or not."""
    told: Any = _ToldApart(protocol.__name__, (), _body_of(protocol))
    same: type[C] = told
    return same


def _body_of(protocol: Any) -> dict[str, Any]:
    kept = ("__module__", "__qualname__", "__doc__", "__call__", "open")
    return {name: vars(protocol)[name] for name in kept if name in vars(protocol)} | {
        "__qualname__": protocol.__qualname__,
        "is_asynchronous": is_async_function(protocol.open),
    }
