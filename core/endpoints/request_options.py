"""From arguments to a request, and from that to the operation that sends it, with the options that its caller adds.

Law: what a caller adds overrides the defaults of the operation: a header, a parameter or a member of the body of the
same name is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from msgspec import structs

from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import NESTED, UNWRITTEN
from ...codecs.lossless.plain import is_mapping
from ..arguments import check_cursor, check_include, check_limit, check_order, invalid_argument
from ..combinators.additions import RequestOptions, adding, additions_in
from ..errors import InvalidArgument
from ..http import HttpRequest, Pairs, find_header
from ..steps import Answer, Operation, Send, fail

T = TypeVar("T")

ExtraBody: TypeAlias = Mapping[str, object]
"""Members of a JSON object."""

_JSON: Pairs = (("Content-Type", "application/json"),)


def exchange(
    request: HttpRequest | InvalidArgument,
    frame: Callable[[Answer], Operation[T]],
    options: RequestOptions | None = None,
    caller: Callable[..., object] | None = None,
) -> Operation[T]:
    """Send `request`, with the options that `caller` was given, and go on with `frame`; fail where there is none."""
    if options and caller is not None:
        request = with_extras(request, options, caller)
    return Send(request, frame) if isinstance(request, HttpRequest) else fail(request)


def exchange_page(
    request: HttpRequest | InvalidArgument,
    frame: Callable[[HttpRequest], Callable[[Answer], Operation[T]]],
    options: RequestOptions,
    caller: Callable[..., object],
) -> Operation[T]:
    """The same for a page, whose frame is made of its request: the next one is requested with all that this one was."""
    request = with_extras(request, options, caller) if options else request
    return Send(request, frame(request)) if isinstance(request, HttpRequest) else fail(request)


def with_extras(
    request: HttpRequest | InvalidArgument, options: RequestOptions, caller: Callable[..., object]
) -> HttpRequest | InvalidArgument:
    """Add to `request` the options that `caller` was given; without any it is `request` itself.

    A request with an idempotency key counts as idempotent, by its caller's decision: whether the service honours the
    key is unknown. Raises `TypeError`, as a call of `caller` would, for an option that there is none of.
    """
    added = additions_in(options, caller)
    if not isinstance(request, HttpRequest):
        return request
    if not isinstance(added, tuple):
        return added
    if not any(added):
        return request
    made = adding(request, added, overriding=True)
    key = find_header(added[0], _KEY) if added[0] else None
    if key is None:
        return made
    # An empty key is none, and takes the place of the one that made the request idempotent.
    return structs.replace(made, idempotent=bool(key) or (made.idempotent and not find_header(request.headers, _KEY)))


def json_request(
    path: str,
    body: Mapping[str, Any],
    *,
    extra_body: ExtraBody | None = None,
    query: Pairs = (),
    headers: Pairs = (),
    idempotency_key: str | None = None,
    idempotent: bool = False,
) -> HttpRequest | InvalidArgument:
    """Build the request that posts `body` as JSON to `path`.

    `extra_body` replaces members of `body` of the same name, whole. A request with an idempotency key counts as
    `idempotent`.
    """
    invalid = check_idempotency_key("idempotency_key", idempotency_key) or check_extra_body("extra_body", extra_body)
    if invalid is not None:
        return invalid
    encoded = _encoded(body, extra_body or {})
    if isinstance(encoded, InvalidArgument):
        return encoded
    headers = _JSON + headers
    if idempotency_key is not None:
        headers += ((_KEY, idempotency_key),)
    return HttpRequest("POST", path, query, headers, encoded, idempotent or idempotency_key is not None)


_KEY = "Idempotency-Key"


def list_request(
    path: str, after: str | None, include: Sequence[str] | None, limit: int, order: Literal["asc", "desc"]
) -> HttpRequest | InvalidArgument:
    """Build the request for one page of the list at `path`; a default is not sent."""
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
    return HttpRequest("GET", path, query, idempotent=True)


def include_query(include: Sequence[str] | None) -> Pairs:
    """The query that asks for what is included in an answer."""
    return tuple(("include[]", value) for value in include) if include else ()


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
