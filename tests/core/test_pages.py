"""A page: a sequence of its items, that knows the next page as a value."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from puresponse.codecs import InputItem, encode
from puresponse.core import (
    DecodeError,
    Done,
    HttpRequest,
    HttpResponse,
    Operation,
    Page,
    Send,
    all_input_items,
    list_input_items,
    list_responses,
)
from puresponse.transports import iterate, run
from puresponse.transports.testing.stub import StubTransport

NOTHING: dict[str, Any] = {}


def message(item_id: str | None) -> dict[str, Any]:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    return item if item_id is None else {**item, "id": item_id}


def listing(*ids: str | None, **envelope: Any) -> bytes:
    """The list of messages with those ids; only what `envelope` names stands around it."""
    return json.dumps({"object": "list", "data": [message(item_id) for item_id in ids], **envelope}).encode()


def page_of(body: bytes, operation: Operation[Page[InputItem]] | None = None) -> Page[InputItem]:
    """The page that `operation` gives for that answer."""
    answer = Success(HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=body))
    return run(operation or list_input_items("resp_1"), lambda _: answer).unwrap()


def ids_of(items: Sequence[Any]) -> list[str]:
    return [item.id for item in items]


def next_request(page: Page[InputItem]) -> HttpRequest:
    assert isinstance(page.next_page, Send)
    return page.next_page.request


def stuck(page: Page[InputItem]) -> DecodeError:
    """The error that the next page of `page` is, with nothing sent."""
    assert isinstance(page.next_page, Done), page.next_page
    result = page.next_page.result
    assert isinstance(result, Failure)
    error = result.failure()
    assert isinstance(error, DecodeError)
    return error


PAGE = page_of(listing("m1", "m2", "m3", first_id="m1", last_id="m3", has_more=False))
EMPTY = page_of(listing(first_id=None, last_id=None, has_more=False))


# --- a sequence ----------------------------------------------------------------------------------


def test_a_page_is_a_sequence() -> None:
    assert isinstance(PAGE, Sequence)


def test_a_page_has_a_length_and_its_truth() -> None:
    assert (len(PAGE), bool(PAGE)) == (3, True)
    assert (len(EMPTY), bool(EMPTY)) == (0, False)


def test_a_page_is_indexed_from_both_ends() -> None:
    assert PAGE[0].id == "m1"
    assert PAGE[-1].id == "m3"
    for index in (3, -4):
        with pytest.raises(IndexError):
            PAGE[index]
    with pytest.raises(IndexError):
        EMPTY[-1]


def test_a_page_is_sliced() -> None:
    assert PAGE[1:] == PAGE.data[1:]
    assert PAGE[::-1] == PAGE.data[::-1]
    assert PAGE[5:] == ()


@settings(deadline=None)
@given(st.slices(3))
def test_every_slice_of_a_page_is_the_slice_of_its_data(part: slice) -> None:
    assert PAGE[part] == PAGE.data[part]


def test_a_page_is_iterated_either_way() -> None:
    assert ids_of(list(PAGE)) == ["m1", "m2", "m3"]
    assert ids_of(list(reversed(PAGE))) == ["m3", "m2", "m1"]
    assert list(EMPTY) == []


def test_items_are_found_in_a_page() -> None:
    assert PAGE[1] in PAGE
    assert PAGE[1] not in EMPTY
    assert PAGE.index(PAGE[2]) == 2
    assert PAGE.count(PAGE[0]) == 1


def test_a_page_is_unpacked_and_matched() -> None:
    first, *others = PAGE
    assert (first, others) == (PAGE[0], [PAGE[1], PAGE[2]])
    match PAGE:
        case [_, _, last]:
            assert last == PAGE[-1]
        case _:
            pytest.fail("a page of three is a sequence of three")


def test_a_page_tells_its_ends() -> None:
    assert (PAGE.first_id, PAGE.last_id, PAGE.cursor) == ("m1", "m3", "m3")
    assert ids_of(PAGE.data) == ["m1", "m2", "m3"]
    assert (EMPTY.first_id, EMPTY.last_id, EMPTY.cursor, EMPTY.data) == (None, None, None, ())


def test_a_page_keeps_the_list_as_it_came() -> None:
    page = page_of(listing("m1", last_id="other", has_more=False))
    assert (page.last_id, page.cursor) == ("other", "other")
    assert page.listing.data is page.data


def test_pages_of_like_lists_are_equal() -> None:
    assert page_of(listing("m1", has_more=True)) == page_of(listing("m1", has_more=True))
    assert page_of(listing("m1", has_more=True)) != page_of(listing("m1", has_more=False))


# --- the next page -------------------------------------------------------------------------------


def test_the_last_page_has_no_next() -> None:
    assert (PAGE.next_page, PAGE.has_more) == (None, False)
    assert (EMPTY.next_page, EMPTY.has_more) == (None, False)


def test_the_next_page_is_the_list_after_the_last_id() -> None:
    page = page_of(listing("m1", "m2", last_id="m2", has_more=True))
    assert page.has_more
    assert page.next_page == list_input_items("resp_1", after="m2")


def test_the_next_page_goes_by_the_last_id_of_the_list_not_of_the_items() -> None:
    assert page_of(listing("m1", None, last_id="m2", has_more=True)).next_page == list_input_items("resp_1", after="m2")


def test_the_next_page_keeps_what_was_asked_for() -> None:
    first = list_input_items("resp/1".replace("/", "_"), after="m0", include=["a", "b"], limit=2, order="asc")
    page = page_of(listing("m1", "m2", last_id="m2", has_more=True), first)
    second = list_input_items("resp_1", after="m2", include=["a", "b"], limit=2, order="asc")
    assert page.next_page == second
    assert dict(next_request(page).query)["after"] == "m2"
    assert [name for name, _ in next_request(page).query].count("after") == 1


def test_the_next_page_keeps_what_a_caller_added_to_the_request() -> None:
    added: dict[str, Any] = {"extra_headers": {"X-Trace": "t1"}, "extra_query": {"q": "1"}, "timeout": 5.0}
    page = page_of(listing("m1", last_id="m1", has_more=True), list_input_items("resp_1", **added))
    request = next_request(page)
    assert (request.headers, request.timeout) == ((("X-Trace", "t1"),), 5.0)
    assert sorted(request.query) == [("after", "m1"), ("q", "1")]


def test_the_next_page_goes_on_from_a_cursor_that_a_caller_added() -> None:
    page = page_of(listing("m1", last_id="m1", has_more=True), list_input_items("r", extra_query={"after": "m0"}))
    assert next_request(page).query == (("after", "m1"),)
    assert (
        "again" in stuck(page_of(listing("m0", last_id="m0", has_more=True), list_input_items("r", after="m0"))).reason
    )


@pytest.mark.parametrize("limit", ["lots", "", "-1", "1.0", True, [1], "9" * 5_000])
def test_a_limit_that_a_caller_added_may_be_any_text(limit: Any) -> None:
    page = page_of(listing("m1"), list_input_items("resp_1", extra_query={"limit": limit}))
    assert ids_of(page) == ["m1"]
    assert page.next_page is None


def test_a_page_is_full_by_the_limit_that_a_caller_added() -> None:
    page = page_of(listing("m1"), list_input_items("resp_1", limit=5, extra_query={"limit": 1}))
    assert dict(next_request(page).query) == {"limit": "1", "after": "m1"}


def test_the_next_page_is_fetched_when_it_is_run() -> None:
    page = page_of(listing("m1", last_id="m1", has_more=True))
    transport = StubTransport.answering(HttpResponse(status=200, body=listing("m2", last_id="m2", has_more=False)))
    assert page.next_page is not None
    following = run(page.next_page, transport).unwrap()
    assert ids_of(following) == ["m2"]
    assert following.next_page is None
    assert [dict(request.query) for request in transport.requests] == [{"after": "m1"}]


# --- servers that leave things out ---------------------------------------------------------------


@pytest.mark.parametrize("envelope", [{}, {"has_more": None}], ids=["absent", "null"])
def test_where_the_server_tells_nothing_a_full_page_has_a_next(envelope: dict[str, Any]) -> None:
    first = list_input_items("resp_1", limit=2)
    assert page_of(listing("m1", "m2", **envelope), first).next_page == list_input_items("resp_1", limit=2, after="m2")
    assert page_of(listing("m1", **envelope), first).next_page is None
    assert page_of(listing(**envelope), first).next_page is None


def test_a_page_is_full_by_default_at_twenty() -> None:
    ids = [f"m{number}" for number in range(20)]
    assert page_of(listing(*ids)).next_page == list_input_items("resp_1", after="m19")
    assert page_of(listing(*ids[1:])).next_page is None


@pytest.mark.parametrize("last_id", [{}, {"last_id": None}, {"last_id": ""}], ids=["absent", "null", "empty"])
def test_without_a_last_id_the_last_item_tells_where_to_go_on(last_id: dict[str, Any]) -> None:
    page = page_of(listing("m1", "m2", has_more=True, **last_id))
    assert (page.last_id, page.cursor) == (None, "m2")
    assert page.next_page == list_input_items("resp_1", after="m2")


def test_an_item_of_an_unknown_type_tells_its_id_too() -> None:
    body = json.dumps({"data": [{"type": "brand_new", "id": "n1"}], "has_more": True}).encode()
    assert page_of(body).next_page == list_input_items("resp_1", after="n1")


# --- chains that do not advance ------------------------------------------------------------------


def test_more_without_data_is_an_error() -> None:
    body = listing(last_id="m9", has_more=True)
    page = page_of(body)
    assert page.has_more
    error = stuck(page)
    assert (error.path, error.status, error.request_id, error.body) == ("$.data", 200, "req_1", body)
    assert error.reason == "the list does not advance: it has more, but this page has no data"


@pytest.mark.parametrize(
    "last",
    [
        message(None),
        {**message(None), "id": None},
        {**message(None), "id": ""},
        {"type": "new"},
        {"type": "new", "id": 7},
    ],
    ids=["message without", "message null", "message empty", "unknown without", "unknown number"],
)
def test_more_after_an_item_without_id_is_an_error(last: dict[str, Any]) -> None:
    body = json.dumps({"data": [message("m1"), last], "has_more": True}).encode()
    error = stuck(page_of(body))
    assert (error.path, error.status, error.body) == ("$.last_id", 200, body)
    assert "neither the list nor its last item tells an id" in error.reason


def test_the_same_cursor_again_is_an_error() -> None:
    body = listing("m1", "m2", last_id="m2", has_more=True)
    error = stuck(page_of(body, list_input_items("resp_1", after="m2")))
    assert (error.path, error.status, error.body) == ("$.last_id", 200, body)
    assert error.reason == "the list does not advance: the page after 'm2' ends with 'm2' again"


def test_the_same_cursor_again_is_an_error_on_the_way_back_too() -> None:
    response: dict[str, Any] = {"id": "r1", "object": "response", "created_at": 1, "model": "m", "output": []}
    body = json.dumps({"object": "list", "data": [response], "first_id": "r1", "last_id": "r1", "has_more": True})
    operation: Any = list_responses(before="r1")
    error = stuck(page_of(body.encode(), operation))
    assert error.path == "$.first_id"
    assert error.reason == "the list does not advance: the page before 'r1' begins with 'r1' again"


def test_a_full_page_that_ends_where_it_began_is_an_error_where_the_server_tells_nothing() -> None:
    assert "again" in stuck(page_of(listing("m2"), list_input_items("resp_1", after="m2", limit=1))).reason


def test_the_items_of_a_page_without_a_way_on_are_there_all_the_same() -> None:
    page = page_of(listing("m1", "m2", last_id="m2", has_more=True), list_input_items("resp_1", after="m2"))
    assert ids_of(page) == ["m1", "m2"]


def test_a_last_page_needs_no_id() -> None:
    assert page_of(listing("m1", None, has_more=False)).next_page is None


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["m1", "m2", "m3", None]), max_size=4),
    st.sampled_from([NOTHING, {"has_more": None}, {"has_more": True}, {"has_more": False}]),
    st.sampled_from([NOTHING, {"last_id": None}, {"last_id": ""}, {"last_id": "m1"}, {"last_id": "m9"}]),
    st.sampled_from([None, "m1", "m2", "m9"]),
    st.integers(1, 4),
)
def test_a_next_page_moves_on_or_fails_or_is_none(
    ids: list[str | None], has_more: dict[str, Any], last_id: dict[str, Any], after: str | None, limit: int
) -> None:
    page = page_of(listing(*ids, **has_more, **last_id), list_input_items("resp_1", after=after, limit=limit))
    told = has_more.get("has_more")
    cursor = last_id.get("last_id") or (ids[-1] if ids else None)
    assert page.has_more == (len(ids) == limit and bool(cursor) if told is None else told)
    match page.next_page:
        case None:
            pass
        case Send(request):
            assert dict(request.query)["after"] not in (None, "", after)
            assert dict(request.query)["after"] == page.cursor
        case _:
            assert stuck(page).reason.startswith("the list does not advance: ")


ABSENT: Any = object()


@pytest.mark.parametrize("ids", [("m1", "m2"), (None, None), ("m1", None), ("m1",), (None,), ()], ids=str)
@pytest.mark.parametrize("last_id", [ABSENT, None, "", "m2"])
@pytest.mark.parametrize("has_more", [ABSENT, None, True, False])
def test_whether_a_page_has_a_next_one_follows_from_what_is_told(
    ids: tuple[str | None, ...], last_id: Any, has_more: Any
) -> None:
    told = {"last_id": last_id, "has_more": has_more}
    envelope = {name: value for name, value in told.items() if value is not ABSENT}
    page = page_of(listing(*ids, **envelope), list_input_items("resp_1", limit=2))
    cursor = (last_id if last_id is not ABSENT else None) or (ids[-1] if ids else None)
    if has_more is False or (has_more is not True and (len(ids) < 2 or not cursor)):
        assert page.next_page is None
    elif cursor and ids:
        assert dict(next_request(page).query)["after"] == cursor
    else:
        assert "does not advance" in stuck(page).reason


def test_a_full_page_without_ids_from_a_server_that_tells_no_has_more_is_the_last() -> None:
    body = listing(*[None] * 20)
    items = list(iterate(all_input_items("resp_1", limit=20), lambda _: Success(HttpResponse(status=200, body=body))))
    assert len(items) == 20
    assert not any(isinstance(item, Failure) for item in items)


# --- what is amiss in a list ----------------------------------------------------------------------

AMISS: list[Any] = [None, 7, 1.5, [], [7], {}, {"odd": True}]


@pytest.mark.parametrize("odd", [*AMISS, True])
@pytest.mark.parametrize("name", ["first_id", "last_id", "object"])
def test_what_is_amiss_in_the_envelope_stops_no_chain_and_is_kept(name: str, odd: Any) -> None:
    body = json.loads(listing("msg_1", "msg_2", first_id="msg_1", last_id="msg_2", has_more=True))
    page = page_of(json.dumps({**body, name: odd}).encode())
    assert dict(next_request(page).query)["after"] == "msg_2"
    assert json.loads(encode(page.listing)) == {**body, name: odd}
    assert ids_of(page) == ["msg_1", "msg_2"]
    assert (page.last_id is None) is (name == "last_id")


@pytest.mark.parametrize(
    ("said", "more"),
    [
        (1, True),
        (1.0, True),
        ("true", True),
        ("True", True),
        (0, False),
        ("false", False),
        *((odd, None) for odd in AMISS),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_has_more_is_what_was_sent_for_it_where_that_says_yes_or_no(said: Any, more: bool | None, count: int) -> None:
    body = listing(*[f"msg_{number}" for number in range(count)], has_more=said)
    page = page_of(body, list_input_items("resp_1", limit=2))
    assert page.has_more is (count == 2 if more is None else more)
    assert json.loads(encode(page.listing)) == json.loads(body)


def test_a_cursor_that_is_no_text_is_the_id_of_the_last_item_or_none() -> None:
    assert dict(next_request(page_of(listing("msg_1", last_id=7, has_more=True))).query)["after"] == "msg_1"
    assert stuck(page_of(listing(None, last_id=7, has_more=True))).path == "$.last_id"


@pytest.mark.parametrize("odd", [*AMISS[:3], {}, "odd", [7], [None], NOTHING])
def test_a_list_without_its_data_is_an_error_with_its_path(odd: Any) -> None:
    body = json.dumps({"object": "list", "has_more": True, "data": odd}).encode()
    result = run(list_input_items("resp_1"), lambda _: Success(HttpResponse(status=200, body=body)))
    assert isinstance(result, Failure)
    error = result.failure()
    assert isinstance(error, DecodeError)
    assert error.path == ("$.data[0]" if isinstance(odd, list) else "$.data")


def test_an_item_that_does_not_fit_is_one_of_the_page_and_the_cursor_of_the_next() -> None:
    odd = {"type": "message", "id": "msg_3", "role": 7}
    body = json.dumps({"data": [message("msg_1"), odd], "has_more": True}).encode()
    page = page_of(body)
    assert ids_of(page) == ["msg_1", "msg_3"]
    assert dict(next_request(page).query)["after"] == "msg_3"
