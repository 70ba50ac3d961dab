"""Whose scope a request is of: it says so in a header, or by its key, for clients that can set nothing else.

Law: a scope has the name that a request gives, or `default`. Of a key that names one, that name is all that is kept.
"""

from __future__ import annotations

import re

from ..serving.received import Received

PREFIX = "/_puresponse"
"""What precedes the paths of the control endpoint."""

HEADER = "x-puresponse-scope"
"""The header that names the scope of a request."""

KEY_PREFIX = "sk-scope-"
"""What a key begins with that names a scope, which is all the rest of it."""

DEFAULT = "default"
"""The scope of a request that names none."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class NoScopeName(ValueError):
    """What a scope cannot be called, which is not repeated: it may be a key. `place` says where it was given."""

    def __init__(self, place: str) -> None:
        super().__init__("the name of a scope is 1 to 100 letters, digits, `-`, `_` or `.`")
        self.place = place


def scope_of(received: Received) -> str:
    """The name of the scope of a request: that in its header, that in its key, or `default`.

    Raises `NoScopeName` for a name that none has.
    """
    name = received.header(HEADER)
    if name is not None:
        return checked_name(name.strip(), f"header {HEADER}")
    for key in (received.bearer(), received.header("api-key")):
        if key is not None and key.startswith(KEY_PREFIX):
            return checked_name(key.removeprefix(KEY_PREFIX), "the key")
    return DEFAULT


def named_scope(received: Received) -> str | None:
    """The name of the scope that a request gives; None where it gives none, or what is none."""
    try:
        name = scope_of(received)
    except NoScopeName:
        return None
    return None if name == DEFAULT else name


def checked_name(name: str, place: str) -> str:
    """The name of a scope, which is given at `place`. Raises `NoScopeName`."""
    if not _NAME.fullmatch(name):
        raise NoScopeName(place)
    return name
