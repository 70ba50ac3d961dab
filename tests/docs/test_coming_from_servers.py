"""The page for those who come from aimock and WireMock: its replies and rules are read, and do what they are to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec import json
from places import ROOT

from puresponse import (
    HttpRequest,
    HttpResponse,
    MemoryTransport,
    import_recordings,
    load_faults,
    load_script,
    value_or_raise,
)
from puresponse.cli.commands.serve import Served, start_server
from puresponse.transports.serving.server import running

PAGE = (ROOT / "docs" / "coming-from" / "aimock.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[tuple[str, list[Any]]]:
    """Of each row of a table the JSON of its left column, and what JSON there is in its right one."""
    found: list[tuple[str, list[Any]]] = []
    for table in re.findall(rf"^\| {heading} \| .*\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        for line in table.splitlines():
            left, right = re.split(r" (?<!\\)\| ", line.strip("| "))
            codes = [
                re.findall(r"`([{\[][^`]*)`", cell.replace(r"\\|", "|").replace(r"\|", "|")) for cell in (left, right)
            ]
            found.append((codes[0][0] if codes[0] else left, [json.decode(code) for code in codes[1]]))
    assert found
    return found


FIXTURES = rows("a fixture")
OTHERS = [one for name in ("what goes wrong", "a stub's request", "a stub's response") for one in rows(name)]


def in_words(body: dict[str, Any]) -> list[Any]:
    """What a response says, without what is made anew for each."""
    made = {"id", "call_id", "status"}
    items = [{name: value for name, value in item.items() if name not in made} for item in body["output"]]
    return [body["status"], body["incomplete_details"], items]


@pytest.mark.parametrize(("fixture", "replies"), FIXTURES, ids=range(len(FIXTURES)))
def test_a_reply_answers_what_the_fixture_beside_it_answers(fixture: str, replies: list[Any]) -> None:
    (reply,) = replies
    script = load_script(json.encode(reply if "replies" in reply else [reply]))
    imported = import_recordings(f'{{"fixtures": [{fixture}]}}'.encode(), "aimock")
    if not imported.recordings or reply.get("when", {}).get("turn"):
        return  # it matches by something that no single request shows; that the script is read is shown
    (recording,) = imported.recordings
    answered = MemoryTransport(script=script)(recording.request)
    assert isinstance(recording.answer, HttpResponse)
    assert in_words(json.decode(value_or_raise(answered).body)) == in_words(json.decode(recording.answer.body))


@pytest.mark.parametrize(("shown", "ours"), OTHERS, ids=range(len(OTHERS)))
def test_each_reply_and_rule_is_read(shown: str, ours: list[Any]) -> None:
    assert ours
    if shown.startswith("{"):
        json.decode(shown)
    for one in ours:
        if "fault" in one:
            load_faults(json.encode({"rules": [one]}))
        else:
            load_script(json.encode(one if isinstance(one, list) or "replies" in one else [one]))


@pytest.mark.parametrize(
    ("replies", "text", "answered"),
    [
        ([{"when": {"tool_output": "rain"}, "text": "Take an umbrella."}], "rain", "Take an umbrella."),
        (["First.", "Second."], "any", "First."),
        ({"replies": [], "default": "What?"}, "any", "What?"),
    ],
)
def test_those_that_no_fixture_is_beside_answer_so_too(replies: Any, text: str, answered: str) -> None:
    shown = [one for _, ours in (*FIXTURES, *OTHERS) for one in ours]
    assert replies in shown or replies[0] in shown
    transport = MemoryTransport(script=load_script(json.encode(replies)))
    called = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
    output = [called, {"type": "function_call_output", "call_id": "call_1", "output": text}]
    body = json.encode({"model": "gpt-4o", "input": output})
    found = json.decode(value_or_raise(transport(HttpRequest("POST", "/responses", body=body))).body)
    assert found["output"][-1]["content"][0]["text"] == answered


BODIES: dict[str, Any] = {"script": ["Hi!"], "faults": {"rules": []}, "clock": {"move": 60}}


def test_each_request_to_the_control_endpoint_is_answered() -> None:
    import urllib.request

    asked = set(re.findall(r"`(PUT|POST|GET|DELETE) (/_puresponse/[^`]*)`", PAGE))
    assert len(asked) >= 7
    with running(start_server(Served(port=0, control=True), {})) as server:
        for method, path in asked:
            given = BODIES.get(path.rpartition("/")[2])
            data = None if given is None else json.encode(given)
            request = urllib.request.Request(f"{server.origin}{path}", data, method=method)
            with urllib.request.urlopen(request) as answer:
                assert answer.status == 200, path
