"""A life that was lived elsewhere is stepped through in the playground: asked the same, answered the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lived import lived, violation
from msgspec import json
from playground import Playground
from returns.result import Failure

from puresponse.core import (
    Operation,
    Stream,
    create_response,
    delete_response,
    gather,
    retrieve_response,
    retrying,
    stream_response,
    succeed,
)
from puresponse.transports import life_json, load_life, sample_state
from puresponse.transports.memory.faults import CutStream, Delay, Reset
from puresponse.transports.testing.lives.findings import Violation
from puresponse.transports.testing.lives.lives import Dies, Mishap

STATE = sample_state()
CREATE = create_response(model="gpt-5-mini", input="Hello")
BRANCHES = gather(retrying(delete_response("resp_chat")), retrieve_response("resp_long"))
STREAM = stream_response(model="gpt-5-mini", input="One two", background=True)


class Visitor:
    """Loads a life, and presses Step."""

    def __init__(self, life: bytes, source: str | None = None) -> None:
        self.playground = Playground()
        self.program = json.decode(self.playground.source_of(life.decode()))
        self.source: str = self.program["source"] if source is None else source
        self.view: dict[str, Any] = json.decode(self.playground.load(self.source, "{}", life.decode()))
        self.cards: list[dict[str, Any]] = []

    def run(self) -> list[str]:
        while self.view["next"] is not None:
            self.view = json.decode(self.playground.step())
            self.cards += self.view["cards"]
        return [card["shown"]["step"] for card in self.cards]

    @property
    def end(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.cards[-1]["shown"]
        return shown


def found(program: Operation[Any] | Stream[Any], mishaps: dict[int, Mishap]) -> Violation:
    return violation(lived(program, STATE, mishaps), "all is well", "it is not", program=program)


def test_a_program_is_answered_as_it_was_in_the_life() -> None:
    visitor = Visitor(life_json(found(retrying(delete_response("resp_chat")), {1: Reset(acted=True)})))
    assert visitor.program["about"] == "all is well: it is not"
    assert visitor.view["problem"] is None
    held = {row["id"]: row["status"] for row in visitor.view["service"]["responses"]}
    assert held["resp_chat"] == "completed"
    assert visitor.run() == ["Send", "Wait", "Send", "Done"]
    assert visitor.cards[0]["said"] == (
        "DELETE /responses/resp_chat  -> the connection is reset, after the service acted; resp_chat is gone"
    )
    assert visitor.cards[0]["shown"]["answer"]["error"]["name"] == "Interrupted"
    assert [card["at"] for card in visitor.cards] == [0.0, 0.375, 0.375, 0.375]
    assert "resp_chat" not in {row["id"] for row in visitor.view["service"]["responses"]}
    assert visitor.end["error"]["sentence"].startswith("HTTP 404, after an interrupted attempt")


def test_a_process_that_dies_goes_on_from_its_checkpoint() -> None:
    life = found(BRANCHES, {1: Reset(), 4: Dies()})
    visitor = Visitor(life_json(life))
    # What had ended has ended; the fork and what was in flight begin again.
    assert visitor.run() == ["Fork", *["Send", "Wait", "Send", "Done"], "Died", "Fork", "Done", "Send", "Done", "Done"]
    assert [card["branch"] for card in visitor.cards[4:8]] == ["1 of 2", "2 of 2", "", "1 of 2"]
    died = visitor.cards[5]["shown"]
    assert died["said"].endswith("the process dies before the service acted, and another goes on from its checkpoint")
    assert visitor.end["value"]["type"] == "tuple"


def test_branches_take_their_turns_as_in_the_life() -> None:
    life = lived(BRANCHES, STATE, {1: Reset(), 4: Delay(1.0)})
    begin, first, waited, again, other = life
    mixed = violation((begin, first, other, waited, again), program=BRANCHES)
    visitor = Visitor(life_json(mixed))
    visitor.run()
    turns = [card["branch"] for card in visitor.cards if card["shown"]["step"] in ("Send", "Wait")]
    assert turns == ["1 of 2", "2 of 2", "1 of 2", "1 of 2"]


def test_a_stream_is_stepped_chunk_by_chunk() -> None:
    visitor = Visitor(life_json(found(STREAM, {4: CutStream(), 6: Dies()})))
    steps = visitor.run()
    assert (steps[:7], steps[-1]) == (["Open", "Read", "Emit", "Read", "Emit", "Read", "Perform"], "End")
    assert visitor.cards[5]["shown"]["error"]["name"] == "Interrupted"
    assert steps.count("Died") == 1
    assert visitor.cards[-2]["shown"]["said"] == "One two"
    assert visitor.end["error"] is None


def test_a_program_that_cannot_be_saved_is_told_and_can_be_put_into_the_box() -> None:
    life = life_json(found(CREATE.bind(lambda response: succeed(response.id)), {}))
    visitor = Visitor(life)
    assert load_life(life).program is None
    assert "Bind(function=<function " in visitor.source
    assert visitor.view["problem"]["sentence"].startswith("the last line has to be the program")
    again = Visitor(life, "from puresponse import *\ncreate_response(model='gpt-5-mini', input='Hello')")
    assert again.run() == ["Send", "Done"]


def test_code_that_is_no_program_has_a_life_as_well() -> None:
    life = life_json(violation(lived(CREATE, STATE), program=None))
    assert "# code, which is no value" in Visitor(life).source
    assert Visitor(life, "from puresponse import *\ncreate_response(model='gpt-5-mini', input='Hello')").run() == [
        "Send",
        "Done",
    ]


def test_where_a_program_asks_otherwise_nothing_is_made_up() -> None:
    life = life_json(found(delete_response("resp_chat"), {}))
    other = Visitor(life, "from puresponse import *\ndelete_response('resp_long')")
    assert other.run() == ["Raised"]
    assert other.end["problem"]["sentence"] == (
        "the program does something else than in the life, where it was: "
        "DELETE /responses/resp_chat  -> 200, resp_chat, deleted; resp_chat is gone"
    )
    longer = Visitor(life, "from puresponse import *\ndelete_response('resp_chat').bind(lambda _: delay(1.0))")
    assert longer.run() == ["Send", "Raised"]
    assert longer.end["problem"]["sentence"] == "the life ends here: it is not"


def test_what_a_function_raises_is_told_and_ends_the_program() -> None:
    life = life_json(found(CREATE, {}))
    visitor = Visitor(life, "from puresponse import *\ncreate_response(model='gpt-5-mini', input='Hello').map(len)")
    assert visitor.run() == ["Send", "Raised"]
    assert "TypeError" in visitor.end["problem"]["sentence"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "truncated"),
        ("[]", "Expected `object`, got `array`"),
        ('{"life":2,"claim":"","why":"","program":null,"shown":"","steps":[],"service":{}}', "format 2"),
        (
            '{"life":1,"claim":"","why":"","program":null,"shown":"","steps":[{"kind":"walk"}],"service":{}}',
            "$.steps[0].kind",
        ),
    ],
)
def test_what_is_no_life_is_refused_with_the_place(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)) as raised:
        load_life(text)
    playground = Playground()
    assert json.decode(playground.source_of(text))["problem"] == str(raised.value)
    view = json.decode(playground.load("from puresponse import *\nsucceed(1)", "{}", text))
    assert view["problem"]["sentence"] == f"the life makes no sense: {raised.value}"


@pytest.mark.parametrize("mishaps", [{}, {4: CutStream()}, {1: Dies(acted=True)}])
def test_a_life_is_read_as_it_was_written(mishaps: dict[int, Mishap]) -> None:
    life = lived(STREAM, STATE, mishaps)
    written = load_life(life_json(violation(life, program=STREAM)))
    for step, lived_step in zip(written.steps, life[1:], strict=True):
        with_what = step.resumed_with()
        assert repr(with_what) == repr(lived_step.answer)
        assert isinstance(with_what, Failure) == isinstance(lived_step.answer, Failure)
        assert (step.kind, step.began, step.ended) == (lived_step.kind, lived_step.began, lived_step.ended)
