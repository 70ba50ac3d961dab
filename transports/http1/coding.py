"""Content codings (RFC 9110, section 8.4), removed by urllib3's decoders, a bounded number of bytes at a time.

urllib3 takes what breaks off for whole. Whether it did is asked of the decompressor inside its decoder, which nothing
but names that urllib3 keeps to itself leads to (`_decoder`, `_decoders`, `_obj`); one that does not tell counts as
whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from urllib3 import HTTPResponse
from urllib3.exceptions import DecodeError, HTTPError

from ...core.http import Pairs
from .failures import Malformed

_UNDERSTOOD = frozenset(HTTPResponse.CONTENT_DECODERS)
"""The content codings that urllib3 removes; the extra packages that are installed decide which."""

_AT_MOST = 65536
"""Bytes that are decoded at once."""

_IN_AT_MOST = 4096
"""Bytes that a decoder is given at once. An old urllib3 inflates all of them at once: by a thousand times."""


def is_understood(coding: str) -> bool:
    """Whether some of the content coding is removed."""
    return not _UNDERSTOOD.isdisjoint(coding.lower().replace(" ", "").split(","))


def as_decoded(headers: Pairs) -> Pairs:
    """The headers without those that describe the body as it was before it was decoded."""
    return tuple(pair for pair in headers if pair[0].lower() not in {"content-encoding", "content-length"})


class Decoded:
    """A body of which a content coding is removed. `read` returns what is received of it; no bytes at the end."""

    def __init__(self, coding: str, receive: Callable[[], bytes]) -> None:
        self._source = _Source(receive)
        source: Any = self._source
        self._response: Any = HTTPResponse(body=source, headers={"content-encoding": coding}, preload_content=False)

    def read(self) -> bytes:
        """The next bytes, none at the end. Raises `Malformed` for what is not coded so, and what receiving raises."""
        try:
            while not (data := self._response.read1(_AT_MOST, True)) and not self._source.ended:
                pass
            if not data and self._source.has_begun and not all(map(_has_ended, self._decoders())):
                raise Malformed("truncated", "the content coding of the body broke off before its end")
            received: bytes = data
            return received
        except (DecodeError, HTTPError) as error:
            raise Malformed("truncated", str(error.args[0])) from None
        finally:
            failed, self._source.failed = self._source.failed, None
            if failed is not None:
                raise failed

    def _decoders(self) -> list[Any]:
        decoder = self._response._decoder
        return getattr(decoder, "_decoders", [decoder])


def _has_ended(decoder: Any) -> bool:
    """Whether the decoder of urllib3 has seen the end of what it decodes, as far as it tells."""
    decompressor = getattr(decoder, "_obj", None)
    is_finished: Any = getattr(decompressor, "is_finished", None)  # as Brotli's is called
    return bool(is_finished()) if is_finished is not None else getattr(decompressor, "eof", True) is True


class _Source:
    """What is decoded, as urllib3 reads it."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self.closed = False
        self.ended = False
        self.has_begun = False
        self.failed: BaseException | None = None
        self._receive = receive
        self._rest = b""

    def read(self, amount: int) -> bytes:
        """The same as `read1`."""
        return self.read1(amount)

    def read1(self, amount: int) -> bytes:
        """The next bytes, no more than `amount`."""
        if not self._rest and not self.ended:
            try:
                self._rest = self._receive()
            except BaseException as error:
                self.failed = error  # which urllib3 would take for one of its own
                raise
            self.ended = not self._rest
            self.has_begun = self.has_begun or bool(self._rest)
        amount = min(amount, _IN_AT_MOST)
        data, self._rest = self._rest[:amount], self._rest[amount:]
        return data

    def close(self) -> None:
        """Do nothing: the connection is not urllib3's."""
        self.closed = True
