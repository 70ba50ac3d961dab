"""Values that follow the schemas of the table of what may be sent: what is required, and no more."""

from __future__ import annotations

from typing import Any

from puresponse.transports.memory.validation.request_table import Node, request_table

TABLE = request_table()


def example(node: Node) -> Any:
    """A value that follows a schema: what is required, and no more."""
    if "$ref" in node:
        return example(TABLE[node["$ref"]])
    if "anyOf" in node:
        return example(node["anyOf"][0])
    if "type" not in node:
        return "anything"
    kind: str = node["type"]
    match kind:
        case "string":
            pattern = {"^tunnel_[a-z0-9]{32}$": "tunnel_" + "a" * 32}.get(node.get("pattern", ""), "s")
            return node["enum"][0] if "enum" in node else pattern
        case "object":
            return {name: example(node["properties"][name]) for name in node.get("required", ())}
        case "array":
            return [example(node["items"])] * node.get("minItems", 0)
        case "boolean":
            return True
        case _:
            return node.get("minimum", 1)
