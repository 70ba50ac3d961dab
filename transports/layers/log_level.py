"""How much is logged, by the variable that the official client reads, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

LOG_LEVEL: Final = "OPENAI_LOG"

LogLevel: TypeAlias = Literal["info", "debug"]


def log_level(environ: Mapping[str, str]) -> LogLevel | None:
    """The level that `OPENAI_LOG` asks for: None for anything but `info` and `debug`, as in the official client."""
    match environ.get(LOG_LEVEL):
        case "info" | "debug" as level:
            return level
        case _:
            return None
