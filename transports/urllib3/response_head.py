"""Reading the head of a response: whole or not at all, and fast where it is as it should be.

http.client takes the end of the connection for the end of the headers, and an interim response for the answer; both
are errors here. And it reads headers with a parser for mail, which is a third of the cost of a call; a head that
arrived in one chunk and has no oddity is therefore read here, with the same result. All others go to http.client.
"""

from __future__ import annotations

import re
from email.errors import MissingHeaderBodySeparatorDefect
from http.client import HTTPException, IncompleteRead
from typing import Any

from .http_client import OpenedUpResponse

_PLAIN = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9]{2})(?: ([^\r\n]*))?\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\r\n){1,99})\r\n"
)
_FRAMING = frozenset({"connection", "content-length", "transfer-encoding"})


class WholeHeadResponse(OpenedUpResponse):
    """A response of http.client with another way of reading its head."""

    def flush(self) -> None:
        """Do nothing: a response is only read. http.client flushes its file, which may be finalized before it.

        A response in a cycle of references would then be reported as an unraisable exception (Python 3.13 does).
        """

    def begin(self) -> None:
        """Read the head. Raises `IncompleteRead` where it breaks off, and `HTTPException` for one that is no head."""
        file = self.file
        plain = _PLAIN.match(file.peek())
        if plain is None:
            self._begin_oddly()
            return
        file.read(plain.end())
        status, reason, lines = plain.groups()
        add_header = self.start_headers()
        framing: dict[str, str] = {}
        for line in lines.decode("latin-1").split("\r\n")[:-1]:
            name, _, value = line.partition(":")
            value = value.lstrip(" \t")
            add_header(name, value)
            lower = name.lower()
            if lower in _FRAMING:
                framing.setdefault(lower, value)
        chunked = framing.get("transfer-encoding", "").lower() == "chunked"
        length = None if chunked else _length(framing.get("content-length", ""))
        if status in {b"204", b"304"}:  # `read` itself sees to the answers to HEAD
            length = 0
        ends_with_connection = length is None and not chunked
        self.take_head(
            int(status),
            "" if reason is None else reason.decode("latin-1").strip(),
            chunked=chunked,
            length=length,
            ends_connection=ends_with_connection or "close" in framing.get("connection", "").lower(),
        )

    def _begin_oddly(self) -> None:
        """Read a head that is received in chunks, after an interim response, from an old server, or that is none."""
        file = self.file
        lines = _Lines(file)
        self.file = lines
        super().begin()
        self.file = file
        if not lines.last:
            raise IncompleteRead(b"")
        if self.status < 200:
            # Taking an interim response for the answer would leave the answer to the next request.
            raise HTTPException(f"an interim status, {self.status}, in place of an answer")
        if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects):
            # The headers after a line that is none are lost, the length of the body perhaps among them.
            raise HTTPException("a line among the headers is no header")


class _Lines:
    """A file whose lines are read one by one, and that remembers the last."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.last = b""

    def readline(self, limit: int) -> bytes:
        self.last = self._file.readline(limit)
        return self.last

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _length(text: str) -> int | None:
    """What a `Content-Length` says; None where it says nothing that is a length."""
    try:
        length = int(text)
    except ValueError:
        return None
    return length if length >= 0 else None
