"""What requests are about: those about different things are carried out in one order alone."""

from __future__ import annotations

import pytest

from puresponse.core import HttpRequest, create_response, delete_response, gather, list_responses, retrieve_response
from puresponse.transports import OGX, Scripted, State, explore, stored
from puresponse.transports.testing.exploration.independence import Together, touched_by


@pytest.mark.parametrize(
    ("request_", "things"),
    [
        (HttpRequest("GET", "/responses/resp_1"), {"responses/resp_1": False}),
        (HttpRequest("DELETE", "/responses/resp_1"), {"responses/resp_1": True}),
        (HttpRequest("POST", "/responses/resp_1/cancel"), {"responses/resp_1": True}),
        (HttpRequest("GET", "/responses/resp_1/input_items"), {"responses/resp_1": False}),
        (HttpRequest("POST", "/conversations/conv_1/items"), {"conversations/conv_1": True}),
        (HttpRequest("POST", "/conversations"), {}),
        (HttpRequest("DELETE", "/models/m"), {"models/m": True}),
        (HttpRequest("GET", "/models"), {"*": False}),
        (HttpRequest("GET", "/responses"), {"*": False}),
        (HttpRequest("POST", "/responses", body=b'{"input":"Hi"}'), {}),
        (HttpRequest("POST", "/responses", body=b'{"previous_response_id":"resp_1"}'), {"responses/resp_1": False}),
        (HttpRequest("POST", "/responses/compact", body=b'{"previous_response_id":"a"}'), {"responses/a": False}),
        (HttpRequest("POST", "/responses", body=b'{"conversation":"conv_1"}'), {"conversations/conv_1": True}),
        (HttpRequest("POST", "/responses", body=b'{"conversation":{"id":"conv_1"}}'), {"conversations/conv_1": True}),
        (HttpRequest("POST", "/responses", body=b"["), {"*": True}),
        (HttpRequest("POST", "/responses", body=b"[]"), {"*": True}),
    ],
)
def test_what_a_request_is_about_and_whether_it_may_change_that(request_: HttpRequest, things: dict[str, bool]) -> None:
    assert touched_by(request_, replies_in_turn=False) == things


def test_what_is_replied_in_turn_is_something_that_all_creations_change() -> None:
    asked = HttpRequest("POST", "/responses", body=b'{"input":"Hi"}')
    assert touched_by(asked, replies_in_turn=True) == {"replies": True}
    two = gather(create_response(model="m", input="a"), create_response(model="m", input="b"))
    assert explore(two, faults=0).together == {}
    in_turn = explore(two, script=Scripted.of("One.", "Two."), faults=0)
    assert in_turn.together == {(): ((0, 1),)}
    assert len(in_turn.endings) == 2


def test_what_both_only_read_is_in_no_ones_way() -> None:
    state = State().having(stored({"id": "resp_1"}))
    assert explore(gather(retrieve_response("resp_1"), retrieve_response("resp_1")), state, faults=0).together == {}


def test_who_is_together_with_one_is_together_with_all_that_are_together_with_that() -> None:
    state = State().having(stored({"id": "resp_1"})).having(stored({"id": "resp_2", "previous_response_id": "resp_1"}))
    both = retrieve_response("resp_1").bind(lambda _: retrieve_response("resp_2"))
    three = gather(delete_response("resp_1"), both, delete_response("resp_2"), retrieve_response("resp_x"))
    assert explore(three, state, faults=0).together == {(): ((0, 1, 2),)}


def test_branches_of_branches_are_apart_by_the_fork_that_parts_them() -> None:
    together = Together(everything=False, replies_in_turn=False)
    assert not together.touches((0, 0), HttpRequest("GET", "/responses/resp_1"))
    assert not together.touches((0, 1), HttpRequest("GET", "/responses/resp_2"))
    assert together.active([(0, 0), (0, 1), (1, 0)]) == [(0, 0)]
    assert together.touches((1, 0), HttpRequest("DELETE", "/responses/resp_1"))
    assert together.groups() == {(): ((0, 1),)}


def test_what_goes_first_has_nothing_to_do_with_what_is_left_for_later() -> None:
    state = State(dialect=OGX).having(stored({"id": "resp_1"})).having(stored({"id": "resp_2"}))
    deletions = gather(delete_response("resp_1"), delete_response("resp_2"))
    program = gather(deletions, list_responses())
    listed: set[tuple[str, ...]] = set()
    for ending in explore(program, state, faults=0).endings:
        listed.add(tuple(sorted(response.id for response in ending.result.unwrap()[1].data)))
    assert listed == {("resp_1", "resp_2"), ("resp_1",), ("resp_2",), ()}


def test_what_is_together_stays_so_when_the_search_begins_anew() -> None:
    together = Together(everything=False, replies_in_turn=False)
    one, two = HttpRequest("DELETE", "/responses/resp_1"), HttpRequest("DELETE", "/responses/resp_2")
    together.touches((1,), one)
    assert together.touches((2,), one)
    together.forget()
    together.touches((2,), two)
    assert together.touches((0,), two)
    assert together.groups() == {(): ((0, 1, 2),)}
