"""Scripts and fault plans as JSON: one schema says what they are, and what is not so is refused with the place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_scripts import scripts
from msgspec import json, structs

from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.transports import (
    CancelUndone,
    CutStream,
    Delay,
    FaultPlan,
    Garbage,
    LateConsistency,
    Life,
    Match,
    QuotaUsedUp,
    RateLimited,
    Refused,
    Reply,
    Reset,
    Rule,
    Scripted,
    ServerError,
    SlowStream,
    ToolOutput,
    Truncated,
    Unsent,
    When,
    load_faults,
    load_script,
)
from puresponse.transports.memory.scripts.schema import script_schema

jsonschema: Any = import_module("jsonschema")
"""The package comes without types."""

SCHEMA = script_schema()
REGEX = jsonschema.FormatChecker(formats=["regex"])
LOADERS: dict[str, Callable[[bytes], object]] = {"Script": load_script, "FaultPlan": load_faults}


@cache
def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{name}"}]}, format_checker=REGEX)


def reason(load: Callable[[Any], object], data: Any) -> str:
    try:
        load(data if isinstance(data, bytes | str) else json.encode(data))
    except ValueError as error:
        return str(error)
    raise AssertionError(f"this was not refused: {data}")


def loads(load: Callable[[bytes], object], value: Any) -> bool:
    try:
        load(json.encode(value))
    except ValueError:
        return False
    return True


# Shorthands


@pytest.mark.parametrize(
    ("written", "reply"),
    [
        ("Hi", Reply.text("Hi")),
        ({"text": "Hi"}, Reply.text("Hi")),
        ({"structured": {"a": [1.0, None]}}, Reply.structured({"a": [1.0, None]})),
        ({"structured": None}, Reply.structured(None)),
        ({"refusal": "No."}, Reply.refusal("No.")),
        ({"reasoning": "Hm."}, Reply.reasoning("Hm.")),
        ({"reasoning": ["Hm.", "So."]}, Reply.reasoning("Hm.", "So.")),
        ({"tool_call": {"name": "f"}}, Reply.tool_call("f", {})),
        (
            {"tool_call": {"name": "f", "arguments": {"a": 1}, "call_id": "c"}},
            Reply.tool_call("f", {"a": 1}, call_id="c"),
        ),
        ({"tool_call": {"name": "f", "arguments": "no json"}}, Reply.tool_call("f", "no json")),
        ({"tool_calls": [{"name": "f"}, {"name": "g"}]}, Reply.tool_call("f") + Reply.tool_call("g")),
        ({"failure": "Oh."}, Reply.failure("Oh.")),
        ({"failure": {}}, Reply.failure()),
        ({"failure": {"message": "Oh.", "code": "vector_store_timeout"}}, Reply.failure("Oh.", "vector_store_timeout")),
        ({"text": "Once", "incomplete": "content_filter"}, Reply.incomplete("Once", "content_filter")),
        ({"incomplete": {"reason": "r"}}, Reply(incomplete_details={"reason": "r"})),
        ({"output": [{"type": "new"}], "text": "x"}, Reply.item({"type": "new"}) + Reply.text("x")),
        ({"text": "x", "usage": {"input_tokens": 5.0}}, Reply.text("x") + Reply(usage={"input_tokens": 5})),
        ({"text": "x", "life": {"queued": None, "answering": 3}}, Reply.text("x").lasting(queued=None, answering=3.0)),
        ({"text": "x", "when": {"turn": 2.0}, "times": 3.0}, Reply.text("x").matching(turn=2, times=3)),
        (
            {"text": "x", "when": {"model": {"equals": "m"}, "header": {"x-a": "b", "x-c": {"matches": "d"}}}},
            Reply.text("x").matching(model=Match(equals="m"), header={"x-a": "b", "x-c": Match(matches="d")}),
        ),
        (
            {"text": "x", "when": {"tool_output": {"name": "f", "text": {"contains": "y"}}, "text": "z"}},
            Reply.text("x").matching(tool_output=ToolOutput(name="f", text=Match(contains="y")), text="z"),
        ),
        (
            {"text": "x", "when": {"tool_output": "y", "instructions": "i"}},
            Reply.text("x").matching(tool_output="y", instructions="i"),
        ),
        ({}, Reply()),
    ],
)
def test_each_shorthand_is_a_reply(written: Any, reply: Reply) -> None:
    assert repr(load_script(json.encode([written]))) == repr(Scripted((reply,)))
    assert load_script(json.encode({"replies": [written]})) == Scripted((reply,))


def test_several_shorthands_add_up_reasoning_first_and_calls_last() -> None:
    written = {
        "tool_calls": [{"name": "f"}, {"name": "g"}],
        "text": "I call.",
        "output": [{"type": "web_search_call"}],
        "reasoning": "Hm.",
    }
    (reply,) = load_script(json.encode([written])).replies
    kinds = [item["type"] for item in reply.output]
    assert kinds == ["reasoning", "web_search_call", "message", "function_call", "function_call"]


def test_what_breaks_off_is_incomplete_in_its_last_item() -> None:
    (reply,) = load_script(b'[{"text":"I call.","tool_call":{"name":"f","arguments":"{"},"incomplete":"x"}]').replies
    assert [item["status"] for item in reply.output] == ["completed", "incomplete"]


def test_a_default_may_be_a_text_or_a_reply() -> None:
    assert load_script('{"default":"Hi"}') == load_script(b'{"default":{"text":"Hi"}}') == Scripted.of(default="Hi")
    assert load_script('{"$schema":"s.json","replies":[]}') == Scripted()


@given(scripts())
@settings(max_examples=50)
def test_what_python_encodes_is_read_as_the_same_script_and_follows_the_schema(script: Scripted) -> None:
    written = json.encode(script)
    assert load_script(written) == script
    assert validator("Script").is_valid(json.decode(written))


PLAN = FaultPlan(
    (
        Rule(Delay(2.0), method="POST", path="/responses", when=When(text="weather", header={"x-a": "b"})),
        Rule(RateLimited(3.0, "tokens"), numbers=(1, 2), chance=0.5),
        Rule(QuotaUsedUp(), skip=1, times=0),
        Rule(ServerError(503, acted=True)),
        Rule(Refused(418, "No.", "t", "p", "c", (("x-a", "b"),))),
        Rule(Reset(acted=True)),
        Rule(Unsent("dns")),
        Rule(Truncated(3)),
        Rule(Garbage(b"\xff\x00", 502, "text/plain")),
        Rule(SlowStream(1.5)),
        Rule(CutStream(2, inside=False)),
        Rule(LateConsistency(3.0, "created")),
        Rule(CancelUndone(4.0)),
        Rule(CancelUndone()),
        Rule(ServerError(408, headers=(("x-should-retry", "false"),))),
    ),
    seed=7,
)


def test_a_plan_that_python_encodes_is_read_as_the_same_plan_and_follows_the_schema() -> None:
    written = json.encode(PLAN)
    assert load_faults(written) == PLAN
    assert [error.message for error in validator("FaultPlan").iter_errors(json.decode(written))] == []


def test_a_fault_that_has_nothing_to_say_is_its_name() -> None:
    plan = load_faults('{"$schema":"s.json","rules":[{"fault":"Reset","times":2}]}')
    assert plan == FaultPlan((Rule(Reset(), times=2),))
    assert load_faults("{}") == FaultPlan()


# Refusals


WHEN = "text, model, tool_output, header, instructions, turn"


NO_REPLIES: list[tuple[Any, str]] = [
    ({"whem": {}}, "replies[0].whem: unknown; allowed are reasoning, output, text, structured, refusal, "),
    ({"when": {"modell": "x"}}, f"replies[0].when.modell: unknown; allowed are {WHEN}"),
    ({"when": {}}, f"replies[0].when: must have at least one of {WHEN}, got {{}}"),
    ({"when": 5}, "replies[0].when: must be an object, got 5"),
    ({"when": {"turn": 0}}, "replies[0].when.turn: must be 1 or more, got 0"),
    ({"when": {"turn": "1"}}, 'replies[0].when.turn: must be an integer, got "1"'),
    ({"when": {"turn": True}}, "replies[0].when.turn: must be an integer, got true"),
    ({"when": {"text": {"matches": "("}}}, "replies[0].when.text.matches: not a regular expression: missing ), "),
    (
        {"when": {"text": {"contains": "a", "equals": "b"}}},
        "replies[0].when.text: must have one of contains, equals, ",
    ),
    ({"when": {"text": ["a"]}}, 'replies[0].when.text: must be a string or an object, got ["a"]'),
    ({"when": {"header": {"x-a": 5}}}, "replies[0].when.header.x-a: must be a string or an object, got 5"),
    ({"when": {"header": {"a b": 5}}}, 'replies[0].when.header["a b"]: must be a string or an object, got 5'),
    ({"when": {"header": {}}}, "replies[0].when.header: must have at least one, got {}"),
    ({"when": {"tool_output": {}}}, "replies[0].when.tool_output: must have at least one of name, text, got {}"),
    ({"times": 0}, "replies[0].times: must be 1 or more, got 0"),
    ({"times": 1.5}, "replies[0].times: must be an integer, got 1.5"),
    ({"text": "a", "refusal": "b"}, "replies[0].text: is not allowed beside refusal"),
    ({"text": "a", "structured": 1}, "replies[0].text: is not allowed beside structured"),
    ({"tool_call": {"name": "f"}, "tool_calls": []}, "replies[0].tool_calls: must have 1 or more, got 0"),
    (
        {"tool_call": {"name": "f"}, "tool_calls": [{"name": "f"}]},
        "replies[0].tool_call: is not allowed beside tool_calls",
    ),
    ({"failure": "a", "incomplete": "b"}, "replies[0].incomplete: is not allowed beside failure"),
    ({"failure": "a", "usage": {}}, "replies[0].usage: is not allowed beside failure"),
    ({"tool_call": {}}, "replies[0].tool_call.name: is missing"),
    ({"tool_call": {"name": ""}}, "replies[0].tool_call.name: must not be empty"),
    (
        {"tool_call": {"name": "f", "arguments": 1}},
        "replies[0].tool_call.arguments: must be a string or an object, got 1",
    ),
    ({"life": {"queued": -1}}, "replies[0].life.queued: must be 0 or more, got -1"),
    ({"life": {"queued": "1"}}, 'replies[0].life.queued: must be a number or null, got "1"'),
    ({"usage": {"input_tokens": -1}}, "replies[0].usage.input_tokens: must be 0 or more, got -1"),
    (
        {"usage": {"tokens": 1}},
        "replies[0].usage.tokens: unknown; allowed are input_tokens, input_tokens_details, ",
    ),
    ({"output": ["x"]}, 'replies[0].output[0]: must be an object, got "x"'),
    ({"output": [{}]}, "replies[0].output[0].type: is missing"),
    (
        {"output": [{"type": "new"}, {"type": "mcp_call", "name": "f"}]},
        "replies[0].output[1]: Missing required parameter: 'output[1].server_label'.",
    ),
    (5, "replies[0]: must be a string or an object, got 5"),
]


@pytest.mark.parametrize(("written", "expected"), NO_REPLIES)
def test_what_is_no_reply_is_refused_with_the_place(written: Any, expected: str) -> None:
    assert reason(load_script, [written]).startswith(expected)
    assert reason(load_script, {"replies": [written]}) == reason(load_script, [written])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"5", "must be an array or an object, got 5"),
        (b'{"reply":[]}', "reply: unknown; allowed are $schema, replies, default"),
        (b'{"replies":{}}', "replies: must be an array, got {}"),
        (b'{"default":5}', "default: must be a string or an object, got 5"),
        (b'{"default":{"text":"a","times":2}}', "default.times: is not allowed here"),
        (b'{"default":{"when":{"turn":1}}}', "default.when: is not allowed here"),
        (b"[", "not JSON: Input data was truncated"),
        (b"", "not JSON: expected JSON, got nothing"),
        (b'"\xff"', "not JSON: not UTF-8: invalid start byte (byte 1)"),
        (b"[" * 100_000, "not JSON: nested too deeply"),
        ('["\ud800"]', "not JSON: "),
    ],
)
def test_what_is_no_script_is_refused(data: bytes | str, expected: str) -> None:
    assert reason(load_script, data).startswith(expected)


NAMES = "Delay, RateLimited, QuotaUsedUp, ServerError, Refused, Reset, Unsent, Truncated, Garbage, SlowStream, "
WITHOUT = "RateLimited, QuotaUsedUp, ServerError, Reset, Unsent, Truncated, Garbage, CutStream, LateConsistency, "
STATUSES = "from 408 to 599, and not from 409 to 499"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, "rules[0].fault: is missing"),
        ({"fault": "Delay"}, f'rules[0].fault: must be one of {WITHOUT}CancelUndone, got "Delay"'),
        ({"fault": {"fault": "Delay"}}, "rules[0].fault.seconds: is missing"),
        ({"fault": {"seconds": 1}}, f"rules[0].fault.fault: is missing; allowed are {NAMES}"),
        ({"fault": {"fault": "Late"}}, f"rules[0].fault.fault: must be one of {NAMES}"),
        ({"fault": {"fault": ["Reset"]}}, f"rules[0].fault.fault: must be one of {NAMES}"),
        ({"fault": {"fault": "Reset", "act": 1}}, "rules[0].fault.act: unknown; allowed are fault, acted"),
        ({"fault": {"fault": "Reset", "acted": 1}}, "rules[0].fault.acted: must be a boolean, got 1"),
        ({"fault": "Reset", "methods": "GET"}, "rules[0].methods: unknown; allowed are fault, method, path, numbers, "),
        ({"fault": "Reset", "when": {"modell": "x"}}, f"rules[0].when.modell: unknown; allowed are {WHEN}"),
        ({"fault": "Reset", "chance": 1.5}, "rules[0].chance: must be from 0 to 1, got 1.5"),
        ({"fault": "Reset", "numbers": [0]}, "rules[0].numbers[0]: must be 1 or more, got 0"),
        ({"fault": "Reset", "times": None}, "rules[0].times: must be an integer, got null"),
        ({"fault": {"fault": "ServerError", "status": 400}}, f"rules[0].fault.status: must be {STATUSES}, got 400"),
        ({"fault": {"fault": "ServerError", "status": 409}}, f"rules[0].fault.status: must be {STATUSES}, got 409"),
        ({"fault": {"fault": "Unsent", "kind": "lost"}}, "rules[0].fault.kind: must be one of dns, refused, tls, "),
        ({"fault": {"fault": "Garbage", "body": "<"}}, 'rules[0].fault.body: must be Base64, got "<"'),
        (
            {"fault": {"fault": "Refused", "status": 418, "headers": [["a"]]}},
            "rules[0].fault.headers[0]: must have 2, got 1",
        ),
        (
            {"fault": {"fault": "LateConsistency", "since": "now"}},
            'rules[0].fault.since: must be one of created, ended, got "now"',
        ),
    ],
)
def test_what_is_no_rule_is_refused_with_the_place(rule: Any, expected: str) -> None:
    assert reason(load_faults, {"rules": [rule]}).startswith(expected)


@pytest.mark.parametrize("before", ['[{"text":', '[{"structured":', '{"replies":'])
def test_what_is_nested_too_deeply_is_refused_whatever_meets_it_first(before: str) -> None:
    after = "}]" if before.startswith("[") else "}"
    texts = [f"{before}{'[' * depth}{']' * depth}{after}" for depth in range(0, 3000, 7)]
    for text in texts:
        for load in (load_script, load_faults):
            with suppress(ValueError):
                load(text)
    deepest = (
        f"{before}{'[' * 100_000}{']' * 100_000}{after}"  # how deep is too deep differs from one Python to another
    )
    assert reason(load_script, deepest).endswith("nested too deeply")


def test_a_long_value_is_shown_in_part() -> None:
    assert len(reason(load_script, [{"text": ["x" * 1000]}])) < 150


# The schema


def test_the_schema_is_one_and_every_part_of_it_says_what_it_is() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for name, definition in SCHEMA["$defs"].items():
        assert definition["title"], name
        assert definition["description"].endswith("."), name
        for member, schema in definition.get("properties", {}).items():
            described = schema.get("const") is not None or schema["description"].endswith(".")
            assert described, f"{name}.{member}"


STRUCTS: dict[str, Any] = {
    "Life": Life,
    "When": When,
    "Match": Match,
    "ToolOutput": ToolOutput,
    "Rule": Rule,
    "FaultPlan": FaultPlan,
    **{type(rule.fault).__name__: type(rule.fault) for rule in PLAN.rules},
}


@pytest.mark.parametrize("name", STRUCTS)
def test_the_schema_names_the_members_and_defaults_of_the_structs(name: str) -> None:
    definition = SCHEMA["$defs"][name]
    fields = {field.encode_name: field for field in structs.fields(STRUCTS[name])}
    members = {
        member: schema for member, schema in definition["properties"].items() if member not in ("$schema", "fault")
    }
    assert [*members] == [field for field in fields if field != "fault"]
    assert {*definition.get("required", ())} - {"fault"} == {
        name for name, field in fields.items() if field.required and name != "fault"
    }
    shown = {name: json.decode(json.encode(field.default)) for name, field in fields.items() if not field.required}
    assert {name: schema.get("default") for name, schema in members.items() if name in shown} == {
        name: default for name, default in shown.items() if name in members
    }


def test_the_union_of_faults_has_each_of_them() -> None:
    (names, *members) = SCHEMA["$defs"]["Fault"]["anyOf"]
    kinds = [type(rule.fault) for rule in PLAN.rules][:13]
    assert [member["$ref"] for member in members] == [f"#/$defs/{kind.__name__}" for kind in kinds]
    assert names["enum"] == [kind.__name__ for kind in kinds if not any(one.required for one in structs.fields(kind))]


def examples(schema: Any) -> Iterator[tuple[str, Any]]:
    """The examples of definitions, by name."""
    for name, definition in schema["$defs"].items():
        for example in definition.get("examples", ()):
            yield name, example


@pytest.mark.parametrize(("name", "example"), [*examples(SCHEMA)])
def test_the_examples_of_the_schema_follow_it(name: str, example: Any) -> None:
    assert [error.message for error in validator(name).iter_errors(example)] == []


# What the schema accepts is loaded, and nothing else


VALID: dict[str, list[Any]] = {
    "Script": [
        *SCHEMA["$defs"]["Script"]["examples"],
        {
            "replies": [
                {
                    "reasoning": ["a"],
                    "output": [{"type": "new"}],
                    "text": "b",
                    "tool_calls": [{"name": "f", "arguments": {"a": 1}, "call_id": "c"}],
                    "incomplete": {"reason": "max_output_tokens"},
                    "usage": {"input_tokens": 1, "output_tokens_details": {"reasoning_tokens": 2}},
                    "life": {"queued": None, "running": 2, "answering": 0.5},
                    "when": {
                        "text": {"matches": "^a"},
                        "model": "m",
                        "tool_output": {"name": {"equals": "f"}, "text": "x"},
                        "header": {"x-a": "b", "x-c": {"contains": "d"}},
                        "instructions": "i",
                        "turn": 2,
                    },
                    "times": 3,
                },
                {"structured": {"a": [1]}, "failure": {"message": "a", "code": "b"}},
                {"refusal": "No.", "when": {"tool_output": "y"}},
            ],
            "default": {"text": "z", "life": {"queued": 3}},
        },
    ],
    "FaultPlan": [
        *[json.decode(json.encode(FaultPlan((rule,), 7))) for rule in PLAN.rules],
        *SCHEMA["$defs"]["FaultPlan"]["examples"],
    ],
}
MEMBERS = sorted({member for one in SCHEMA["$defs"].values() for member in one.get("properties", {})})
SCALARS: list[Any] = [None, True, -1, 0, 1, 2.0, 1.5, 600, "", "a", "(", "Reset", "Delay", "tokens", "YQ==", "YQ==\n"]
OTHERS: list[Any] = [
    [],
    {},
    ["a"],
    [1],
    [["a", "b"]],
    [{}],
    {"text": "a"},
    {"name": "f"},
    {"fault": "Reset"},
    {"turn": 1},
]


NEW: list[Any] = [None, True, -1, 1.0, "(", [], {}]


def inner(value: Any) -> Iterator[Any]:
    """The objects and lists of a value, the value itself first."""
    if is_object(value) or is_array(value):
        yield value
        for member in [*value.values()] if is_object(value) else value:
            yield from inner(member)


@st.composite
def mutants(draw: st.DrawFn, name: str) -> Any:
    """Something like a script or a plan: a valid one, changed in one to three places."""
    value = copy.deepcopy(draw(st.sampled_from(VALID[name])))
    for _ in range(draw(st.integers(1, 3))):
        target = draw(st.sampled_from([*inner(value)]))
        new = copy.deepcopy(draw(st.sampled_from([*SCALARS, *OTHERS])))
        if is_object(target):
            known: list[str] = [*target] or MEMBERS
            member = draw(st.sampled_from(known) | st.sampled_from([*MEMBERS, "other"]))
            if member in target and draw(st.booleans()):
                del target[member]
            else:
                target[member] = new
        elif target and draw(st.booleans()):
            target[draw(st.integers(0, len(target) - 1))] = new
        else:
            target.append(new)
    return value


def check_mutant(name: str, value: Any) -> bool:
    accepted = bool(validator(name).is_valid(value))
    assert loads(LOADERS[name], value) is accepted
    return accepted


@given(mutants("Script"))
@settings(max_examples=150)
def test_what_the_schema_says_of_a_script_the_loader_says_too(value: Any) -> None:
    check_mutant("Script", value)


@given(mutants("FaultPlan"))
@settings(max_examples=100)
def test_what_the_schema_says_of_a_plan_the_loader_says_too(value: Any) -> None:
    check_mutant("FaultPlan", value)


@pytest.mark.parametrize("name", LOADERS)
def test_each_member_set_to_each_kind_of_value_is_accepted_by_both_or_by_neither(name: str) -> None:
    accepted = refused = 0
    for base in VALID[name]:
        for path in range(len([*inner(base)])):
            size = len([*inner(base)][path])
            for place in range(size):
                for new in NEW:
                    value = copy.deepcopy(base)
                    target = [*inner(value)][path]
                    target[[*target][place] if is_object(target) else place] = new
                    found = check_mutant(name, value)
                    accepted, refused = accepted + found, refused + (not found)
    assert accepted > 30
    assert refused > 300
