"""What the caller calls each operation: keys, in outcomes and in what is told of the unfinished."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, closing
from itertools import count
from typing import Any

import pytest
from batches import Way, every_way
from returns.result import Success
from silence import Silent

from puresponse.core import Answer, HttpRequest, HttpResponse, delete_response, is_failure, succeed
from puresponse.transports import (
    MemoryTransport,
    RunBegan,
    RunEnded,
    RunEvent,
    RunRaised,
    Unfinished,
    run_many,
    run_many_async,
)

NAMES = ("chat", "lost", "long", "failed", "completed")
PAIRS = [((name, 1), delete_response(f"resp_{name}")) for name in NAMES]


def nothing_sent(request: HttpRequest) -> Answer:
    raise AssertionError(request)


@every_way
def test_an_outcome_has_the_key_that_was_given(carried_out: Way) -> None:
    outcomes, _ = carried_out(PAIRS, MemoryTransport())
    assert {key: is_failure(result) for key, result in outcomes} == {(name, 1): name == "lost" for name in NAMES}
    assert all(result.unwrap().id == f"resp_{key[0]}" for key, result in outcomes if key[0] != "lost")


@every_way
def test_keys_may_be_the_same_and_of_any_type(carried_out: Way) -> None:
    keys: list[Any] = ["a", "a", None, [], {}]  # equal ones, and such as have no hash
    pairs = [(key, succeed(number)) for number, key in enumerate(keys)]
    outcomes, _ = carried_out(iter(pairs), nothing_sent)
    assert sorted((result.unwrap(), id(key)) for key, result in outcomes) == [
        (number, id(key)) for number, key in enumerate(keys)
    ]


def test_a_mapping_of_operations_is_given_by_its_items() -> None:
    operations = {name: delete_response(f"resp_{name}") for name in NAMES}
    assert {name for name, _ in run_many(operations.items(), MemoryTransport())} == set(NAMES)


@every_way
def test_operations_and_pairs_in_one_iterable_are_a_mistake(carried_out: Way) -> None:
    one = delete_response("resp_chat")
    with pytest.raises(TypeError, match=r"and not both: after operations it was given an object of type tuple"):
        carried_out([one, ("key", one)], MemoryTransport())
    with pytest.raises(TypeError, match=r"and not both: after pairs it was given an operation \(Send\)"):
        carried_out([("key", one), one], MemoryTransport())


@every_way
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((succeed(1), "key"), r"not a tuple of 2 \(an operation \(Done\), .* type str\): the key is the first"),
        (("key", succeed(1), 3), r"not a tuple of 3"),
        (("key",), r"not a tuple of 1"),
        ((), r"not an empty tuple"),
        (("key", delete_response), r"not a tuple of 2 \(.* type str, the function delete_response\)"),
    ],
)
def test_a_tuple_that_is_no_pair_is_a_mistake(carried_out: Way, given: Any, told: str) -> None:
    with pytest.raises(TypeError, match=r"run_many(_async)? takes \(key, operation\) pairs, " + told):
        carried_out([given], nothing_sent)


def test_the_unfinished_are_told_by_their_keys() -> None:
    silent = Silent("/responses/resp_0", together=3)
    told: list[Unfinished[int, Any]] = []
    pairs = ((number, delete_response(f"resp_{number}")) for number in count())
    with closing(run_many(pairs, silent, 3, unfinished=told.append)) as outcomes:
        key, _ = next(outcomes)
    assert key == 0
    assert [(one.key, one.operation, one.sent) for one in told] == [
        (number, delete_response(f"resp_{number}"), True) for number in (1, 2)
    ]


def test_without_keys_the_unfinished_is_its_own_key() -> None:
    silent = Silent("/responses/resp_0", together=2)
    told: list[Unfinished[Any, Any]] = []
    operations = [delete_response(f"resp_{number}") for number in range(2)]
    with closing(run_many(operations, silent, 2, unfinished=told.append)) as outcomes:
        next(outcomes)
    assert told[0].key is told[0].operation is operations[1]


def test_one_that_is_interrupted_in_the_callers_thread_is_told_by_its_key() -> None:
    told: list[Unfinished[str, Any]] = []

    def interrupted(request: HttpRequest) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run_many([("a", delete_response("resp_1"))], interrupted, 1, unfinished=told.append))
    assert [(one.key, one.sent, one.result) for one in told] == [("a", True, None)]


def test_in_an_event_loop_the_unfinished_are_told_by_their_keys() -> None:
    told: list[Unfinished[str, Any]] = []

    async def some(request: HttpRequest) -> Answer:
        if not request.path.endswith("resp_0"):
            await asyncio.Event().wait()
        return Success(HttpResponse(status=204))

    async def one() -> None:
        pairs = [(f"key {number}", delete_response(f"resp_{number}")) for number in range(3)]
        async with aclosing(run_many_async(pairs, some, 3, unfinished=told.append)) as outcomes:
            await anext(outcomes)

    asyncio.run(asyncio.wait_for(one(), 10.0))
    assert [one.key for one in told] == ["key 1", "key 2"]


@every_way
def test_what_is_observed_has_its_key_all_the_same(carried_out: Way) -> None:
    events: list[RunEvent] = []
    outcomes, _ = carried_out(PAIRS, MemoryTransport(), observe=events.append)
    assert sorted(key for key, _ in outcomes) == sorted(key for key, _ in PAIRS)
    programs = {id(event.program) for event in events if isinstance(event, RunBegan)}
    assert programs == {id(operation) for _, operation in PAIRS}
    assert len([event for event in events if isinstance(event, RunEnded)]) == len(PAIRS)


def test_the_run_of_an_observed_one_that_is_unfinished_ends_and_is_told_of_as_given() -> None:
    events: list[RunEvent] = []
    told: list[Unfinished[int, Any]] = []
    operations = [delete_response(f"resp_{number}") for number in range(2)]
    silent = Silent("/responses/resp_0", together=2)
    outcomes = run_many(enumerate(operations), silent, 2, observe=events.append, unfinished=told.append)
    with closing(outcomes):
        next(outcomes)
    assert [(one.key, one.operation is operations[1]) for one in told] == [(1, True)]
    assert [type(event.exception) for event in events if isinstance(event, RunRaised)] == [GeneratorExit]


def test_keys_are_taken_as_lazily_as_operations() -> None:
    taken: list[int] = []

    def pairs() -> Iterator[tuple[int, Any]]:
        for number in count():
            taken.append(number)
            yield number, succeed(number)

    with closing(run_many(pairs(), nothing_sent, 3)) as outcomes:
        assert taken == []
        next(outcomes)
        assert len(taken) <= 4
