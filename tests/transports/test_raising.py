"""What a stream breaks off with is raised, so that nobody forgets it; or yielded, where results are asked for."""

from __future__ import annotations

import asyncio
import copy
import pickle
import traceback
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from puresponse.core import (
    END,
    ApiError,
    DecodeError,
    Emit,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    OperationFailed,
    Stream,
    WaitExpired,
    all_input_items,
    break_off,
    collect,
    stream_response,
    value_or_raise,
)
from puresponse.transports import (
    ForbiddenTransport,
    MemoryTransport,
    StubTransport,
    Urllib3Transport,
    VirtualClock,
    in_threads,
    iterate,
    iterate_async,
    json_response,
    run,
)

LOST = NotSent("dns", "no such host")
SECRET = "sk-planted-0123456789"
ERRORS: list[Error] = [
    InvalidArgument("limit", "given 0; allowed is an integer from 1 to 100"),
    LOST,
    Interrupted("reset", "cut off", HttpResponse(status=200, body=b"{}"), "resp_1"),
    ApiError(status=429, code="rate_limit_exceeded", message="Slow down.", request_id="req_1"),
    DecodeError(status=200, path="$.id", reason="missing"),
    WaitExpired(elapsed=1.0, polls=2, last=None, response_id="resp_1"),
    NoRecording(request=HttpRequest("GET", "/x")),
]

values = st.lists(
    st.one_of(st.integers(), st.none(), st.sampled_from([Failure(LOST), Success(1), LOST, OperationFailed(LOST)]))
).map(tuple[Any, ...])


def in_loop(stream: Stream[Any], *, results: bool) -> Generator[Any, None, None]:
    """The values of `iterate_async`, one by one."""

    async def scene() -> tuple[list[Any], BaseException | None]:
        later = in_threads(ForbiddenTransport())
        values: AsyncGenerator[Any, None]
        values = iterate_async(stream, later, results=True) if results else iterate_async(stream, later)
        found: list[Any] = []
        try:
            async for value in values:
                found.append(value)
        except OperationFailed as failed:
            return found, failed
        return found, None

    found, failed = asyncio.run(scene())
    yield from found
    if failed is not None:
        raise failed


def blocking(stream: Stream[Any], *, results: bool) -> Generator[Any, None, None]:
    transport = ForbiddenTransport()
    return iterate(stream, transport, results=True) if results else iterate(stream, transport)


def taken(given: Generator[Any, None, None]) -> tuple[list[Any], Error | None]:
    """The values, and the error that was raised after them."""
    found: list[Any] = []
    try:
        for value in given:
            found.append(value)
    except OperationFailed as failed:
        return found, failed.error
    return found, None


def used(given: Generator[Any, None, None]) -> None:
    for _ in given:
        raise AssertionError("there is nothing to be yielded")


WAYS = pytest.mark.parametrize("way", [blocking, in_loop])
Way = Callable[..., Generator[Any, None, None]]


@WAYS
@given(st.lists(values, max_size=3), st.sampled_from([None, *ERRORS]))
def test_the_two_manners_differ_in_the_error_alone(way: Way, rows: list[tuple[Any, ...]], error: Error | None) -> None:
    stream: Stream[Any] = END if error is None else break_off(error)
    for row in reversed(rows):
        stream = Emit(row, stream)
    emitted = [value for row in rows for value in row]
    assert list(way(stream, results=True)) == [*emitted, *([] if error is None else [Failure(error)])]
    assert taken(way(stream, results=False)) == (emitted, error)


@given(values, st.sampled_from([None, *ERRORS]))
def test_iterating_and_collecting_fail_alike(row: tuple[Any, ...], error: Error | None) -> None:
    stream: Stream[Any] = Emit(row, END if error is None else break_off(error))
    collected = run(collect(stream), ForbiddenTransport())
    found, failed = taken(iterate(stream, ForbiddenTransport()))
    assert collected == (Success(tuple(found)) if failed is None else Failure(failed))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_is_raised_says_what_the_error_says_and_pickles(error: Error) -> None:
    with pytest.raises(OperationFailed) as raised:
        list(iterate(break_off(error), ForbiddenTransport()))
    assert str(raised.value) == str(error)
    assert raised.value.error is error
    for again in (pickle.loads(pickle.dumps(raised.value)), copy.copy(raised.value), copy.deepcopy(raised.value)):
        assert type(again) is OperationFailed
        assert (str(again), again.error) == (str(error), error)


def test_the_traceback_leads_to_the_line_that_asked_for_the_value() -> None:
    with pytest.raises(OperationFailed) as raised:
        used(iterate(all_input_items("resp_nobody"), MemoryTransport()))
    _, called, *library = traceback.extract_tb(raised.value.__traceback__)
    assert (called.filename, called.line) == (__file__, "for _ in given:")
    assert len(library) == 1
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_an_elapsed_that_makes_no_sense_is_raised_too() -> None:
    clock: Any = "soon"
    with pytest.raises(OperationFailed, match="invalid argument 'elapsed'"):
        list(iterate(all_input_items("resp_1"), ForbiddenTransport(), elapsed=clock))
    (result,) = iterate(all_input_items("resp_1"), ForbiddenTransport(), elapsed=clock, results=True)
    assert isinstance(result, Failure)
    assert isinstance(result.failure(), InvalidArgument)


def test_whoever_stops_before_the_error_is_raised_nothing() -> None:
    with closing(iterate(Emit((1,), break_off(LOST)), ForbiddenTransport())) as given:
        assert next(given) == 1


def test_after_it_was_raised_there_are_no_more_values() -> None:
    given = iterate(break_off(LOST), ForbiddenTransport())
    with pytest.raises(OperationFailed):
        next(given)
    assert list(given) == []


def test_what_a_callers_function_raises_is_raised_as_it_is() -> None:
    def broken(_: object) -> Stream[int]:
        raise ZeroDivisionError

    for results in (False, True):
        with pytest.raises(ZeroDivisionError):
            list(blocking(END.then(lambda end: Emit((1,), END)).then(broken), results=results))


def test_a_failure_in_the_midst_of_pages_is_raised_after_the_items_before_it() -> None:
    page = {"object": "list", "data": [{"type": "message", "id": "msg_1", "role": "user", "content": []}]}
    pages = StubTransport.answering(
        json_response({**page, "first_id": "msg_1", "last_id": "msg_1", "has_more": True}),
        json_response({"error": {"message": "Slow down."}}, status=429),
    )
    seen, error = taken(iterate(all_input_items("resp_1"), pages))
    assert [item.id for item in seen] == ["msg_1"]
    assert str(error) == "HTTP 429: Slow down."


def test_neither_text_nor_traceback_nor_pickle_tells_the_key() -> None:
    """Also with the values of all variables, as tools show them."""
    with (
        Urllib3Transport(api_key=SECRET, base_url="http://127.0.0.1:9/v1") as transport,
        pytest.raises(OperationFailed) as raised,
    ):
        list(iterate(stream_response(model="m", input="x"), transport, clock=VirtualClock()))
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    # Of the test's own frame the variables are the test's.
    shown = "".join(line for frame in list(told.stack)[1:] for line in (frame.locals or {}).values())
    assert "Urllib3Transport" in shown
    assert SECRET not in f"{shown}{raised.value!r}{raised.value}"
    assert SECRET.encode() not in pickle.dumps(raised.value)


def test_value_or_raise_raises_the_same() -> None:
    for error in ERRORS:
        with pytest.raises(OperationFailed) as raised:
            value_or_raise(Failure(error))
        assert (str(raised.value), raised.value.error) == (str(error), error)
        called, library = traceback.extract_tb(raised.value.__traceback__)
        assert (called.filename, library.name) == (__file__, "value_or_raise")
