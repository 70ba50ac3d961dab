"""What follows the end of a stream: other streams, or something else in place of its error.

Law: the streams are carried out in order, each from its beginning. The first error ends all. A body that one of them
leaves open is closed before the next goes on, so that its connection is free for that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct
from returns.result import Failure, Result

from ..errors import Error
from ..streams import END, LINGER, Close, End, Stream, queued, stream_of
from .given import a_function, a_stream

T = TypeVar("T")
U = TypeVar("U")


def concat(*streams: Stream[T]) -> Stream[T]:
    """Emit the values of each of `streams`, one stream after another.

    Where one ends, the end of its body is waited for, 50 ms at most, so that its connection serves the next.

    Errors: the first of a stream, which ends it all.

    >>> from puresponse.core import END, Emit, collect
    >>> collect(concat(Emit((1, 2), END), END, Emit((3,), END)))
    Done(result=<Success: (1, 2, 3)>)
    """
    return FollowedBy(streams[1:])(streams[0]) if streams else END


def followed_by(*streams: Stream[U]) -> Callable[[Stream[T]], Stream[T | U]]:
    """`stream.concat(*streams)`, as a function of the stream.

    >>> from puresponse.core import END, Emit, collect
    >>> collect(followed_by(Emit((3,), END))(Emit((1, 2), END)))
    Done(result=<Success: (1, 2, 3)>)
    """
    return FollowedBy(streams)


def alt_end(function: Callable[[Error], Error]) -> Callable[[Stream[T]], Stream[T]]:
    """`stream.alt(function)`, as a function of the stream: what it makes of the error that the stream ends with.

    >>> from puresponse.core import NotSent, break_off
    >>> alt_end(lambda error: NotSent("dns", f"again: {error.reason}"))(break_off(NotSent("dns", "no such host")))
    End(result=<Failure: not sent (dns): again: no such host>)
    """
    return AltingEnd(a_function("alt", function))


def lash_end(function: Callable[[Error], Stream[U]]) -> Callable[[Stream[T]], Stream[T | U]]:
    """`stream.lash(function)`, as a function of the stream: in place of its error, the stream that is made of that.

    What was emitted before the error stays. A body that is open is closed at once.

    >>> from puresponse.core import END, Emit, NotSent, break_off, collect
    >>> collect(lash_end(lambda error: Emit((0,), END))(break_off(NotSent("dns", "no such host"))))
    Done(result=<Success: (0,)>)
    """
    return LashingEnd(a_function("lash", function))


class FollowedBy(Struct, Generic[U], frozen=True, tag=True):
    """What `followed_by` returns."""

    streams: tuple[Stream[U], ...]

    def __call__(self, stream: Stream[T]) -> Stream[T | U]:
        frame: Concat[U] = Concat(self.streams)
        followed: Stream[T] = a_stream("concat", stream)
        return followed.then(frame)


class AltingEnd(Struct, frozen=True, tag=True):
    """What `alt_end` returns."""

    function: Callable[[Error], Error]

    def __call__(self, stream: Stream[T]) -> Stream[T]:
        frame: AltEnd[T] = AltEnd(self.function)
        followed: Stream[T] = a_stream("alt_end", stream)
        return followed.then(frame)


class LashingEnd(Struct, Generic[U], frozen=True, tag=True):
    """What `lash_end` returns."""

    function: Callable[[Error], Stream[U]]

    def __call__(self, stream: Stream[T]) -> Stream[T | U]:
        frame: LashEnd[U] = LashEnd(self.function)
        followed: Stream[T] = a_stream("lash_end", stream)
        return followed.then(frame)


class Concat(Struct, Generic[T], frozen=True, tag=True, repr_omit_defaults=True):
    """Goes on with the stream at `turn` when the one before has ended."""

    streams: tuple[Stream[T], ...]
    turn: int = 0

    def __call__(self, result: Result[None, Error]) -> Stream[T]:
        if isinstance(result, Failure):
            return End(result)
        turn = self.turn
        while turn < len(self.streams):
            stream: Stream[T] = a_stream("concat", self.streams[turn])
            turn += 1
            if isinstance(stream, End):
                if isinstance(stream.result, Failure):
                    return stream
                continue
            return Close(queued(stream, Concat(self.streams, turn)) if turn < len(self.streams) else stream, LINGER)
        return END


class AltEnd(Struct, Generic[T], frozen=True, tag=True):
    """The frame of a stream's `alt`."""

    function: Callable[[Error], Error]

    def __call__(self, result: Result[None, Error]) -> Stream[T]:
        return End(Failure(self.function(result.failure())) if isinstance(result, Failure) else result)


class LashEnd(Struct, Generic[T], frozen=True, tag=True):
    """The frame of a stream's `lash`."""

    function: Callable[[Error], Stream[T]]

    def __call__(self, result: Result[None, Error]) -> Stream[T]:
        if not isinstance(result, Failure):
            return End(result)
        stream = stream_of("lash", self.function, self.function(result.failure()))
        return stream if stream.is_last else Close(stream)
