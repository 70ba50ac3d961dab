"""The options of commands that list items, a page at a time: the parameters of the API."""

from __future__ import annotations

import click

from ..parameters import flag, option

AFTER = option("--after", "The item after which to start. Default: at the beginning.", "ID")
LIMIT = option("--limit", "How many items a page has, 1 to 100. Default: 20; 100 with --all.", "N", type=int)
ORDER = option(
    "--order",
    "The oldest item first, or the newest.",
    type=click.Choice(["asc", "desc"]),
    default="desc",
    show_default=True,
)
ALL = flag("--all", "Follow all pages.")
