"""What the ids of items begin with."""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject

ID_PREFIXES = {
    "message": "msg",
    "reasoning": "rs",
    "function_call": "fc",
    "function_call_output": "fc",
    "file_search_call": "fs",
    "web_search_call": "ws",
    "computer_call": "cu",
    "code_interpreter_call": "ci",
    "image_generation_call": "ig",
    "mcp_call": "mcp",
    "compaction": "cmp",
    "custom_tool_call": "ctc",
    "mcp_list_tools": "mcpl",
    "mcp_approval_request": "mcpr",
    "apply_patch_call": "apc",
}
"""What the ids of items begin with, by their type."""

OTHER_PREFIXES = {
    "custom_tool_call_output": "ctco",
    "computer_call_output": "cuo",
    "local_shell_call": "lsh",
    "local_shell_call_output": "lsho",
    "shell_call": "sh",
    "shell_call_output": "sho",
    "apply_patch_call_output": "apco",
    "program": "prog",
    "program_output": "progo",
    "mcp_approval_response": "mcpr",
    "tool_search_call": "tsc",
    "tool_search_output": "tso",
    "additional_tools": "at",
}
"""What the ids that are made begin with where the service's are unknown; `item` for types that nobody knows."""


def id_prefix(item: JsonObject) -> str:
    """What the id of an item begins with where it is made."""
    kind = item.get("type") or "message"
    return ID_PREFIXES.get(kind) or OTHER_PREFIXES.get(kind, "item")


def foreign_prefix(item: JsonObject) -> str | None:
    """What the id of an item should begin with and does not. Those of outputs are known to differ."""
    kind = item.get("type") or "message"
    prefix = ID_PREFIXES.get(kind)
    item_id = item.get("id")
    if prefix is None or kind == "function_call_output" or not isinstance(item_id, str):
        return None
    return None if item_id.startswith(prefix) else prefix
