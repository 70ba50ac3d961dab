"""The table of what may be sent: read from the file beside it when it is first asked for.

`tests/scripts/write_request_table.py` makes it, and says how it is to be read.
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
    # What loads the packages can read their files, out of a zip archive too.
    from pkgutil import get_data

    table: dict[str, Node] = json.decode(get_data(__name__.rpartition(".")[0], "request_table.json") or b"{}")
    return table
