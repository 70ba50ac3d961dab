"""Many operations as one, as both type-checkers see them: a type of its own for each of up to eight, or one."""

from typing import Any, assert_type

from returns.result import Result, Success

from puresponse import (
    Answer,
    DeletedResponse,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    Operation,
    Response,
    VirtualClock,
    all_outcomes,
    delay,
    delete_response,
    gather,
    gather_all,
    is_failure,
    retrieve_response,
    run,
    run_async,
    run_many,
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
