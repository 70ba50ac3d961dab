"""The tables of what may be sent and of what is answered: read from the files beside this one when first asked for.

`tests/scripts/write_request_table.py` and `write_item_table.py` make them, and say how they are to be read.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from msgspec import json

Node: TypeAlias = dict[str, Any]
"""A schema, in JSON Schema's words."""


@cache
def request_table() -> dict[str, Node]:
    """The schemas by name: of the bodies that are posted, `create`, `compact`, …, and those that they refer to."""
    return _table("request_table.json")


@cache
def item_table() -> dict[str, Node]:
    """The schemas by name: `OutputItem`, the union of what a response's output may be, and those that it refers to."""
    return _table("item_table.json")


def _table(name: str) -> dict[str, Node]:
    # What loads the packages can read their files, out of a zip archive too.
    from pkgutil import get_data

    table: dict[str, Node] = json.decode(get_data(__name__.rpartition(".")[0], name) or b"{}")
    return table
