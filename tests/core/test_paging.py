"""All pages as one stream: every item once, page by page, in constant memory; and an end, whatever the server does."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from puresponse.codecs import InputItem
from puresponse.core import (
    END,
    Answer,
    ApiError,
    DecodeError,
    Done,
    Emit,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    Page,
    Perform,
    Send,
    all_input_items,
    all_pages,
    collect,
    list_input_items,
    retrying,
)
from puresponse.transports import VirtualClock, iterate, run
from puresponse.transports.testing.stub import StubTransport


def id_of(number: int) -> str:
    return f"msg_{number}"


def item(item_id: str | None) -> dict[str, Any]:
    return {"type": "message", "id": item_id, "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}


def answered(ids: list[str], **envelope: Any) -> Answer:
    body = json.dumps({"object": "list", "data": [item(item_id) for item_id in ids], **envelope})
    return Success(HttpResponse(status=200, body=body.encode()))


class Shelf:
    """The service's list of input items: `size` of them, oldest first, in pages as the API reference says."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.asked: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request)
        query = dict(request.query)
        limit = int(query.get("limit", "20"))
        step = 1 if query.get("order") == "asc" else -1
        first = 0 if step == 1 else self.size - 1
        if "after" in query:
            first = int(query["after"].removeprefix("msg_")) + step
        numbers = [number for number in range(first, first + step * limit, step) if 0 <= number < self.size]
        more = bool(numbers) and 0 <= numbers[-1] + step < self.size
        ids = [id_of(number) for number in numbers]
        return answered(ids, first_id=ids[0] if ids else None, last_id=ids[-1] if ids else None, has_more=more)


def taken(values: Iterator[InputItem | Failure[Error]]) -> tuple[list[str], list[Error]]:
    """The ids of the items, and what broke the stream off."""
    ids: list[str] = []
    errors: list[Error] = []
    for value in values:
        if isinstance(value, Failure):
            errors.append(value.failure())
        else:
            assert not errors, "nothing comes after a failure"
            ids.append(str(value.id))
    return ids, errors


def broken_by(errors: list[Error]) -> DecodeError:
    """The one error there is: that of a list that does not advance."""
    (error,) = errors
    assert isinstance(error, DecodeError)
    assert error.reason.startswith("the list does not advance: ")
    return error


# --- every item once -----------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(1, 100), st.sampled_from(["asc", "desc"]))
def test_all_items_come_once_and_in_order(size: int, limit: int, order: Literal["asc", "desc"]) -> None:
    shelf = Shelf(size)
    ids, errors = taken(iterate(all_input_items("resp_1", limit=limit, order=order), shelf, results=True))
    assert ids == [id_of(number) for number in (range(size) if order == "asc" else reversed(range(size)))]
    assert errors == []
    assert len(shelf.asked) == max(1, -(-size // limit))


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 100), st.sampled_from(["asc", "desc"]), st.data())
def test_all_items_after_a_cursor_come_once(
    size: int, limit: int, order: Literal["asc", "desc"], data: st.DataObject
) -> None:
    after = data.draw(st.integers(0, size - 1))
    ids, errors = taken(
        iterate(all_input_items("resp_1", after=id_of(after), limit=limit, order=order), Shelf(size), results=True)
    )
    assert ids == [id_of(number) for number in (range(after + 1, size) if order == "asc" else reversed(range(after)))]
    assert errors == []


def test_every_page_is_asked_for_as_the_first_was() -> None:
    shelf = Shelf(5)
    taken(iterate(all_input_items("resp_1", include=["a", "b"], limit=2, order="asc"), shelf, results=True))
    common = [("include[]", "a"), ("include[]", "b"), ("limit", "2"), ("order", "asc")]
    assert [sorted(request.query) for request in shelf.asked] == [
        common,
        [("after", "msg_1"), *common],
        [("after", "msg_3"), *common],
    ]
    assert {(request.method, request.path) for request in shelf.asked} == {("GET", "/responses/resp_1/input_items")}


def test_what_a_caller_adds_goes_with_every_page() -> None:
    shelf = Shelf(3)
    stream = all_input_items("r", limit=2, extra_headers={"X-Trace": "t1"}, extra_query={"q": "1"}, timeout=5.0)
    assert len(taken(iterate(stream, shelf, results=True))[0]) == 3
    assert len(shelf.asked) == 2
    for request in shelf.asked:
        assert (request.headers, request.timeout, dict(request.query)["q"]) == ((("X-Trace", "t1"),), 5.0, "1")


def test_pages_are_of_a_hundred_newest_first_by_default() -> None:
    shelf = Shelf(250)
    ids, _ = taken(iterate(all_input_items("resp_1"), shelf, results=True))
    assert len(shelf.asked) == 3
    assert (ids[0], ids[-1]) == ("msg_249", "msg_0")


def test_an_empty_list_gives_nothing() -> None:
    assert taken(iterate(all_input_items("resp_1"), Shelf(0), results=True)) == ([], [])


def test_pages_without_data_are_passed_by() -> None:
    pages = [answered([], has_more=False)]
    assert taken(iterate(all_input_items("resp_1"), lambda _: pages.pop(0), results=True)) == ([], [])


# --- page by page --------------------------------------------------------------------------------


def test_no_page_is_asked_for_before_it_is_needed() -> None:
    shelf = Shelf(4)
    values = iterate(all_input_items("resp_1", limit=2), shelf)
    asked = [len(shelf.asked)]
    for _ in values:
        asked.append(len(shelf.asked))
    assert asked == [0, 1, 1, 2, 2]


def test_whoever_stops_asks_for_no_more() -> None:
    shelf = Shelf(1_000_000)
    values = iterate(all_input_items("resp_1", limit=10), shelf)
    assert [value for value, _ in zip(values, range(11), strict=False)]
    assert len(shelf.asked) == 2


@pytest.mark.unmeasured
def test_twenty_thousand_items_take_no_more_memory_than_a_page() -> None:
    shelf = Shelf(20_000)
    values = iterate(all_input_items("resp_1"), shelf)
    for _ in range(200):
        next(values)  # what is made once: layouts, caches
    shelf.asked.clear()
    tracemalloc.start()
    try:
        begun, _ = tracemalloc.get_traced_memory()
        count = 0
        for _ in values:
            count += 1
            if count % 1_000 == 0:
                shelf.asked.clear()  # the requests that the test itself keeps
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 19_800
    assert peak - begun < 5_000_000


def test_a_stream_is_stepped_by_hand() -> None:
    shelf = Shelf(3)
    first = all_input_items("resp_1", limit=2)
    assert isinstance(first, Perform)
    assert first.operation == list_input_items("resp_1", limit=2)
    page = first.resume(run(first.operation, shelf))
    assert isinstance(page, Emit)
    assert [value.id for value in page.values] == ["msg_2", "msg_1"]
    second = page.rest
    assert isinstance(second, Perform)
    assert second.operation == list_input_items("resp_1", limit=2, after="msg_1")
    last = second.resume(run(second.operation, shelf))
    assert isinstance(last, Emit)
    assert last.rest == END


# --- collected -----------------------------------------------------------------------------------


def test_collected_they_come_all_at_once() -> None:
    shelf = Shelf(7)
    items = run(collect(all_input_items("resp_1", limit=3, order="asc")), shelf).unwrap()
    assert isinstance(items, tuple)
    assert [value.id for value in items] == [id_of(number) for number in range(7)]
    assert len(shelf.asked) == 3


def test_collecting_nothing_gives_nothing() -> None:
    assert run(collect(all_input_items("resp_1")), Shelf(0)) == Success(())


def test_collecting_what_breaks_off_gives_the_error_alone() -> None:
    pages = [answered(["m1"], last_id="m1", has_more=True), Success(HttpResponse(status=500))]
    result = run(collect(all_input_items("resp_1")), lambda _: pages.pop(0))
    assert isinstance(result, Failure)
    assert isinstance(result.failure(), ApiError)


# --- broken off ----------------------------------------------------------------------------------


def test_a_failure_in_the_middle_comes_last_after_the_items_before_it() -> None:
    lost = Interrupted("reset", "cut off")
    pages: list[Answer] = [answered(["m1", "m2"], last_id="m2", has_more=True), Failure(lost)]
    assert taken(iterate(all_input_items("resp_1"), lambda _: pages.pop(0), results=True)) == (["m1", "m2"], [lost])


def test_a_404_on_the_first_page_is_all_there_is() -> None:
    ids, (error,) = taken(iterate(all_input_items("resp_1"), lambda _: Success(HttpResponse(status=404)), results=True))
    assert ids == []
    assert isinstance(error, ApiError)
    assert error.status == 404


def test_a_page_that_is_not_understood_breaks_off() -> None:
    ids, (error,) = taken(
        iterate(all_input_items("resp_1"), lambda _: Success(HttpResponse(status=200, body=b"?")), results=True)
    )
    assert (ids, isinstance(error, DecodeError)) == ([], True)


# --- chains that do not advance ------------------------------------------------------------------


def test_more_without_data_ends_in_an_error_that_says_so() -> None:
    pages = [answered(["m1"], last_id="m1", has_more=True), answered([], last_id=None, has_more=True)]
    ids, errors = taken(iterate(all_input_items("resp_1"), lambda _: pages.pop(0), results=True))
    assert ids == ["m1"]
    assert "no data" in broken_by(errors).reason


def test_a_last_item_without_id_ends_in_an_error_that_says_so() -> None:
    body = json.dumps({"data": [item("m1"), item(None)], "has_more": True}).encode()
    ids, errors = taken(
        iterate(all_input_items("resp_1"), lambda _: Success(HttpResponse(status=200, body=body)), results=True)
    )
    assert ids == ["m1", "None"]
    assert "neither the list nor its last item tells an id" in broken_by(errors).reason


def test_a_server_that_drops_the_cursor_ends_in_an_error_after_two_pages() -> None:
    transport = StubTransport(lambda _: answered(["m1", "m2"], last_id="m2", has_more=True).unwrap())
    ids, errors = taken(iterate(all_input_items("resp_1"), transport, results=True))
    assert ids == ["m1", "m2", "m1", "m2"]
    error = broken_by(errors)
    assert "the page after 'm2' ends with 'm2' again" in error.reason
    assert (error.status, len(transport.requests)) == (200, 2)


class Circle:
    """A server whose pages lead, after `entry` of them, round in a circle of `length`."""

    def __init__(self, entry: int, length: int) -> None:
        self.entry = entry
        self.length = length
        self.asked = 0

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked += 1
        assert self.asked < 10_000, "round and round"
        after = dict(request.query).get("after")
        number = 0 if after is None else int(after.removeprefix("msg_")) + 1
        if number == self.entry + self.length:
            number = self.entry
        return answered([id_of(number)], last_id=id_of(number), has_more=True)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 70), st.integers(1, 70))
def test_pages_that_lead_round_in_a_circle_end_in_an_error(entry: int, length: int) -> None:
    circle = Circle(entry, length)
    ids, errors = taken(iterate(all_input_items("resp_1"), circle, results=True))
    assert set(ids) == {id_of(number) for number in range(entry + length)}
    assert broken_by(errors).path == "$.last_id"
    assert circle.asked <= 3 * (entry + length) + 2


def test_what_is_remembered_of_a_long_chain_is_one_cursor() -> None:
    stream = all_input_items("resp_1", limit=1, order="asc")
    shelf = Shelf(10**9)
    sizes: list[int] = []
    for _ in range(3_000):
        assert isinstance(stream, Perform)
        sizes.append(len(repr(stream.resume)))
        page: Result[Page[InputItem], Error] = run(stream.operation, shelf)
        emitted = stream.resume(page)
        assert isinstance(emitted, Emit)
        stream = emitted.rest
    assert max(sizes) < 120


def test_a_long_chain_that_advances_is_no_circle() -> None:
    ids, errors = taken(iterate(all_input_items("resp_1", limit=1), Shelf(1_500), results=True))
    assert (len(ids), errors) == (1_500, [])


# --- any list ------------------------------------------------------------------------------------


def test_any_operation_that_gives_a_page_can_be_followed() -> None:
    shelf = Shelf(5)
    ids, errors = taken(iterate(all_pages(list_input_items("resp_1", limit=2)), shelf, results=True))
    assert (len(ids), errors, len(shelf.asked)) == (5, [], 3)


def test_from_the_middle_on_a_stream_goes_from_a_pages_next() -> None:
    shelf = Shelf(5)
    page = run(list_input_items("resp_1", limit=2, order="asc"), shelf).unwrap()
    assert page.next_page is not None
    assert taken(iterate(all_pages(page.next_page), shelf, results=True)) == (["msg_2", "msg_3", "msg_4"], [])


def test_a_retried_page_by_page_stream_repeats_only_the_page_that_failed() -> None:
    shelf = Shelf(4)
    clock = VirtualClock()
    failures = iter([False, True, False])
    asked: list[HttpRequest] = []

    def transport(request: HttpRequest) -> Answer:
        asked.append(request)
        return Failure(Interrupted("reset", "cut off")) if next(failures) else shelf(request)

    ids, errors = taken(iterate(retrying(all_input_items("resp_1", limit=2)), transport, clock=clock, results=True))
    assert (ids, errors) == (["msg_3", "msg_2", "msg_1", "msg_0"], [])
    assert [dict(request.query).get("after") for request in asked] == [None, "msg_2", "msg_2"]
    assert clock.slept == [0.375]


def test_a_page_without_its_own_stream_is_done() -> None:
    assert isinstance(collect(END), Done)
    assert not isinstance(all_pages(list_input_items("resp_1")), Send)
