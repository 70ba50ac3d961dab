"""Write what the service in memory knows of items that it answers with: `transports/memory/validation/item_table.json`.

    python tests/scripts/write_item_table.py

The table is read as that of requests is, and made alike (`write_request_table.py` says how), of the specification's
union of output items. Here nothing that the specification requires is optional: what the service does without in a
request, it says in an answer. Only a program's own output has messages of one kind.
"""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import json
from write_request_table import ROOT, SPECIFICATION, Table, write_lines

TABLE = ROOT / "transports/memory/validation/item_table.json"

UNION = "OutputItem"


NULLS: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    ("MCPToolFilter", ("properties", "read_only")),
    ("MCPTool", ("properties", "require_approval", "anyOf", 0, "properties", "always")),
    ("MCPTool", ("properties", "require_approval", "anyOf", 0, "properties", "never")),
)
"""What the service was recorded to say null for, though the specification does not let it."""


class ItemTable(Table):
    """The schemas that output items need, by name."""

    messages: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[dict[str, tuple[str, ...]]] = {}

    def __init__(self, specification: dict[str, Any]) -> None:
        self._schemas = specification["components"]["schemas"]
        self.definitions = {}
        self.roots = {}
        self._define(UNION)
        for schema, path in NULLS:
            node: Any = self.definitions[schema]
            for step in path:
                node = node[step]
            node["nullable"] = True


def item_table(specification: bytes) -> bytes:
    """The table of a specification, a schema a line."""
    return write_lines(ItemTable(json.decode(specification)), [UNION])


if __name__ == "__main__":
    TABLE.write_bytes(item_table(SPECIFICATION.read_bytes()))
