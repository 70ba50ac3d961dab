"""The playground's host steps programs as any host does, one step for each press, and survives what visitors write."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json
from playground import START, Playground, sample_service
from returns.result import Failure

from puresponse.core import delete_response
from puresponse.transports import FaultPlan, MemoryTransport, Rule, ServerError, VirtualClock, iterate, run

IMPORTS = "from puresponse.core import *\n"
UNKIND = json.encode(FaultPlan((Rule(ServerError(503), times=1),))).decode()


class Visitor:
    """Loads a source and presses Step; `cards` are those that were shown."""

    def __init__(self, source: str, faults: str = "{}") -> None:
        self.playground = Playground()
        self.cards: list[dict[str, Any]] = []
        self.view: dict[str, Any] = json.decode(self.playground.load(source, faults))

    def step(self, most: int = 1) -> dict[str, Any]:
        self.view = json.decode(self.playground.step(most))
        self.cards += self.view["cards"]
        return self.view

    def run(self) -> dict[str, Any]:
        while self.view["next"] is not None:
            self.step()
        shown: dict[str, Any] = self.cards[-1]["shown"]
        return shown

    @property
    def steps(self) -> list[str]:
        return [card["shown"]["step"] for card in self.cards]


def test_nothing_happens_before_the_first_step() -> None:
    visitor = Visitor(f"{IMPORTS}delete_response('resp_chat')")
    assert visitor.view["cards"] == []
    assert visitor.view["service"]["requests"] == 0
    assert visitor.view["next"]["step"] == "Send"
    assert visitor.view["next"]["repr"] == repr(delete_response("resp_chat"))
    assert visitor.view["next"]["request"]["json"].startswith('{"method":"DELETE","path":"/responses/resp_chat"')


def test_one_press_is_one_step() -> None:
    visitor = Visitor(f"{IMPORTS}retrying(delete_response('resp_chat'))", UNKIND)
    seen: list[tuple[list[str], int]] = []
    while visitor.view["next"] is not None:
        visitor.step()
        seen.append(([card["shown"]["step"] for card in visitor.view["cards"]], visitor.view["service"]["requests"]))
    assert seen == [(["Send"], 1), (["Wait"], 1), (["Send"], 2), (["Done"], 2)]


def test_a_request_and_its_answer_are_shown() -> None:
    visitor = Visitor(f"{IMPORTS}create_response(model='gpt-5-mini', input='Hello')")
    shown = visitor.step()["cards"][0]["shown"]
    assert (shown["request"]["method"], shown["request"]["path"]) == ("POST", "/responses")
    assert json.decode(shown["request"]["body"]) == {"model": "gpt-5-mini", "input": "Hello"}
    assert ["Content-Type", "application/json"] in shown["request"]["headers"]
    assert shown["answer"]["status"] == 200
    assert json.decode(shown["answer"]["body"])["status"] == "completed"
    assert ["x-request-id", "req_000001"] in shown["answer"]["headers"]


def test_a_wait_is_drawn_within_its_bounds_and_moves_only_the_virtual_clock() -> None:
    visitor = Visitor(f"{IMPORTS}retrying(delete_response('resp_chat'))", UNKIND)
    visitor.step(2)
    wait = visitor.cards[1]["shown"]
    assert wait["seconds"] < wait["drawn"] < wait["seconds"] + wait["spread"]
    assert wait["elapsed"] == pytest.approx(wait["drawn"], abs=1e-6)
    assert visitor.cards[1]["at"] == visitor.view["service"]["elapsed"] == wait["elapsed"]


PROGRAMS = (
    "cancel_and_wait('resp_in_progress', WaitPolicy(deadline=9), settle=3)",
    "collect(delete_response_chain('resp_turn_3'))",
    "retrying(delete_response('resp_unheard_of'))",
    "wait_for_response('resp_queued', WaitPolicy(deadline=5))",
    "all_input_items('resp_long', limit=100)",
    "stream_response(model='gpt-5-mini', input='One two', background=True)",
    "retrying(delete_response_chain('resp_turn_3'))",
    "collect(stream_response(model='gpt-5-mini', input='One two'))",
    "gather(delete_response('resp_chat'), retrieve_response('resp_long'), delete_response('resp_unheard_of'))",
    "gather_all(delete_response('resp_unheard_of'), gather(delay(2.0), retrying(delete_response('resp_chat'))))",
    "stream_response(model='gpt-5-mini', input='One two three').take(3).concat(all_input_items('resp_chat'))",
    "all_input_items('resp_chat').for_each(lambda item: gather(retrieve_response('resp_chat'), succeed(item.id)))",
)


@pytest.mark.parametrize("faults", ["{}", UNKIND], ids=["kind", "unkind"])
@pytest.mark.parametrize("source", PROGRAMS)
def test_a_program_comes_to_the_end_that_the_drivers_bring_it_to(source: str, faults: str) -> None:
    namespace: dict[str, Any] = {}
    exec(IMPORTS, namespace)
    program = eval(source, namespace)
    clock = VirtualClock(now=START, chance=0.5)
    service = MemoryTransport(sample_service(), clock=clock, faults=json.decode(faults, type=FaultPlan))
    visitor = Visitor(IMPORTS + source, faults)
    end = visitor.run()
    error: Any = None
    if visitor.view["kind"] == "stream":
        values = list(iterate(program, service, clock=clock, results=True))
        if values and isinstance(values[-1], Failure):
            error = values.pop().failure()
        emitted = [card["shown"]["total"] for card in visitor.cards if card["shown"]["step"] == "Emit"]
        assert (emitted or [0])[-1] == len(values)
    else:
        result = run(program, service, clock=clock)
        if isinstance(result, Failure):
            error = result.failure()
        else:
            assert end["value"]["type"] == type(result.unwrap()).__name__
    assert end["last"]
    assert (end["error"] is None) == (error is None)
    if error is not None:
        assert (end["error"]["name"], end["error"]["retryable"]) == (type(error).__name__, error.retryable)
    assert visitor.view["service"]["requests"] == len(service.requests)
    held = {row["id"] for row in visitor.view["service"]["responses"]}
    assert held == set(service.state.responses)


def test_the_steps_of_an_operation_within_a_stream_are_deeper_than_the_streams_own() -> None:
    visitor = Visitor(f"{IMPORTS}all_input_items('resp_chat')")
    visitor.run()
    assert [(card["depth"], card["shown"]["step"]) for card in visitor.cards] == [
        (0, "Perform"),
        (1, "Send"),
        (1, "Done"),
        (0, "Emit"),
        (0, "End"),
    ]


def test_a_fork_is_stepped_through_one_operation_after_another_and_says_which() -> None:
    visitor = Visitor(
        f"{IMPORTS}Fork((delete_response('resp_chat'), succeed(1), Fork((delay(2.0),), succeed)), succeed)"
    )
    assert visitor.view["next"]["line"] == "3 operations, at once or one after another"
    visitor.step()
    assert (visitor.view["next"]["step"], visitor.view["next"]["depth"]) == ("Send", 1)
    assert visitor.view["next"]["branch"] == "1 of 3"
    end = visitor.run()
    assert [(card["depth"], card["branch"], card["shown"]["step"]) for card in visitor.cards] == [
        (0, "", "Fork"),
        (1, "1 of 3", "Send"),
        (1, "1 of 3", "Done"),
        (1, "2 of 3", "Done"),
        (1, "3 of 3", "Fork"),
        (2, "1 of 1", "Wait"),
        (2, "1 of 1", "Done"),
        (1, "3 of 3", "Done"),
        (0, "", "Done"),
    ]
    assert [card["shown"]["last"] for card in visitor.cards if card["shown"]["step"] == "Done"] == [*[False] * 4, True]
    assert end["value"]["type"] == "tuple"


def test_a_fork_of_nothing_goes_on_at_once() -> None:
    visitor = Visitor(f"{IMPORTS}Fork((), succeed)")
    assert visitor.run()["value"]["line"] == "()"
    assert visitor.steps == ["Fork", "Done"]


def test_a_close_says_whether_a_body_was_open_and_nothing_can_be_read_after_it() -> None:
    opening = "stream_response(model='gpt-5-mini', input='One two').take(1)"
    visitor = Visitor(f"{IMPORTS}{opening}.concat(Close(Read(lambda chunk: End(chunk)), 0.5))")
    error = visitor.run()["error"]
    closes = [card["shown"] for card in visitor.cards if card["shown"]["step"] == "Close"]
    assert closes[0] == {"step": "Close", "open": True, "within": 0.0}
    assert closes[-1] == {"step": "Close", "open": False, "within": 0.5}
    assert error["name"] == "Interrupted"


def test_a_stream_ends_in_an_end_well_or_with_an_error() -> None:
    visitor = Visitor(f"{IMPORTS}END")
    assert visitor.view["kind"] == "stream"
    assert visitor.run() == {"step": "End", "error": None, "last": True}
    visitor = Visitor(f"{IMPORTS}break_off(Interrupted('reset', 'by the caller'))")
    assert visitor.view["next"]["line"] == "a Failure"
    assert visitor.run()["error"]["name"] == "Interrupted"


def test_a_stream_of_events_is_opened_read_and_told_and_its_text_grows() -> None:
    visitor = Visitor(f"{IMPORTS}stream_response(model='gpt-5-mini', input='One two')")
    visitor.run()
    assert visitor.steps[:4] == ["Open", "Read", "Emit", "Read"]
    assert visitor.steps[-1] == "End"
    chunks = [card["shown"]["text"] for card in visitor.cards if card["shown"]["step"] == "Read"]
    assert chunks[0].startswith("event: response.created")
    said = [card["shown"]["said"] for card in visitor.cards if card["shown"]["step"] == "Emit"]
    assert (said[0], said[-1]) == ("", "One two")


def test_a_read_without_an_open_body_is_interrupted() -> None:
    visitor = Visitor(f"{IMPORTS}Read(lambda chunk: break_off(chunk.failure()))")
    assert visitor.run()["error"]["name"] == "Interrupted"


def test_going_back_to_the_start_shows_the_same_again() -> None:
    source = f"{IMPORTS}retrying(wait_for_response('resp_queued', WaitPolicy(deadline=5)))"
    visitor, other = Visitor(source, UNKIND), Visitor(source, UNKIND)
    visitor.run()
    first, visitor.cards = visitor.cards, []
    visitor.view = json.decode(visitor.playground.load(source, UNKIND))
    visitor.run()
    other.run()
    assert first == visitor.cards == other.cards


def test_as_many_steps_are_done_as_are_asked_for_of_a_program_that_never_ends() -> None:
    source = f"{IMPORTS}def again(response):\n    return retrieve_response(response.id).bind(again)\n\nagain"
    visitor = Visitor(f"{source}_ = retrieve_response('resp_chat').bind(again)")
    assert len(visitor.step(50)["cards"]) == 50
    assert visitor.view["next"]["step"] == "Send"


# --- operations are values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "twin", "saves"),
    [
        ("retrying(cancel_and_wait('resp_queued', WaitPolicy(deadline=9)))", True, True),
        ("stream_response(model='gpt-5-mini', input='Hi')", True, True),
        ("def then(response): return delete_response(response.id)\ncancel_response('r').bind(then)", True, True),
        ("cancel_response('r').bind(lambda response: delete_response(response.id))", False, False),
    ],
)
def test_the_facts_say_whether_a_program_equals_its_twin_and_can_be_saved(source: str, twin: bool, saves: bool) -> None:
    facts = Visitor(IMPORTS + source).view["facts"]
    assert (facts["twin"], facts["saved"] is not None, facts["reason"] == "") == (twin, saves, saves)


def test_a_program_is_put_away_and_taken_out_between_any_two_steps() -> None:
    visitor = Visitor(f"{IMPORTS}stream_response(model='gpt-5-mini', input='One two', background=True)", UNKIND)
    while visitor.step()["next"] is not None:
        assert visitor.view["facts"]["saved"].startswith('{"checkpoint":1,"elapsed":')


# --- what visitors write ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "sentence", "line"),
    [
        ("x = 1\nprogram = (", "SyntaxError: '(' was never closed", 2),
        ("\n\n1 / 0", "ZeroDivisionError: division by zero", 3),
        ("def f():\n    return g()\n\nf()", "NameError: name 'g' is not defined", 2),
        ("def f():\n    return f()\n\nf()", "RecursionError: maximum recursion depth exceeded", 2),
        ("raise SystemExit(3)\n1", "SystemExit: 3", 1),
        ("", "the last line has to be the program", None),
        ("import os", "the last line has to be the program", 1),
        ("x = 1", "a value of type int", 1),
        ("print('hello')", "a value of type NoneType", 1),
    ],
)
def test_a_source_that_makes_no_program_is_told_with_its_line(source: str, sentence: str, line: int | None) -> None:
    view = Visitor(source).view
    assert view["next"] is None
    assert sentence in view["problem"]["sentence"]
    assert view["problem"]["line"] == line


@pytest.mark.parametrize(
    ("source", "sentence", "line"),
    [
        ("\ndelete_response('resp_chat').map(lambda deleted: deleted.nothing)", "has no attribute 'nothing'", 3),
        (
            "delete_response('resp_chat').bind(lambda deleted: 7)",
            "the function of bind is to return an operation",
            None,
        ),
        ("Wait(1.0, 0.0, lambda elapsed: 'soon')", "a value of type str, not an operation", None),
        ("import sys\ndelete_response('resp_chat').map(lambda deleted: sys.exit())", "SystemExit", 3),
    ],
)
def test_what_a_visitors_function_does_wrong_ends_the_run_after_the_answer(
    source: str, sentence: str, line: int | None
) -> None:
    visitor = Visitor(IMPORTS + source)
    end = visitor.run()
    assert visitor.steps in (["Send", "Raised"], ["Wait", "Raised"], ["Send", "Done", "Raised"])
    assert sentence in end["problem"]["sentence"]
    if line is not None:
        assert end["problem"]["line"] == line


@pytest.mark.parametrize("method", ["__repr__", "__str__", "__eq__", "__reduce__", "__bool__"])
@pytest.mark.parametrize("base", ["object", "Exception"])
def test_objects_that_cannot_be_shown_are_borne(base: str, method: str) -> None:
    source = f"{IMPORTS}class Odd({base}):\n    def {method}(self, *others):\n        raise ValueError\n"
    held = Visitor(f"{source}delete_response('resp_chat').map(lambda gone: Odd())")
    assert held.run()["value"]["type"] == "Odd"
    assert Visitor(f"{source}Wait(1.0, 0.0, Odd())").view["problem"] is None
    assert Visitor(f"{source}raise Odd()\n1").view["problem"]["sentence"].startswith(("Odd", "TypeError"))


def test_a_program_starts_afresh_after_a_problem() -> None:
    visitor = Visitor("1 / 0")
    visitor.view = json.decode(visitor.playground.load(f"{IMPORTS}delete_response('resp_chat')"))
    assert visitor.view["problem"] is None
    assert visitor.run()["value"]["type"] == "DeletedResponse"


def test_what_is_printed_is_shown_where_it_was_printed_and_once() -> None:
    visitor = Visitor(
        f"{IMPORTS}print('building')\n"
        "delete_response('resp_chat').map(lambda deleted: print('half a pair: \\ud800') or deleted.id)"
    )
    assert visitor.view["printed"] == "building\n"
    visitor.run()
    assert [card["printed"] for card in visitor.cards] == ["half a pair: ?\n", ""]


@pytest.mark.parametrize("faults", ['{"rules": [{"fault": {"fault": "Nonsense"}}]}', '{"rules": [{"times": 1}]}'])
def test_faults_that_make_no_sense_are_told(faults: str) -> None:
    assert "the faults make no sense" in Visitor(f"{IMPORTS}succeed(1)", faults).view["problem"]["sentence"]


def test_a_long_body_is_cut_and_says_so() -> None:
    visitor = Visitor(f"{IMPORTS}list_input_items('resp_long', limit=100)")
    body = visitor.step()["cards"][0]["shown"]["answer"]["body"]
    assert len(body) < 20_100
    assert body.endswith("more characters)")


def test_a_step_is_taken_where_nothing_is_left_to_do_and_nothing_happens() -> None:
    visitor = Visitor(f"{IMPORTS}succeed('a value')")
    assert visitor.run()["value"] == {"type": "str", "line": "'a value'", "text": "a value"}
    assert visitor.step()["cards"] == []
