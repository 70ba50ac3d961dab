"""Reads the text of a structured output as a value of the type that was asked for. Total: any text at all is read."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from ...codecs.lossless.building import decoder, once
from ...codecs.lossless.errors import REFUSALS, DecodeError, explained
from ..errors import InvalidArgument
from .output_schema import no_schema, remembered_schema

T = TypeVar("T")


class Wrapped(Struct, Generic[T], frozen=True):
    """The object around a value that is none itself."""

    value: T


class Reader:
    """Reads texts as values of one type."""

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
        return Success(value.value if self._wrapped else value)


def _make(output_type: Any) -> Reader | InvalidArgument:
    schema = remembered_schema(output_type, strict=False)
    return schema if isinstance(schema, InvalidArgument) else Reader(output_type, wrapped=schema.wrapped)


_made = once(_make, at_most=256)
"""Bounded, so that a program that makes types as it goes does not grow for ever."""


def reader_of(output_type: Any) -> Reader | InvalidArgument:
    """The reader of a type; made once, for that costs more than reading."""
    try:
        return _made(output_type)
    except TypeError as error:
        return no_schema(output_type, error)
