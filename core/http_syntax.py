"""What a request line and a header may hold: the grammar of RFC 9110, 9112 and 3986, as far as it is needed.

Law: a request that breaks it is never sent and never loaded: some other client or server on the way would read it as
something else. Transports and checkpoints are held to the same.
"""

from __future__ import annotations

import re

from .http import HttpRequest

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, section 5.6.2."""

FIELD_VALUE = re.compile(r"[\t -~\x80-\xff]*")
"""RFC 9110, section 5.5, in Latin-1: no control character but the tab."""

_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@/-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~!$&'()*+,;=:@/-]*)*")
_DOT_SEGMENT = r"""
    (?: \A | [/\\] | %(?:25)*(?:2[Ff]|5[Cc]) )      # a segment begins: after a slash or a backslash
    (?: \. | %(?:25)*2[Ee] ){1,2}                   # one dot or two
    (?= \Z | [/\\;] | %(?:25)*(?:2[Ff]|5[Cc]|3[Bb]) )  # and no more, but for parameters
    """
"""However often each character is percent-encoded: some server on the way decodes once more than the last one.

Compiled at its first use, which is seldom.
"""

_COMMON_METHODS = frozenset({"GET", "POST", "DELETE", "PATCH", "PUT"})

FRAMING = frozenset({"content-length", "transfer-encoding"})
"""The headers of a request that follow from its body, in lower case (RFC 9112, section 6)."""


def check_method(method: str) -> None:
    """Raise `ValueError` for a method that is no token (RFC 9110, section 9.1)."""
    if method not in _COMMON_METHODS and TOKEN.fullmatch(method) is None:
        raise ValueError(f"the method is {method!r}; it must be a token")


def check_path(path: str) -> None:
    """Raise `ValueError` for a path that is not absolute and percent-encoded, or that would not arrive as it is.

    A dot segment is resolved on the way (RFC 3986, section 6.2.2.3): `/responses/..` would delete something else.
    """
    if _PATH.fullmatch(path) is None:
        raise ValueError(f"the path is {path!r}; it must start with a slash and be percent-encoded, without a query")
    if has_dot_segment(path):
        raise ValueError(f"the path is {path!r}; a segment of it must not be '.' or '..'")


def has_dot_segment(path: str) -> bool:
    """Whether a segment of `path` is `.` or `..`, in whatever form something on the way may take for one.

    Such are dots, slashes and backslashes that are percent-encoded, once (`%2e%2e`, `a%2f..`, `..%5cb`) or more often
    (`%252e`), and dots before parameters (`..;x`). Encoded slashes alone are none: ids of models hold them.
    """
    return ("." in path or "%" in path) and re.search(_DOT_SEGMENT, path, re.VERBOSE) is not None


def check_header(name: str, value: str) -> str:
    """The name in lower case. Raises `ValueError`, which does not hold the value, for what is no header."""
    if TOKEN.fullmatch(name) is None:
        raise ValueError(f"a header is called {name!r}; a name must be a token")
    if FIELD_VALUE.fullmatch(value) is None:
        raise ValueError(f"the header {name!r} holds a control character, or one that is not Latin-1")
    lower = name.lower()
    if lower in FRAMING:
        raise ValueError(f"the header {name!r} is the transport's own: it follows from the body")
    return lower


def check_request(request: HttpRequest) -> None:
    """Raise `ValueError` for a request that cannot be sent as it is; each field is of its own type already."""
    check_method(request.method)
    check_path(request.path)
    for name, value in request.headers:
        check_header(name, value)
    for pair in request.query:
        for text in pair:
            if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
                raise ValueError("the query holds text that UTF-8 cannot hold")
