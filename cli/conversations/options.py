"""What the commands of conversations take."""

from __future__ import annotations

import click

from ..parameters import Argument, option

ONE = Argument("conversation", "Id of a conversation.", "CONVERSATION")
SEVERAL = Argument(
    "conversations",
    "Ids of conversations; - takes them from standard input, one a line.",
    "CONVERSATION",
    nargs=-1,
    required=True,
)
ITEMS = Argument(
    "items", "Ids of items; - takes them from standard input, one a line.", "ITEM", nargs=-1, required=True
)
METADATA = option("--metadata", "A pair of its metadata. May be repeated.", "KEY=VALUE", multiple=True)
ITEMS_FILE = option("--items", "A file with a JSON array of items, or with one item.", "FILE", type=click.Path())
