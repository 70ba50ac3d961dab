"""Operations are values: at every step, whatever is answered, they compare, pickle, copy and print as what they are."""

import copy
import pickle
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest
from msgspec import Struct, UnsetType
from msgspec.structs import asdict
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
    Answer,
    Close,
    Done,
    Emit,
    End,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Open,
    Operation,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    all_input_items,
    all_pages,
    cancel_response,
    collect,
    delete_response,
    list_input_items,
    retrieve_response,
    retrying,
    succeed,
)
from puresponse.transports import VirtualClock, iterate, run

Program: TypeAlias = Operation[Any] | Stream[Any]

ONCE = RetryPolicy(max_retries=1)
NO_POLICY: Any = 3

OPERATIONS: dict[str, Callable[[], Operation[Any]]] = {
    "delete": lambda: delete_response("resp_1"),
    "cancel": lambda: cancel_response("resp_1"),
    "retrieve": lambda: retrieve_response("resp_1", include=["reasoning.encrypted_content"]),
    "list": lambda: list_input_items("resp_1", after="m0", include=["message.input_image.image_url"], limit=2),
    "an invalid argument": lambda: delete_response(""),
    "delete, retried": lambda: retrying(delete_response("resp_1"), ONCE),
    "cancel, retried twice over": lambda: retrying(retrying(cancel_response("resp_1"), ONCE), ONCE),
    "an invalid policy": lambda: retrying(delete_response("resp_1"), NO_POLICY),
    "items, collected": lambda: collect(all_input_items("resp_1", limit=2)),
    "items, collected, retried": lambda: retrying(collect(all_input_items("resp_1")), ONCE),
    "items, retried, collected": lambda: collect(retrying(all_input_items("resp_1", order="asc"), ONCE)),
    "library functions bound": lambda: delete_response("resp_1").bind(succeed).lash(_recover).map(repr),
    "a wait": lambda: Wait(1.5, 0.5, GoOn("resp_1")),
}
STREAMS: dict[str, Callable[[], Stream[Any]]] = {
    "items": lambda: all_input_items("resp_1", after="m0", limit=2, order="asc"),
    "items, retried": lambda: retrying(all_input_items("resp_1"), ONCE),
    "pages of a retried first": lambda: all_pages(retrying(list_input_items("resp_1"), ONCE)),
    "items of nothing": lambda: all_input_items(""),
}
PROGRAMS: dict[str, Callable[[], Program]] = {**OPERATIONS, **STREAMS}


class GoOn(Struct, frozen=True):
    """Goes on with a deletion."""

    response_id: str

    def __call__(self, elapsed: float) -> Operation[Any]:
        return delete_response(self.response_id)


class GoOnTo(Struct, frozen=True):
    """Goes on with `stream`."""

    stream: Stream[int]

    def __call__(self, result: Result[Any, Any]) -> Stream[int]:
        return self.stream


def _recover(error: object) -> Operation[Any]:
    return cancel_response("resp_2")


def _ok(body: bytes) -> Answer:
    return Success(HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=body))


def _page(body: bytes) -> Answer:
    return _ok(b'{"object": "list", "data": [' + body + b"}")


MESSAGE = b'{"type": "message", "id": "m%d", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}'
ANSWERS: tuple[Answer, ...] = (
    _ok(b'{"id": "resp_1", "object": "response.deleted", "deleted": true}'),
    _ok(b'{"id": "resp_1", "object": "response", "created_at": 1, "status": "cancelled", "model": "m", "output": []}'),
    _page(MESSAGE % 1 + b'], "last_id": "m1", "has_more": true'),
    _page(MESSAGE % 2 + b'], "has_more": false'),
    _page(MESSAGE % 1 + b', {"type": "new_tool", "id": null, "x": {"y": 1}}], "has_more": true, "more": 1'),
    _ok(b""),
    _ok(b"<html>"),
    Success(HttpResponse(status=404, body=b'{"error": {"message": "gone", "code": null}}')),
    Success(HttpResponse(status=503, headers=(("retry-after", "3"),))),
    Failure(NotSent("refused", "no one there")),
    Failure(Interrupted("reset", "cut off")),
)

CHUNKS: tuple[Result[bytes, Error], ...] = (Success(b"data: {}\n\n"), Success(b""), Failure(Interrupted("reset", "?")))
DEPTH = 4


def next_steps(operation: Operation[Any]) -> Iterator[Operation[Any]]:
    """What `operation` can go on with: each answer gives one."""
    match operation:
        case Send(_, resume):
            yield from (resume(answer) for answer in ANSWERS)
        case Wait(_, _, resume):
            yield resume(1.5)
        case Done() | Fork():
            pass


def results_of(operation: Operation[Any]) -> Iterator[Result[Any, Error]]:
    """Every result that `operation` can come to, with at most `DEPTH` of the answers and waits."""
    ends: list[Operation[Any]] = [operation]
    for _ in range(DEPTH):
        ends = [step for end in ends for step in next_steps(end)]
        yield from (end.result for end in ends if isinstance(end, Done))


def followers(program: Program) -> Iterator[Program]:
    """What an operation or a stream can go on with."""
    match program:
        case Emit(_, rest) | Close(rest):
            yield rest
        case Perform(operation, resume):
            yield from (resume(result) for result in results_of(operation))
        case Open(_, resume):
            yield from (resume(answer) for answer in ANSWERS)
        case Read(resume):
            yield from (resume(chunk) for chunk in CHUNKS)
        case End():
            pass
        case _:
            yield from next_steps(program)


def steps_of(make: Callable[[], Program]) -> list[tuple[Program, Program]]:
    """Every step of a program within `DEPTH` answers, each beside its twin: the same step of a like program."""
    pairs = [(make(), make())]
    seen: dict[str, tuple[Program, Program]] = {}
    for _ in range(DEPTH):
        seen.update((repr(pair[0]), pair) for pair in pairs)
        pairs = [
            pair
            for program, twin in pairs
            for pair in zip(followers(program), followers(twin), strict=True)
            if repr(pair[0]) not in seen
        ]
    seen.update((repr(pair[0]), pair) for pair in pairs)
    return list(seen.values())


each_program = pytest.mark.parametrize("make", PROGRAMS.values(), ids=PROGRAMS.keys())


@each_program
def test_every_step_equals_its_twin(make: Callable[[], Program]) -> None:
    for program, twin in steps_of(make):
        assert program == twin
        assert repr(program) == repr(twin)


@each_program
def test_different_steps_are_not_equal(make: Callable[[], Program]) -> None:
    steps = [program for program, _ in steps_of(make)][:100]
    for index, program in enumerate(steps):
        assert all(program != other for other in steps[index + 1 :])


@each_program
def test_every_step_pickles_to_its_like(make: Callable[[], Program]) -> None:
    for program, _ in steps_of(make):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(program, protocol)) == program


@each_program
def test_every_step_copies_to_its_like(make: Callable[[], Program]) -> None:
    for program, _ in steps_of(make):
        assert copy.copy(program) == program
        assert copy.deepcopy(program) == program


@each_program
def test_a_program_goes_on_the_same_from_its_pickle(make: Callable[[], Program]) -> None:
    for program, _ in steps_of(make):
        restored = pickle.loads(pickle.dumps(program))
        assert list(followers(restored)) == list(followers(program))


@each_program
def test_every_step_prints_as_what_it_holds(make: Callable[[], Program]) -> None:
    for program, _ in steps_of(make):
        printed = repr(program)
        assert printed.startswith(f"{type(program).__name__}(")
        assert len(printed) < 1_000
        if make not in (OPERATIONS["library functions bound"],):
            assert " at 0x" not in printed


def functions_in(value: Any) -> list[Any]:
    """All functions held by `value`, however deep."""
    kind: type[Any] = value.__class__
    if issubclass(kind, Struct):
        return functions_in(list(asdict(value).values()))
    if issubclass(kind, Result):
        return functions_in(value.failure() if issubclass(kind, Failure) else value.unwrap())
    if issubclass(kind, Mapping):
        return functions_in(list(value.values()))
    if issubclass(kind, (tuple, list)):
        return [found for member in value for found in functions_in(member)]
    return [] if value is None or issubclass(kind, (str, bytes, int, float, UnsetType)) else [value]


@each_program
def test_frames_hold_data_and_frames_but_no_functions(make: Callable[[], Program]) -> None:
    allowed = (succeed, _recover, repr) if make is OPERATIONS["library functions bound"] else ()
    for program, _ in steps_of(make):
        found = functions_in(program)
        assert [value for value in found if value not in allowed] == []


def test_a_function_that_a_caller_binds_would_be_found() -> None:
    assert functions_in(delete_response("resp_1").map(repr)) == [repr]
    assert isinstance(functions_in(delete_response("resp_1").bind(lambda _: succeed(1)))[0], types.FunctionType)


def scripted(turn: int) -> Callable[[HttpRequest], Answer]:
    """A transport that gives each of the answers in turn, from the one numbered `turn` on."""
    answers = [*ANSWERS[turn:], *ANSWERS[:turn]]

    def transport(request: HttpRequest) -> Answer:
        return answers.pop(0)

    return transport


@pytest.mark.parametrize("make", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_an_operation_can_be_run_twice(make: Callable[[], Operation[Any]]) -> None:
    operation = make()
    for turn in range(len(ANSWERS)):
        first, again, twin = VirtualClock(), VirtualClock(), VirtualClock()
        result = run(operation, scripted(turn), clock=first)
        assert run(operation, scripted(turn), clock=again) == result
        assert run(make(), scripted(turn), clock=twin) == result
        assert first.slept == again.slept == twin.slept
    assert operation == make()


@pytest.mark.parametrize("make", STREAMS.values(), ids=STREAMS.keys())
def test_a_stream_can_be_iterated_twice(make: Callable[[], Stream[Any]]) -> None:
    stream = make()
    for turn in range(len(ANSWERS)):
        values = list(iterate(stream, scripted(turn), clock=VirtualClock(), results=True))
        assert list(iterate(stream, scripted(turn), clock=VirtualClock(), results=True)) == values
        assert list(iterate(make(), scripted(turn), clock=VirtualClock(), results=True)) == values
    assert stream == make()


# --- what is printed ------------------------------------------------------------------------------


def test_an_operation_prints_what_it_will_send_and_what_receives_the_answer() -> None:
    assert repr(delete_response("resp_1")) == (
        "Send(request=HttpRequest(method='DELETE', path='/responses/resp_1', idempotent=True), "
        "resume=ReceiveDeleted(response_id='resp_1'))"
    )
    assert repr(cancel_response("resp_1")) == (
        "Send(request=HttpRequest(method='POST', path='/responses/resp_1/cancel', body=b'', idempotent=True), "
        "resume=ReceiveResponse())"
    )


def test_a_wait_prints_how_long_and_for_which_attempt() -> None:
    operation = retrying(delete_response("resp_1"), ONCE)
    assert isinstance(operation, Send)
    waiting = repr(operation.resume(Failure(NotSent("dns", "?"))))
    assert waiting.startswith("Wait(seconds=0.375, spread=0.125, resume=")
    assert "number=1" in waiting
    assert "'/responses/resp_1'" in waiting


def test_a_stream_prints_the_page_it_stands_before() -> None:
    stream = all_input_items("resp_1", limit=1)
    assert isinstance(stream, Perform)
    page = run(stream.operation, lambda request: ANSWERS[2])
    following = stream.resume(page)
    assert isinstance(following, Emit)
    assert repr(following.rest).startswith("Perform(operation=Send(request=HttpRequest(method='GET', ")
    assert "('after', 'm1')" in repr(following.rest)


def test_a_finished_operation_prints_its_result() -> None:
    assert repr(succeed(3)) == "Done(result=<Success: 3>)"
    assert repr(END) == "End(result=<Success: None>)"
    assert repr(delete_response("")) == (
        "Done(result=<Failure: invalid argument 'response_id': given ''; "
        "allowed is a non-empty string without slashes, as the API gives ids>)"
    )


@pytest.mark.unmeasured
def test_a_long_chain_prints() -> None:
    operation: Operation[Any] = delete_response("resp_1")
    for _ in range(10_000):
        operation = operation.map(repr)
    assert repr(operation).startswith("Send(request=HttpRequest(method='DELETE', path='/responses/resp_1'")


def test_what_was_collected_is_counted_not_printed() -> None:
    stream: Stream[int] = Emit(tuple(range(100_000)), Perform(Wait(1.0, 0.0, GoOn("resp_1")), GoOnTo(END)))
    operation = collect(stream)
    assert isinstance(operation, Wait)
    assert len(repr(operation)) < 1_000
    assert "100000" in repr(operation).replace(",", "").replace("_", "")


# --- what changes nothing -------------------------------------------------------------------------


def test_steps_cannot_be_changed() -> None:
    for step, field in ((delete_response("r"), "request"), (succeed(1), "result"), (Emit((1,), END), "values")):
        with pytest.raises(AttributeError):
            setattr(step, field, None)


def test_like_operations_are_one_key() -> None:
    outcomes = {make(): name for name, make in OPERATIONS.items()}
    assert outcomes[delete_response("resp_1")] == "delete"
    assert outcomes[retrying(delete_response("resp_1"), ONCE)] == "delete, retried"
