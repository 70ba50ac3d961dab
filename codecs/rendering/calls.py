"""The calls of tools, and their outputs: who is called with what, and what that gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..lossless.plain import is_sequence
from .blocks import Code, Facts, Folded, Link, Part, Words
from .contents import content_part, counted, further, picture, told
from .fields import Fields, is_object_like, json_text
from .tools import tools_of, without_secrets

Read = tuple[str, str, tuple[Part, ...]]
"""The kind of a block, its title and its parts."""


def _quiet(text: str) -> tuple[Part, ...]:
    return (Words(text, quiet=True),) if text else ()


def _code(text: str, title: str = "") -> tuple[Part, ...]:
    return (Code(text, title),) if text else ()


# --- of the caller's own tools ------------------------------------------------------------------


def _function_call(fields: Fields) -> Read:
    return "call", f"Call of {fields.text('name')}".rstrip(), told(fields.take("arguments"))


def _custom_call(fields: Fields) -> Read:
    return "call", f"Call of {fields.text('name')}".rstrip(), told(fields.take("input"))


def _output(fields: Fields) -> Read:
    name = fields.text("name")
    return "output", f"Output of {name}" if name else "Output of the call", told(fields.take("output"))


# --- of the service's tools ---------------------------------------------------------------------


def _file_search(fields: Fields) -> Read:
    parts = [part for query in fields.list("queries") for part in told_of("query", query)]
    results = fields.list("results")
    parts += _quiet(counted(len(results), "result") if results else "")
    return "call", "File search", (*parts, *(_found(one) for one in results))


def told_of(name: str, value: Any) -> Iterator[Part]:
    """A value after its name."""
    yield Facts(((name, value if isinstance(value, str) else json_text(value)),))


def _found(value: Any) -> Part:
    fields = Fields(value)
    about = [fields.text("filename"), *(f"{name} {said}" for name, said in fields.words("score file_id"))]
    text = fields.text("text")
    return Folded(", ".join(filter(None, about)) or "result", (*((Words(text),) if text else ()), *further(fields)))


def _web_search(fields: Fields) -> Read:
    action = fields.fields("action") or Fields({})
    kind = action.text("type")
    parts: list[Part] = []
    queries, query = action.list("queries"), action.text("query")
    asked = (*((query,) if query and query not in queries else ()), *queries)
    parts += [part for one in asked for part in told_of("query", one)]
    pattern = action.text("pattern")
    parts += told_of("pattern", pattern) if pattern else ()
    url = action.text("url")
    parts += [Link(url, url)] if url else []
    sources = action.list("sources")
    if sources:
        parts.append(Folded(counted(len(sources), "source"), tuple(part for one in sources for part in _source(one))))
    title = {"open_page": "Web search: page opened", "find_in_page": "Web search: find in page", "search": "Web search"}
    said = title.get(kind) or f"Web search {kind}".rstrip()
    return "call", said, (*parts, *further(action))


def _source(value: Any) -> Iterator[Part]:
    fields = Fields(value)
    kind, url, name = fields.text("type"), fields.text("url"), fields.text("name")
    if url:
        yield Link(name or url, url)
    elif name or kind:
        yield Words(" ".join(filter(None, (kind, name))))
    yield from further(fields)


def _code_interpreter(fields: Fields) -> Read:
    parts: list[Part] = [*_code(fields.text("code"))]
    for one in fields.list("outputs"):
        output = Fields(one)
        kind = output.text("type")
        if kind == "image":
            parts += picture(output.text("url"))
        elif kind == "logs":
            parts += _code(output.text("logs"), "printed")
        else:
            parts.append(Code(json_text(one), f"unknown output {kind}".rstrip()))
            continue
        parts += further(output)
    return "call", "Code interpreter", tuple(parts)


def _program(fields: Fields) -> Read:
    return "call", "Program", _code(fields.text("code"))


def _program_output(fields: Fields) -> Read:
    return "output", "Output of the program", told(fields.take("result"))


# --- computers, shells and patches --------------------------------------------------------------


def _computer(fields: Fields) -> Read:
    action = fields.take("action")
    actions = [*((action,) if action is not None else ()), *fields.list("actions")]
    return "call", "Computer", (*(Words(_action(one)) for one in actions), *_checks(fields, "pending_safety_checks"))


def _action(value: Any) -> str:
    """What is to be done on a computer, in a sentence."""
    fields = Fields(value)
    kind = fields.text("type")
    said = [_ACTIONS.get(kind, kind) or "unknown action"]
    said += filter(None, (fields.text("button"), fields.text("text")))
    x, y = fields.word("x"), fields.word("y")
    said += [f"at {x}, {y}"] if x and y else [part for part in (x, y) if part]
    across, down = fields.word("scroll_x"), fields.word("scroll_y")
    said += [f"by {across}, {down}"] if across or down else []
    path = " to ".join(map(_point, fields.list("path")))
    said += [path] if path else []
    keys = "+".join(one if isinstance(one, str) else json_text(one) for one in fields.list("keys"))
    said += [keys if kind == "keypress" else f"with {keys}"] if keys else []
    rest = fields.rest()
    return " ".join([*said, json_text(rest)] if rest else said)


def _point(value: Any) -> str:
    fields = Fields(value)
    x, y = fields.word("x"), fields.word("y")
    return json_text(value) if fields.rest() or not (x and y) else f"{x}, {y}"


_ACTIONS = {
    "click": "click",
    "double_click": "double click",
    "drag": "drag",
    "keypress": "press",
    "move": "move",
    "screenshot": "take a screenshot",
    "scroll": "scroll",
    "type": "type",
    "wait": "wait",
}
"""What the model wants done, by its `type`."""


def _checks(fields: Fields, name: str) -> Iterator[Part]:
    for one in fields.list(name):
        check = Fields(one)
        said = ", ".join(said for _, said in check.words("code message id"))
        yield Words(f"{name.replace('_', ' ')[:-1]}: {said}")
        yield from further(check)


def _computer_output(fields: Fields) -> Read:
    output = fields.take("output")
    checks = _checks(fields, "acknowledged_safety_checks")
    return "output", "What the computer shows", (*(content_part(output) if output is not None else ()), *checks)


def _local_shell(fields: Fields) -> Read:
    action = fields.fields("action") or Fields({})
    kind = action.text("type")
    command = action.list("command")
    about = _quiet(kind if kind != "exec" else "")
    env = action.fields("env")
    variables = tuple(f"{name}={value}" for name, value in env.rest().items()) if env is not None else ()
    parts = (*about, *_code(" ".join(map(_quoted, (*variables, *command)))), *further(action))
    return "call", "Local shell", parts


def _quoted(word: Any) -> str:
    """A word of a command line, in quotes where a shell needs them."""
    text = word if isinstance(word, str) else json_text(word)
    return text if text and not set(text) & _SPECIAL else f"'{text}'"


_SPECIAL = set(" \t\n'\"\\$`&|;<>()*?[]{}~#!")


def _shell(fields: Fields) -> Read:
    action = fields.fields("action") or Fields({})
    commands = [
        part for one in action.list("commands") for part in _code(one if isinstance(one, str) else json_text(one))
    ]
    environment = without_secrets(fields.take("environment"))
    where = further(Fields({"environment": environment} if environment is not None else {}))
    return "call", "Shell", (*commands, *further(action), *where)


def _shell_output(fields: Fields) -> Read:
    output = fields.take("output")
    if not is_sequence(output):
        return "output", "Output of the shell", told(output)
    return "output", "Output of the shell", tuple(part for one in output for part in _ended(one))


def _ended(value: Any) -> Iterator[Part]:
    if not is_object_like(value):
        yield Code(json_text(value))
        return
    fields = Fields(value)
    yield from _code(fields.text("stdout"))
    yield from _code(fields.text("stderr"), "stderr")
    outcome = fields.fields("outcome") or Fields({})
    kind, code = outcome.text("type"), outcome.word("exit_code")
    yield from _quiet(f"exit code {code}" if kind == "exit" else " ".join(filter(None, (kind, code))))
    yield from further(outcome)
    yield from further(fields)


def _apply_patch(fields: Fields) -> Read:
    operation = fields.fields("operation") or Fields({})
    kind = operation.text("type").replace("_", " ")
    title = f"Patch: {kind} {operation.text('path')}".rstrip(": ")
    return "call", title, (*_code(operation.text("diff")), *further(operation))


def _plain_output(title: str, fields: Fields) -> Read:
    return "output", title, told(fields.take("output"))


def _patch_output(fields: Fields) -> Read:
    return _plain_output("Output of the patch", fields)


def _local_output(fields: Fields) -> Read:
    return _plain_output("Output of the local shell", fields)


# --- of MCP servers, and tools that are searched for --------------------------------------------


def _of_server(fields: Fields) -> str:
    server, name = fields.text("server_label"), fields.text("name")
    return " ".join(filter(None, (name, f"of {server}" if server else "")))


def _mcp_call(fields: Fields) -> Read:
    parts = [*told(fields.take("arguments"))]
    output = fields.take("output")
    if output is not None:
        parts += (*_quiet("Output:"), *told(output))
    error = fields.fields("error")
    if error is not None:
        said = ": ".join(said for _, said in error.words("type code message"))
        parts += (Words(f"Error: {said}"), *told(error.take("content")), *further(error))
    return "call", f"Call of {_of_server(fields)}", tuple(parts)


def _mcp_list(fields: Fields) -> Read:
    error = fields.text("error")
    parts = (*((Words(f"Error: {error}"),) if error else ()), *tools_of(fields.list("tools")))
    return "tools", f"Tools {_of_server(fields)}", parts


def _mcp_request(fields: Fields) -> Read:
    return "call", f"May {_of_server(fields)} be called?", told(fields.take("arguments"))


def _mcp_response(fields: Fields) -> Read:
    approve = fields.take("approve")
    title = "The call is approved" if approve is True else "The call is refused" if approve is False else "Approval"
    odd = () if isinstance(approve, bool) else told_of("approve", approve)
    reason = fields.text("reason")
    return "output", title, (*odd, *((Words(reason),) if reason else ()))


def _tool_search(fields: Fields) -> Read:
    return "call", "Search for tools", told(fields.take("arguments"))


def _tools_found(fields: Fields) -> Read:
    tools = fields.list("tools")
    return "tools", f"{counted(len(tools), 'tool')} found", tools_of(tools)


CALLS: dict[str, Callable[[Fields], Read]] = {
    "function_call": _function_call,
    "function_call_output": _output,
    "custom_tool_call": _custom_call,
    "custom_tool_call_output": _output,
    "file_search_call": _file_search,
    "web_search_call": _web_search,
    "code_interpreter_call": _code_interpreter,
    "program": _program,
    "program_output": _program_output,
    "computer_call": _computer,
    "computer_call_output": _computer_output,
    "local_shell_call": _local_shell,
    "local_shell_call_output": _local_output,
    "shell_call": _shell,
    "shell_call_output": _shell_output,
    "apply_patch_call": _apply_patch,
    "apply_patch_call_output": _patch_output,
    "mcp_call": _mcp_call,
    "mcp_list_tools": _mcp_list,
    "mcp_approval_request": _mcp_request,
    "mcp_approval_response": _mcp_response,
    "tool_search_call": _tool_search,
    "tool_search_output": _tools_found,
}
"""What reads a call or its output, by its `type`."""
