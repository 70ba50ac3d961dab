"""Colours: where there are some, and that coloured JSON is the same JSON and controls no terminal."""

from __future__ import annotations

import re

import pytest
from command_lines import run
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.cli.colour import ColourChoice, has_colour
from puresponse.cli.json_output import coloured, harmless
from puresponse.transports.testing.stub import StubTransport, json_response

SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")
COLOURS = {"TERM": "xterm"}
KEY = {"OPENAI_API_KEY": "k"}

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    # What a terminal could take for more than a character, and what JSON could take for the end of a text.
    | st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\x1b\x9b\x07\x7f\u202e"\\:')),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_without_its_colours_json_is_the_same_json(value: object) -> None:
    line = json.encode(value).decode()
    shown = coloured(harmless(line))
    assert json.decode(SEQUENCE.sub("", shown)) == json.decode(line)
    assert SEQUENCE.sub("", shown).isprintable()
    if line.isprintable():
        assert SEQUENCE.sub("", shown) == line


def test_each_kind_of_value_has_a_colour_and_names_have_another() -> None:
    shown = coloured('{"a":"b\\": 1","n":-1.5e+3,"l":[true,false,null,7]}')
    tokens = re.findall(r"\x1b\[([0-9;]+)m(.*?)\x1b\[0m", shown)
    styles = {token: style for style, token in tokens}
    assert [token for _, token in tokens] == ['"a"', '"b\\": 1"', '"n"', "-1.5e+3", '"l"', "true", "false", "null", "7"]
    assert styles['"a"'] == styles['"n"'] != styles['"b\\": 1"'] != styles["7"] == styles["-1.5e+3"]
    assert len({styles["true"], styles["false"], styles["null"]}) == 3


@pytest.mark.parametrize(
    ("choice", "environ", "on_a_terminal", "in_a_pipe", "json_in_a_pipe"),
    [
        (None, {"TERM": "xterm"}, True, False, False),
        ("auto", {"TERM": "xterm"}, True, False, False),
        (None, {}, False, False, False),
        (None, {"TERM": "dumb"}, False, False, False),
        (None, {"TERM": "xterm", "NO_COLOR": "1"}, False, False, False),
        (None, {"TERM": "xterm", "NO_COLOR": ""}, True, False, False),
        (None, {"FORCE_COLOR": "1"}, True, True, False),
        (None, {"TERM": "dumb", "FORCE_COLOR": "true"}, True, True, False),
        (None, {"TERM": "xterm", "FORCE_COLOR": "0"}, False, False, False),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True, True),
        ("never", {"FORCE_COLOR": "1", "TERM": "xterm"}, False, False, False),
    ],
)
def test_the_option_overrides_the_environment_which_colours_no_data(
    choice: ColourChoice | None,
    environ: dict[str, str],
    on_a_terminal: bool,
    in_a_pipe: bool,
    json_in_a_pipe: bool,
) -> None:
    assert has_colour(choice, environ, terminal=True) is on_a_terminal
    assert has_colour(choice, environ, terminal=False) is in_a_pipe
    assert has_colour(choice, environ, terminal=False, for_people=False) is json_in_a_pipe


def test_json_on_a_terminal_has_colours_and_in_a_pipe_has_none() -> None:
    line = b'{"id":"o4-mini","created":1750000000,"object":"model","owned_by":"system"}\n'
    model = ("models", "o4-mini", "--memory", "--json")
    shown = run(*model, terminal=True, environ=COLOURS)
    assert b'\x1b[1;34m"id"\x1b[0m' in shown.out
    assert SEQUENCE.sub("", shown.out.decode()).encode() == line
    assert run(*model, environ={**COLOURS, "FORCE_COLOR": "1"}).out == line
    assert run(*model, "--color", "never", terminal=True, environ=COLOURS).out == line
    assert run(*model, terminal=True, environ={**COLOURS, "NO_COLOR": "1"}).out == line
    assert run("--color", "always", *model).out == shown.out


def test_outcomes_and_events_have_colours_too() -> None:
    for arguments in (
        ("delete", "resp_chat"),
        ("stream", "Hi", "--model", "m"),
        ("conversations", "delete", "conv_weather"),
    ):
        shown = run(*arguments, "--memory", "--json", terminal=True, environ=COLOURS).out.decode()
        assert "\x1b[" in shown
        assert [json.decode(line) for line in SEQUENCE.sub("", shown).splitlines()]


def test_hostile_content_controls_no_terminal_though_there_are_no_colours() -> None:
    hostile = "\x9b2J\u202e\x1b]0;t\x07\U000e0001"
    stub = StubTransport.answering(json_response({"id": hostile, "object": "model", "created": 1, "owned_by": "x"}))
    shown = run("models", "m", "--json", terminal=True, transport=stub, environ={**KEY, "TERM": "dumb"}).out.decode()
    assert shown[:-1].isprintable()
    assert json.decode(shown)["id"] == hostile


def test_a_table_has_colours_where_they_are_asked_for_and_is_not_cut_for_them() -> None:
    table = ("retrieve", "resp_failed", "--memory", "--table")
    assert b"\x1b[31mfailed" in run(*table, "--color", "always").out
    assert b"\x1b" not in run(*table, terminal=True, environ={"TERM": "dumb"}).out
