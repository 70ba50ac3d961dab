"""What the service says of an item besides what it is given: its items are whole, as the API's schemas require.

Law: what is given stays as it is, and what is whole is completed to itself. Ids are not made here: the service makes
those that are `MADE`. An item or a part of a type that nobody knows passes as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from ..validation.constraints import Reader
from ..validation.refused_values import refusal_of
from ..validation.request_table import item_table


class WrongItem(ValueError):
    """An item that a script gives and that the API's schema of its type does not take. It says where."""


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
    "output_text": {"annotations": [], "logprobs": []},
    "input_image": {"detail": "auto", "file_id": None, "image_url": None},
    "input_file": {"file_id": None},
    "computer_screenshot": {"detail": "auto", "file_id": None, "image_url": None},
}
"""What the parts of a content or an output have where nothing is given. Recorded of images and files."""

_TOOLS: dict[str, JsonObject] = {
    "function": {"description": None, "parameters": None, "strict": True},
    "mcp": {"allowed_tools": None, "headers": None, "require_approval": "always"},
    "file_search": {
        "filters": None,
        "max_num_results": 20,
        "ranking_options": {"ranker": "auto", "score_threshold": 0.0},
    },
    "web_search": {"search_context_size": "medium", "user_location": None},
    "web_search_preview": {"search_context_size": "medium", "user_location": None},
}
"""What the service says of a tool besides what it is given. Recorded, but for functions.

Of a function the specification requires `strict` and `parameters`, and says that it is strict by default.
"""

_LOCATION: JsonObject = {"type": "approximate", "city": None, "country": None, "region": None, "timezone": None}


def complete_item(item: JsonObject, path: str = "item") -> JsonObject:
    """The item that a script gives, whole but for ids. Raises `WrongItem`, with the place from `path` on.

    >>> complete_item({"type": "function_call", "name": "f"})
    {'type': 'function_call', 'status': 'completed', 'name': 'f', 'arguments': '{}'}
    >>> complete_item({"type": "function_call"}, "output[0]")
    Traceback (most recent call last):
    puresponse.transports.memory.scripts.completion.WrongItem: Missing required parameter: 'output[0].name'.
    """
    if _is_plain_text(item):
        return item
    whole = filled(item) if is_object(item) else item
    reader = Reader(item_table(), names_pass=True, types_pass=True)
    made = MADE.get(whole["type"], {}) if is_object(whole) and isinstance(whole.get("type"), str) else {}
    found = reader.first_violation("OutputItem", {"id": "", **made, **whole} if is_object(whole) else whole)
    if found is None:
        return whole
    found.path.append(path)
    raise WrongItem(refusal_of(found, reader).message)


def _is_plain_text(item: JsonObject) -> bool:
    """Whether the item is what most items are, a message that is whole and says one text: known without the table."""
    match item:
        case {
            "type": "message",
            "status": "completed" | "incomplete",
            "role": "assistant",
            "content": [{"type": "output_text", "annotations": [], "logprobs": [], "text": str()}],
            **others,
        }:
            return not others
        case _:
            return False


def filled(item: JsonObject) -> JsonObject:
    """The item with what it lacks, where that can be said. What it has is not checked."""
    kind = item.get("type")
    if kind is None and "role" in item:
        kind = "message"
    if not isinstance(kind, str) or kind not in _MEMBERS:
        return item
    item = _over(_MEMBERS[kind], item, kind)
    if kind not in _INSIDE:
        return item
    name, fill = _INSIDE[kind]
    value = item.get(name)
    inside = fill(value, item)
    return item if inside is value else {**item, name: inside}


def complete_tools(tools: Any) -> Any:
    """The tools of a request as the response says them. Recorded: of a server's URL the path is not shown."""
    return _each(tools, _tool)


def _tool(tool: JsonObject) -> JsonObject:
    kind = tool.get("type")
    tool = _over(_TOOLS.get(kind, {}) if isinstance(kind, str) else {}, tool)
    if is_object(tool.get("user_location")):
        location = _over(_LOCATION, tool["user_location"])
        tool = tool if location is tool["user_location"] else {**tool, "user_location": location}
    url = tool.get("server_url")
    if isinstance(url, str) and (place := _HOST.match(url)) is not None:
        return tool if url == f"{place[0]}<redacted>" else {**tool, "server_url": f"{place[0]}<redacted>"}
    return tool


_HOST = re.compile(r"\w+://[^/?#]+/(?=.)")


def _over(defaults: JsonObject, given: JsonObject, kind: str = "") -> JsonObject:
    """What is given, with the defaults of what is not, or is null where it may not be. An item has a `kind`."""
    missing = {
        name: value
        for name, value in defaults.items()
        if name not in given or (value is not None and given[name] is None)
    }
    if not missing and (not kind or "type" in given):
        return given
    # Recorded: an item's id, type and status are said first.
    head = {"id": given["id"]} if "id" in given else {}
    if kind:
        head["type"] = kind
    if "status" in missing:
        head["status"] = missing["status"]
    return {**head, **given, **missing}


def _each(values: Any, fill: Callable[[JsonObject], JsonObject]) -> Any:
    """The objects of a list, each filled; the list itself where all of them are whole."""
    if not is_array(values):
        return values
    whole = [fill(value) if is_object(value) else value for value in values]
    return values if all(new is old for new, old in zip(whole, values, strict=True)) else whole


def _parts(value: Any, item: JsonObject) -> Any:
    """Parts of a message or of an output. Of a message, text is one."""
    if isinstance(value, str) and item["type"] == "message":
        value = [{"type": "output_text" if item.get("role") == "assistant" else "input_text", "text": value}]
    return _each(value, _part)


def _part(part: JsonObject) -> JsonObject:
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in _PARTS:
        return part
    part = _over(_PARTS[kind], part)
    if not part.get("logprobs"):
        return part
    logprobs = _each(part["logprobs"], _logprob)
    return part if logprobs is part["logprobs"] else {**part, "logprobs": logprobs}


def _logprob(given: JsonObject) -> JsonObject:
    """The log-probability of a token, and those of others in its place."""
    token = given.get("token")
    if isinstance(token, str):
        given = _over({"bytes": [*token.encode(errors="surrogatepass")], "top_logprobs": []}, given)
    others = _each(given.get("top_logprobs"), _top_logprob)
    return given if others is given.get("top_logprobs") else {**given, "top_logprobs": others}


def _top_logprob(given: JsonObject) -> JsonObject:
    token = given.get("token")
    return _over({"bytes": [*token.encode(errors="surrogatepass")]}, given) if isinstance(token, str) else given


def _action(value: Any, item: JsonObject) -> Any:
    return _over(_ACTIONS[item["type"]], value) if is_object(value) else value


def _output(value: Any, item: JsonObject) -> Any:
    """The output of a shell, command by command, or the screenshot that a computer puts out."""
    if item["type"] == "shell_call_output":
        return _each(value, _shell_output)
    return _over({"type": "computer_screenshot"}, value) if is_object(value) else value


def _shell_output(value: JsonObject) -> JsonObject:
    return _over({"stdout": "", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}, value)


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
    "tool_search_output": ("tools", _tools),
    "additional_tools": ("tools", _tools),
}
"""What is in items that may lack something too: the member, and what fills it."""
