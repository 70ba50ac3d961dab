"""Laws of the service in memory, whatever is asked of it and in whatever order."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from puresponse.codecs import to_plain
from puresponse.core import HttpRequest, all_input_items, collect
from puresponse.transports import run
from puresponse.transports.memory.service import Dialect, State, numbered_id, respond, sample_state, stored
from puresponse.transports.memory.service.persistent_map import Shelf
from puresponse.transports.memory.transport import MemoryTransport

NOW = 1_750_000_000.0

IDS = st.sampled_from(["resp_000001", "resp_000004", "resp_completed", "resp_queued", "resp_chat", "resp_failed"])
"""Ids of samples, and those that the first responses made may have."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ITEMS = st.one_of(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": st.text(max_size=9)}),
    st.fixed_dictionaries({"type": st.sampled_from(["message", "x"]), "id": st.sampled_from(["a", "b"])}),
    JSON,
)
CREATED = st.fixed_dictionaries(
    {"model": st.just("m"), "input": st.text(max_size=9) | st.lists(ITEMS, max_size=3)},
    optional={
        "background": st.booleans(),
        "store": st.booleans(),
        "previous_response_id": IDS,
        "metadata": JSON,
        "stream": st.booleans(),
    },
)
BODIES = st.one_of(st.none(), st.binary(max_size=20), JSON.map(json.encode), CREATED.map(json.encode))
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["after", "limit", "order", "include[]", "stream", "x"]),
        st.sampled_from(["0", "1", "100", "101", "asc", "desc", "msg_chat_1", "true", "a"]) | st.text(max_size=5),
    ),
    max_size=3,
).map(tuple)
REAL_PATHS = st.one_of(
    st.just("/responses"),
    IDS.map(lambda response_id: f"/responses/{response_id}"),
    IDS.map(lambda response_id: f"/responses/{response_id}/cancel"),
    IDS.map(lambda response_id: f"/responses/{response_id}/input_items"),
)
ANY_TEXT = st.lists(st.text(max_size=4) | st.sampled_from(["\ud800", "%", "/", "?"]), max_size=4).map("".join)
REQUESTS = st.one_of(
    st.builds(HttpRequest, st.sampled_from(["GET", "POST", "DELETE"]), REAL_PATHS, QUERIES, st.just(()), BODIES),
    st.builds(HttpRequest, st.just("POST"), st.just("/responses"), body=CREATED.map(json.encode)),
    st.builds(
        HttpRequest, ANY_TEXT, ANY_TEXT | ANY_TEXT.map("/responses/{}".format), st.tuples(st.tuples(ANY_TEXT, ANY_TEXT))
    ),
)
DIALECTS = st.builds(
    Dialect,
    cancel_completed=st.sampled_from([200, 400]),
    delete_running=st.sampled_from([200, 400]),
    deleted_object=st.sampled_from(["response", "response.deleted"]),
    delete_body=st.booleans(),
)
LIVES = st.lists(st.tuples(REQUESTS, st.floats(0, 5)), max_size=12)


@settings(max_examples=300)
@given(LIVES, DIALECTS)
def test_whatever_is_asked_is_answered(life: list[tuple[HttpRequest, float]], dialect: Dialect) -> None:
    state = State(responses=sample_state().responses, dialect=dialect)
    now = NOW
    for request, seconds in life:
        now += seconds
        state, response = respond(state, request, now)
        assert response.status in (200, 400, 403, 404, 405)
        if response.header("content-type") == "text/event-stream; charset=utf-8":
            assert response.status == 200
            assert all(json.decode(event.split(b"data: ")[1]) for event in response.body.split(b"\n\n")[:-1])
        elif response.body:
            body = json.decode(response.body)
            assert ("error" in body and len(body) == 1) == (response.status != 200)
        else:
            assert (response.status, request.method) == (200, "DELETE")


@given(REQUESTS)
def test_any_request_gets_a_success_and_stays_as_it_was(request: HttpRequest) -> None:
    transport = MemoryTransport(now=lambda: NOW)
    twin = replace(request)
    response = transport(request).unwrap()
    assert transport.requests == (twin,)
    assert response.header("x-request-id") == "req_000001"


@given(LIVES)
def test_the_same_life_gives_the_same_answers(life: list[tuple[HttpRequest, float]]) -> None:
    first, second = sample_state(), sample_state()
    for request, now in life:
        before = json.encode(first)
        after, response = respond(first, request, NOW + now)
        assert respond(second, request, NOW + now) == (after, response)
        assert json.encode(first) == before
        first = second = after


@given(LIVES, IDS)
def test_what_was_deleted_stays_gone(life: list[tuple[HttpRequest, float]], response_id: str) -> None:
    transport = MemoryTransport(
        State(responses=sample_state().responses, dialect=Dialect(delete_running=200)), now=lambda: NOW
    )
    for n in range(2):
        transport(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"%d"}' % n))
    assert transport(HttpRequest("DELETE", f"/responses/{response_id}")).unwrap().status == 200
    for request, _ in life:
        transport(request)
        assert transport(HttpRequest("GET", f"/responses/{response_id}")).unwrap().status == 404


@given(LIVES, IDS, DIALECTS, st.floats(0, 5))
def test_cancelling_twice_does_no_more_than_once(
    life: list[tuple[HttpRequest, float]], response_id: str, dialect: Dialect, seconds: float
) -> None:
    state = State(responses=sample_state().responses, dialect=dialect)
    for request, _ in life:
        state, _ = respond(state, request, NOW)
    cancel = HttpRequest("POST", f"/responses/{response_id}/cancel", body=b"")
    once, first = respond(state, cancel, NOW + seconds)
    twice, second = respond(once, cancel, NOW + seconds)
    assert (first.status, first.body) == (second.status, second.body)
    assert once.responses == twice.responses


@given(LIVES)
def test_ids_are_given_once(life: list[tuple[HttpRequest, float]]) -> None:
    given_ids: list[str] = []

    def new_id(prefix: str, number: int) -> str:
        given_ids.append(numbered_id(prefix, number))
        return given_ids[-1]

    transport = MemoryTransport(now=lambda: NOW, new_id=new_id)
    for request, _ in life:
        transport(request)
    # What was refused was not made: its number may come again, its request's does not.
    kept = [made for made in given_ids if made.startswith("req_")]
    assert len(set(kept)) == len(kept) == len(life)
    assert all(response_id == stored_.body["id"] for response_id, stored_ in everything(transport.state))


def everything(state: State) -> list[tuple[str, Any]]:
    return [(response_id, state.responses[response_id]) for response_id in state.responses]


@given(st.integers(0, 130), st.integers(1, 100), st.sampled_from(["asc", "desc"]))
def test_paging_visits_every_item_once(count: int, limit: int, order: Literal["asc", "desc"]) -> None:
    items = [{"id": f"hunch_{n}", "type": "hunch"} for n in range(count)]
    transport = MemoryTransport(State().having(stored({"id": "resp_1"}, items)))
    visited = run(collect(all_input_items("resp_1", limit=limit, order=order)), transport).unwrap()
    assert [to_plain(item) for item in visited] == (items if order == "asc" else items[::-1])
    assert len(transport.requests) == max(1, -(-count // limit))


NAMES = st.sampled_from(["", "a", "b", "ab", "xab", "yab", "xcd"])


@given(st.lists(st.tuples(NAMES, st.none() | st.integers())))
def test_a_shelf_is_a_map_that_is_never_changed(steps: list[tuple[str, int | None]]) -> None:
    shelf: Shelf[int] = Shelf()
    model: dict[str, int] = {}
    for name, number in steps:
        before, held = shelf, dict(model)
        if number is None:
            shelf = shelf.without(name)
            model.pop(name, None)
        else:
            shelf = shelf.having(name, number)
            model[name] = number
        assert {key: before[key] for key in before} == held
        assert {key: shelf[key] for key in shelf} == model
        assert len(shelf) == len(model)
        assert shelf.get(name) == model.get(name)
        assert (name in shelf) == (name in model)
        assert all(shelf.groups.values())


@pytest.mark.parametrize("name", ["nothing", "", 5])
def test_an_empty_shelf_holds_nothing(name: object) -> None:
    assert name not in Shelf[int]()
