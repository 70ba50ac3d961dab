"""Reads the text of a structured output as a value of the type that was asked for. Total: any text at all is read."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import Raw, Struct
from returns.result import Failure, Result, Success

from ...codecs.lossless.building import decoder, once
from ...codecs.lossless.errors import REFUSALS, DecodeError, explained
from ...codecs.lossless.self_reading import raised, read_itself, reads_itself
from ..errors import InvalidArgument
from .output_schema import no_schema, remembered_schema

T = TypeVar("T")


class Wrapped(Struct, Generic[T], frozen=True):
    """The object around a value that is none itself."""

    value: T


class Reader:
    """Reads texts as values of one type that msgspec reads."""

    __slots__ = ("_decode", "_wrapped")

    def __init__(self, output_type: Any, *, wrapped: bool) -> None:
        self._wrapped = wrapped
        self._decode = decoder(Wrapped[output_type] if wrapped else output_type)

    def read(self, text: str) -> Result[Any, DecodeError]:
        """Read `text` as JSON of the type's shape. The path of an error is that within the text."""
        try:
            value = self._decode(text.encode("utf-8", "surrogatepass"))
        except REFUSALS as refusal:
            path, reason = explained(refusal, text)
            return Failure(DecodeError(path=path, reason=reason))
        except Exception as error:  # of the caller's own `__post_init__`
            return Failure(DecodeError(reason=raised(error)))
        return Success(value.value if self._wrapped else value)


class ModelReader:
    """Reads texts as values of one type that reads itself."""

    __slots__ = ("_type", "_wrapped")

    def __init__(self, output_type: Any, *, wrapped: bool) -> None:
        self._wrapped = wrapped
        self._type = output_type

    def read(self, text: str) -> Result[Any, DecodeError]:
        """The same, by the type's own method."""
        if not self._wrapped:
            return read_itself(self._type, text)
        around = around_any().read(text)
        if isinstance(around, Failure):
            return around
        read = read_itself(self._type, bytes(around.unwrap()))
        if not isinstance(read, Failure):
            return read
        error = read.failure()
        return Failure(DecodeError(path=f"$.value{error.path.removeprefix('$')}", reason=error.reason))


def _make_around() -> Reader:
    return Reader(Raw, wrapped=True)


around_any = once(_make_around)
"""Reads the object around a value, and leaves the value to who knows it."""


def _make(output_type: Any) -> Reader | InvalidArgument:
    schema = remembered_schema(output_type, strict=False)
    return schema if isinstance(schema, InvalidArgument) else Reader(output_type, wrapped=schema.wrapped)


_made = once(_make, at_most=256)
"""Bounded, so that a program that makes types as it goes does not grow for ever."""


def reader_of(output_type: Any) -> Reader | ModelReader | InvalidArgument:
    """The reader of a type. That of one that msgspec reads is made once, for it costs more than reading."""
    try:
        if not reads_itself(output_type):
            return _made(output_type)
        schema = remembered_schema(output_type, strict=False)
        return schema if isinstance(schema, InvalidArgument) else ModelReader(output_type, wrapped=schema.wrapped)
    except TypeError as error:
        return no_schema(output_type, error)
