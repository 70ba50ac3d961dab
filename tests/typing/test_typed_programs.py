"""A user's programs, as both type-checkers see them: what every expression is, and that a match can be complete.

mypy and pyright check the `assert_type`s and `assert_never`s; running the file checks that they are not empty words.
"""

from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from typing import Any, Literal, Never, assert_never, assert_type

from returns.pipeline import flow
from returns.result import Failure, Result, Success

from puresponse import (
    END,
    Answer,
    ApiError,
    AsyncTransport,
    Checkpoint,
    Close,
    Continue,
    DecodeError,
    DeletedResponse,
    Done,
    Emit,
    End,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    InputItem,
    Interrupted,
    InvalidArgument,
    Message,
    NoRecording,
    NotSent,
    Open,
    Operation,
    Outcome,
    Page,
    Perform,
    Read,
    Response,
    RetryPolicy,
    Send,
    Stop,
    Stream,
    Transport,
    Unknown,
    Urllib3Transport,
    VirtualClock,
    Wait,
    WaitExpired,
    WithResponse,
    all_input_items,
    all_pages,
    alt,
    bind,
    cancel_response,
    collect,
    delete_response,
    fail,
    fold,
    in_threads,
    is_failure,
    iterate,
    iterate_async,
    lash,
    list_input_items,
    load_operation,
    load_stream,
    loop,
    map_,
    retrieve_response,
    retrying,
    run,
    run_async,
    run_many,
    run_many_async,
    run_many_on,
    save_checkpoint,
    sequentially,
    succeed,
    value_or_raise,
    with_response,
    within,
)

RESPONSE = b'{"id": "resp_1", "object": "response", "created_at": 1, "status": "cancelled", "model": "m", "output": []}'
ITEM = b'{"type": "message", "id": "msg_1", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}'


def service(request: HttpRequest) -> Answer:
    """A plain function is a transport."""
    match request.method, request.path:
        case "DELETE", _:
            return Success(HttpResponse(status=200, body=b'{"id": "resp_1", "deleted": true}'))
        case "GET", path if path.endswith("/input_items"):
            return Success(HttpResponse(status=200, body=b'{"data": [' + ITEM + b'], "has_more": false}'))
        case "GET", "/responses/resp_0":
            return Success(HttpResponse(status=404, body=b'{"error": {"message": "not found"}}'))
        case _:
            return Success(HttpResponse(status=200, body=RESPONSE))


async def service_async(request: HttpRequest) -> Answer:
    return service(request)


TRANSPORT: Transport = service
ASYNC_TRANSPORT: AsyncTransport = service_async


# --- operations and their results ----------------------------------------------------------------


def test_every_operation_has_its_result() -> None:
    assert_type(delete_response("x"), Operation[DeletedResponse])
    assert_type(cancel_response("x"), Operation[Response])
    assert_type(retrieve_response("x", include=["y"]), Operation[Response])
    assert_type(list_input_items("x", limit=5, order="asc"), Operation[Page[InputItem]])
    assert_type(all_input_items("x"), Stream[InputItem])
    assert_type(collect(all_input_items("x")), Operation[tuple[InputItem, ...]])
    assert_type(all_pages(list_input_items("x")), Stream[InputItem])
    assert_type(succeed(1), Operation[int])


def test_running_gives_a_result() -> None:
    result = run(cancel_response("x"), service)
    assert_type(result, Result[Response, Error])
    assert_type(result.unwrap(), Response)
    assert_type(value_or_raise(result), Response)
    assert result.unwrap().id == "resp_1"
    assert_type(run(cancel_response("x"), service, elapsed=1.5), Result[Response, Error])


async def _running_in_an_event_loop() -> str:
    result = await run_async(cancel_response("x"), service_async, clock=VirtualClock())
    assert_type(result, Result[Response, Error])
    assert_type(await run_async(delete_response("x"), in_threads(service)), Result[DeletedResponse, Error])
    assert_type(await run_async(delete_response("x"), service_async, elapsed=1), Result[DeletedResponse, Error])
    return result.unwrap().id


def test_running_in_an_event_loop_gives_a_result() -> None:
    import asyncio

    assert asyncio.run(_running_in_an_event_loop()) == "resp_1"


# --- loops -----------------------------------------------------------------------------------------


def halve(number: int) -> Operation[Continue[int] | Stop[str]]:
    return succeed(Stop(f"{number} is odd") if number % 2 else Continue(number // 2))


def delete_first(ids: tuple[str, ...]) -> Operation[Continue[tuple[str, ...]] | Stop[DeletedResponse]]:
    def go_on(deleted: DeletedResponse) -> Continue[tuple[str, ...]] | Stop[DeletedResponse]:
        return Continue(ids[1:]) if ids[1:] else Stop(deleted)

    return delete_response(ids[0]).map(go_on)


def look_until_cancelled(polls: int) -> Operation[Continue[int] | Stop[tuple[int, Response]]]:
    return retrieve_response("x").bind(
        lambda response: succeed(Stop((polls, response)) if response.status == "cancelled" else Continue(polls + 1))
    )


def endless(number: int) -> Operation[Continue[int] | Stop[Never]]:
    return retrieve_response(f"resp_{number}").map(lambda _: Continue(number - 1))


def at_most_once(number: int) -> Operation[Stop[bool]]:
    return succeed(Stop(number > 0))


def test_a_loop_gives_what_it_stops_with() -> None:
    ids: tuple[str, ...] = ("a", "b")
    assert_type(loop(12, halve), Operation[str])
    assert_type(loop(ids, delete_first), Operation[DeletedResponse])
    assert_type(loop(0, look_until_cancelled), Operation[tuple[int, Response]])
    assert_type(loop(1, at_most_once), Operation[bool])
    assert_type(run(loop(12, halve), service), Result[str, Error])
    assert loop(12, halve) == succeed("3 is odd")
    assert run(loop(ids, delete_first), service).unwrap().deleted
    assert run(loop(0, look_until_cancelled), service).unwrap()[0] == 0
    # One that never stops gives nothing but a failure.
    assert is_failure(run(loop(3, endless), service))


# --- combinators ---------------------------------------------------------------------------------


def name_of(response: Response) -> str:
    return response.id


def then_delete(response: Response) -> Operation[DeletedResponse]:
    return delete_response(response.id)


def was_deleted(deleted: DeletedResponse) -> bool:
    return deleted.deleted


def sooner(error: Error) -> Error:
    return NotSent("dns", str(error))


def retrieve_instead(error: Error) -> Operation[Response]:
    return retrieve_response("resp_1")


def nothing_instead(error: Error) -> Operation[None]:
    return succeed(None)


def test_chains_keep_their_types() -> None:
    assert_type(cancel_response("x").map(name_of), Operation[str])
    assert_type(cancel_response("x").map(name_of).map(len), Operation[int])
    assert_type(cancel_response("x").bind(then_delete), Operation[DeletedResponse])
    assert_type(cancel_response("x").bind(then_delete).map(lambda deleted: deleted.deleted), Operation[bool])
    assert_type(cancel_response("x").alt(sooner), Operation[Response])
    assert_type(cancel_response("x").lash(retrieve_instead), Operation[Response])
    assert_type(cancel_response("x").lash(nothing_instead), Operation[Response | None])
    assert_type(cancel_response("x").lash(fail), Operation[Response])
    program = cancel_response("x").bind(then_delete).lash(nothing_instead).map(repr)
    assert_type(program, Operation[str])
    assert run(program, service).unwrap().startswith("DeletedResponse(")


def test_a_lambda_knows_what_it_is_given() -> None:
    program = cancel_response("x").bind(lambda response: delete_response(response.id).map(lambda deleted: deleted.id))
    assert_type(program, Operation[str])
    assert run(program, service) == Success("resp_1")


def test_functions_of_operations_keep_their_types() -> None:
    assert_type(map_(name_of)(cancel_response("x")), Operation[str])
    assert_type(bind(then_delete)(cancel_response("x")), Operation[DeletedResponse])
    assert_type(alt(sooner)(cancel_response("x")), Operation[Response])
    assert_type(lash(retrieve_instead)(cancel_response("x")), Operation[Response])
    assert_type(lash(nothing_instead)(cancel_response("x")), Operation[Response | None])
    assert run(bind(then_delete)(cancel_response("x")), service).unwrap().deleted


def test_a_pipeline_has_the_type_that_it_is_declared_to_have() -> None:
    # Without the mypy plugin of `returns` no checker infers what `flow` gives: it takes the type of its place.
    program: Operation[bool] = flow(cancel_response("x"), bind(then_delete), lash(fail), map_(was_deleted))
    assert run(program, service) == Success(True)


def conditional(response_id: str) -> Operation[Response]:
    """Each branch is an operation of the declared type."""
    if not response_id:
        return fail(InvalidArgument("response_id", "empty"))
    if response_id == "cached":
        return succeed(run(cancel_response("x"), service).unwrap())
    return cancel_response(response_id)


def test_branches_are_of_one_type() -> None:
    assert_type(conditional("x").bind(lambda response: conditional(response.id)), Operation[Response])
    assert run(conditional(""), service) == Failure(InvalidArgument("response_id", "empty"))


# --- taking results apart ------------------------------------------------------------------------


def told(result: Result[Response, Error]) -> str:
    if is_failure(result):
        assert_type(result, Failure[Error])
        assert_type(result.failure(), Error)
        return str(result.failure())
    assert_type(result.unwrap(), Response)
    return result.unwrap().id


def test_is_failure_narrows_both_branches() -> None:
    assert told(run(cancel_response("x"), service)) == "resp_1"
    assert told(run(retrieve_response("resp_0"), service)) == "HTTP 404: not found"


def test_fold_knows_both_of_its_functions() -> None:
    result = run(cancel_response("x"), service)
    assert_type(fold(result, name_of, str), str)
    assert_type(fold(result, lambda response: response.id, lambda error: f"{error.retryable}"), str)
    assert fold(result, name_of, str) == "resp_1"


# --- retrying, streams ---------------------------------------------------------------------------


def test_retrying_gives_what_it_was_given() -> None:
    policy = RetryPolicy(max_retries=5)
    assert_type(retrying(cancel_response("x")), Operation[Response])
    assert_type(retrying(cancel_response("x"), policy).map(name_of), Operation[str])
    assert_type(retrying(all_input_items("x"), policy), Stream[InputItem])
    assert_type(collect(retrying(all_input_items("x"))), Operation[tuple[InputItem, ...]])
    assert run(retrying(cancel_response("x")), service).unwrap().id == "resp_1"


def ids_of(stream: Stream[InputItem]) -> list[str | None]:
    found: list[str | None] = []
    for value in iterate(stream, service, results=True):
        assert_type(value, InputItem | Failure[Error])
        if isinstance(value, Failure):
            assert_type(value.failure(), Error)
            found.append(None)
        elif isinstance(value, Message):
            found.append(str(value.id))
        elif isinstance(value, Unknown):
            found.append(value.type)
    return found


def test_what_is_iterated_is_an_item_and_the_failure_only_where_results_are_asked_for() -> None:
    assert ids_of(all_input_items("x")) == ["msg_1"]
    assert ids_of(all_input_items("")) == [None]
    generator = iterate(all_input_items("x"), service, elapsed=1.5)
    assert_type(generator, Generator[InputItem, None, None])
    generator.close()
    assert_type(iterate(all_input_items("x"), service, results=False), Generator[InputItem, None, None])
    results = iterate(all_input_items("x"), service, elapsed=1.5, results=True)
    assert_type(results, Generator[InputItem | Failure[Error], None, None])
    results.close()
    later = iterate_async(all_input_items("x"), service_async, elapsed=1.5)
    assert_type(later, AsyncGenerator[InputItem, None])
    results_later = iterate_async(all_input_items("x"), service_async, results=True)
    assert_type(results_later, AsyncGenerator[InputItem | Failure[Error], None])


def test_a_page_is_a_sequence_of_items_and_knows_the_next() -> None:
    page = run(list_input_items("x"), service).unwrap()
    assert_type(page, Page[InputItem])
    assert_type(page[0], InputItem)
    assert_type(page[1:], tuple[InputItem, ...])
    assert_type(page.data, tuple[InputItem, ...])
    assert_type(page.next_page, Operation[Page[InputItem]] | None)
    assert_type(list(page), list[InputItem])
    assert len(page) == 1


# --- many ----------------------------------------------------------------------------------------


def test_outcomes_have_their_types() -> None:
    operations = [delete_response(f"resp_{number}") for number in range(3)]
    outcomes = run_many(operations, service, 2)
    assert_type(outcomes, Generator[Outcome[DeletedResponse], None, None])
    for operation, result in outcomes:
        assert_type(operation, Operation[DeletedResponse])
        assert_type(result, Result[DeletedResponse, Error])
        assert result.unwrap().deleted
    later = run_many_async(operations, service_async)
    assert_type(later, AsyncGenerator[Outcome[DeletedResponse], None])
    with ThreadPoolExecutor(1) as threads:
        elsewhere = run_many_on(threads, operations, "puresponse:MemoryTransport")
        assert_type(elsewhere, Generator[Outcome[DeletedResponse], None, None])
        keyed = run_many_on(partial(ProcessPoolExecutor, 2), enumerate(operations), Urllib3Transport(api_key=""))
        assert_type(keyed, Generator[tuple[int, Result[DeletedResponse, Error]], None, None])
        keyed.close()
        assert dict(elsewhere).keys() == set(operations)


# --- complete matches ----------------------------------------------------------------------------


def host(operation: Operation[Response]) -> Result[Response, Error]:
    """The driver of a host of its own."""
    while True:
        match operation:
            case Done(result):
                assert_type(result, Result[Response, Error])
                return result
            case Send(request, resume):
                assert_type(request, HttpRequest)
                operation = resume(service(request))
            case Wait(seconds, spread, resume):
                assert_type(seconds + spread, float)
                operation = resume(0.0)
            case Fork(operations, resume):
                assert_type(operations, tuple[Operation[Any], ...])
                operation = resume(tuple(run(each, service) for each in operations))
            case _:
                assert_never(operation)
        assert_type(operation, Operation[Response])


def test_a_match_on_an_operation_can_be_complete() -> None:
    assert host(retrying(cancel_response("x"))).unwrap().id == "resp_1"


def one_at_a_time(operation: Operation[Response]) -> Result[Response, Error]:
    """The same, of a host that takes forks apart."""
    while not isinstance(operation, Done):
        if isinstance(operation, Send):
            operation = operation.resume(service(operation.request))
        elif isinstance(operation, Wait):
            operation = operation.resume(operation.seconds)
        else:
            assert_type(operation, Fork[Response])
            assert_type(sequentially(operation), Operation[Response])
            operation = sequentially(operation)
    assert_type(operation, Done[Response])
    return operation.result


def forked() -> Operation[Response]:
    """Two operations, and then another."""
    deleting: tuple[Operation[Any], ...] = (delete_response("x"), delete_response("y"))
    return Fork(deleting, succeed).bind(lambda results: retrieve_response(f"resp_{len(results)}"))


def test_a_match_on_a_fork_can_be_complete() -> None:
    assert host(forked()).unwrap().id == "resp_1"
    assert one_at_a_time(forked()) == host(forked())


def hosted(stream: Stream[InputItem]) -> list[InputItem]:
    """The driver of streams of a host of its own."""
    given: list[InputItem] = []
    while True:
        match stream:
            case End(result):
                assert_type(result, Result[None, Error])
                return given
            case Emit(values, rest):
                assert_type(values, tuple[InputItem, ...])
                given.extend(values)
                stream = rest
            case Perform(operation, resume):
                stream = resume(run(operation, service))
            case Open(request, resume):
                stream = resume(service(request))
            case Read(resume):
                stream = resume(Success(b""))
            case Close(rest, within):
                assert_type(within, float)
                stream = rest
            case _:
                assert_never(stream)


def test_a_match_on_a_stream_can_be_complete() -> None:
    assert len(hosted(all_input_items("x"))) == 1
    assert hosted(END) == []


def advice(error: Error) -> Literal["mend", "again", "look", "wait", "record"]:
    """Match exhaustively on what can go wrong."""
    match error:
        case InvalidArgument():
            return "mend"
        case NotSent() | Interrupted():
            return "again"
        case ApiError(status=404 | 410):
            return "look"
        case ApiError(retryable=True):
            return "again"
        case ApiError() | DecodeError():
            return "look"
        case WaitExpired():
            return "wait"
        case NoRecording():
            return "record"
        case _:
            assert_never(error)


def test_a_match_on_an_error_can_be_complete() -> None:
    failures: list[Result[Any, Error]] = [run(delete_response(""), service), run(retrieve_response("resp_0"), service)]
    assert [fold(result, str, advice) for result in failures] == ["mend", "look"]
    assert advice(NoRecording(request=HttpRequest("GET", "/"))) == "record"
    assert advice(WaitExpired(elapsed=1.0, polls=1)) == "wait"
    assert advice(ApiError(status=503)) == "again"


# --- time, and answers -----------------------------------------------------------------------------


def test_a_limit_leaves_a_program_its_type() -> None:
    assert_type(within(cancel_response("x"), 5), Operation[Response])
    assert_type(within(retrying(all_input_items("x")), 5.0), Stream[InputItem])
    assert run(within(cancel_response("x"), 5), service).unwrap().id == "resp_1"


def test_a_value_has_its_type_beside_its_answer() -> None:
    operation = with_response(cancel_response("x"))
    assert_type(operation, Operation[WithResponse[Response]])
    found = run(operation, service).unwrap()
    assert_type(found, WithResponse[Response])
    assert_type(found.value, Response)
    assert_type(found.response, HttpResponse | None)
    assert_type(found.request_id, str | None)
    assert_type(with_response(within(operation, 5)), Operation[WithResponse[WithResponse[Response]]])
    assert_type(operation.map(lambda answered: answered.value.id), Operation[str])
    assert found.value.id == "resp_1"


# --- what is saved and loaded --------------------------------------------------------------------


def test_a_checkpoint_holds_an_operation_or_a_stream() -> None:
    data = save_checkpoint(delete_response("resp_1"), elapsed=1.5)
    assert_type(data, Result[bytes, Error])
    assert_type(load_operation(data.unwrap()), Result[Checkpoint[Operation[Any]], Error])
    assert_type(load_operation(data.unwrap()).unwrap().program, Operation[Any])
    assert_type(load_stream(data.unwrap(), names={"Response": Response}), Result[Checkpoint[Stream[Any]], Error])
    assert run(load_operation(data.unwrap()).unwrap().program, service) == run(delete_response("resp_1"), service)


# --- a caller's own frames -----------------------------------------------------------------------


def count_items(items: tuple[InputItem, ...]) -> Operation[int]:
    return succeed(len(items))


def receive_status(answer: Answer) -> Operation[int]:
    return Done(answer.map(lambda response: response.status))


def letters() -> Stream[str]:
    return Emit(("a", "b"), END)


def test_a_caller_builds_operations_of_its_own() -> None:
    asking: Operation[int] = Send(HttpRequest("GET", "/models"), receive_status)
    waiting: Operation[float] = Wait(1.0, 0.5, succeed)
    stream = letters()
    assert_type(collect(stream), Operation[tuple[str, ...]])
    assert_type(collect(all_input_items("x")).bind(count_items), Operation[int])
    assert run(asking, service) == Success(200)
    assert run(waiting, service, clock=VirtualClock()) == Success(1.0)
    assert run(collect(stream), service) == Success(("a", "b"))
