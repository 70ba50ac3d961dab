"""Whether what is shown has colours, and in which form JSON is shown on a terminal.

Law: `--color` overrides all else. The environment decides about what people read; JSON in a pipe is data, and has no
colours whatever the environment says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

ColourChoice: TypeAlias = Literal["auto", "always", "never"]
"""The values of `--color`."""

NO_COLOR = "NO_COLOR"
"""Takes colours away, where it is not empty (https://no-color.org)."""

FORCE_COLOR = "FORCE_COLOR"
"""Asks for colours where there is no terminal (https://force-color.org); `0` and `false` ask for none, as elsewhere."""

_COLOURLESS = frozenset({"", "dumb", "unknown"})
"""Terminals without colours, as `TERM` names them; one without a name among them."""


def has_colour(
    choice: ColourChoice | None, environ: Mapping[str, str], *, terminal: bool, for_people: bool = True
) -> bool:
    """Whether to use colours on a stream that is a `terminal`, or is not. JSON lines are not `for_people` alone."""
    if choice in ("always", "never"):
        return choice == "always"
    if environ.get(NO_COLOR):
        return False
    forced = environ.get(FORCE_COLOR)
    if forced:
        return forced.lower() not in ("0", "false") and (terminal or for_people)
    return terminal and environ.get("TERM", "").lower() not in _COLOURLESS
