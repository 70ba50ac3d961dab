"""What the combinators of streams are given: functions and streams, or else a `TypeError` that says so.

A count that is none is no bug of the program, but an argument: the stream `Instead` fails with it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct

from ..streams import Stream, is_stream

F = TypeVar("F")


class Instead(Struct, frozen=True, tag=True):
    """A stream in place of any that it is called with."""

    stream: Stream[Any]

    def __call__(self, stream: Stream[Any]) -> Stream[Any]:
        return self.stream


def a_function(who: str, function: F) -> F:
    """The function that `who` was given."""
    if callable(function):
        return function
    from ..mistakes import no_function

    raise no_function(who, function)


def a_stream(who: str, stream: Any) -> Any:
    """The stream that `who` was given: an operation would take its place unnoticed."""
    if is_stream(stream):
        return stream
    from ..mistakes import no_stream

    raise no_stream(who, stream)
