"""What a caller may add to any request: extra headers, query parameters and members of its body, and a read timeout.

Law: what a caller adds overrides the defaults of the operation: a header, a parameter or a member of the body of the
same name is replaced. An addition never holds a credential (`credentials` says what is one), which belongs to the
transport: requests are values that are shown, pickled and recorded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from msgspec import structs

from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import NESTED, UNWRITTEN
from ...codecs.lossless.plain import is_mapping, is_sequence
from ..arguments import check_cursor, check_include, check_limit, check_order, invalid_argument
from ..errors import InvalidArgument
from ..http import LONGEST_TIMEOUT, HttpRequest, Pairs, find_header
from ..steps import Answer, Operation, Send, fail

T = TypeVar("T")

ExtraHeaders: TypeAlias = Mapping[str, str]
"""Names and values of headers."""

ExtraQuery: TypeAlias = Mapping[str, object]
"""Names and values of query parameters: strings, numbers, booleans, and lists and mappings of these.

A list is sent as `name[]=…` for each of its members, a mapping as `name[key]=…`; None is left out. None of the names
that it is written as is that of a credential.
"""

ExtraBody: TypeAlias = Mapping[str, object]
"""Members of a JSON object."""

_LARGEST_INTEGER = 2**63 - 1
"""What any server reads; the interpreter itself writes no integer of more than 4,300 digits."""

_NO_CREDENTIAL = "no credential: that belongs to the transport (`{}`)"
_NAMES = "names that are tokens (RFC 9110, section 5.6.2)"
_QUERY = "a mapping from strings to strings, numbers, booleans, None, and lists and mappings of these"
_JSON: Pairs = (("Content-Type", "application/json"),)


def exchange(request: HttpRequest | InvalidArgument, frame: Callable[[Answer], Operation[T]]) -> Operation[T]:
    """Send `request` and go on with `frame`, or fail where there is no request."""
    return fail(request) if isinstance(request, InvalidArgument) else Send(request, frame)


def with_extras(
    request: HttpRequest,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    timeout: float | None = None,
) -> HttpRequest | InvalidArgument:
    """Add to `request` what a caller adds; without any of that it is `request` itself.

    Args:
        request: The request of the operation.
        extra_headers: Extra headers; they override those of the request and of the transport. A credential is refused.
        extra_query: Extra query parameters; they override those of the request. A credential is refused.
        timeout: The read timeout in seconds of this one request, more than 0, in place of the transport's.
    """
    if extra_headers is None and extra_query is None and timeout is None:
        return request
    invalid = check_timeout("timeout", timeout) or _check_headers(extra_headers)
    if invalid is not None:
        return invalid
    if extra_headers:
        request = structs.replace(request, headers=_headers(request.headers, extra_headers))
    if extra_query is not None:
        added = _pairs("extra_query", extra_query)
        if isinstance(added, InvalidArgument):
            return added
        request = structs.replace(request, query=_query(request.query, added))
    return request if timeout is None else structs.replace(request, timeout=float(timeout))


def json_request(
    path: str,
    body: Mapping[str, Any],
    *,
    extra_headers: ExtraHeaders | None = None,
    extra_query: ExtraQuery | None = None,
    extra_body: ExtraBody | None = None,
    timeout: float | None = None,
    query: Pairs = (),
    headers: Pairs = (),
    idempotency_key: str | None = None,
    idempotent: bool = False,
) -> HttpRequest | InvalidArgument:
    """Build the request that posts `body` as JSON to `path`.

    `extra_body` replaces members of `body` of the same name, whole. A request with an idempotency key (the argument,
    or an extra header of that name) counts as `idempotent`, by its caller's decision: whether the service honours the
    key is unknown.
    """
    invalid = check_idempotency_key("idempotency_key", idempotency_key) or check_extra_body("extra_body", extra_body)
    if invalid is not None:
        return invalid
    encoded = _encoded(body, extra_body or {})
    if isinstance(encoded, InvalidArgument):
        return encoded
    headers = _JSON + headers
    if idempotency_key is not None:
        headers += (("Idempotency-Key", idempotency_key),)
    request = with_extras(
        HttpRequest("POST", path, query, headers, encoded, idempotent), extra_headers, extra_query, timeout
    )
    if (idempotency_key is None and not extra_headers) or isinstance(request, InvalidArgument):
        return request
    return structs.replace(request, idempotent=True) if find_header(request.headers, "idempotency-key") else request


def list_query(
    *, after: str | None, include: Sequence[str] | None, limit: int, order: Literal["asc", "desc"]
) -> Pairs | InvalidArgument:
    """The query that asks for one page of a list; a default is not sent."""
    invalid = (
        check_cursor("after", after)
        or check_include("include", include)
        or check_limit("limit", limit)
        or check_order("order", order)
    )
    if invalid is not None:
        return invalid
    query = include_query(include)
    if limit != 20:
        query += (("limit", str(limit)),)
    if order != "desc":
        query += (("order", order),)
    if after is not None:
        query += (("after", after),)
    return query


def include_query(include: Sequence[str] | None) -> Pairs:
    """The query that asks for what is included in an answer."""
    return tuple(("include[]", value) for value in include) if include else ()


def check_timeout(parameter: str, value: Any) -> InvalidArgument | None:
    """A timeout is a number of seconds, or None."""
    if value is None or (type(value) in (int, float) and 0 < value <= LONGEST_TIMEOUT):
        return None
    return invalid_argument(
        parameter, value, f"a number of seconds greater than 0, up to {LONGEST_TIMEOUT:.0f}, or None"
    )


def check_idempotency_key(parameter: str, value: Any) -> InvalidArgument | None:
    """An idempotency key is a string that a header can hold, or None."""
    if value is None:
        return None
    from ..http_syntax import FIELD_VALUE  # most requests have no key, and no extra headers

    if isinstance(value, str) and value.strip() and FIELD_VALUE.fullmatch(value):
        return None
    return invalid_argument(parameter, value, "a non-empty string of Latin-1 without control characters, or None")


def check_extra_body(parameter: str, value: Any) -> InvalidArgument | None:
    """An extra body is a mapping with strings for keys, or None."""
    if value is None or (is_mapping(value) and all(isinstance(name, str) for name in value)):
        return None
    return invalid_argument(parameter, value, "a mapping from strings to what JSON can hold, or None")


def _check_headers(headers: Any) -> InvalidArgument | None:
    """Headers are a mapping of strings that break no message, and none of them is a credential.

    The error shows names and never values: these may well be secret.
    """
    if headers is None:
        return None
    if not is_mapping(headers):
        return invalid_argument("extra_headers", type(headers).__name__, "a mapping from names to values, or None")
    from ..credentials import names_a_credential
    from ..http_syntax import FIELD_VALUE, FRAMING, TOKEN

    for name, value in headers.items():
        if not isinstance(name, str):
            return invalid_argument("extra_headers", type(name).__name__, _NAMES)
        if TOKEN.fullmatch(name) is None:
            # What follows may be a value: "Authorization: Bearer …".
            token = TOKEN.match(name)
            return invalid_argument("extra_headers", "…" if token is None else f"{token[0]}…", _NAMES)
        if name.lower() in FRAMING:
            return invalid_argument("extra_headers", name, "any header but those that follow from the body")
        if names_a_credential(name):
            return invalid_argument("extra_headers", name, _NO_CREDENTIAL.format("default_headers"))
        if not isinstance(value, str) or FIELD_VALUE.fullmatch(value) is None:
            shown = f"{name}: {type(value).__name__}"
            return invalid_argument(
                "extra_headers", shown, "values that are strings of Latin-1 without control characters"
            )
    return None


def _headers(own: Pairs, extra: ExtraHeaders) -> Pairs:
    names = {name.lower() for name in extra}
    return (*(pair for pair in own if pair[0].lower() not in names), *extra.items())


def _pairs(parameter: str, value: Any) -> Pairs | InvalidArgument:
    """The names and values that a query parameter of a caller is written as.

    The error shows names and never values: these may well be secret.
    """
    if not is_mapping(value):
        return invalid_argument(parameter, type(value).__name__, _QUERY)
    pairs: list[tuple[str, str]] = []
    try:
        for name, member in value.items():
            if not (isinstance(name, str) and _is_text(name) and _is_sound(member)):
                shown = name if isinstance(name, str) else ""
                return invalid_argument(parameter, f"{shown}: {type(member).__name__}", _QUERY)
            _add_pairs(name, member, pairs)
    except RecursionError:
        return InvalidArgument(parameter, f"it is {NESTED}; allowed is {_QUERY}")
    from ..credentials import names_a_credential

    for name, _ in pairs:
        if names_a_credential(name):
            return invalid_argument(parameter, name, _NO_CREDENTIAL.format("default_query"))
    return tuple(pairs)


def _is_sound(value: Any) -> bool:
    """Whether a query can hold a value: its text is text that UTF-8 can hold, and its numbers are finite."""
    if is_mapping(value):
        return all(isinstance(name, str) and _is_text(name) and _is_sound(member) for name, member in value.items())
    if is_sequence(value):
        return all(map(_is_sound, value))
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, int):
        return -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER
    return value is None or (isinstance(value, float) and math.isfinite(value))


def _is_text(value: str) -> bool:
    """Whether UTF-8 can hold a text: it has no half of a surrogate pair."""
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _query(own: Pairs, added: Pairs) -> Pairs:
    names = {name for name, _ in added}
    return (*(pair for pair in own if pair[0] not in names), *added)


def _add_pairs(name: str, value: Any, pairs: list[tuple[str, str]]) -> None:
    if is_mapping(value):
        for key, member in value.items():
            _add_pairs(f"{name}[{key}]", member, pairs)
    elif is_sequence(value):
        for member in value:
            _add_pairs(f"{name}[]", member, pairs)
    elif isinstance(value, bool):
        pairs.append((name, "true" if value else "false"))
    elif value is not None:
        pairs.append((name, str(value)))


def _encoded(body: Mapping[str, Any], extra: ExtraBody) -> bytes | InvalidArgument:
    """Write the members of both as one object, or return the error of the one that cannot be written."""
    try:
        return encode({**body, **extra})
    except UNWRITTEN:
        return _encoded_plain(body, extra)


def _encoded_plain(body: Mapping[str, Any], extra: ExtraBody) -> bytes | InvalidArgument:
    """The same with mappings and sequences that are no dicts and lists, which encoding does not know."""
    members: dict[str, Any] = {}
    for source, parameter in ((body, None), (extra, "extra_body")):
        for name, value in source.items():
            try:
                plain = _plain(value)
                encode(plain)
            except UNWRITTEN as error:
                return InvalidArgument(parameter or name, f"{_reason_of(error)}; allowed is what JSON can hold")
            members[name] = plain
    return encode(members)


def _plain(value: Any) -> Any:
    from .inputs import is_many

    if is_mapping(value):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(member) for member in value] if is_many(value) else value


def _reason_of(error: Exception) -> str:
    match error:
        case RecursionError():
            return f"it is {NESTED}"
        case UnicodeEncodeError():
            return f"it holds text that UTF-8 cannot hold ({error.reason})"
        case _:
            return str(error)
