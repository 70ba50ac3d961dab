"""Heads of an odd form, read by http.client: from an old server, with lines that are folded or end in LF alone.

http.client takes the end of the connection for the end of the headers, an interim response for the answer, and drops
what follows a line that is no header; all three are refused here. How the body is framed is judged as of any head
(`response_head.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http.client import BadStatusLine, HTTPException, HTTPResponse, LineTooLong
from typing import Any

from .failures import Malformed
from .response_head import Head, framed, no_http

_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] [1-9][0-9]{2}[ \r\n]")
_FOLD = re.compile(r"\r?\n[ \t]+")
_NO_HEADERS = (MissingHeaderBodySeparatorDefect, FirstHeaderLineIsContinuationDefect)
_LONGEST_REASON = 300
"""Characters."""


def read_odd_head(
    received: bytes, receive: Callable[[], bytes], method: str, *, longest: int, skipped: int = 0
) -> tuple[Head, bytes]:
    """Read a head that begins with what was received, and return it with the bytes that follow it.

    Args:
        received: All of the answer that was received by now.
        receive: Returns more; no bytes at the end of the connection.
        method: That of the request.
        longest: Bytes that a head may have, with those of the interim answers before it.
        skipped: The bytes of these.

    Raises `Malformed` for what is no head, and whatever `receive` raises.
    """
    source = _Source(received, receive, longest, skipped)
    given: Any = source
    response = HTTPResponse(given, method=method)
    try:
        response.begin()
    except BadStatusLine as error:
        raise no_http(str(error).encode("latin-1", "replace")) from None
    except LineTooLong:
        raise Malformed("limit", "a line of the head is longer than 65536 bytes") from None
    except (HTTPException, ValueError) as error:
        raise Malformed("protocol", str(error)[:_LONGEST_REASON] or type(error).__name__) from None
    finally:
        response.close()
    if not source.last:
        raise Malformed("truncated", "the answer broke off within its head")
    if source.first is None or _STATUS_LINE.match(source.first) is None:
        raise no_http(source.first or b"")
    if response.status < 200:
        # Taking an interim response for the answer would leave the answer to the next request.
        raise Malformed("protocol", f"an interim status, {response.status}, in place of an answer")
    if any(isinstance(defect, _NO_HEADERS) for defect in response.headers.defects):
        # The headers after a line that is none are lost, the length of the body perhaps among them.
        raise Malformed("protocol", "a line among the headers is no header")
    pairs = tuple((name, _FOLD.sub(" ", value).strip(" \t")) for name, value in response.headers.items())
    if any("\0" in value for _, value in pairs):
        raise Malformed("protocol", "a header holds a NUL")
    is_old = response.version < 11
    return framed(response.status, pairs, bodiless=method == "HEAD", is_old=is_old), source.rest


class _Source:
    """What http.client reads a head from: a socket and its file in one."""

    def __init__(self, received: bytes, receive: Callable[[], bytes], longest: int, skipped: int) -> None:
        self.rest = received
        self.first: bytes | None = None
        self.last = b""
        self._receive = receive
        self._longest = longest
        self._left = longest - skipped

    def makefile(self, mode: str) -> Any:
        """What it reads lines from."""
        return self

    def readline(self, limit: int) -> bytes:
        """The next line, cut at `limit` bytes, and at the end of the connection."""
        while b"\n" not in self.rest and len(self.rest) < limit:
            data = self._receive()
            if not data:
                break
            self.rest += data
        end = self.rest.find(b"\n") + 1
        stop = min(end or len(self.rest), limit)
        self.last, self.rest = self.rest[:stop], self.rest[stop:]
        if b"\r" in self.last.removesuffix(b"\n").removesuffix(b"\r"):
            raise Malformed("protocol", "a line of the head holds a CR")  # which some take for the end of a line
        if self.first is None:
            self.first = self.last
        self._left -= stop
        if self._left < 0:
            raise Malformed("limit", f"the head is longer than {self._longest} bytes")
        return self.last

    def flush(self) -> None:
        """Do nothing: this is only read."""

    def close(self) -> None:
        """Do nothing: the connection is not http.client's."""
