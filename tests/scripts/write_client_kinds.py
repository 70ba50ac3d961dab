"""Write what the official client that is installed may send and be sent: `tests/clients/kinds.json`.

    python tests/scripts/write_client_kinds.py

Values of each member of its unions of items and tools, its events, and values of each parameter of `responses.create`,
made from its annotations (`tests/clients/annotated.py`). The tests drive the client with these, so that a release with
more breaks nobody's build; `tests/run drift` says when one has more.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import json

TESTS = Path(__file__).parents[1]
FILE = TESTS / "clients" / "kinds.json"

Kinds: TypeAlias = dict[str, dict[str, list[Any]]]

ELSEWHERE = ("input", "model", "stream", "stream_options", "previous_response_id", "conversation", "prompt", "tools")
"""Parameters that have tests of their own, or are not simulated: `prompt`."""


def kinds() -> Kinds:
    """The values, by what they are and the members of the union."""
    from annotated import examples, kind_of, members_of
    from official_client import fields_of
    from openai.types import responses
    from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming

    # Items may have tools in them, which are gone through as tools.
    tools = frozenset({*members_of(responses.ToolParam).values(), *members_of(responses.Tool).values()})
    unions = {"input": responses.ResponseInputItemParam, "output": responses.ResponseOutputItem}
    found: Kinds = {
        what: {name: examples(member, briefly=tools) for name, member in members_of(union).items()}
        for what, union in unions.items()
    }
    found["tool"] = {name: examples(member) for name, member in members_of(responses.ToolParam).items()}
    found["event"] = {kind_of(event): [name] for name, event in members_of(responses.ResponseStreamEvent).items()}
    parameters = fields_of(ResponseCreateParamsNonStreaming) or {}
    found["parameter"] = {
        name: examples(annotation, name) for name, annotation in parameters.items() if name not in ELSEWHERE
    }
    return found


def main() -> None:
    """Write the file, a value a line."""
    sys.path[:0] = [str(TESTS / "clients"), str(TESTS / "drift")]
    blocks: list[str] = []
    for what, members in kinds().items():
        lists = [
            f"    {encoded(name)}: [\n" + ",\n".join(f"      {encoded(value)}" for value in values) + "\n    ]"
            for name, values in members.items()
        ]
        blocks.append(f"  {encoded(what)}: {{\n" + ",\n".join(lists) + "\n  }")
    version = f'  "openai": {encoded(metadata.version("openai"))}'
    FILE.write_text("{\n" + ",\n".join([version, *blocks]) + "\n}\n")


def encoded(value: Any) -> str:
    return json.encode(value).decode()


if __name__ == "__main__":
    main()
