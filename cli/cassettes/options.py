"""What several of these commands take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..parameters import Argument, option

if TYPE_CHECKING:
    from ...transports import Redaction

FILES = Argument(
    "paths", "Files, or folders to look through.", "PATH", nargs=-1, required=True, type=click.Path(exists=True)
)
FILE = Argument("path", "A file of recordings.", "FILE", type=click.Path(exists=True, dir_okay=False))

FORMAT_NAMES = ("cassette", "cassette-lines", "vcr", "har", "cassetter", "session-record", "aimock")
"""The formats of `puresponse.transports`."""

MEMBER = option(
    "--member", "Redact what is called so: a member of JSON, a query parameter. May be repeated.", "NAME", multiple=True
)
PATTERN = option("--pattern", "Redact what a regular expression finds. May be repeated.", "REGEX", multiple=True)
HARMLESS = option("--harmless", "A text that looks like a key, and is none. May be repeated.", "TEXT", multiple=True)


def rules_of(member: Sequence[str], pattern: Sequence[str]) -> list[Redaction] | str:
    """The rules that were given; a sentence for a pattern that is none."""
    from ...transports import Redaction

    try:
        by_name = [Redaction(member=name) for name in member]
        return [*by_name, *(Redaction(pattern=expression) for expression in pattern)]
    except ValueError as error:
        return f"--pattern: {error}"
