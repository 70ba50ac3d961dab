"""What is used of http.client and urllib3 that they do not document: gathered here, and used nowhere else.

A body that is read in time, and a head that is whole or an error, take the file that a response of http.client reads
from, and what that keeps of its framing; and urllib3 shows the response beneath its own under a private name only. A
release of either may change all this: `tests/transports/test_urllib3_internals.py` then fails, and says which.
"""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPMessage, HTTPResponse
from typing import Any

from urllib3 import BaseHTTPResponse


class OpenedUpResponse(HTTPResponse):
    """A response of http.client whose insides have names."""

    _method: str | None  # http.client sets it

    @property
    def file(self) -> Any:
        """The buffered file that head and body are read from; None once the body is over."""
        return self.fp

    @file.setter
    def file(self, file: Any) -> None:
        self.fp = file

    @property
    def answers_head(self) -> bool:
        """Whether the request was a HEAD, whose answer has no body."""
        return self._method == "HEAD"

    @property
    def is_chunked(self) -> bool:
        """Whether the body is in the chunked transfer coding."""
        return self.chunked

    @property
    def ends_connection(self) -> bool:
        """Whether the connection serves no other request."""
        return self.will_close

    def start_headers(self) -> Callable[[str, str], None]:
        """Begin without headers, and return the function that adds one, by name and value, as it is."""
        self.headers = self.msg = message = HTTPMessage()
        message.set_payload("")
        return message.set_raw

    def take_head(self, status: int, reason: str, *, chunked: bool, length: int | None, ends_connection: bool) -> None:
        """Have the status and the framing that were read, as `begin` would leave them.

        `length` is that of the body in bytes, None where its framing does not say it.
        """
        self.code = self.status = status
        self.reason = reason
        self.version = 11
        self.chunked = chunked
        if chunked:
            self.chunk_left = None
        self.length = length
        self.will_close = ends_connection


def response_beneath(source: BaseHTTPResponse) -> Any:
    """The response of http.client beneath one of urllib3: of the `response_class` of the connection."""
    response: Any = source
    return response._original_response
