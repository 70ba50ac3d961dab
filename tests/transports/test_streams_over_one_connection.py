"""Combinators of streams over a transport that has one connection: where values stop, it is free for what follows."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from connections import Counting
from msgspec import Struct
from returns.result import Failure, Result

from puresponse.core import (
    END,
    Emit,
    Error,
    Operation,
    OperationFailed,
    Perform,
    Stream,
    break_off,
    concat,
    for_each,
    list_models,
    retrieve_model,
    stream_response,
)
from puresponse.transports import MemoryTransport, Urllib3Transport, iterate
from puresponse.transports.serving.asgi import AsgiApplication
from puresponse.transports.serving.server import listen, running


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@contextmanager
def one_connection() -> Generator[tuple[Urllib3Transport, Counting]]:
    """A server on loopback, a transport that opens one connection at once, and how many there were altogether."""
    counting = Counting(AsgiApplication(MemoryTransport()))
    with (
        running(listen(counting)) as server,
        Urllib3Transport(base_url=f"{server.origin}/v1", api_key="sk-any", timeout=2.0, max_connections=1) as transport,
    ):
        yield transport, counting


def events() -> Stream[str]:
    return stream_response(model="gpt-5-mini", input="Say this is a test").map(type_of)


def type_of(event: Any) -> str:
    return str(event.type)


def retrieved(model: str) -> Operation[str]:
    return retrieve_model(model).map(lambda found: found.id)


class Ask(Struct, frozen=True):
    """When a stream has ended, asks something else, over whatever connection there is."""

    def __call__(self, result: Result[None, Error]) -> Stream[str]:
        return Perform(list_models(), EmitAnswered())


class EmitAnswered(Struct, frozen=True):
    """Emits whether there was an answer."""

    def __call__(self, result: Result[Any, Error]) -> Stream[str]:
        return break_off(result.failure()) if isinstance(result, Failure) else Emit(("answered",), END)


ALL = [
    *("response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"),
    *("response.output_text.delta",) * 5,
    *("response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"),
]
MODEL: Stream[str] = Emit(("gpt-5-mini",), END)


@pytest.mark.parametrize(
    ("first", "values"),
    [
        (events().take(2), ALL[:2]),
        (events().take_while(lambda kind: "delta" not in kind), ALL[:4]),
        (events().take(20).take(2), ALL[:2]),
        (events().numbered().map(lambda pair: pair[1]).take(3), ALL[:3]),
    ],
)
def test_where_the_beginning_of_a_stream_ends_its_connection_is_free(first: Stream[str], values: list[str]) -> None:
    with one_connection() as (transport, _):
        found = list(iterate(first.then(Ask()), transport))
    assert found == [*values, "answered"]


def test_without_its_end_the_stream_would_have_kept_the_connection() -> None:
    with one_connection() as (transport, _):
        asked: Stream[Any] = for_each(events().take(1), lambda _: list_models())
        with pytest.raises(OperationFailed, match="connection"):
            list(iterate(asked, transport))


def test_streams_one_after_another_go_over_one_connection_that_is_kept() -> None:
    with one_connection() as (transport, counting):
        found = list(iterate(concat(events(), events(), for_each(MODEL, retrieved), events()), transport))
    assert found == [*ALL, *ALL, "gpt-5-mini", *ALL]
    assert counting.asked == 4
    assert len(counting.connections) < 4  # one, unless the machine takes longer than 50 ms to send the end of a body


def test_what_follows_a_stream_that_was_left_is_asked_all_the_same() -> None:
    with one_connection() as (transport, counting):
        found = list(iterate(concat(events().take(1), events().take(2), for_each(MODEL, retrieved)), transport))
    assert found == [*ALL[:1], *ALL[:2], "gpt-5-mini"]
    assert counting.asked == 3


def test_streams_of_values_are_live_and_closed_one_after_another() -> None:
    values: Stream[int] = Emit((1, 2, 3), END)
    with one_connection() as (transport, counting):
        found = list(iterate(values.flat_map(lambda count: events().take(count)).concat(events()), transport))
    assert found == [*ALL[:1], *ALL[:2], *ALL[:3], *ALL]
    assert counting.asked == 4
