"""The recipes: each as a sequence of requests and answers, and against the service in memory."""

import asyncio
import pickle
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from returns.result import Failure, Result, Success

from puresponse.codecs import DeletedResponse, Response, Unknown, decode_response, encode, to_plain
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NotSent,
    Operation,
    Perform,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    WaitExpired,
    WaitPolicy,
    all_input_items,
    cancel_response,
    collect,
    fail,
    is_failure,
    retrieve_response,
    retrying,
    wait_for_response,
)
from puresponse.core.delays import LEAST_DELAY
from puresponse.core.programs.cancellation import PollInTime, has_ended
from puresponse.core.programs.recipes import (
    audit_response,
    cancel_and_wait,
    cancel_if_running,
    delete_response_chain,
)
from puresponse.transports import MemoryTransport, VirtualClock, iterate, iterate_async, run, run_async
from puresponse.transports.memory.service import Change, Dialect, State, stored
from puresponse.transports.testing.stub import json_response

T = TypeVar("T")

Given: TypeAlias = HttpResponse | Error

NO_POLICY: Any = 60
POLICY = WaitPolicy(deadline=30.0, initial_delay=1.0, factor=2.0, jitter=0.0, grace=0.0)

GONE = json_response({"error": {"message": "Response not found."}}, status=404)
BUSY = json_response({}, status=503)
TOO_LATE = [
    json_response({"error": {"message": "Cannot cancel a completed response."}}, status=400),
    json_response({"detail": "cannot cancel"}, status=409),
]


def body_of(status: object, **fields: object) -> dict[str, Any]:
    body = {"id": "resp_1", "object": "response", "created_at": 1, "status": status, "model": "m", "background": True}
    return {**body, "output": [], **fields}


def saw(status: str, **fields: object) -> HttpResponse:
    return json_response(body_of(status, **fields))


class Script:
    """Gives each of the answers in turn, and notes what was asked."""

    def __init__(self, *answers: Given) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.clock = VirtualClock()

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        query = "".join(f" {name}={value}" for name, value in request.query)
        self.asked.append(f"{request.method} {request.path.removeprefix('/responses/')}{query}")
        answer = self.answers.pop(0)
        return Success(answer) if isinstance(answer, HttpResponse) else Failure(answer)

    async def answer_async(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        return self(request)

    def run(self, operation: Operation[T]) -> Result[T, Error]:
        """Carry out `operation`; it must use up the script."""
        result = run(operation, self, clock=self.clock)
        assert self.answers == []
        return result

    def iterate(self, stream: Stream[T]) -> list[T | Failure[Error]]:
        """Carry out `stream`; it must use up the script."""
        values = list(iterate(stream, self, clock=self.clock, results=True))
        assert self.answers == []
        return values


def status_of(result: Result[Response, Error]) -> object:
    return result.unwrap().status


def error_of(result: Result[Any, Error]) -> Error:
    assert is_failure(result)
    return result.failure()


# --- has_ended ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_these_statuses_are_the_end(status: str) -> None:
    assert has_ended(decode_response(saw(status).body).unwrap())


@pytest.mark.parametrize("status", ["queued", "in_progress", "searching", ""])
def test_any_other_status_is_not(status: str) -> None:
    assert not has_ended(decode_response(saw(status).body).unwrap())


# --- cancel_if_running ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["queued", "in_progress", "searching"])
def test_a_background_response_that_runs_is_cancelled(status: str) -> None:
    script = Script(saw(status), saw("cancelled"))
    assert status_of(script.run(cancel_if_running("resp_1"))) == "cancelled"
    assert script.asked == ["GET resp_1", "POST resp_1/cancel"]


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_one_that_has_ended_is_given_as_it_is(status: str) -> None:
    assert status_of(Script(saw(status)).run(cancel_if_running("resp_1"))) == status


@pytest.mark.parametrize("background", [False, None])
def test_one_that_was_not_made_in_the_background_is_given_as_it_is(background: object) -> None:
    script = Script(saw("in_progress", background=background))
    assert status_of(script.run(cancel_if_running("resp_1"))) == "in_progress"


def test_one_that_ends_before_the_cancellation_arrives_is_given_as_it_ended() -> None:
    assert status_of(Script(saw("queued"), saw("completed")).run(cancel_if_running("resp_1"))) == "completed"


@pytest.mark.parametrize("refusal", TOO_LATE, ids=["400", "409"])
def test_also_where_the_server_refuses_to_cancel_what_has_ended(refusal: HttpResponse) -> None:
    script = Script(saw("queued"), refusal, saw("failed"))
    assert status_of(script.run(cancel_if_running("resp_1"))) == "failed"
    assert script.asked[2] == "GET resp_1"


@pytest.mark.parametrize("refusal", TOO_LATE, ids=["400", "409"])
def test_a_refusal_to_cancel_what_still_runs_is_the_failure(refusal: HttpResponse) -> None:
    error = error_of(Script(saw("queued"), refusal, saw("queued")).run(cancel_if_running("resp_1")))
    assert isinstance(error, ApiError)
    assert error.body == refusal.body


def test_what_refused_to_cancel_is_asked_for_as_long_as_there_is_time_for_it() -> None:
    refusal = ApiError(status=409)
    poll = PollInTime(retrieve_response("resp_1"), refusal, until=LEAST_DELAY)
    assert isinstance(poll(0.0), Send)
    assert poll(0.0001) == fail(refusal)


def test_a_look_after_the_refusal_that_fails_is_the_failure() -> None:
    script = Script(saw("queued"), TOO_LATE[0], NotSent("dns", "?"))
    assert error_of(script.run(cancel_if_running("resp_1"))) == NotSent("dns", "?", response_id="resp_1")


@pytest.mark.parametrize("fault", [GONE, BUSY, Interrupted("reset", "?"), NotSent("dns", "?")], ids=repr)
def test_any_other_fault_is_the_failure(fault: Given) -> None:
    for script in (Script(fault), Script(saw("queued"), fault)):
        error = error_of(script.run(cancel_if_running("resp_1")))
        assert isinstance(error, ApiError if isinstance(fault, HttpResponse) else type(fault))
        assert not isinstance(error, InvalidArgument)
        assert error.response_id == "resp_1"


def test_the_id_that_was_asked_for_is_cancelled_whatever_the_server_calls_it() -> None:
    script = Script(saw("queued", id="resp_rewritten"), saw("cancelled"))
    script.run(cancel_if_running("resp_1"))
    assert script.asked[1] == "POST resp_1/cancel"


def test_in_memory_it_never_fails_for_a_response_that_is_there() -> None:
    transport = MemoryTransport()
    expected = {"queued": "cancelled", "in_progress": "cancelled", "failed": "failed", "chat": "completed"}
    for name, status in expected.items():
        assert status_of(run(cancel_if_running(f"resp_{name}"), transport)) == status


@pytest.mark.parametrize("cancel_completed", [200, 400])
def test_in_memory_a_response_that_ends_in_between_is_given_as_it_ended(cancel_completed: Any) -> None:
    clock = VirtualClock()
    response = stored(body_of("in_progress"), changes=[Change(1.0, {"status": "completed"})])
    service = MemoryTransport(
        State(dialect=Dialect(cancel_completed=cancel_completed)).having(response), now=clock.monotonic
    )

    def slow(request: HttpRequest) -> Result[HttpResponse, Error]:
        answer = service(request)
        clock.now += 1.0
        return answer

    assert status_of(run(cancel_if_running("resp_1"), slow)) == "completed"


# --- cancel_and_wait ------------------------------------------------------------------------------


def test_a_response_that_stays_cancelled_is_given_when_it_has_settled() -> None:
    script = Script(*[saw("cancelled")] * 4)
    assert status_of(script.run(cancel_and_wait("resp_1", POLICY, settle=5.0))) == "cancelled"
    assert script.asked == ["POST resp_1/cancel", *["GET resp_1"] * 3]
    assert script.clock.now == 5.0


def test_a_cancelled_response_that_becomes_completed_is_given_as_completed() -> None:
    script = Script(saw("cancelled"), saw("cancelled"), saw("completed"))
    assert status_of(script.run(cancel_and_wait("resp_1", POLICY))) == "completed"
    assert script.clock.now == 3.0


def test_a_server_that_takes_its_time_to_cancel_is_waited_for() -> None:
    script = Script(saw("in_progress"), saw("in_progress"), saw("cancelled"))
    assert status_of(script.run(cancel_and_wait("resp_1", POLICY, settle=0.0))) == "cancelled"


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete"])
def test_one_that_had_ended_already_is_given_without_waiting(status: str) -> None:
    script = Script(saw(status))
    assert status_of(script.run(cancel_and_wait("resp_1", POLICY))) == status
    assert script.clock.slept == []


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete"])
def test_a_response_that_is_known_to_have_ended_is_not_cancelled(status: str) -> None:
    response = decode_response(saw(status).body).unwrap()
    assert cancel_and_wait(response, POLICY) == Done(Success(response))


def test_a_response_that_is_known_to_be_cancelled_only_settles() -> None:
    response = decode_response(saw("cancelled").body).unwrap()
    script = Script(saw("cancelled"), saw("completed"))
    assert status_of(script.run(cancel_and_wait(response, POLICY))) == "completed"
    assert script.asked == ["GET resp_1", "GET resp_1"]
    assert cancel_and_wait(response, POLICY, settle=0.0) == Done(Success(response))


def test_a_response_that_runs_can_be_passed_in_place_of_its_id() -> None:
    response = decode_response(saw("in_progress").body).unwrap()
    assert Script(saw("completed")).run(cancel_and_wait(response, POLICY)).unwrap().status == "completed"


def test_a_chain_that_breaks_off_tells_at_which_response() -> None:
    *_, failure = Script(*chain("b", None), deleted("b"), BUSY).iterate(delete_response_chain("c"))
    assert isinstance(failure, Failure)
    assert "(response c)" in str(failure.failure())
    *_, failure = Script(*chain("b"), BUSY).iterate(delete_response_chain("c"))
    assert isinstance(failure, Failure)
    assert "(response b)" in str(failure.failure())


@pytest.mark.parametrize("refusal", TOO_LATE, ids=["400", "409"])
@pytest.mark.parametrize("status", ["completed", "failed", "incomplete"])
def test_also_where_the_server_refuses(refusal: HttpResponse, status: str) -> None:
    script = Script(refusal, saw(status))
    assert status_of(script.run(cancel_and_wait("resp_1", POLICY))) == status
    assert script.clock.slept == []


def test_one_that_was_cancelled_already_settles_too() -> None:
    script = Script(TOO_LATE[0], saw("cancelled"), saw("cancelled"), saw("completed"))
    assert status_of(script.run(cancel_and_wait("resp_1", POLICY))) == "completed"


def test_a_refusal_to_cancel_a_response_that_runs_is_the_failure() -> None:
    error = error_of(Script(TOO_LATE[0], saw("in_progress")).run(cancel_and_wait("resp_1", POLICY)))
    assert isinstance(error, ApiError)
    assert error.status == 400


def test_an_unknown_response_is_the_failure_at_once() -> None:
    error = error_of(Script(GONE).run(cancel_and_wait("resp_1", POLICY)))
    assert isinstance(error, ApiError)
    assert error.status == 404


def test_one_that_does_not_end_expires() -> None:
    result = run(cancel_and_wait("resp_1", POLICY), lambda _: Success(saw("in_progress")), clock=VirtualClock())
    error = error_of(result)
    assert isinstance(error, WaitExpired)
    assert (error.elapsed, error.last.status) == (30.0, "in_progress")


def test_what_is_cancelled_at_the_deadline_is_given_as_cancelled() -> None:
    clock = VirtualClock()
    result = run(cancel_and_wait("resp_1", POLICY, settle=1000.0), lambda _: Success(saw("cancelled")), clock=clock)
    assert (status_of(result), clock.now) == ("cancelled", 30.0)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (cancel_and_wait("", POLICY), "response"),
        (cancel_and_wait("resp_1", NO_POLICY), "policy"),
        (cancel_and_wait("resp_1", POLICY, settle=-1.0), "settle"),
    ],
)
def test_nothing_is_cancelled_where_an_argument_makes_no_sense(operation: Operation[Response], name: str) -> None:
    error = error_of(Script().run(operation))
    assert isinstance(error, InvalidArgument)
    assert error.parameter == name


def test_in_memory_a_late_completion_is_waited_for() -> None:
    clock = VirtualClock()
    response = stored(body_of("cancelled"), changes=[Change(45.0, {"status": "completed"})])
    service = MemoryTransport(State().having(response), now=clock.monotonic)
    policy = WaitPolicy(deadline=300)
    assert status_of(run(cancel_and_wait("resp_1", policy, settle=30.0), service, clock=clock)) == "cancelled"
    assert clock.now == 30.0
    assert status_of(run(cancel_and_wait("resp_1", policy), service, clock=clock)) == "completed"
    assert 45.0 <= clock.now <= 60.0


def test_retrying_guards_the_cancellation_and_the_looks() -> None:
    script = Script(BUSY, saw("cancelled"), BUSY, saw("completed"))
    assert status_of(script.run(retrying(cancel_and_wait("resp_1", POLICY)))) == "completed"


# --- delete_response_chain ------------------------------------------------------------------------


def deleted(response_id: str) -> HttpResponse:
    return json_response({"id": response_id, "object": "response.deleted", "deleted": True})


def ids(values: list[DeletedResponse | Failure[Error]]) -> list[str]:
    return [value.id for value in values if not isinstance(value, Failure)]


def chain(*links: str | None) -> list[Given]:
    """What retrieving responses gives that go on from these."""
    return [saw("completed", previous_response_id=link) for link in links]


def test_a_chain_is_followed_to_its_oldest_and_deleted_from_there() -> None:
    script = Script(*chain("b", "a", None), deleted("a"), deleted("b"), deleted("c"))
    values = script.iterate(delete_response_chain("c"))
    assert ids(values) == ["a", "b", "c"]
    assert len(values) == 3
    assert script.asked == ["GET c", "GET b", "GET a", "DELETE a", "DELETE b", "DELETE c"]


def test_a_response_that_goes_on_from_nothing_is_a_chain_of_one() -> None:
    plain = body_of("completed")
    for body in (plain, {**plain, "previous_response_id": None}, {**plain, "previous_response_id": ""}):
        assert ids(Script(json_response(body), deleted("a")).iterate(delete_response_chain("a"))) == ["a"]


def test_an_ancestor_that_is_gone_ends_the_chain() -> None:
    script = Script(*chain("b", "a"), GONE, deleted("b"), deleted("c"))
    assert ids(script.iterate(delete_response_chain("c"))) == ["b", "c"]


def test_a_newest_that_is_gone_is_the_failure() -> None:
    (failure,) = Script(GONE).iterate(delete_response_chain("c"))
    assert isinstance(failure, Failure)
    error = failure.failure()
    assert isinstance(error, ApiError)
    assert error.status == 404


@pytest.mark.parametrize("fault", [BUSY, Interrupted("reset", "?"), NotSent("dns", "?")], ids=repr)
def test_nothing_is_deleted_unless_the_whole_chain_was_seen(fault: Given) -> None:
    script = Script(*chain("b"), fault)
    (failure,) = script.iterate(delete_response_chain("c"))
    assert isinstance(failure, Failure)
    assert script.asked == ["GET c", "GET b"]


def test_a_deletion_that_fails_half_way_is_told_after_what_was_deleted() -> None:
    script = Script(*chain("b", "a", None), deleted("a"), BUSY)
    *values, failure = script.iterate(delete_response_chain("c"))
    assert ids(values) == ["a"]
    assert isinstance(failure, Failure)
    error = failure.failure()
    assert isinstance(error, ApiError)
    assert error.status == 503
    assert script.asked[-1] == "DELETE b"


def test_somebody_else_who_was_faster_is_no_failure_and_no_value() -> None:
    script = Script(*chain("b", "a", None), deleted("a"), GONE, deleted("c"))
    assert ids(script.iterate(delete_response_chain("c"))) == ["a", "c"]


def test_a_404_after_an_interruption_is_our_own_deletion() -> None:
    script = Script(*chain(None), Interrupted("reset", "cut off"), GONE)
    assert script.iterate(retrying(delete_response_chain("a"))) == [DeletedResponse(id="a", deleted=True)]


@pytest.mark.parametrize("links", [["a"], ["b", "a"], ["b", "c", "b"], ["b", "c", "d", "c"]])
def test_a_chain_that_leads_in_a_circle_is_deleted_once_and_ends(links: list[str]) -> None:
    members = ["a", *links[:-1]]
    script = Script(*chain(*links), *(deleted(name) for name in reversed(members)))
    assert ids(script.iterate(delete_response_chain("a"))) == members[::-1]
    assert len(script.asked) == 2 * len(members)


def test_an_ancestor_whose_id_no_request_can_be_built_from_is_the_failure() -> None:
    (failure,) = Script(*chain("a/b")).iterate(delete_response_chain("c"))
    assert isinstance(failure, Failure)
    assert isinstance(failure.failure(), InvalidArgument)


def test_an_id_that_makes_no_sense_is_an_invalid_argument() -> None:
    (failure,) = Script().iterate(delete_response_chain(""))
    assert isinstance(failure, Failure)
    assert isinstance(failure.failure(), InvalidArgument)


def test_whoever_stops_asking_deletes_no_more() -> None:
    script = Script(*chain("a", None), deleted("a"))
    values = iterate(delete_response_chain("b"), script)
    assert script.asked == []
    next(values)
    assert script.answers == []


def chained(length: int, *, links: Callable[[int], object] = lambda n: f"resp_{n - 1}" if n else None) -> State:
    """A service with responses `resp_0`, `resp_1`, …, each going on from the one before."""
    state = State()
    for n in range(length):
        state = state.having(stored(body_of("completed", id=f"resp_{n}", previous_response_id=links(n))))
    return state


def test_in_memory_nothing_is_left_of_a_chain() -> None:
    transport = MemoryTransport(chained(20))
    values = list(iterate(delete_response_chain("resp_15"), transport, results=True))
    assert ids(values) == [f"resp_{n}" for n in range(16)]
    assert [n for n in range(20) if f"resp_{n}" in transport.state.responses] == [16, 17, 18, 19]


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(0, 20), st.booleans())
def test_what_breaks_off_is_finished_by_the_same_call_again(length: int, breaks_at: int, stays: bool) -> None:
    service = MemoryTransport(chained(length))
    asked: list[HttpRequest] = []

    def failing(request: HttpRequest) -> Result[HttpResponse, Error]:
        asked.append(request)
        if len(asked) == breaks_at + 1:
            if stays:  # the server acted, and the answer was lost
                service(request)
            return Failure(Interrupted("reset", "cut off"))
        return service(request)

    newest = f"resp_{length - 1}"
    before = list(iterate(delete_response_chain(newest), failing, results=True))
    assert all(name not in service.state.responses for name in ids(before))
    if newest in service.state.responses:
        assert not any(isinstance(value, Failure) for value in iterate(delete_response_chain(newest), service))
    assert len(service.state.responses) == 0


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=1, max_size=6), st.integers(0, 5))
def test_wherever_the_links_lead_the_chain_ends_and_each_is_deleted_once(links: list[int | None], start: int) -> None:
    def link(n: int) -> object:
        target = links[n]
        return None if target is None else f"resp_{target}"

    service = MemoryTransport(chained(len(links), links=link))
    values = list(iterate(delete_response_chain(f"resp_{start}"), service, results=True))
    assert len(set(ids(values))) == len(ids(values))
    assert len(service.requests) <= 2 * len(links) + 1
    assert f"resp_{start}" not in service.state.responses


def test_a_long_chain_is_deleted() -> None:
    service = MemoryTransport(chained(2_000))
    assert len(list(iterate(delete_response_chain("resp_1999"), service))) == 2_000


# --- audit_response -------------------------------------------------------------------------------


def test_an_audit_holds_the_response_and_all_its_input_items_oldest_first() -> None:
    transport = MemoryTransport()
    audit = run(audit_response("resp_long"), transport).unwrap()
    assert audit.response == run(retrieve_response("resp_long"), transport).unwrap()
    assert audit.input_items == run(collect(all_input_items("resp_long", order="asc")), transport).unwrap()
    assert len(audit.input_items) == 250


def test_an_audit_loses_nothing() -> None:
    transport = MemoryTransport()
    audit = run(audit_response("resp_chat", include=["message.input_image.image_url"]), transport).unwrap()
    known = transport.state.responses["resp_chat"]
    assert any(isinstance(item, Unknown) for item in audit.input_items)
    assert json.decode(encode(audit)) == {"response": known.body, "input_items": list(known.input_items)}


def test_an_audit_includes_what_is_asked_for_in_both() -> None:
    page = json_response({"object": "list", "data": [], "has_more": False})
    script = Script(saw("completed"), page)
    assert script.run(audit_response("resp_1", include=["a", "b"])).unwrap().input_items == ()
    assert script.asked == [
        "GET resp_1 include[]=a include[]=b",
        "GET resp_1/input_items include[]=a include[]=b limit=100 order=desc",
    ]


def test_an_audit_fails_with_whatever_fails_in_it() -> None:
    for script in (Script(BUSY), Script(saw("completed"), BUSY), Script(saw("completed"), HttpResponse(status=200))):
        assert is_failure(script.run(audit_response("resp_1")))


def test_an_audit_of_bad_arguments_sends_nothing() -> None:
    bad: Any = "reasoning"
    for operation in (audit_response(""), audit_response("resp_1", include=bad)):
        assert isinstance(error_of(Script().run(operation)), InvalidArgument)


# --- in any hands ---------------------------------------------------------------------------------

PROGRAMS: dict[str, tuple[Callable[[], Operation[Any] | Stream[Any]], list[Given]]] = {
    "cancel if running": (lambda: cancel_if_running("resp_1"), [saw("queued"), TOO_LATE[1], saw("completed")]),
    "cancel and wait": (
        lambda: cancel_and_wait("resp_1", POLICY),
        [TOO_LATE[0], saw("cancelled"), saw("cancelled"), saw("completed")],
    ),
    "delete a chain": (
        lambda: delete_response_chain("c"),
        [*chain("b", "a"), GONE, deleted("b"), deleted("c")],
    ),
    "audit": (
        lambda: audit_response("resp_1", include=["x"]),
        [saw("completed"), json_response({"object": "list", "data": [], "has_more": False})],
    ),
    "audit, retried": (
        lambda: retrying(audit_response("resp_1"), RetryPolicy(max_retries=1)),
        [BUSY, saw("completed"), json_response({"object": "list", "data": [], "has_more": False})],
    ),
}
each_program = pytest.mark.parametrize(("make", "answers"), PROGRAMS.values(), ids=PROGRAMS.keys())


def stepped(program: Operation[Any] | Stream[Any], answers: list[Given]) -> list[Operation[Any] | Stream[Any]]:
    """All steps of a program, each gone through its pickle before the next."""
    given = iter(answers)
    now = 0.0
    steps = [program]
    while not isinstance(program, (Done, End)):
        program = pickle.loads(pickle.dumps(program))
        assert program == steps[-1]
        match program:
            case Send(_, resume):
                answer = next(given)
                program = resume(Success(answer) if isinstance(answer, HttpResponse) else Failure(answer))
            case Wait(seconds, _, resume):
                now += seconds
                program = resume(now)
            case Perform(operation, resume):
                inner = stepped(operation, [next(given)])[-1]
                assert isinstance(inner, Done)
                program = resume(inner.result)
            case Emit(_, rest):
                program = rest
            case _:
                pytest.fail(f"{program} is no step of a recipe")
        steps.append(program)
    assert next(given, None) is None
    return steps


@each_program
def test_a_recipe_is_a_value_at_every_step(make: Callable[[], Any], answers: list[Given]) -> None:
    steps = stepped(make(), answers)
    assert stepped(make(), answers) == steps
    assert len(steps) > len(answers)
    for step in steps:
        assert " at 0x" not in repr(step)
        assert len(repr(step)) < 1_500


@each_program
def test_a_recipe_runs_under_an_event_loop(make: Callable[[], Any], answers: list[Given]) -> None:
    async def values(stream: Stream[Any], script: Script) -> list[Any]:
        return [value async for value in iterate_async(stream, script.answer_async, clock=script.clock, results=True)]

    blocking, free = Script(*answers), Script(*answers)
    program = make()
    if make() == delete_response_chain("c"):
        assert asyncio.run(values(program, free)) == blocking.iterate(make())
    else:
        assert asyncio.run(run_async(program, free.answer_async, clock=free.clock)) == blocking.run(make())
    assert free.asked == blocking.asked


def test_recipes_print_what_they_will_do() -> None:
    assert repr(cancel_if_running("resp_1")) == (
        "Send(request=HttpRequest(method='GET', path='/responses/resp_1', idempotent=True), "
        "resume=Then(ReceiveResponse(), Bind(function=CancelIfRunning(response_id='resp_1')), "
        "Alt(function=AboutResponse(response_id='resp_1'))))"
    )
    assert repr(delete_response_chain("c")) == (
        "Perform(operation=Send(request=HttpRequest(method='GET', path='/responses/c', idempotent=True), "
        "resume=ReceiveResponse()), resume=FollowChain(ids=('c',)))"
    )


def test_recipes_compose_like_any_operation() -> None:
    program = cancel_response("resp_1").bind(lambda _: audit_response("resp_1")).map(lambda audit: audit.response.id)
    page = json_response({"object": "list", "data": [], "has_more": False})
    assert Script(saw("cancelled"), saw("cancelled"), page).run(program) == Success("resp_1")


# --- what does not fit ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odd", "told"), [(7, "7"), (True, "True"), (["resp_0"], "['resp_0']"), ({"id": "resp_0"}, "{'id': 'resp_0'}")]
)
def test_a_chain_that_cannot_be_followed_is_an_error_and_nothing_is_deleted(odd: object, told: str) -> None:
    script = Script(
        saw("completed", previous_response_id="resp_0"), saw("completed", id="resp_0", previous_response_id=odd)
    )
    (last,) = script.iterate(delete_response_chain("resp_1"))
    assert isinstance(last, Failure)
    error = last.failure()
    assert isinstance(error, DecodeError)
    assert (error.path, error.response_id) == ("$.previous_response_id", "resp_0")
    assert error.reason == f"expected the id of a response, or null; got {told}"
    assert [asked.split()[0] for asked in script.asked] == ["GET", "GET"]


@pytest.mark.parametrize("nothing", [None, "", 0, [], {}])
def test_a_chain_ends_where_nothing_is_told_to_go_before(nothing: object) -> None:
    script = Script(saw("completed", previous_response_id=nothing), json_response({"id": "resp_1", "deleted": True}))
    assert script.iterate(delete_response_chain("resp_1")) == [DeletedResponse(id="resp_1", deleted=True)]


@pytest.mark.parametrize(
    ("said", "cancels"), [("true", True), (1, True), ("false", False), (0, False), ("yes", False), ({}, False)]
)
def test_background_is_what_was_sent_for_it(said: object, cancels: bool) -> None:
    script = Script(saw("in_progress", background=said), *([saw("cancelled")] if cancels else []))
    assert status_of(script.run(cancel_if_running("resp_1"))) == ("cancelled" if cancels else "in_progress")


@pytest.mark.parametrize("odd", [7, None, True, ["completed"], {"is": "completed"}])
def test_a_status_that_is_none_is_pending_and_the_wait_ends_by_its_deadline(odd: object) -> None:
    script = Script(*[json_response(body_of(odd)) for _ in range(20)])
    result = run(wait_for_response("resp_1", POLICY), script, clock=script.clock)
    error = error_of(result)
    assert isinstance(error, WaitExpired)
    assert error.last is not None
    assert to_plain(error.last)["status"] == odd
    assert len(script.asked) == error.polls
    assert script.clock.now <= POLICY.deadline
