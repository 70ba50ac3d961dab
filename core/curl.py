"""A request as a command line of curl.

Law: what that command sends is what a transport sends for the request: method, target, the request's own headers, body.
It holds no secret: the key is the shell's variable. All else is quoted, so that a POSIX shell hands it on as it is.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from typing import Any

from returns.result import Failure, Result, Success

from .arguments import invalid_argument, path_segment
from .credentials import REDACTED, hide_pairs, names_a_credential
from .errors import Error, InvalidArgument
from .http import LONGEST_TIMEOUT, HttpRequest, find_header
from .http_syntax import check_request

_LARGEST_ARGUMENT = 100_000
"""Bytes. Linux takes 131,072 in one argument of a command."""

_KEY = '"Authorization: Bearer $OPENAI_API_KEY"'
_BASE_URL = re.compile(
    r"https?://(?:[^\s\x00-\x20\x7f/?#@\\:;=&%\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~+-]*)*"
)
_SAFE = re.compile(r"[A-Za-z0-9@%+=:,./_-]+")
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal would act upon, turned directions among it."""


def to_curl(request: HttpRequest, base_url: str = "https://api.openai.com/v1") -> Result[str, Error]:
    r"""Write `request` as a command line of curl that sends the same.

    Args:
        request: That of a `Send`, an `Open` or an `AttemptBegan`.
        base_url: What its path is relative to, without user, query or fragment.

    The key is `$OPENAI_API_KEY`; a credential that the request was given by hand is `[redacted]`. `total` is
    `--max-time`; `timeout` is a least speed, of a byte in so many seconds, rounded up. Where an event stream is asked
    for, curl prints without a buffer. A body that is no text, or of more than 100,000 bytes, is piped from `base64 -d`.

    Errors: `InvalidArgument` for what could not be sent, and for a base URL that is none.

    >>> print(to_curl(HttpRequest("DELETE", "/responses/resp_1")).unwrap())
    curl --request DELETE https://api.openai.com/v1/responses/resp_1 \
      --header "Authorization: Bearer $OPENAI_API_KEY" \
      --header 'Accept: application/json'
    """
    invalid = _invalid(request, base_url)
    if invalid is not None:
        return Failure(invalid)
    query = "&".join(f"{path_segment(name)}={path_segment(value)}" for name, value in hide_pairs(request.query))
    url = base_url.rstrip("/") + request.path + (f"?{query}" if query else "")
    method = "--head" if request.method == "HEAD" else f"--request {_quoted(request.method)}"
    before, body = _body(request.body)
    lines = [
        f"{before}curl {method} {_quoted(url)}",
        *(f"--header {header}" for header in _headers(request)),
        *_times(request),
        *(["--no-buffer"] if "text/event-stream" in (find_header(request.headers, "accept") or "").lower() else []),
        *body,
    ]
    return Success(" \\\n  ".join(lines))


def _invalid(request: Any, base_url: Any) -> InvalidArgument | None:
    if not isinstance(request, HttpRequest):
        return invalid_argument("request", request, "an HttpRequest")
    if not isinstance(base_url, str) or _BASE_URL.fullmatch(base_url) is None:
        # It is not shown: a password may be in it, or a key be given in its place.
        return InvalidArgument("base_url", "it must be http(s)://host[:port][/path], without user, query or fragment")
    try:
        check_request(request)
    except ValueError as error:
        return InvalidArgument("request", str(error))
    if request.method == "HEAD" and request.body is not None:
        return InvalidArgument("request", "given a HEAD with a body, which curl does not send")
    for name, seconds in (("timeout", request.timeout), ("total", request.total)):
        if seconds is not None and not 0 < seconds <= LONGEST_TIMEOUT:
            return invalid_argument(name, seconds, f"a number of seconds greater than 0, up to {LONGEST_TIMEOUT:.0f}")
    return None


def _headers(request: HttpRequest) -> list[str]:
    """The headers that all requests have, without curl's own; then those of the request."""
    own = {name.lower() for name, _ in request.headers}
    headers = [] if "authorization" in own else [_KEY]
    if "accept" not in own:
        headers.append(_quoted("Accept: application/json"))
    if request.body is not None and "content-type" not in own:
        headers.append(_quoted("Content-Type:"))  # for curl takes a body to be a form
    if len(request.body or b"") > _LARGEST_ARGUMENT and "expect" not in own:
        headers.append(_quoted("Expect:"))  # for curl asks first whether it may send so much
    return headers + [_header(name, value) for name, value in request.headers]


def _header(name: str, value: str) -> str:
    if name.lower() == "authorization":
        return _KEY
    if names_a_credential(name):
        value = REDACTED
    if not value.strip(" \t"):
        return _quoted(f"{name};")  # sends an empty one, where a colon would take away curl's own
    text = f"{name}: {value}"
    if text.isascii():
        return _quoted(text)
    # In an argument it would be UTF-8, and a header is Latin-1.
    escaped = "".join(
        character if character.isalnum() and character.isascii() else f"\\{ord(character):03o}" for character in text
    )
    return f"\"$(printf '{escaped}')\""


def _times(request: HttpRequest) -> list[str]:
    times: list[str] = []
    if request.total is not None:
        times.append(f"--max-time {max(request.total, 0.001):.3f}".rstrip("0").rstrip("."))
    if request.timeout is not None:
        times.append(f"--speed-limit 1 --speed-time {-int(-request.timeout // 1)}")
    return times


def _body(body: bytes | None) -> tuple[str, list[str]]:
    """What precedes the command, and the options that send the body."""
    if body is None:
        return "", []
    try:
        text = None if len(body) > _LARGEST_ARGUMENT else body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or _UNSHOWN.search(text) is not None:
        encoded = b2a_base64(body, newline=False).decode()
        return f"printf %s {_quoted(encoded)} | base64 -d | ", ["--data-binary @-"]
    # With an @ before it, a text would be the name of a file.
    return "", [f"--data-{'raw' if text.startswith('@') else 'binary'} {_quoted(text)}"]


def _quoted(text: str) -> str:
    """The text as one word of a POSIX shell."""
    if _SAFE.fullmatch(text) is not None:
        return text
    return "'" + text.replace("'", "'\\''") + "'"
