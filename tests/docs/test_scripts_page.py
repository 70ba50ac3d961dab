"""The page on scripts: its files are read and do what it says, and its tables have every member there is."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec import json
from places import ROOT

from puresponse.core import HttpRequest
from puresponse.transports import MemoryTransport, load_faults, load_script
from puresponse.transports.memory.scripts.schema import script_schema

PAGE = (ROOT / "docs" / "service" / "scripts.md").read_text()
FENCES = [(token.info, token.content) for token in MarkdownIt().parse(PAGE) if token.type == "fence"]
FILES = [json.decode(content) for info, content in FENCES if info == "json"]
SCHEMA = script_schema()
Validator: Any = import_module("jsonschema").Draft202012Validator


def ask(transport: MemoryTransport, **given: Any) -> dict[str, Any]:
    body = json.encode({"model": "gpt-4o", "input": "Hi", **given})
    found: dict[str, Any] = json.decode(transport(HttpRequest("POST", "/responses", body=body)).unwrap().body)
    return found


def text(body: dict[str, Any]) -> str:
    return str(body["output"][-1]["content"][0]["text"])


def tables() -> dict[str, list[list[str]]]:
    """The rows of the tables of the page, by the members in their first columns."""
    found: dict[str, list[list[str]]] = {}
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()[2:]]
        found[" ".join(row[0].strip("` ") for row in rows)] = rows
    return found


@pytest.mark.parametrize("file", FILES, ids=range(len(FILES)))
def test_each_file_that_is_shown_is_read_and_follows_the_schema(file: Any) -> None:
    load = load_faults if "rules" in file else load_script
    load(json.encode(file))
    assert [error.message for error in Validator(SCHEMA).iter_errors(file)] == []


def test_the_first_scripts_do_what_the_page_says() -> None:
    in_turn = MemoryTransport.empty(script=load_script(json.encode(FILES[0])))
    bodies = [ask(in_turn) for _ in range(3)]
    assert text(bodies[0]) == "Hello!"
    assert bodies[1]["output"][0]["content"][0]["type"] == "refusal"
    assert bodies[2]["error"]["message"] == "The model is overloaded."
    tools = MemoryTransport.empty(script=load_script(json.encode(FILES[1])))
    assert text(ask(tools)) == "I only know the weather."
    for output, advice in (("rain, bad weather", "Take an umbrella."), ("sun", "It is dry in Lyon.")):
        called = ask(tools, input="What is the weather?")
        (reasoning, call) = called["output"]
        assert (reasoning["type"], call["name"]) == ("reasoning", "get_weather")
        items = [{"type": "function_call_output", "call_id": call["call_id"], "output": output}]
        assert text(ask(tools, input=items, previous_response_id=called["id"])) == advice


def test_the_refusal_that_is_shown_is_that_of_the_service() -> None:
    (shown,) = [content for info, content in FENCES if not info]
    once = '{"text":"b","when":{"model":"gpt-4o"},"times":1}'
    transport = MemoryTransport.empty(script=load_script(f'[{{"text":"a","when":{{"text":"weather"}}}},{once}]'))
    ask(transport)
    assert ask(transport, input="Hello!")["error"]["message"] == " ".join(shown.split())
    assert "`no_scripted_reply`" in PAGE


def test_the_tables_have_every_member() -> None:
    for name in ("ReplyObject", "Life", "When", "Match", "Rule"):
        assert " ".join(SCHEMA["$defs"][name]["properties"]) in tables(), name


def test_the_table_of_faults_has_every_fault_and_its_members() -> None:
    faults = [one["$ref"].removeprefix("#/$defs/") for one in SCHEMA["$defs"]["Fault"]["anyOf"][1:]]
    shown = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in tables()[" ".join(faults)]}
    assert shown == {name: [*SCHEMA["$defs"][name]["properties"]][1:] for name in faults}


def test_the_mistake_that_is_shown_is_the_loader_s() -> None:
    (shown,) = [content for info, content in FENCES if info == "console" and "puresponse: --script" in content]
    with pytest.raises(ValueError, match="unknown") as caught:
        load_script('["Hello!", {"text": "Hi!", "when": {"modell": "gpt-4o"}}]')
    assert shown.endswith(f"puresponse: --script: script.json: {caught.value}\n")
