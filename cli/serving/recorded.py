"""What `puresponse record` is told."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from .options import LogForm

Mode: TypeAlias = Literal["none", "once", "new_episodes", "all"]
"""The modes of a cassette."""


class Recorded(NamedTuple):
    """What is to be recorded, and how, as it was given."""

    to: str
    upstream: str | None = None
    mode: Mode = "once"
    host: str = "127.0.0.1"
    port: int = 8080
    path: str = "/v1"
    token_variable: str | None = None
    no_token: bool = False
    times: bool = False
    redact_member: tuple[str, ...] = ()
    redact_pattern: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    log: LogForm = "off"
    log_file: str | None = None
