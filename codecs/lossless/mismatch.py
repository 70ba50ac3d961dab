"""Where msgspec says that a value does not match its type.

It says so in the message, and nowhere else. This is the only module that reads the message; a test fails when msgspec
words it otherwise.
"""

from __future__ import annotations

import re

from msgspec import ValidationError

_LOCATED = re.compile(r"(.*) - at (`key` in )?`(\$.*)`", re.DOTALL)
"""What msgspec says of a mismatch that is not at the top. Before it there may be any text: that of a caller's type."""


def mismatch_of(error: ValidationError) -> tuple[str, str]:
    """The JSON path of a mismatch, and the reason: what was expected there.

    msgspec does not name the member of an object that has no struct: the path has `[...]` in its place.
    """
    located = _LOCATED.fullmatch(str(error))
    if located is None:
        return "$", str(error)
    return located[3], f"{located[1]}, as a key" if located[2] else located[1]
