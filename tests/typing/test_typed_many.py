"""Many operations as one, as both type-checkers see them: a type of its own for each of up to eight, or one."""

from collections.abc import AsyncGenerator, Generator, Mapping
from typing import Any, assert_type

import pytest
from returns.result import Result, Success

from puresponse import (
    Answer,
    DeletedResponse,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Progress,
    Response,
    TooManyFailures,
    Unfinished,
    UsageSum,
    VirtualClock,
    all_outcomes,
    delay,
    delete_response,
    fail,
    gather,
    gather_all,
    hopeless,
    is_failure,
    retrieve_response,
    run,
    run_async,
    run_many,
    run_many_async,
    sequence,
    sequentially,
    succeed,
    traverse,
)

RESPONSE = b'{"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": []}'


def service(request: HttpRequest) -> Answer:
    if request.method == "DELETE":
        return Success(HttpResponse(status=200, body=b'{"id": "resp_1", "deleted": true}'))
    return Success(HttpResponse(status=200, body=RESPONSE))


ONE: Operation[int] = succeed(1)
TWO: Operation[str] = succeed("two")
THREE: Operation[float] = delay(3.0)


def test_up_to_eight_have_types_of_their_own() -> None:
    assert_type(gather(), Operation[tuple[()]])
    assert_type(gather(ONE), Operation[tuple[int]])
    assert_type(gather(ONE, TWO), Operation[tuple[int, str]])
    assert_type(gather(ONE, TWO, THREE), Operation[tuple[int, str, float]])
    assert_type(
        gather(delete_response("x"), retrieve_response("x"), ONE, TWO),
        Operation[tuple[DeletedResponse, Response, int, str]],
    )
    assert_type(gather(ONE, TWO, ONE, TWO, ONE), Operation[tuple[int, str, int, str, int]])
    assert_type(gather(ONE, TWO, ONE, TWO, ONE, TWO), Operation[tuple[int, str, int, str, int, str]])
    assert_type(gather(ONE, TWO, ONE, TWO, ONE, TWO, ONE), Operation[tuple[int, str, int, str, int, str, int]])
    eight = gather(ONE, TWO, ONE, TWO, ONE, TWO, ONE, THREE)
    assert_type(eight, Operation[tuple[int, str, int, str, int, str, int, float]])
    result = run(eight, service, clock=VirtualClock())
    assert_type(result, Result[tuple[int, str, int, str, int, str, int, float], Error])
    assert result.unwrap()[7] == 3.0


def test_a_sequence_has_one_type() -> None:
    operations = [retrieve_response(f"resp_{number}") for number in range(20)]
    assert_type(gather(*operations), Operation[tuple[Response, ...]])
    assert_type(gather_all(*operations), Operation[tuple[Result[Response, Error], ...]])
    assert_type(sequence(operations), Operation[tuple[Response, ...]])
    assert_type(all_outcomes(operations), Operation[tuple[Result[Response, Error], ...]])
    assert_type(traverse(["resp_1"], retrieve_response), Operation[tuple[Response, ...]])
    assert_type(gather(ONE, ONE, ONE, ONE, ONE, ONE, ONE, ONE, ONE), Operation[tuple[int, ...]])
    assert len(run(gather(*operations), service, concurrency=4).unwrap()) == 20
    assert run(traverse(["resp_1"], retrieve_response), service).unwrap()[0].id == "resp_1"


def test_outcomes_have_the_type_of_each() -> None:
    both = gather_all(delete_response("x"), TWO)
    assert_type(both, Operation[tuple[Result[DeletedResponse, Error], Result[str, Error]]])
    deleted, two = run(both, service).unwrap()
    assert_type(deleted, Result[DeletedResponse, Error])
    assert_type(two, Result[str, Error])
    assert not is_failure(deleted)
    assert_type(gather_all(), Operation[tuple[()]])
    assert_type(gather_all(ONE), Operation[tuple[Result[int, Error]]])


def named(pair: tuple[Response, str]) -> str:
    response, name = pair
    return response.id + name


def test_what_follows_has_the_type_of_what_was_gathered() -> None:
    assert_type(gather(retrieve_response("x"), TWO).map(named), Operation[str])
    assert run(gather(retrieve_response("x"), TWO).map(named), service) == Success("resp_1two")


def returned(results: tuple[Result[Any, Error], ...]) -> Operation[int]:
    return succeed(len(results))


def test_a_fork_is_taken_apart_into_an_operation() -> None:
    fork: Fork[int] = Fork((ONE, TWO), returned)
    assert_type(sequentially(fork), Operation[int])
    assert run(sequentially(fork), service) == Success(2)


async def _at_once() -> Result[tuple[int, str], Error]:
    async def service_async(request: HttpRequest) -> Answer:
        return service(request)

    result = await run_async(gather(ONE, TWO), service_async, concurrency=3)
    assert_type(result, Result[tuple[int, str], Error])
    return result


def test_drivers_take_a_concurrency() -> None:
    import asyncio

    assert asyncio.run(_at_once()) == Success((1, "two"))
    for operation, result in run_many([gather(ONE, TWO)], service, 2):
        assert_type(operation, Operation[tuple[int, str]])
        assert_type(result, Result[tuple[int, str], Error])


def test_keys_keep_their_type_and_operations_theirs() -> None:
    pairs = [(("a", 1), delete_response("x"))]
    for key, result in run_many(pairs, service, 2):
        assert_type(key, tuple[str, int])
        assert_type(result, Result[DeletedResponse, Error])
    numbered = run_many(enumerate([ONE, ONE]), service, 2, order="given")
    assert_type(numbered, Generator[tuple[int, Result[int, Error]], None, None])
    named = run_many({"one": TWO}.items(), service, 2)
    assert_type(named, Generator[tuple[str, Result[str, Error]], None, None])
    assert [key for key, _ in numbered] == [0, 1]
    assert [key for key, _ in named] == ["one"]
    names: list[str] = ["x", "y"]
    lazily = run_many(((name, retrieve_response(name)) for name in names), service)
    assert_type(lazily, Generator[tuple[str, Result[Response, Error]], None, None])
    assert len(list(lazily)) == 2


def test_without_keys_an_outcome_has_its_operation() -> None:
    outcomes = run_many((delete_response(name) for name in ("x", "y")), service)
    assert_type(outcomes, Generator[tuple[Operation[DeletedResponse], Result[DeletedResponse, Error]], None, None])
    assert len(list(outcomes)) == 2


def told_of_a_key(one: Unfinished[str, int]) -> None:
    assert_type(one.key, str)
    assert_type(one.operation, Operation[int])
    assert_type(one.result, Result[int, Error] | None)


def told_of_an_operation(one: Unfinished[Operation[int], int]) -> None:
    assert_type(one.key, Operation[int])


def told_of_progress(progress: Progress) -> None:
    assert_type(progress.failures, Mapping[str, int])
    assert_type(progress.remaining, float | None)
    assert_type(progress.usage, UsageSum)


def test_what_is_told_has_the_types_of_what_was_given() -> None:
    keyed = run_many([("a", ONE)], service, unfinished=told_of_a_key, progress=told_of_progress, stop_on=hopeless)
    plain = run_many([ONE], service, unfinished=told_of_an_operation, stop_on=lambda error: error.retryable)
    assert_type(keyed, Generator[tuple[str, Result[int, Error]], None, None])
    assert_type(plain, Generator[tuple[Operation[int], Result[int, Error]], None, None])
    assert (len(list(keyed)), len(list(plain))) == (1, 1)


async def _keyed() -> list[str]:
    async def service_async(request: HttpRequest) -> Answer:
        return service(request)

    outcomes = run_many_async([("a", ONE)], service_async, unfinished=told_of_a_key)
    assert_type(outcomes, AsyncGenerator[tuple[str, Result[int, Error]], None])
    plain = run_many_async([TWO], service_async)
    assert_type(plain, AsyncGenerator[tuple[Operation[str], Result[str, Error]], None])
    assert [result async for _, result in plain] == [Success("two")]
    return [key async for key, _ in outcomes]


def test_in_an_event_loop_too() -> None:
    import asyncio

    assert asyncio.run(_keyed()) == ["a"]


def test_a_limit_has_its_error_and_how_far_it_was() -> None:
    failing: Operation[int] = fail(NotSent("dns", "no such host"))
    with pytest.raises(TooManyFailures) as raised:
        list(run_many([failing], service, max_failures=1))
    assert_type(raised.value.error, Error)
    assert_type(raised.value.progress, Progress)
