"""Mistakes told by name: each of `mistaken_calls`, in a process of its own where warnings are errors, and in ours.

`mistakes.json` says what each is told, and how many requests were sent by then.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable
from functools import partial, wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreters import python
from mistaken_calls import CALLS, DELETE, ITEMS, SECRET, Called, Opening, OpeningAsync, asked, stub, stub_async
from msgspec import Struct
from places import ROOT
from returns.result import Result

from puresponse.core import Answer, HttpRequest, HttpResponse, Send, delete_response, mistakes, succeed
from puresponse.core.mistakes import described
from puresponse.core.steps import OPERATION_STEPS
from puresponse.core.streams import STREAM_STEPS
from puresponse.transports import (
    AsyncBody,
    AsyncStreamingTransport,
    Body,
    CaptureTransport,
    CassetteRecorder,
    CassetteTransport,
    FetchTransport,
    ForbiddenTransport,
    MemoryTransport,
    ScriptedTransport,
    StreamingTransport,
    StubTransport,
    Urllib3Transport,
    in_threads,
    run,
    run_async,
)
from puresponse.transports.fetch.blocking import BlockingFetchTransport

HERE = ROOT / "tests" / "transports"
EXPECTED: dict[str, list[Any]] = json.loads((HERE / "mistakes.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told() -> dict[str, list[Any]]:
    """What each mistake was told in a fresh process, which must write nothing else: no warning of a coroutine."""
    found: dict[str, list[Any]] = json.loads(
        python("-I", "-W", "error", str(ROOT / "tests" / "support" / "mistaken_calls.py"))
    )
    return found


@pytest.mark.parametrize("mistake", CALLS)
def test_a_mistake_is_a_type_error_that_says_what_was_given_and_which_function_takes_what(
    mistake: str, told: dict[str, list[Any]]
) -> None:
    kind, text, sent = told[mistake]
    assert [kind, re.sub(r"line \d+", "line 1", text), sent] == ["TypeError", *EXPECTED[mistake]]


@pytest.mark.parametrize("mistake", CALLS)
def test_a_mistake_is_told_alike_after_many_others(mistake: str) -> None:
    asked.clear()
    with pytest.raises(TypeError) as told_here:
        CALLS[mistake]()
    assert [re.sub(r"line \d+", "line 1", str(told_here.value)), len(asked)] == EXPECTED[mistake]


def test_where_there_is_no_advice_nothing_follows() -> None:
    given = "not an object of type int"
    assert str(mistakes.no_key("run_many", 5)) == f"run_many with a ledger takes (key, operation) pairs, {given}"
    assert str(mistakes.no_items("traverse", 5)) == f"traverse takes an iterable of items, {given}"
    assert str(mistakes.no_function("loop", 5)) == f"loop takes a function, {given}"
    four = "a tuple of 4 (an object of type int, an object of type int, None, …)"
    assert str(mistakes.no_pair("run_many", (1, 2, None, 4))) == f"run_many takes (key, operation) pairs, not {four}"
    assert str(mistakes.mixed("run_many", 5, keyed=True)).endswith("after pairs it was given an object of type int")
    assert str(mistakes.mixed("run_many", 5, keyed=False)).endswith(
        "after operations it was given an object of type int"
    )


def test_every_mistake_has_its_words() -> None:
    assert set(EXPECTED) == set(CALLS)


def test_no_mistake_tells_a_value(told: dict[str, list[Any]]) -> None:
    assert SECRET not in json.dumps(told)


def test_what_can_be_told_before_is_told_before_anything_is_sent() -> None:
    sent_before = {mistake for mistake, (_, sent) in EXPECTED.items() if sent}
    of_functions = {mistake for mistake in CALLS if mistake.startswith(("bind", "lash", "then", "resume", "retrying"))}
    # Of a plain function nobody knows whether it blocks before it was called.
    assert sent_before - of_functions == {
        "run_async over a function",
        "iterate_async over a function",
        "a fork over a blocking function",
    }


@given(st.one_of(st.integers(), st.text(), st.binary(), st.builds(object), st.lists(st.text(min_size=3))))
def test_a_value_is_described_by_its_type_alone(value: Any) -> None:
    assert described(value) == f"an object of type {type(value).__name__}"


def test_a_long_name_is_shortened() -> None:
    assert described(type("A" * 10_000, (), {})()) == f"an object of type {'A' * 60}…"
    assert described(type("A" * 61, (), {})()) == f"an object of type {'A' * 60}…"
    assert described(type("A" * 60, (), {})()) == f"an object of type {'A' * 60}"


# --- what is right ------------------------------------------------------------------------------


def test_a_step_of_a_type_of_ones_own_is_a_step() -> None:
    class Mine(Send[Any], frozen=True):
        """A `Send` that knows more."""

    assert isinstance(DELETE, Send)
    mine = Mine(DELETE.request, DELETE.resume)
    assert type(mine) not in OPERATION_STEPS | STREAM_STEPS
    assert run(succeed(1).bind(lambda _: mine), stub) == run(mine, stub) == run(DELETE, stub)


def test_whatever_is_awaited_is_an_answer() -> None:
    def by_task(request: HttpRequest) -> Awaitable[Answer]:
        return asyncio.ensure_future(stub_async(request))

    class Frame(Struct):
        async def __call__(self, request: HttpRequest) -> Answer:
            return stub(request)

    for transport in (stub_async, by_task, Called(), OpeningAsync(), Frame(), partial(stub_async), Called().__call__):
        assert asyncio.run(run_async(DELETE, transport)) == run(DELETE, stub)


# --- isinstance ---------------------------------------------------------------------------------


class AsOne:
    """A blocking transport whose `open` an instance is given, as by a layer that passes it on."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, request: HttpRequest) -> Any:
        return self.inner(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Wrapped:
    """An asynchronous transport behind a decorator that is a plain function."""

    async def __call__(self, request: HttpRequest) -> Answer:
        return stub(request)

    @wraps(OpeningAsync.open)
    def open(self, request: HttpRequest) -> Any:
        return OpeningAsync().open(request)


class Mine(StreamingTransport):
    """A transport that says what it is."""

    def __call__(self, request: HttpRequest) -> Result[Any, Any]:
        return stub(request)

    def open(self, request: HttpRequest) -> Result[Body, Any]:
        raise NotImplementedError


class MineAsync(AsyncStreamingTransport):
    """One in an event loop."""

    async def __call__(self, request: HttpRequest) -> Result[Any, Any]:
        return stub(request)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Any]:
        raise NotImplementedError


BLOCKING: list[Any] = [
    MemoryTransport(),
    Urllib3Transport(api_key="sk-test"),
    CaptureTransport(MemoryTransport()),
    CassetteRecorder(MemoryTransport(), Path(mkdtemp()) / "never-written.json"),
    StubTransport.answering(HttpResponse(status=200)),
    ScriptedTransport(),
    Opening(),
    AsOne(Opening()),
    Mine(),
]
ASYNCHRONOUS: list[Any] = [in_threads(MemoryTransport()), OpeningAsync(), AsOne(OpeningAsync()), Wrapped(), MineAsync()]
NEITHER: list[Any] = [
    stub,
    stub_async,
    Called(),
    in_threads(stub),
    print,
    open,
    ROOT,
    None,
    MemoryTransport,
    AsOne(stub),
    delete_response,
    ITEMS,
]


def kinds(transport: Any) -> tuple[bool, bool]:
    return isinstance(transport, StreamingTransport), isinstance(transport, AsyncStreamingTransport)


def test_isinstance_tells_blocking_transports_from_asynchronous_ones() -> None:
    assert {repr(transport): kinds(transport) for transport in BLOCKING if kinds(transport) != (True, False)} == {}
    assert {repr(transport): kinds(transport) for transport in ASYNCHRONOUS if kinds(transport) != (False, True)} == {}
    assert {repr(transport): kinds(transport) for transport in NEITHER if kinds(transport) != (False, False)} == {}


def test_what_never_returns_is_both() -> None:
    assert kinds(ForbiddenTransport()) == (True, True)
    assert asyncio.run(run_async(succeed(1), ForbiddenTransport())) == run(succeed(1), ForbiddenTransport())


def test_isinstance_knows_fetch_in_both_its_manners() -> None:
    """Not made, for that takes JavaScript: the class tells."""
    assert kinds(FetchTransport.__new__(FetchTransport)) == (False, True)
    assert kinds(BlockingFetchTransport.__new__(BlockingFetchTransport)) == (True, False)


def test_a_class_that_inherits_has_instances_of_its_own() -> None:
    assert (isinstance(Mine(), Mine), isinstance(Opening(), Mine), isinstance(MineAsync(), Mine)) == (
        True,
        False,
        False,
    )
    assert isinstance(CassetteTransport, StreamingTransport) is False
