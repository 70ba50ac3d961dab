"""What may be added to any request: headers, parameters of its query, and a read timeout.

Law: what is added is checked before anything is sent, and is never a credential (`credentials` says what is one), which
belongs to the transport: requests are values that are shown, pickled and recorded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypedDict

from msgspec import structs

from ...codecs.lossless.errors import NESTED
from ...codecs.lossless.plain import is_mapping, is_sequence
from ..arguments import invalid_argument
from ..errors import InvalidArgument
from ..http import LONGEST_TIMEOUT, HttpRequest, Pairs

ExtraHeaders: TypeAlias = Mapping[str, str]
"""Names and values of headers."""

ExtraQuery: TypeAlias = Mapping[str, object]
"""Names and values of query parameters: strings, numbers, booleans, and lists and mappings of these.

A list is sent as `name[]=…` for each of its members, a mapping as `name[key]=…`; None is left out. None of the names
that it is written as is that of a credential.
"""


class RequestOptions(TypedDict, total=False):
    """What every builder, recipe, wait and stream takes as keywords, for all the requests that it makes.

    They override the defaults of these requests: a header or a parameter of the same name is replaced. What
    `configured` adds around them overrides nothing.

    Attributes:
        extra_headers: Extra headers; names in any case. No credentials: these belong to the transport. Of a program
            of several requests, an `Idempotency-Key` is the creation's alone, and `Content-Type` and its like are those
            of requests that have a body. Where a builder makes one request, it has all of them, and a creation with an
            `Idempotency-Key` is repeated by `retrying` also where the server may have acted; whether the service
            honours the key is unknown.
        extra_query: Extra query parameters: strings, numbers, booleans, and lists (`name[]=…`) and mappings
            (`name[key]=…`) of these; None is left out. No credentials.
        timeout: The read timeout in seconds of each request, more than 0, up to 2,000,000, in place of the
            transport's.
    """

    extra_headers: ExtraHeaders | None
    extra_query: ExtraQuery | None
    timeout: float | None


Additions: TypeAlias = tuple[Pairs, Pairs, float | None]
"""Headers, the query and the read timeout, checked and as they are sent."""

_KNOWN = RequestOptions.__annotations__.keys()

_LARGEST_INTEGER = 2**63 - 1
"""What any server reads; the interpreter itself writes no integer of more than 4,300 digits."""

_NO_CREDENTIAL = "no credential: that belongs to the transport (`{}`)"
_NAMES = "names that are tokens (RFC 9110, section 5.6.2)"
_QUERY = "a mapping from strings to strings, numbers, booleans, None, and lists and mappings of these"


def additions_in(options: RequestOptions, caller: Callable[..., object]) -> Additions | InvalidArgument:
    """What the options that `caller` was given add. Raises `TypeError` for one that there is none of."""
    for name in options:
        if name not in _KNOWN:
            raise TypeError(f"{getattr(caller, '__name__', caller)}() got an unexpected keyword argument {name!r}")
    return additions_of(options.get("extra_headers"), options.get("extra_query"), options.get("timeout"), "extra_")


def additions_of(headers: Any, query: Any, timeout: Any, prefix: str = "") -> Additions | InvalidArgument:
    """What these add. In errors, the names of the first two begin with `prefix`."""
    invalid = check_timeout("timeout", timeout)
    if invalid is None and headers is not None:
        invalid = _check_headers(f"{prefix}headers", headers)
    if invalid is not None:
        return invalid
    pairs = () if query is None else _query_pairs(f"{prefix}query", query)
    if not isinstance(pairs, tuple):
        return pairs
    return tuple(headers.items()) if headers else (), pairs, None if timeout is None else float(timeout)


def adding(request: HttpRequest, added: Additions, *, overriding: bool) -> HttpRequest:
    """`request` with what is added: what has the same name is overridden, or is left. Of two timeouts, the shorter."""
    headers, query, timeout = added
    timeout = shorter(request.timeout, timeout)
    if not headers and not query:
        return structs.replace(request, timeout=timeout)
    headers = joined_headers(request.headers, headers, overriding=overriding)
    query = joined_query(request.query, query, overriding=overriding)
    return structs.replace(request, headers=headers, query=query, timeout=timeout)


def joined_headers(own: Pairs, added: Pairs, *, overriding: bool) -> Pairs:
    """Both, but of the same name, in any case, only those that were added, or only those that were there."""
    if not own or not added:
        return own or added
    if overriding:
        names = {name.lower() for name, _ in added}
        return (*[pair for pair in own if pair[0].lower() not in names], *added)
    names = {name.lower() for name, _ in own}
    return (*own, *[pair for pair in added if pair[0].lower() not in names])


def joined_query(own: Pairs, added: Pairs, *, overriding: bool) -> Pairs:
    """Both, but of the same name only those that were added, or only those that were there."""
    if not own or not added:
        return own or added
    if overriding:
        names = {name for name, _ in added}
        return (*[pair for pair in own if pair[0] not in names], *added)
    names = {name for name, _ in own}
    return (*own, *[pair for pair in added if pair[0] not in names])


def shorter(one: float | None, other: float | None) -> float | None:
    """The shorter of two timeouts; None is no timeout."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def check_timeout(parameter: str, value: Any) -> InvalidArgument | None:
    """A timeout is a number of seconds, or None."""
    if value is None or (type(value) in (int, float) and 0 < value <= LONGEST_TIMEOUT):
        return None
    return invalid_argument(
        parameter, value, f"a number of seconds greater than 0, up to {LONGEST_TIMEOUT:.0f}, or None"
    )


def _check_headers(parameter: str, headers: Any) -> InvalidArgument | None:
    """Headers are a mapping of strings that break no message, and none of them is a credential.

    The error shows names and never values: these may well be secret.
    """
    if not is_mapping(headers):
        return invalid_argument(parameter, type(headers).__name__, "a mapping from names to values, or None")
    from ..credentials import names_a_credential
    from ..http_syntax import FIELD_VALUE, FRAMING, TOKEN

    for name, value in headers.items():
        if not isinstance(name, str):
            return invalid_argument(parameter, type(name).__name__, _NAMES)
        if TOKEN.fullmatch(name) is None:
            # What follows may be a value: "Authorization: Bearer …".
            token = TOKEN.match(name)
            return invalid_argument(parameter, "…" if token is None else f"{token[0]}…", _NAMES)
        if name.lower() in FRAMING:
            return invalid_argument(parameter, name, "any header but those that follow from the body")
        if names_a_credential(name):
            return invalid_argument(parameter, name, _NO_CREDENTIAL.format("default_headers"))
        if not isinstance(value, str) or FIELD_VALUE.fullmatch(value) is None:
            shown = f"{name}: {type(value).__name__}"
            return invalid_argument(parameter, shown, "values that are strings of Latin-1 without control characters")
    return None


def _query_pairs(parameter: str, value: Any) -> Pairs | InvalidArgument:
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
