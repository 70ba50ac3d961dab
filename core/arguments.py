"""What an argument must be before a request is built from it.

Each check returns None for a good argument and, for a bad one, an `InvalidArgument` that names the parameter, what was
given and what is allowed.
"""

from __future__ import annotations

from typing import Any, TypeGuard

from .errors import InvalidArgument

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_LONGEST_SHOWN = 60


def invalid_argument(parameter: str, given: object, allowed: str) -> InvalidArgument:
    """The error that `parameter` cannot be what was `given`, and what is `allowed`."""
    kind = type(given).__name__
    try:
        shown = repr(given)
    except Exception:  # numbers of too many digits, lists in too many lists, and whatever a caller's class may raise
        shown = f"a value that cannot be printed ({kind})"
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}… ({kind})"
    return InvalidArgument(parameter, f"given {shown}; allowed is {allowed}")


def raise_if_invalid(invalid: InvalidArgument | None) -> None:
    """Raise the `ValueError` that a constructor answers `invalid` with; do nothing where all is good."""
    if invalid is not None:
        raise ValueError(f"{invalid.parameter}: {invalid.reason}")


def check_id(parameter: str, value: Any) -> InvalidArgument | None:
    """An id is one segment of a path: a string, not empty, without slashes, and no dot segment in any encoding."""
    if isinstance(value, str) and value and "/" not in value and "\\" not in value and not _has_dot_segment(value):
        return None
    return invalid_argument(parameter, value, "a non-empty string without slashes, as the API gives ids")


def _has_dot_segment(value: str) -> bool:
    if "." not in value and "%" not in value:  # as in all ids that the API makes
        return False
    from .http_syntax import has_dot_segment

    return has_dot_segment(value)


def check_cursor(parameter: str, value: Any) -> InvalidArgument | None:
    """A cursor is the id of an item, or None."""
    if value is None or (isinstance(value, str) and value):
        return None
    return invalid_argument(parameter, value, "an item's id as a non-empty string, or None")


def check_limit(parameter: str, value: Any) -> InvalidArgument | None:
    """A limit is a whole number from 1 to 100."""
    if type(value) is int and 1 <= value <= 100:
        return None
    return invalid_argument(parameter, value, "an integer from 1 to 100")


def check_count(parameter: str, value: Any, least: int) -> InvalidArgument | None:
    """A count is a whole number, `least` or more."""
    if type(value) is int and value >= least:
        return None
    return invalid_argument(parameter, value, f"an integer, {least} or more")


def check_order(parameter: str, value: Any) -> InvalidArgument | None:
    """An order is `asc` or `desc`."""
    if isinstance(value, str) and value in ("asc", "desc"):
        return None
    return invalid_argument(parameter, value, "'asc' or 'desc'")


def check_include(parameter: str, value: Any) -> InvalidArgument | None:
    """An include is a list of strings, or None. Which strings is the server's decision: the API grows."""
    if value is None or (_is_list(value) and all(isinstance(member, str) and member for member in value)):
        return None
    return invalid_argument(
        parameter, value, "a list of non-empty strings such as 'reasoning.encrypted_content', or None"
    )


def _is_list(value: Any) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    return isinstance(value, list | tuple)


def path_segment(value: str) -> str:
    """Percent-encode `value` as one segment of a path (RFC 3986, section 3.3)."""
    if _PLAIN.issuperset(value):
        return value
    return "".join(
        chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass")
    )


def response_path(response_id: str) -> str:
    """The path of a response."""
    return "/responses/" + path_segment(response_id)
