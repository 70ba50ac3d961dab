"""What the service says of a tool besides what it is given: its tools are whole, as the API's schemas require."""

from __future__ import annotations

import re
from typing import Any

from ....codecs.lossless.plain import JsonObject, is_object
from .filling import each_of, over

_LOCATION: JsonObject = {"type": "approximate", "city": None, "country": None, "region": None, "timezone": None}
_FILTER: JsonObject = {"read_only": None}

_TOOLS: dict[str, JsonObject] = {
    "function": {"description": None, "parameters": None, "strict": True},
    "mcp": {"allowed_tools": None, "headers": None, "require_approval": "always"},
    "file_search": {
        "filters": None,
        "max_num_results": 20,
        "ranking_options": {"ranker": "auto", "score_threshold": 0.0},
    },
    "web_search": {"search_context_size": "medium", "user_location": None},
    "web_search_preview": {"search_context_size": "medium", "user_location": {**_LOCATION, "country": "US"}},
}
"""What the service says of a tool besides what it is given. Recorded, but for `web_search` and functions.

Of a function the specification requires `strict` and `parameters`, and says that it is strict by default.
"""

_IN_TOOLS: dict[str, JsonObject] = {
    "user_location": _LOCATION,
    "allowed_tools": _FILTER,
    "require_approval": {"always": None, "never": None},
}
"""What the members of tools that are objects have besides. Recorded."""


def complete_tools(tools: Any) -> Any:
    """Tools that are whole."""
    return each_of(tools, _tool)


def tools_shown(tools: Any) -> Any:
    """The tools of a request as the response says them: whole, and without what only a server is to know.

    Of its URL the path is not shown, as recorded, nor are headers and the authorization.
    https://platform.openai.com/docs/guides/tools-connectors-mcp
    """
    return each_of(complete_tools(tools), _without_secrets)


def _tool(tool: JsonObject) -> JsonObject:
    kind = tool.get("type")
    tool = over(_TOOLS.get(kind, {}) if isinstance(kind, str) else {}, tool)
    if kind == "function":
        return tool if tool["parameters"] != {} else {**tool, "parameters": {"type": "object", "properties": {}}}
    for name, defaults in _IN_TOOLS.items():
        if is_object(inside := tool.get(name)) and (whole := _inside(name, over(defaults, inside))) is not inside:
            tool = {**tool, name: whole}
    return tool


def _without_secrets(tool: JsonObject) -> JsonObject:
    if tool.get("type") != "mcp":
        return tool
    shown = {name: value for name, value in tool.items() if name != "authorization"} | {"headers": None}
    url = tool.get("server_url")
    if isinstance(url, str) and (place := _HOST.match(url)) is not None:
        shown["server_url"] = f"{place[0]}<redacted>"
    return shown


def _inside(name: str, value: JsonObject) -> JsonObject:
    """A member of a tool; what asks for approval has two of what `allowed_tools` is."""
    if name == "require_approval":
        for which, tools in value.items():
            if is_object(tools) and (whole := over(_FILTER, tools)) is not tools:
                value = {**value, which: whole}
    return value


_HOST = re.compile(r"\w+://[^/?#]+/(?=.)")
