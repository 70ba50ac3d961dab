"""What hosts are given to carry, of all that they might be tempted to tidy up, to judge, to follow or to repeat."""

from __future__ import annotations

from ....codecs.lossless.errors import DecodeError
from ....core.errors import ApiError, Error, Interrupted, InvalidArgument, NoRecording, NotSent, WaitExpired
from ....core.http import HttpRequest, HttpResponse

ODD_REQUESTS = (
    HttpRequest("GET", "/responses/a%2Fb", (("include[]", "x"), ("after", "a b&c"), ("include[]", "y"))),
    HttpRequest("POST", "/responses", (), (("X-1", "1"), ("X-1", "é"), ("x-1", "")), b'{"model":"m"}'),
    HttpRequest("POST", "/responses/resp_1/cancel", body=b"", idempotent=True),
    HttpRequest("DELETE", "/responses/resp_1", idempotent=True, timeout=2.5),
    HttpRequest("DELETE", "/responses/resp_1", idempotent=True, timeout=2.5),
    HttpRequest("POST", "/bytes", body=bytes(range(256))),
)
"""Requests that a host may not tidy up."""

RESPONSES = (
    *(HttpResponse(status=status) for status in (200, 204, 304, 404)),
    HttpResponse(status=299, headers=(("X-Twice", "1"), ("x-twice", "2")), body=bytes(range(256))),
    HttpResponse(status=404, body=b'{"error":{"message":"not found"}}', after_interruption=True),
    *(
        HttpResponse(status=status, headers=(("Retry-After", "0"), ("x-should-retry", "true")), body=b"{}")
        for status in (408, 409, 429, 500, 502, 503)
    ),
    *(HttpResponse(status=status, headers=(("Location", "/elsewhere"),)) for status in (301, 302, 307, 308)),
)
"""Answers that a host may not judge, follow, or repeat."""

ERRORS: tuple[Error, ...] = (
    InvalidArgument("base_url", "given ''; allowed is a URL"),
    NotSent("refused", "nobody listens"),
    Interrupted("read_timeout", "no answer for 30 seconds"),
    ApiError(status=429, code="rate_limit_exceeded", retry_after=0.0, body=b"{}"),
    DecodeError(status=200, reason="not JSON", body=b"\xff"),
    WaitExpired(elapsed=1.5, polls=2),
    NoRecording(request=HttpRequest("GET", "/responses/resp_1"), differences=("path",)),
)
"""One error of each kind."""
