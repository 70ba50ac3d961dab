"""What an error says of itself, in every form in which servers send it: as an answer, or as an event of a stream.

Law: a text that is there is the message. It is of bounded length, for `ApiError` has the whole body too. Of objects in
each other the innermost counts that says something. That the `type` is `error` says nothing.

https://platform.openai.com/docs/guides/error-codes
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from msgspec import Struct

from ..lossless.errors import REFUSALS
from ..lossless.plain import is_array, is_object

_LONGEST = 4_000
"""Characters of a message in JSON."""

_LONGEST_LINE = 300
"""Characters of a message that is the first line of a text, or the title of a page."""

_MOST = 10
"""Errors of a list that are in the message."""

_DEEPEST = 8
"""Objects and lists in each other that are gone into."""

_TEXTS = ("message", "msg", "error_description", "detail", "error", "errors", "title", "reason", "description")
"""The members in which servers say what is wrong, the most telling first."""

_TITLE = r"(?i)<title[^>]{0,100}>([^<]{1,1000})"


class ErrorBody(Struct, frozen=True, kw_only=True):
    """What an error says of itself; each field is None where it says nothing.

    `message` is for people, `type` and `code` say what kind of error it is, and `param` names the parameter at fault.
    """

    message: str | None = None
    type: str | None = None
    param: str | None = None
    code: str | None = None


def decode_error_body(data: bytes) -> ErrorBody:
    """Read `data`, the body of an error answer. Total: for nothing at all, and for any other bytes, each field is None.

    Understood are the envelope `{"error": {…}}`, the same without envelope, in a list, or with a text in place of the
    object; `{"detail": …}`, `{"message": …}`, `{"errors": […]}` and the `title` of RFC 9457 of other servers, as texts
    or as lists of texts or of `{"loc": […], "msg": "…"}` (`query.limit: Input should be a valid integer`). Of a plain
    text the first line is the message, of an HTML page the title.

    >>> decode_error_body(b'{"detail": [{"loc": ["query", "limit"], "msg": "Field required"}]}').message
    'query.limit: Field required'
    >>> decode_error_body(b"404 page not found").message
    '404 page not found'
    """
    from ..lossless.big_numbers import decode_plain  # errors are seldom

    try:
        body: Any = decode_plain(data)
    except REFUSALS:
        return ErrorBody(message=_line_in(data))
    return error_body_of(body)


def error_body_of(body: Any) -> ErrorBody:
    """The same for JSON that was read already."""
    return _usual(body) or _unusual(body)


def _usual(body: Any) -> ErrorBody | None:
    """The error in the envelope of the service, as nearly all are; None for any other: a tenth of the time."""
    error: Any = body.get("error") if body.__class__ is dict and len(body) == 1 else None
    if error.__class__ is not dict or not error.keys() <= _MEMBERS:
        return None
    said = [error.get(name) for name in ErrorBody.__struct_fields__]
    message, kind, param, code = said
    if not message or not all(text is None or text.__class__ is str for text in said):
        return None
    kind = None if kind == "error" else kind or None
    return ErrorBody(message=_limited(message), type=kind, param=param or None, code=code or None)


_MEMBERS = frozenset(ErrorBody.__struct_fields__)


def _unusual(body: Any) -> ErrorBody:
    said = _objects_in(body, _DEEPEST)
    return ErrorBody(
        message=_limited(_message_of(body, _DEEPEST)),
        type=_said(said, "type"),
        param=_said(said, "param"),
        code=_said(said, "code"),
    )


def _objects_in(body: Any, depth: int) -> list[dict[str, Any]]:
    """The objects that say what kind of error it is, the innermost first: of several, the first."""
    if is_array(body):
        body = body[0] if body else None
    if not is_object(body) or not depth:
        return []
    inner = body.get("error")
    return [*_objects_in(inner if is_object(inner) else body.get("errors"), depth - 1), body]


def _said(objects: list[dict[str, Any]], name: str) -> str | None:
    texts = (_text(one.get(name)) for one in objects)
    return next((text for text in texts if text and (name, text) != ("type", "error")), None)


def _message_of(value: Any, depth: int) -> str | None:
    if isinstance(value, str):
        return value or None
    if not depth:
        return None
    if is_array(value):
        texts = [text for text in (_message_of(one, depth - 1) for one in islice(value, _MOST)) if text]
        more = f"; … {len(value) - _MOST:,} more" if len(value) > _MOST else ""
        return "; ".join(texts) + more if texts else None
    if not is_object(value):
        return None
    inner = value.get("error")
    if is_object(inner) and (told := _message_of(inner, depth - 1)):
        return told
    for name in _TEXTS:
        if name == "error" and is_object(inner):
            continue
        text = _text(value.get(name)) if name == "message" else None
        text = text or _message_of(value.get(name), depth - 1)
        if text:
            return _placed(value.get("loc"), text)
    return None


def _placed(loc: Any, text: str) -> str:
    """The text after the place that it is about, as FastAPI sends it."""
    if not is_array(loc) or not all(isinstance(step, str | int) for step in loc):
        return text
    return f"{'.'.join(map(str, loc))}: {text}" if loc else text


def _line_in(data: bytes) -> str | None:
    """The first line of a text, or the title of a page; None for what is neither, or was to be JSON."""
    try:
        text = data.decode().lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        return None
    if text.startswith("<"):
        title = re.search(_TITLE, text)
        text = " ".join(title[1].split()) if title else ""
    if not text or text.startswith(("{", "[", '"')):
        return None
    line = text.splitlines()[0].strip()
    if not line.isprintable():
        line = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line[: _LONGEST_LINE + 1])
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _limited(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _text(value: Any) -> str | None:
    """Some servers send numeric codes; nested values are left to `ApiError.body`."""
    if isinstance(value, bool | float) or not isinstance(value, str | int):
        return None
    return str(value)
