"""What the service says of an item besides what it is given: its items are whole, as the API's schemas require.

Law: what is given stays as it is, but for null where none may be; what is whole is completed to itself. Ids are not
made here: the service makes those that are `MADE`. An item or a part of a type that nobody knows passes as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from ..validation.constraints import Reader
from ..validation.refused_values import refusal_of, wrong_prefix
from ..validation.request_table import Node, item_table
from .filling import each_of, over, with_null
from .id_prefixes import foreign_prefix
from .tools import complete_tools


class WrongItem(ValueError):
    """What a script gives and the API's schemas do not take: an item, most often. It says where."""


MADE: dict[str, dict[str, str]] = {
    "function_call": {"call_id": "call"},
    "custom_tool_call": {"call_id": "call"},
    "computer_call": {"call_id": "call"},
    "local_shell_call": {"call_id": "call"},
    "shell_call": {"call_id": "call"},
    "apply_patch_call": {"call_id": "call"},
    "program": {"call_id": "call"},
    "code_interpreter_call": {"container_id": "cntr"},
}
"""The members of items, besides their `id`, that are made where they are missing, and what they begin with."""

_DONE: JsonObject = {"status": "completed"}

_MEMBERS: dict[str, JsonObject] = {
    "message": {"status": "completed", "role": "assistant", "content": []},
    "reasoning": {"summary": []},
    "function_call": {"status": "completed", "arguments": "{}"},
    "function_call_output": _DONE,
    "custom_tool_call": _DONE,
    "custom_tool_call_output": _DONE,
    "file_search_call": {"status": "completed", "queries": [], "results": None},
    "web_search_call": {"status": "completed", "action": {"type": "search", "queries": [], "query": ""}},
    "image_generation_call": {"status": "completed", "result": None},
    "code_interpreter_call": {"status": "completed", "code": None, "outputs": None},
    "computer_call": {"status": "completed", "pending_safety_checks": []},
    "computer_call_output": _DONE,
    "local_shell_call": _DONE,
    "local_shell_call_output": _DONE,
    "shell_call": {"status": "completed", "environment": None},
    "shell_call_output": {"status": "completed", "max_output_length": None},
    "apply_patch_call": _DONE,
    "apply_patch_call_output": _DONE,
    "program_output": _DONE,
    "mcp_call": {"approval_request_id": None, "arguments": "{}", "error": None, "output": None},
    "mcp_list_tools": {"tools": []},
    "mcp_approval_request": {"arguments": "{}"},
    "tool_search_call": {"status": "completed", "call_id": None, "execution": "server", "arguments": {}},
    "tool_search_output": {"status": "completed", "call_id": None, "execution": "server", "tools": []},
    "additional_tools": {"role": "developer", "tools": []},
}
"""What the items of a type have where nothing is given: as recorded, or else what the schema allows that says least.

What has no such value, as the name of a function, has to be given.
"""

_ACTIONS: dict[str, JsonObject] = {
    "local_shell_call": {"type": "exec", "env": {}},
    "shell_call": {"timeout_ms": None, "max_output_length": None},
}
"""What the action of a call has where nothing is given."""

_PARTS: dict[str, JsonObject] = {
    "input_text": {},
    "output_text": {"annotations": [], "logprobs": []},
    "input_image": {"detail": "auto", "file_id": None, "image_url": None},
    "input_file": {"file_id": None},
    "computer_screenshot": {"detail": "auto", "file_id": None, "image_url": None},
}
"""What the parts of a content or an output have where nothing is given.

Recorded of images and files, and that the data of a file is not shown again.
"""


def complete_item(item: JsonObject, path: str = "item") -> JsonObject:
    """The item that a script gives, whole but for ids. Raises `WrongItem`, with the place from `path` on.

    >>> complete_item({"type": "function_call", "name": "f"})
    {'type': 'function_call', 'status': 'completed', 'name': 'f', 'arguments': '{}'}
    >>> complete_item({"type": "function_call"}, "output[0]")
    Traceback (most recent call last):
    puresponse.transports.memory.scripts.completion.WrongItem: Missing required parameter: 'output[0].name'.
    """
    whole = filled(item) if is_object(item) else item
    reader = Reader(item_table(), names_pass=True, types_pass=True)
    made = MADE.get(whole["type"], {}) if is_object(whole) and isinstance(whole.get("type"), str) else {}
    while True:
        found = reader.first_violation("OutputItem", {"id": "", **made, **whole} if is_object(whole) else whole)
        if found is None:
            if (prefix := foreign_prefix(whole)) is not None:
                # Given back as input, it would be refused.
                raise WrongItem(wrong_prefix(f"{path}.id", whole["id"], prefix).message)
            return whole
        if found.constraint != "required" or not _takes_null(found.node, found.path[0]):
            break
        whole = with_null(whole, found.path[::-1])
    found.path.append(path)
    raise WrongItem(refusal_of(found, reader).message)


def is_plain_text(item: JsonObject) -> bool:
    """Whether the item is what most items are, a message that is whole and says one text: known without the table."""
    content = item.get("content") if len(item) == 4 else None
    part: Any = content[0] if is_array(content) and len(content) == 1 else None
    if not is_object(part) or len(part) != 4:
        return False
    return (
        item.get("type") == "message"
        and item.get("role") == "assistant"
        and item.get("status") in ("completed", "incomplete")
        and part.get("type") == "output_text"
        and part.get("annotations") == []
        and part.get("logprobs") == []
        and isinstance(part.get("text"), str)
    )


def filled(item: JsonObject) -> JsonObject:
    """The item with what it lacks, where that can be said. What it has is not checked."""
    kind = item.get("type")
    if kind is None and "role" in item:
        kind = "message"
    if not isinstance(kind, str) or kind not in _MEMBERS:
        return item
    item = over(_MEMBERS[kind], item, kind)
    if None in item.values():
        item = _without_nulls(item, kind)
    if kind not in _INSIDE:
        return item
    name, fill = _INSIDE[kind]
    value = item.get(name)
    inside = fill(value, item)
    return item if inside is value else {**item, name: inside}


def _without_nulls(item: JsonObject, kind: str) -> JsonObject:
    """The item without the nulls that its schema does not take, which in a request say as little as nothing does."""
    table = item_table()
    places: list[int] = table["OutputItem"]["byType"][kind]
    schema = table[table["OutputItem"]["anyOf"][places[0]]["$ref"]]
    wrong = {name for name in item if item[name] is None and name in schema["properties"]}
    wrong = {name for name in wrong if not _takes_null(schema, name)}
    return {name: item[name] for name in item if name not in wrong} if wrong else item


def _takes_null(schema: Node, name: str | int) -> bool:
    """Whether a member of an object may be null: those that the schema does not know may not be."""
    member: Node | None = schema.get("properties", {}).get(name)
    return member is not None and (not member or bool(member.get("nullable")))


def _parts(value: Any, item: JsonObject) -> Any:
    """Parts of a message or of an output. Of a message, text is one."""
    if isinstance(value, str) and item["type"] == "message":
        value = [{"type": "output_text" if item.get("role") == "assistant" else "input_text", "text": value}]
    return each_of(value, _part)


def _part(part: JsonObject) -> JsonObject:
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in _PARTS:
        return part
    part = over(_PARTS[kind], part)
    if "file_data" in part or None in part.values():
        kept = {name: part[name] for name in part if part[name] is not None or name in _PARTS[kind]}
        kept.pop("file_data", None)
        part = part if len(kept) == len(part) else kept
    if not part.get("logprobs"):
        return part
    logprobs = each_of(part["logprobs"], _logprob)
    return part if logprobs is part["logprobs"] else {**part, "logprobs": logprobs}


def _logprob(given: JsonObject) -> JsonObject:
    """The log-probability of a token, and those of others in its place."""
    token = given.get("token")
    if isinstance(token, str):
        given = over({"bytes": [*token.encode(errors="surrogatepass")], "top_logprobs": []}, given)
    others = each_of(given.get("top_logprobs"), _top_logprob)
    return given if others is given.get("top_logprobs") else {**given, "top_logprobs": others}


def _top_logprob(given: JsonObject) -> JsonObject:
    token = given.get("token")
    return over({"bytes": [*token.encode(errors="surrogatepass")]}, given) if isinstance(token, str) else given


def _error(value: Any, item: JsonObject) -> Any:
    return over({"code": None, "param": None}, value) if is_object(value) else value


def _action(value: Any, item: JsonObject) -> Any:
    return over(_ACTIONS[item["type"]], value) if is_object(value) else value


def _output(value: Any, item: JsonObject) -> Any:
    """The output of a shell, command by command, or the screenshot that a computer puts out."""
    if item["type"] == "shell_call_output":
        return each_of(value, _shell_output)
    return over({"type": "computer_screenshot"}, value) if is_object(value) else value


def _shell_output(value: JsonObject) -> JsonObject:
    return over({"stdout": "", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}, value)


def _tools(value: Any, item: JsonObject) -> Any:
    return complete_tools(value)


_INSIDE: dict[str, tuple[str, Callable[[Any, JsonObject], Any]]] = {
    "message": ("content", _parts),
    "function_call_output": ("output", _parts),
    "custom_tool_call_output": ("output", _parts),
    "computer_call_output": ("output", _output),
    "shell_call": ("action", _action),
    "local_shell_call": ("action", _action),
    "shell_call_output": ("output", _output),
    "image_generation_call": ("error", _error),
    "tool_search_output": ("tools", _tools),
    "additional_tools": ("tools", _tools),
}
"""What is in items that may lack something too: the member, and what fills it."""
