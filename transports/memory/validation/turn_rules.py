"""The rules of a conversation: what the items of a turn must be to one another.

A call is followed by its output before the next turn, an output is of a call, and reasoning is followed by what was
reasoned out. A call that is `async` may be answered later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ....codecs.lossless.plain import JsonObject
from .refusals import no_call, no_output, nothing_follows

_CALLS = {
    "function_call": "function call",
    "custom_tool_call": "custom tool call",
    "computer_call": "computer call",
    "local_shell_call": "local shell call",
    "shell_call": "shell call",
    "apply_patch_call": "apply patch call",
}
"""The calls that the caller answers, and what the service calls them. Words are public of the first three."""

_OUTPUTS = {f"{call}_output": call for call in _CALLS}

_NAMED_BY_ID = "local_shell_call_output"
"""An output that the specification gives no `call_id`: its `id` is that of the call. Clients send either."""


def check_answered(items: Iterable[JsonObject], *, outputs_need_calls: bool = True) -> None:
    """Refuse items with a call that has no output or, unless told otherwise, with an output that has no call."""
    calls: dict[tuple[str, str], JsonObject] = {}
    answered: set[tuple[str, str]] = set()
    for item in items:
        kind = item.get("type")
        # Most items are messages.
        if kind == "message" or not isinstance(kind, str):
            continue
        call_id = item.get("call_id", item.get("id") if kind == _NAMED_BY_ID else None)
        if not isinstance(call_id, str):
            continue
        if kind in _CALLS:
            calls[kind, call_id] = item
        elif (call := _OUTPUTS.get(kind)) is not None:
            if outputs_need_calls and (call, call_id) not in calls:
                raise no_call(_CALLS[call], call_id)
            answered.add((call, call_id))
    for (kind, call_id), item in calls.items():
        if (kind, call_id) not in answered and not item.get("async"):
            raise no_output(_CALLS[kind], call_id)


def check_reasoning(items: Sequence[JsonObject]) -> None:
    """Refuse items with reasoning that no output of the model follows. Several pieces of reasoning may be in a row."""
    reasoning: JsonObject | None = None
    for item in items:
        if item.get("type") == "reasoning":
            reasoning = item
        elif reasoning is not None:
            if not _is_output(item):
                break
            reasoning = None
    if reasoning is not None:
        raise nothing_follows(reasoning["id"])


def _is_output(item: JsonObject) -> bool:
    """Whether the model may have made the item."""
    kind = str(item.get("type", "message"))
    return item.get("role") == "assistant" if kind == "message" else kind not in _OUTPUTS
