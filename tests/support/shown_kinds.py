"""How each kind of item, part, citation and tool is shown, in one text that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import json
from places import ROOT
from shown_example import AUDIT

from puresponse.codecs import to_text
from puresponse.codecs.rendering.rendered import for_notebooks

FILE = ROOT / "tests" / "codecs" / "shown_kinds.txt"
KINDS: dict[str, dict[str, list[Any]]] = json.decode((ROOT / "tests" / "clients" / "kinds.json").read_bytes())
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
PATH = [{"x": 1, "y": 2}, {"x": 3}, {"x": 4, "y": 5, "z": 6}]
FURTHER: dict[str, Any] = {
    "a refusal": {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
    "a page with more": {"object": "list", "data": [], "first_id": "a", "last_id": "b", "has_more": True, "new": 1},
    "arguments that are no JSON": {"type": "function_call", "name": "f", "call_id": "c", "arguments": "{no json"},
    "arguments after spaces": {
        "type": "function_call",
        "name": "f",
        "call_id": "c",
        "arguments": ' \r\n\t[1, {"a": 2}]',
    },
    "a drag": {"type": "computer_call", "call_id": "c", "action": {"type": "drag", "path": PATH, "keys": ["a", 1]}},
    "an output that nobody knows": {
        "type": "code_interpreter_call",
        "id": "i",
        "code": "1",
        "outputs": [{"type": "new", "a": 1}, {"a": 2}, {"type": "logs", "logs": "1", "new": 2}, 5],
    },
    "an audit with more": {"response": {"id": "resp_1", "output": []}, "input_items": [], "new": 1},
    "an image with its type": {
        "type": "image_generation_call",
        "id": "i",
        "result": "DATA:image/png;base64,iVBORw0KGgo=",
    },
    "an object with a role": {"object": "thing", "role": "user", "content": "Hi"},
    "an object of another kind": {"object": "thing", "id": "t_1", "status": "completed", "name": "n"},
    "a response of a conversation": {"id": "resp_1", "output": [], "conversation": {"id": "conv_1", "new": 1}},
    "items between responses": [
        {"type": "message", "role": "user", "content": "Hi"},
        {"id": "resp_1", "output": []},
        {"type": "message", "role": "user", "content": "Bye"},
    ],
    "audio": {
        "type": "message",
        "role": "user",
        "content": [{"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}}],
    },
    "words that end in lines": {"type": "message", "role": "user", "content": "one\n\ntwo\n\n"},
    "a compacted conversation": {"id": "resp_1", "object": "response.compaction", "output": []},
    "a response that failed": {
        **{"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": "failed", "output": []},
        "error": {"code": "server_error", "message": "It broke."},
        "incomplete_details": {"reason": "content_filter"},
    },
}
"""What no example of a kind shows."""


def longest(examples: list[Any]) -> Any:
    """The example that says most of its kind."""
    return max(examples, key=lambda example: len(json.encode(example)))


def shown_kinds() -> str:
    """Each example with its title, as text and as a part of a page."""
    parts: list[str] = []
    for title, value in _examples():
        html = STYLE.sub("", for_notebooks(value)).replace("><", ">\n<")
        parts.append(f"==== {title}\n{to_text(value)}---- in HTML\n{html}\n")
    for name, examples in KINDS["output"].items():
        parts.append("".join((f"==== all of {name}\n", *(to_text([example]) for example in examples))))
    parts.append(f"==== a response in 40 columns\n{to_text(AUDIT, width=40)}")
    parts.append(f"==== a response in colour\n{to_text(AUDIT, colour=True)!a}\n".replace("\\n", "\n"))
    return "".join(parts)


def _examples() -> Iterator[tuple[str, Any]]:
    for side in ("input", "output"):
        for name, examples in KINDS[side].items():
            if side == "output" or name not in KINDS["output"]:
                yield f"item {name}", [longest(examples)]
    yield from FURTHER.items()
    tools = [longest(examples) for examples in KINDS["tool"].values()]
    yield "tools", {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [], "tools": tools}
    yield "a response", AUDIT
