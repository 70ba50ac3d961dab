"""What counts as the acknowledgement of a deletion.

Law: a receipt of erasure rests on it, so nothing counts that does not say so: a 2xx is an acknowledgement if
its body is empty or says `deleted: true`. Any other is a `DecodeError`, and the server may have acted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from msgspec import structs
from returns.result import Failure, Result

from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import REFUSALS, DecodeError
from ...codecs.lossless.plain import is_object
from ...codecs.lossless.wire import Displaced


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
    if not data.strip():
        return decode(encode({"id": asked, "deleted": True}))
    decoded = decode(data)
    if isinstance(decoded, Failure):
        return _named(data, asked, decode) or decoded
    if decoded.unwrap().deleted:
        return decoded
    return Failure(DecodeError(path="$.deleted", reason="the server answered without an error that it did not delete"))


def _named(data: bytes, asked: str, decode: Callable[[bytes], Result[D, DecodeError]]) -> Result[D, DecodeError] | None:
    """Read a body that says `deleted: true` and no id, or none that fits, which is kept; None for any other."""
    from ...codecs.lossless.big_numbers import decode_plain  # most name their id

    try:
        body = decode_plain(data)
    except REFUSALS:
        return None
    if not is_object(body) or body.get("deleted") is not True:
        return None
    decoded: Result[Any, DecodeError] = decode(encode({**body, "id": asked}))
    if "id" not in body:
        return decoded
    return decoded.map(partial(_with_odd_id, body["id"]))


def _with_odd_id(odd: Any, acknowledgement: Any) -> Any:
    kept = Displaced.beside(acknowledgement.unknown_fields or None, "id", odd)
    return structs.replace(acknowledgement, unknown_fields=kept)
