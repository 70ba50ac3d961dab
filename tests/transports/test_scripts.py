"""Replies that match: which one is used for what, how often, and what is said where there is none."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from made_scripts import scripts
from msgspec import json

from puresponse.core import HttpRequest
from puresponse.transports import MemoryTransport, State, respond
from puresponse.transports.memory.scripts.model_input import GivenOutput, ModelInput
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.scripts.script import NoReply, Scripted, as_script, echo
from puresponse.transports.memory.scripts.when import Match, ToolOutput, When

NOW = 1_750_000_000.0


def said(role: str, *texts: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text} for text in texts]}


def called(name: str, call_id: str) -> dict[str, Any]:
    return {"type": "function_call", "name": name, "call_id": call_id, "arguments": "{}"}


def put_out(call_id: str, output: Any, kind: str = "function_call_output") -> dict[str, Any]:
    return {"type": kind, "call_id": call_id, "output": output}


def asked(*items: dict[str, Any], headers: tuple[tuple[str, str], ...] = (), **given: Any) -> ModelInput:
    return ModelInput(1, {"model": "gpt-4o", **given}, items, headers)


QUESTION = said("user", "What is the weather?")
ANSWERED = asked(QUESTION, called("get_weather", "call_1"), put_out("call_1", "It is sunny."))


def ask(transport: MemoryTransport, *headers: tuple[str, str], **given: Any) -> dict[str, Any]:
    body = json.encode({"model": "gpt-4o", "input": "Hi", **given})
    answer = transport(HttpRequest("POST", "/responses", body=body, headers=headers)).unwrap()
    found: dict[str, Any] = json.decode(answer.body)
    return found


def text(body: dict[str, Any]) -> str:
    return str(body["output"][-1]["content"][0]["text"])


# Conditions


@pytest.mark.parametrize(
    ("when", "prompt", "holds"),
    [
        (When(text="weather"), asked(QUESTION), True),
        (When(text="Weather"), asked(QUESTION), False),
        (When(text="weather"), asked(QUESTION, said("assistant", "Sunny.")), True),
        (When(text="weather"), asked(QUESTION, said("assistant", "Sunny."), said("user", "Thanks!")), False),
        (When(text="Sunny"), asked(QUESTION, said("assistant", "Sunny.")), False),
        (When(text="a\nb"), asked(said("user", "a", "b")), True),
        (When(text="x"), asked(), False),
        (When(text=""), asked(said("developer", "")), True),
        (When(text=Match(equals="What")), asked(QUESTION), False),
        (When(text=Match(equals="What is the weather?")), asked(QUESTION), True),
        (When(text=Match(contains="the")), asked(QUESTION), True),
        (When(text=Match(matches="^What .* weather")), asked(QUESTION), True),
        (When(text=Match(matches="^weather")), asked(QUESTION), False),
        (When(model="gpt-4o"), asked(), True),
        (When(model="gpt-4"), asked(), False),
        (When(model=Match(matches="^gpt-4")), asked(), True),
        (When(model="gpt-4o"), ModelInput(1, {"input": "x"}, ()), False),
        (When(instructions="French"), asked(instructions="Speak French."), True),
        (When(instructions="French"), asked(), False),
        (When(header={"X-Test": "a"}), asked(headers=(("x-test", "b"), ("x-test", "a"))), True),
        (When(header={"x-test": "a"}), asked(headers=(("x-test", "ab"),)), False),
        (When(header={"x-test": Match(contains="a")}), asked(headers=(("x-test", "ab"),)), True),
        (When(header={"x-test": Match(contains="")}), asked(), False),
        (When(header={"x-a": "1", "x-b": "2"}), asked(headers=(("x-a", "1"),)), False),
        (When(turn=1), asked(QUESTION), True),
        (When(turn=2), asked(QUESTION), False),
        (When(turn=2), ANSWERED, True),
        (When(text="weather", model="gpt-4o", turn=1), asked(QUESTION), True),
        (When(text="weather", model="gpt-4o", turn=2), asked(QUESTION), False),
    ],
)
def test_a_condition_says_what_a_request_must_be(when: When, prompt: ModelInput, holds: bool) -> None:
    assert (when.unmet(prompt) is None) is holds


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(tool_output="sunny"), True),
        (When(tool_output="rain"), False),
        (When(tool_output=ToolOutput(name="get_weather")), True),
        (When(tool_output=ToolOutput(name="get")), False),
        (When(tool_output=ToolOutput(name="get_weather", text="sunny")), True),
        (When(tool_output=ToolOutput(name="get_weather", text="rain")), False),
        (When(tool_output=ToolOutput(text=Match(matches="sun+y"))), True),
        (When(text="weather", tool_output="sunny"), True),
        (When(text="rain", tool_output="sunny"), False),
    ],
)
def test_a_condition_can_be_of_the_output_of_a_tool(when: When, holds: bool) -> None:
    assert (when.unmet(ANSWERED) is None) is holds


def test_a_text_is_not_met_by_the_outputs_that_its_own_call_led_to() -> None:
    assert When(text="weather").unmet(ANSWERED) == "the input ends in the output of a tool"


def test_any_of_the_outputs_that_the_input_ends_in_may_be_it_and_no_earlier_one() -> None:
    two = (called("f", "call_1"), called("g", "call_2"), put_out("call_1", "one"), put_out("call_2", "two"))
    assert asked(*two).tool_outputs == (GivenOutput("f", "one"), GivenOutput("g", "two"))
    assert When(tool_output=ToolOutput(name="f")).unmet(asked(*two)) is None
    assert When(tool_output=ToolOutput(name="g", text="two")).unmet(asked(*two)) is None
    assert When(tool_output=ToolOutput(name="g", text="one")).unmet(asked(*two)) is not None
    assert When(tool_output="one").unmet(asked(*two, said("user", "And?"))) == "the input ends in no output of a tool"


@pytest.mark.parametrize("output", ["It is sunny.", [{"type": "input_text", "text": "It is sunny."}]])
def test_the_last_text_may_be_an_output_whole_or_in_parts(output: Any) -> None:
    prompt = asked(QUESTION, called("get_weather", "call_1"), put_out("call_1", output))
    assert prompt.text == "It is sunny."


@pytest.mark.parametrize(
    ("output", "contained"),
    [([{"type": "input_text", "text": "sunny"}], "sunny"), ({"type": "computer_screenshot"}, '"computer_screenshot"')],
)
def test_an_output_is_text_or_the_text_of_its_parts_or_else_json(output: Any, contained: str) -> None:
    assert When(tool_output=contained).unmet(asked(put_out("c", output, "computer_call_output"))) is None


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (When(text="rain"), "text 'What is the weather?' does not contain 'rain'"),
        (When(text=Match(equals="rain")), "text 'What is the weather?' does not equal 'rain'"),
        (When(text=Match(matches="^rain")), "text 'What is the weather?' does not match '^rain'"),
        (When(model="gpt-5"), "model 'gpt-4o' does not equal 'gpt-5'"),
        (When(instructions="x"), "instructions '' does not contain 'x'"),
        (When(turn=3), "it is turn 1, not 3"),
        (When(header={"x-key": "secret"}), "header x-key does not equal 'secret'"),
        (When(tool_output="x"), "the input ends in no output of a tool"),
    ],
)
def test_a_condition_says_why_it_does_not_hold(when: When, reason: str) -> None:
    assert when.unmet(asked(QUESTION, headers=(("x-key", "another"),))) == reason


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (When, "one of text, model, tool_output, header, instructions, turn is to be given, got none"),
        (lambda: When(turn=0), "turn: turns are counted from 1, got 0"),
        (lambda: When(header={}), "header: must name a header, got none"),
        (Match, "one of contains, equals, matches is to be given, got none"),
        (lambda: Match(contains="a", equals="b"), "one of contains, equals, matches is to be given, got contains and"),
        (lambda: Match(matches="("), r"matches: not a regular expression: missing \)"),
        (lambda: Match(matches="a{99999999999}"), "matches: not a regular expression: the repetition number"),
        (ToolOutput, "name, text or both are to be given, got neither"),
        (lambda: Reply(times=0), "times: must be 1 or more, got 0"),
        (lambda: Reply(error={}, incomplete_details={}), "error and incomplete_details exclude each other"),
        (lambda: Scripted(default=Reply(times=2)), "default: is for whatever is asked, got one with when or times"),
    ],
)
def test_what_no_request_can_be_is_refused_at_once(make: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make()


# Which reply


def test_the_first_reply_that_matches_is_used_and_else_the_default() -> None:
    script = Scripted.of(
        Reply.text("Sunny.").matching(text="weather"), Reply.text("Both.").matching(turn=1), default="Hm."
    )
    assert script(asked(QUESTION)) == script.replies[0]
    assert script(asked(said("user", "Hello!"))) == script.replies[1]
    assert script(asked(said("user", "a"), said("assistant", "b"), said("user", "c"))) == Reply.text("Hm.")


def test_replies_without_a_condition_are_used_in_turn_and_others_any_number_of_times() -> None:
    transport = MemoryTransport.empty(script=["One", Reply.text("Sunny.").matching(text="weather"), "Two"])
    asked_for = ["Hi", "weather", "weather", "Hi"]
    assert [text(ask(transport, input=said)) for said in asked_for] == ["One", "Sunny.", "Sunny.", "Two"]


def test_times_says_how_often_a_reply_may_be_used() -> None:
    replies = Reply.text("A").matching(text="weather", times=2), Reply(times=2) + Reply.text("B")
    transport = MemoryTransport.empty(script=Scripted.of(*replies, default="C"))
    assert [text(ask(transport, input="weather")) for _ in range(6)] == ["A", "A", "B", "B", "C", "C"]


def test_what_is_added_to_a_reply_leaves_what_it_is_meant_for_unless_it_says_otherwise() -> None:
    rare = Reply.text("A").matching(text="weather", times=2)
    assert rare + Reply.text("B") == (Reply.text("A") + Reply.text("B")).matching(text="weather", times=2)
    assert rare + Reply.text("B").matching(turn=1, times=3) == (rare + Reply.text("B")).matching(turn=1, times=3)


def test_where_no_reply_matches_the_refusal_says_what_was_asked_and_which_replies_there_were() -> None:
    once = Reply.text("B").matching(model="gpt-4o", times=1)
    transport = MemoryTransport.empty(script=[Reply.text("A").matching(text="weather"), once])
    ask(transport)
    assert ask(transport, input="Hello!")["error"] == {
        "message": (
            "The script of the in-memory service has no reply to model 'gpt-4o', turn 1, text 'Hello!', and no "
            "default. replies[0]: text 'Hello!' does not contain 'weather'; replies[1]: used up (1 of 1)."
        ),
        "type": "invalid_request_error",
        "param": None,
        "code": "no_scripted_reply",
    }


def test_of_many_replies_and_of_long_texts_the_refusal_shows_a_part() -> None:
    script = Scripted(tuple(Reply.text("x").matching(turn=9) for _ in range(12)))
    with pytest.raises(NoReply) as caught:
        script(asked(said("user", "a" * 500)))
    assert str(caught.value).count("it is turn 1, not 9") == 10
    assert str(caught.value).endswith("; and 2 more.")
    assert f"{'a' * 79}…'" in str(caught.value)


def test_a_script_without_replies_says_so() -> None:
    with pytest.raises(NoReply, match=r"and no default\. It has no replies\.$"):
        Scripted()(asked())


# Turns and headers, through the service


def test_a_turn_is_counted_along_a_chain() -> None:
    transport = MemoryTransport.empty(script=Scripted.of(Reply.text("Second.").matching(turn=2), default="Other."))
    bodies = [ask(transport)]
    for _ in range(2):
        bodies.append(ask(transport, previous_response_id=bodies[-1]["id"]))
    assert [text(body) for body in bodies] == ["Other.", "Second.", "Other."]


def test_a_turn_is_counted_in_a_conversation() -> None:
    transport = MemoryTransport.empty(script=Scripted.of(Reply.text("Second.").matching(turn=2), default="Other."))
    made = transport(HttpRequest("POST", "/conversations", body=b"{}")).unwrap()
    conversation = json.decode(made.body)["id"]
    said = [text(ask(transport, conversation=conversation)) for _ in range(3)]
    assert said == ["Other.", "Second.", "Other."]


def test_a_turn_is_counted_in_the_history_that_is_given() -> None:
    transport = MemoryTransport.empty(script=Scripted.of(Reply.text("Second.").matching(turn=2), default="Other."))
    history = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    assert [text(ask(transport, input=history[:count])) for count in (1, 3)] == ["Other.", "Second."]


def test_reasoning_and_calls_are_one_reply_of_the_model() -> None:
    thought: dict[str, Any] = {"type": "reasoning", "summary": []}
    made = (thought, called("f", "call_1"), put_out("call_1", "x"))
    assert asked(QUESTION, *made).turn == 2
    assert asked(QUESTION, *made, said("assistant", "Done."), QUESTION).turn == 3


def test_a_tool_loop_is_scripted_by_what_the_tool_puts_out() -> None:
    transport = MemoryTransport.empty(
        script=[
            Reply.tool_call("get_weather", {"city": "Lyon"}).matching(text="weather"),
            Reply.text("Take a hat.").matching(tool_output=ToolOutput(name="get_weather", text="sunny")),
            Reply.text("Take an umbrella.").matching(tool_output="rain"),
        ]
    )
    for output, advice in (("sunny weather", "Take a hat."), ("rain", "Take an umbrella.")):
        first = ask(transport, input="What is the weather?")
        (call,) = first["output"]
        items = [{"type": "function_call_output", "call_id": call["call_id"], "output": output}]
        assert text(ask(transport, input=items, previous_response_id=first["id"])) == advice


def test_headers_of_the_request_are_matched() -> None:
    script = Scripted.of(Reply.text("A").matching(header={"x-test": "a"}), default="B")
    transport = MemoryTransport.empty(script=script)
    assert [text(ask(transport, ("X-Test", value))) for value in ("a", "b")] == ["A", "B"]


# Counts


def test_what_was_used_is_part_of_the_state_and_goes_on_after_it_was_saved() -> None:
    script = Scripted.of("One", "Two", default="None left.")
    transport = MemoryTransport.empty(script=script)
    ask(transport)
    saved = json.decode(json.encode(transport.state), type=State)
    assert saved == transport.state
    assert saved.uses == (1, 0)
    assert text(ask(MemoryTransport(saved, script=script))) == "Two"


def test_the_same_state_has_the_same_reply() -> None:
    request = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi"}')
    script = Scripted.of("One", "Two")
    first = respond(State(), request, NOW, script=script)
    assert respond(State(), request, NOW, script=script) == first
    assert text(json.decode(respond(first[0], request, NOW, script=script)[1].body)) == "Two"


def test_counts_of_a_longer_or_shorter_script_are_taken_as_far_as_they_go() -> None:
    prompt = ModelInput(1, {"model": "m"}, (), (), (1, 1, 1))
    assert Scripted.of("One", "Two", "Three", "Four").chosen(prompt) == (Reply.text("Four"), (1, 1, 1, 1))
    shorter = Scripted.of(Reply.text("A").matching(turn=1))
    assert shorter.chosen(prompt) == (shorter.replies[0], (2,))


def test_requests_at_once_use_each_reply_as_often_as_it_may_be() -> None:
    script = Scripted.of(Reply.text("few").matching(text="Hi", times=25), default="rest")
    transport = MemoryTransport.empty(script=script)
    with ThreadPoolExecutor(16) as pool:
        said = [text(body) for body in pool.map(ask, [transport] * 100)]
    assert (said.count("few"), said.count("rest")) == (25, 75)


# Values


@given(scripts())
def test_a_script_is_equal_to_its_twin_and_pickles(script: Scripted) -> None:
    twin: Scripted = pickle.loads(pickle.dumps(script))
    assert twin == script
    assert repr(twin) == repr(script)


def test_scripts_that_differ_are_not_equal() -> None:
    one = Reply.text("A").matching(text="a")
    different = [Scripted.of("A"), Scripted.of("B"), Scripted.of(one), Scripted.of(default="A"), Scripted()]
    assert all((left == right) is (left is right) for left in different for right in different)


def test_what_is_no_script_yet_is_made_one() -> None:
    assert as_script("Hi") == Scripted.of(default="Hi") == as_script(Reply.text("Hi"))
    assert as_script(["Hi", Reply.text("Ho")]) == Scripted.of("Hi", "Ho")
    assert as_script(echo) is echo
    assert as_script(Scripted()) == Scripted()
