"""What `explore` cannot use is refused by its name; what it can is used, whatever its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from returns.result import Success

from puresponse import (
    MemoryTransport,
    ModelInput,
    Moment,
    Reply,
    Reset,
    Rule,
    State,
    always,
    create_response,
    delete_response,
    explore,
    finally_,
    output_text,
    stored,
)

STATE = State().having(stored({"id": "resp_1"}))
given: Callable[..., Any] = explore


def holds(moment: Moment) -> bool:
    return True


def replied(asked: ModelInput) -> Reply:
    return Reply.text("Hi!")


@pytest.mark.parametrize(
    ("program", "options", "message"),
    [
        (delete_response, {}, "program must be an operation or a stream, got <function delete_response"),
        (None, {"state": MemoryTransport()}, "state must be a State, such as MemoryTransport has, got MemoryTransport"),
        (None, {"faults": -1}, "faults must be an integer from 0 on, got -1"),
        (None, {"faults": True}, "faults must be an integer from 0 on, got True"),
        (None, {"most_states": 0}, "most_states must be an integer from 1 on, got 0"),
        (
            None,
            {"names": [delete_response]},
            "names must be a mapping from names to functions and types, or None, got",
        ),
        (
            None,
            {"kinds": Reset()},
            "kinds must be a list, each a fault or a Rule with one, such as Reset(), got",
        ),
        (None, {"kinds": [Reset(), Reset]}, "kinds[1] must be a fault or a Rule with one, such as Reset(), got <class"),
        (None, {"claims": always(holds)}, "claims must be a list, each a claim, such as always(check), got Always("),
        (None, {"claims": [holds]}, "claims[0] must be a claim, such as always(check), got <function holds"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(program: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        given(program or delete_response("resp_1"), **{"state": STATE, **options})
    assert str(raised.value).startswith(f"explore: {message}")


def test_a_rule_is_a_kind_of_fault_and_faults_are_given_in_any_sequence() -> None:
    for kinds in ([Rule(Reset(acted=True))], (Reset(acted=True),)):
        assert len(explore(delete_response("resp_1"), STATE, kinds=kinds, dies=False).endings) == 2


@pytest.mark.parametrize("script", ["Hi!", ["Hi!"], Reply.text("Hi!"), replied])
def test_a_script_is_what_a_transport_takes(script: Any) -> None:
    said = create_response(model="m", input="Hello?").map(output_text)
    found = explore(said, script=script, faults=0, claims=[finally_(lambda moment: moment.result == Success("Hi!"))])
    assert found.holds, str(found)
