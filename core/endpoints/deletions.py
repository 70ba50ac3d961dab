"""What counts as the acknowledgement of a deletion.

Law: a receipt of erasure rests on it, so nothing counts that does not say so: a 2xx is an acknowledgement if
its body is empty or says `deleted: true`. Any other is a `DecodeError`, and the server may have acted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from returns.result import Failure, Result

from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import REFUSALS, DecodeError
from ...codecs.lossless.plain import is_object


class Acknowledgement(Protocol):
    """The field of an acknowledgement."""

    @property
    def deleted(self) -> bool:
        """Whether what was asked for is deleted."""
        ...


D = TypeVar("D", bound=Acknowledgement)


def read_acknowledgement(
    data: bytes, asked: str, decode: Callable[[bytes], Result[D, DecodeError]]
) -> Result[D, DecodeError]:
    """Read the body of a 2xx to a DELETE. One that names no id is about the one that was `asked` for."""
    decoded = decode(_named(data, asked))
    if isinstance(decoded, Failure) or decoded.unwrap().deleted:
        return decoded
    return Failure(DecodeError(path="$.deleted", reason="the server answered without an error that it did not delete"))


def _named(data: bytes, asked: str) -> bytes:
    if not data.strip():
        return encode({"id": asked, "deleted": True})
    if b'"id"' in data:
        return data
    from ...codecs.lossless.big_numbers import decode_plain  # most name their id

    try:
        body = decode_plain(data)
    except REFUSALS:
        return data
    return encode({"id": asked, **body}) if is_object(body) and body.get("deleted") is True else data
