"""The answer behind a value: which one it is, through retries, forks and whatever else a program does."""

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success
from stubs import SlowNetwork, in_turn

from puresponse.codecs import DeletedResponse
from puresponse.core import (
    Answer,
    ApiError,
    Done,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Operation,
    RetryPolicy,
    Send,
    Wait,
    WaitPolicy,
    WithResponse,
    all_input_items,
    audit_response,
    cancel_if_running,
    collect,
    configured,
    delay,
    delete_response,
    elapsed,
    fail,
    list_input_items,
    load_operation,
    retrieve_response,
    retrying,
    save_checkpoint,
    sequentially,
    succeed,
    wait_for_response,
    with_response,
    within,
)
from puresponse.core.combinators.answered import Answered
from puresponse.core.interchange.flow import returned_by
from puresponse.core.programs.recipes import CancelIfRunning
from puresponse.transports import MemoryTransport, VirtualClock, run

DELETED = b'{"id": "resp_1", "deleted": true}'


def answer(request_id: str, status: int = 200, body: bytes = DELETED) -> HttpResponse:
    return HttpResponse(status=status, headers=(("x-request-id", request_id),), body=body)


class Then(Struct, frozen=True):
    """Goes on with an operation, whatever was before."""

    operation: Operation[Any]

    def __call__(self, value: Any) -> Operation[Any]:
        return self.operation


class Results(Struct, frozen=True):
    """Returns the results of a fork."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[Any]:
        return succeed(results)


def after(operation: Operation[Any], *answers: HttpResponse | Error) -> WithResponse[Any]:
    """The value and the answer that the operation ends with, given these."""
    given = [Success(one) if isinstance(one, HttpResponse) else Failure(one) for one in answers]
    return run(with_response(operation), in_turn(*given), clock=VirtualClock()).unwrap()


NAMES: dict[str, object] = {"Then": Then, "Results": Results}


# --- which answer ---------------------------------------------------------------------------------


def test_a_value_is_there_with_the_whole_answer_that_it_was_decoded_from() -> None:
    received = answer("req_1")
    found = after(delete_response("resp_1"), received)
    assert found == WithResponse(DeletedResponse(id="resp_1", deleted=True), received)
    assert (found.response, found.request_id) == (received, "req_1")


def test_it_sends_what_the_operation_sends_and_asks_for_nothing() -> None:
    plain, seen = delete_response("resp_1"), with_response(delete_response("resp_1"))
    assert isinstance(plain, Send)
    assert isinstance(seen, Send)
    assert seen.request == plain.request


def test_where_nothing_was_sent_there_is_no_answer() -> None:
    assert with_response(succeed(1)) == succeed(WithResponse(1))
    assert WithResponse(1).response is None
    assert WithResponse(1).request_id is None
    assert after(delay(5.0), answer("req_1")) == WithResponse(5.0, None)


def test_an_answer_without_a_request_id_has_none() -> None:
    assert after(delete_response("resp_1"), HttpResponse(status=200, body=DELETED)).request_id is None


def test_of_several_requests_it_is_the_last_answer() -> None:
    both = delete_response("a").bind(Then(delete_response("b")))
    assert after(both, answer("req_1"), answer("req_2")).request_id == "req_2"
    assert after(both.bind(Then(delay(3.0))), answer("req_1"), answer("req_2")).request_id == "req_2"


@pytest.mark.parametrize("outside", [True, False])
def test_of_what_was_repeated_it_is_the_answer_to_the_last_attempt(outside: bool) -> None:
    answers = (answer("req_1", 503), Interrupted("reset", "?"), answer("req_3"))
    plain = delete_response("resp_1")
    given = [Success(one) if isinstance(one, HttpResponse) else Failure(one) for one in answers]
    operation = with_response(retrying(plain)) if outside else retrying(with_response(plain))
    found = run(operation, in_turn(*given), clock=VirtualClock()).unwrap()
    assert (found.request_id, found.value.deleted) == ("req_3", True)


def test_a_refusal_is_an_answer_too_where_the_program_goes_on_to_a_value() -> None:
    mended = delete_response("resp_1").lash(Then(succeed("gone")))
    found = after(mended, answer("req_1", 404))
    assert (found.value, found.request_id) == ("gone", "req_1")
    assert found.response is not None
    assert found.response.status == 404


def test_a_request_that_nothing_answered_leaves_the_answer_before() -> None:
    program = delete_response("a").bind(Then(delete_response("b").lash(Then(succeed("?")))))
    for error in (Interrupted("reset", "?", partial=answer("req_9")), NotSent("dns", "?")):
        assert after(program, answer("req_1"), error) == WithResponse("?", answer("req_1"))


def test_a_failure_stays_what_it_is() -> None:
    assert with_response(fail(NotSent("dns", "?"))) == fail(NotSent("dns", "?"))
    error = run(with_response(delete_response("resp_1")), in_turn(Success(answer("req_1", 404)))).failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.request_id) == (404, "req_1")


def test_of_a_fork_it_is_the_last_answer_in_the_order_of_the_operations() -> None:
    def forked(*operations: Operation[Any]) -> Operation[Any]:
        return Fork(operations, Results())

    two = forked(delete_response("a"), delete_response("b"))
    assert after(two, answer("req_1"), answer("req_2")).request_id == "req_2"
    assert after(forked(delete_response("a"), succeed(1)), answer("req_1")).request_id == "req_1"
    refused = forked(delete_response("a"), delete_response("b"))
    assert after(refused, answer("req_1"), answer("req_2", 404)).request_id == "req_2"
    pure = delete_response("a").bind(Then(forked(succeed(1), delay(2.0))))
    assert after(pure, answer("req_1")).request_id == "req_1"
    later = delete_response("0").bind(Then(forked(delete_response("a"), succeed(1))))
    assert after(later, answer("req_0"), answer("req_1")).request_id == "req_1"
    assert after(two.bind(Then(delete_response("c"))), answer("1"), answer("2"), answer("3")).request_id == "3"
    first, second = after(two, answer("req_1"), answer("req_2", 404)).value
    assert first == Success(DeletedResponse(id="resp_1", deleted=True))
    assert second.failure().status == 404


def test_in_a_fork_that_is_carried_out_in_another_order_it_is_the_same_answer() -> None:
    step = with_response(Fork((delete_response("a"), delete_response("b")), Results()))
    assert isinstance(step, Fork)

    def by_path(request: HttpRequest) -> Answer:
        return Success(answer(request.path))

    backwards = [run(operation, by_path) for operation in step.operations[::-1]]
    done = step.resume(tuple(backwards[::-1]))
    assert isinstance(done, Done)
    assert done.result.unwrap().request_id == "/responses/b"


def test_a_fork_in_a_fork_and_one_that_is_taken_apart() -> None:
    inner: Operation[Any] = Fork((delete_response("a"), delete_response("b")), Results())
    outer = Fork((inner, succeed(1)), Results())
    assert after(outer, answer("req_1"), answer("req_2")).request_id == "req_2"
    assert after(sequentially(outer), answer("req_1"), answer("req_2")).request_id == "req_2"


# --- with what else there is ------------------------------------------------------------------------


def test_recipes_and_waits_give_their_last_answer() -> None:
    service = MemoryTransport()
    clock = VirtualClock()
    for operation, ends in (
        (cancel_if_running("resp_in_progress"), b'"status":"cancelled"'),
        (audit_response("resp_long"), b'"has_more":false'),
        (wait_for_response("resp_completed", WaitPolicy(deadline=60)), b'"status":"completed"'),
        (collect(all_input_items("resp_long")), b'"has_more":false'),
    ):
        found = run(with_response(operation), service, clock=clock).unwrap()
        assert found.response is not None
        assert ends in found.response.body.replace(b" ", b"")


def test_a_value_is_the_same_with_and_without_its_answer() -> None:
    for make in (lambda: audit_response("resp_long"), lambda: list_input_items("resp_long")):
        assert run(with_response(make()), MemoryTransport()).unwrap().value == run(make(), MemoryTransport()).unwrap()


def test_in_a_limit_and_around_one() -> None:
    slow = SlowNetwork((1.0, answer("req_1")))
    assert slow.run(within(with_response(delete_response("a")), 5)).unwrap().request_id == "req_1"
    assert slow.run(with_response(within(delete_response("a"), 5))).unwrap().request_id == "req_1"
    fork: Operation[Any] = Fork((delete_response("a"), delete_response("b")), Results())
    for both in (within(with_response(fork), 5), with_response(within(fork, 5))):
        found = SlowNetwork((1.0, answer("req_1")), (1.0, answer("req_2"))).run(both).unwrap()
        assert found.request_id == "req_2"
        assert [result.unwrap().deleted for result in found.value] == [True, True]


def test_what_is_configured_is_configured_in_the_value_as_well() -> None:
    listing = configured(with_response(list_input_items("resp_long", limit=100)), headers={"X-Job": "1"})
    page = run(listing, MemoryTransport()).unwrap().value
    following: Any = page.next_page
    assert isinstance(following, Send)
    assert dict(following.request.headers)["X-Job"] == "1"


def test_the_value_and_its_answer_go_on_through_the_program() -> None:
    named = with_response(delete_response("resp_1")).map(lambda found: f"{found.value.id}: {found.request_id}")
    assert run(named, in_turn(Success(answer("req_1")))) == Success("resp_1: req_1")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (all_input_items("resp_1"), "^with_response takes an operation, not a stream.*collect"),
        ("resp_1", "^with_response takes an operation, not an object of type str$"),
    ],
    ids=["a stream", "no program"],
)
def test_what_is_no_operation_is_a_type_error_that_says_what_to_do(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        with_response(given)


# --- data -------------------------------------------------------------------------------------------


def test_its_repr_shows_the_status_and_the_request_id_and_neither_headers_nor_body() -> None:
    received = HttpResponse(
        status=200, headers=(("x-request-id", "req_1"), ("set-cookie", "secret")), body=b"secret" * 1_000_000
    )
    assert repr(WithResponse(1, received)) == "WithResponse(1, status=200, request_id='req_1')"
    assert len(repr(WithResponse("x" * 10_000_000, received))) < 10_000


PROGRAMS: list[Operation[Any]] = [
    delete_response("a"),
    retrying(delete_response("a")),
    delete_response("a").bind(Then(retrieve_response("b"))),
    elapsed().bind(Then(delete_response("a"))),
    Fork((delete_response("a"), delete_response("b")), Results()),
    Fork((within(delete_response("a"), 5),), Results()),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_is_data_at_every_step(program: Operation[Any]) -> None:
    operation, twin = with_response(program), with_response(program)
    while True:
        assert (operation, hash(operation)) == (twin, hash(twin))
        assert pickle.loads(pickle.dumps(operation)) == operation
        data = save_checkpoint(operation, names=NAMES).unwrap()
        assert load_operation(data, names=NAMES).unwrap().program == operation
        if isinstance(operation, Done):
            break
        operation, twin = onward(operation), onward(twin)


def onward(operation: Operation[Any]) -> Operation[Any]:
    """The next step, where every request is answered alike."""
    match operation:
        case Send(_, resume):
            return resume(Success(answer("req_1")))
        case Wait(_, _, resume):
            return resume(1.0)
        case Fork():
            return sequentially(operation)
        case Done():
            return operation


def test_a_checkpoint_is_held_to_what_it_returns() -> None:
    """Behind `with_response` there is a `WithResponse`: a frame that takes the value alone is misplaced."""
    recipe = with_response(retrieve_response("a").bind(CancelIfRunning("a")))
    assert load_operation(save_checkpoint(recipe).unwrap()).unwrap().program == recipe
    taking: Any = CancelIfRunning("a")
    for around in (with_response, _twice, _in_a_limit):
        misplaced = save_checkpoint(around(retrieve_response("a")).bind(taking)).unwrap()
        refusal = str(load_operation(misplaced).failure())
        assert "CancelIfRunning does not take" in refusal
        assert "WithResponse" in refusal


def test_flow_knows_what_the_operations_of_a_fork_return_and_report() -> None:
    receive = delete_response("a")
    assert isinstance(receive, Send)
    for rule, value in ((Answered(reports=True), DeletedResponse), (Answered(), WithResponse[DeletedResponse])):
        assert returned_by(rule.under(receive.resume, sees=True), Answer).ends_in == value


def _twice(operation: Operation[Any]) -> Operation[Any]:
    return with_response(with_response(operation))


def _in_a_limit(operation: Operation[Any]) -> Operation[Any]:
    limited = within(with_response(operation), 5)
    assert isinstance(limited, Wait)
    return limited.resume(0.0)


def test_a_thousand_over_each_other_are_flat() -> None:
    program: Operation[Any] = delete_response("a").bind(Then(delete_response("b")))
    for _ in range(1_000):
        program = with_response(program)
    assert pickle.loads(pickle.dumps(program)) == program
    data = save_checkpoint(program, names=NAMES).unwrap()
    assert load_operation(data, names=NAMES).unwrap().program == program
    found: Any = run(program, in_turn(Success(answer("req_1")), Success(answer("req_2")))).unwrap()
    depth = 0
    assert repr(found) == "WithResponse(WithResponse(…), status=200, request_id='req_2')"
    while depth < 1_000:
        assert found.request_id == "req_2"
        found, depth = found.value, depth + 1
    assert found == DeletedResponse(id="resp_1", deleted=True)


# --- the law ------------------------------------------------------------------------------------------

Programs = st.SearchStrategy[Operation[Any]]


def bound(one: Operation[Any], other: Operation[Any]) -> Operation[Any]:
    return one.bind(Then(other))


def lashed(one: Operation[Any], other: Operation[Any]) -> Operation[Any]:
    return one.lash(Then(other))


def repeated(operation: Operation[Any]) -> Operation[Any]:
    return retrying(operation, RetryPolicy(jitter=0))


def composed(inner: Programs) -> Programs:
    """Programs of others."""
    return st.builds(bound, inner, inner) | st.builds(lashed, inner, inner) | inner.map(repeated)


SMALL: list[Operation[Any]] = [delete_response("a"), delete_response("b"), delay(1.0), succeed(1), elapsed()]
steps: Programs = st.recursive(st.sampled_from(SMALL), composed, max_leaves=8)
answers = st.lists(
    st.sampled_from([answer("req"), answer("req", 404), answer("req", 503), Interrupted("reset", "?")]),
    min_size=1,
    max_size=9,
)


@settings(deadline=None)
@given(program=steps, received=answers)
def test_it_is_the_same_result_with_the_last_answer_of_the_run(
    program: Operation[Any], received: list[HttpResponse | Error]
) -> None:
    numbered: list[tuple[float, Any]] = [
        (0.0, answer(f"req_{number}", one.status) if isinstance(one, HttpResponse) else one)
        for number, one in enumerate(received)
    ]
    seen: list[HttpResponse] = []

    def noting(request: HttpRequest) -> Answer:
        given = slow(request)
        if isinstance(given, Success):
            seen.append(given.unwrap())
        return given

    slow = SlowNetwork(*numbered)
    plain = slow.run(program)
    slow = SlowNetwork(*numbered)
    result = run(with_response(program), noting, clock=slow.clock)
    if isinstance(plain, Failure):
        assert result == plain
    else:
        assert result == Success(WithResponse(plain.unwrap(), seen[-1] if seen else None))
