"""The events of a shell's calls and of their outputs, command by command, as the specification has them."""

from __future__ import annotations

from collections.abc import Iterator

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from .tokens import cut

_COMMAND = "response.shell_call_command"
_CONTENT = "response.shell_call_output_content"


def call_begun(item: JsonObject) -> JsonObject:
    """What the call has in it at first: no command yet."""
    action = item.get("action")
    return {"action": {**action, "commands": []}} if is_object(action) else {}


def of_call(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    """The events of the commands of a call. They do not name the item."""
    action = item.get("action")
    commands = action.get("commands") if is_object(action) else None
    there = {name: value for name, value in where.items() if name != "item_id"}
    for index, command in enumerate(commands if is_array(commands) else ()):
        here = {**there, "command_index": index}
        yield {"type": f"{_COMMAND}.added", **here, "command": ""}
        for token in cut(command):
            yield {"type": f"{_COMMAND}.delta", **here, "delta": token}
        yield {"type": f"{_COMMAND}.done", **here, "command": command}


def of_output(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    """The events of what the commands put out."""
    output = item.get("output")
    for index, content in enumerate(output if is_array(output) else ()):
        here = {**where, "command_index": index}
        for channel in ("stdout", "stderr"):
            for token in cut(content.get(channel) or ""):
                yield {"type": f"{_CONTENT}.delta", **here, "delta": {channel: token}}
        yield {"type": f"{_CONTENT}.done", **here, "output": [content]}
