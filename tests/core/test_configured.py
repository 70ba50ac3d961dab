"""Headers, query and timeout for every request of a program: laws, by the requests that are sent."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from catalogue import NAMES, OPERATIONS, PROGRAMS, Host, Program, Step
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json, structs
from returns.result import Success
from stubs import in_turn

from puresponse import core
from puresponse.codecs import DecodeError
from puresponse.core import (
    END,
    Emit,
    Fork,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    Open,
    Page,
    RetryPolicy,
    Send,
    WaitPolicy,
    all_input_items,
    audit_response,
    configured,
    create_response,
    delete_response,
    gather,
    list_input_items,
    load_operation,
    load_stream,
    retrieve_response,
    retrying,
    save_checkpoint,
    sequence,
    stream_response,
    succeed,
    wait_for_response,
    with_response,
)
from puresponse.core.frame_trees import flattened
from puresponse.core.http import find_header
from puresponse.transports import run
from puresponse.transports.testing.stub import StubTransport

public: Any = import_module("puresponse.core")

HEADERS = {"X-Trace": "1"}
QUERY = {"tenant": "a"}
ADDED: dict[str, Any] = {"headers": HEADERS, "query": QUERY, "timeout": 9.0}
OPTIONS: dict[str, Any] = {"extra_headers": HEADERS, "extra_query": QUERY, "timeout": 9.0}
POLICY = WaitPolicy(deadline=30)


def sent_by(program: Any) -> list[HttpRequest]:
    """The requests of a program, carried out to its end against the unkind service of the catalogue."""
    asked: list[HttpRequest] = []

    def between(step: Program, _elapsed: float) -> Program:
        if isinstance(step, Send | Open):
            asked.append(step.request)
        return step

    Host(between).run(program)
    return asked


def is_configured(request: HttpRequest) -> bool:
    """With `ADDED`, or with a shorter timeout of its own."""
    found = find_header(request.headers, "x-trace"), dict(request.query).get("tenant")
    return found == ("1", "a") and request.timeout is not None and request.timeout <= 9.0


def exchanges_of(program: Any) -> list[Step]:
    """What a host does for a program, but for what is over at once."""
    return [step for step in Host().run(program).steps if step.kind not in ("Perform", "Done")]


def without(request: HttpRequest) -> HttpRequest:
    """The request as it was before it was configured with `ADDED`."""
    headers = tuple(pair for pair in request.headers if pair != ("X-Trace", "1"))
    query = tuple(pair for pair in request.query if pair != ("tenant", "a"))
    return structs.replace(request, headers=headers, query=query, timeout=None)


def first(program: Any) -> HttpRequest:
    assert isinstance(program, Send | Open), program
    return program.request


# --- every request, of every program --------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_request_of_every_program_is_configured_and_nothing_else_is_changed(name: str) -> None:
    make = PROGRAMS[name]
    requests = sent_by(configured(make(), **ADDED))
    assert all(map(is_configured, requests))
    assert [without(request) for request in requests] == [without(request) for request in sent_by(make())]
    assert exchanges_of(configured(make(), **ADDED)) == exchanges_of(make())


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_makes_no_difference_whether_a_program_is_retried_before_or_after(name: str) -> None:
    make = PROGRAMS[name]
    before = sent_by(retrying(configured(make(), **ADDED)))
    assert before == sent_by(configured(retrying(make()), **ADDED))
    assert all(map(is_configured, before))


def fields_of(function: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "policy": POLICY,
        "response": "resp_running",
        "response_id": "resp_chat",
        "conversation_id": "conv_1",
        "item_id": "msg_1",
        "items": "Hi",
        "metadata": {},
        "model": "gpt-5-mini",
        "output_type": int,
    }
    parameters = inspect.signature(function).parameters
    taken = {name: given[name] for name, one in parameters.items() if one.default is one.empty}
    return {**taken, "model": "gpt-5-mini", "input": "Hi"} if "input" in parameters else taken


BUILDERS: dict[str, Any] = {
    name: function
    for name in public.__all__
    if inspect.isfunction(function := getattr(public, name))
    and "extra_headers" in inspect.signature(function).parameters
}


def test_many_builders_recipes_waits_and_streams_take_options() -> None:
    assert len(BUILDERS) >= 25
    assert {"cancel_and_wait", "watch_response", "delete_response_chain", "resume_stream"} <= BUILDERS.keys()


@pytest.mark.parametrize("option", sorted(OPTIONS))
@pytest.mark.parametrize("name", BUILDERS)
def test_each_option_of_each_function_is_in_each_of_its_requests(name: str, option: str) -> None:
    build, fields = BUILDERS[name], fields_of(BUILDERS[name])
    plain, requests = sent_by(build(**fields)), sent_by(build(**fields, **{option: OPTIONS[option]}))
    assert [without(request) for request in requests] == plain
    assert plain
    for request in requests:
        assert ("X-Trace", "1") in request.headers or option != "extra_headers"
        assert ("tenant", "a") in request.query or option != "extra_query"
        assert request.timeout == (9.0 if option == "timeout" else None)


@pytest.mark.parametrize("name", BUILDERS)
def test_without_options_a_program_is_itself(name: str) -> None:
    build, fields = BUILDERS[name], fields_of(BUILDERS[name])
    nothing: Any = {"extra_headers": None, "extra_query": None, "timeout": None}
    assert build(**fields) == build(**fields, **nothing) == build(**fields, extra_headers={}, extra_query={})


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("extra_headers", {"Authorization": "Bearer sk-hidden"}),
        ("extra_headers", {"Content-Length": "3"}),
        ("extra_headers", "X: sk-hidden"),
        ("extra_query", {"api-key": "sk-hidden"}),
        ("extra_query", {"a": object()}),
        ("timeout", 0),
        ("timeout", "9"),
    ],
)
@pytest.mark.parametrize("name", BUILDERS)
def test_what_no_request_can_have_is_refused_by_name_before_anything_is_sent(
    name: str, option: str, value: Any
) -> None:
    program = BUILDERS[name](**fields_of(BUILDERS[name]), **{option: value})
    assert sent_by(program) == []
    refused = Host().run(program).result.failure()
    assert isinstance(refused, InvalidArgument)
    assert refused.parameter == option
    assert "sk-hidden" not in refused.reason
    # And so by `configured`, whose parameters are called so without `extra_`.
    plain = option.removeprefix("extra_")
    again: Any = configured(BUILDERS[name](**fields_of(BUILDERS[name])), **{plain: value})
    assert again.result.failure() == structs.replace(refused, parameter=plain)


def test_a_header_whose_name_is_no_string_is_refused_by_the_type_of_the_name() -> None:
    headers: Any = {b"sk-hidden": "1"}
    refused: Any = configured(delete_response("resp_1"), headers=headers)
    reason = "given 'bytes'; allowed is names that are tokens (RFC 9110, section 5.6.2)"
    assert refused.result.failure() == InvalidArgument("headers", reason)


def test_what_is_no_program_cannot_be_configured() -> None:
    nothing: Any = 5
    with pytest.raises(TypeError, match=r"^configured takes an operation or a stream, not an object of type int"):
        configured(nothing, timeout=1)


# --- the inner value wins -------------------------------------------------------------------------


def test_what_a_request_has_already_is_left_as_it_is() -> None:
    inner = list_input_items("resp_1", limit=5, extra_headers={"X-Trace": "inner"}, timeout=2)
    outer: Any = configured(
        inner, headers={"x-trace": "outer", "X-More": "1"}, query={"limit": 7, "b": True}, timeout=3
    )
    assert first(outer) == HttpRequest(
        "GET",
        "/responses/resp_1/input_items",
        (("limit", "5"), ("b", "true")),
        (("X-Trace", "inner"), ("X-More", "1")),
        idempotent=True,
        timeout=2.0,
    )
    assert first(configured(inner, timeout=1)).timeout == 1.0


def test_the_options_of_a_builder_override_its_defaults_in_every_request() -> None:
    program = audit_response("resp_chat", extra_query={"limit": 7, "order": "desc"}, extra_headers={"X-Trace": "1"})
    retrieval, page = sent_by(configured(program, query={"limit": 9}, headers={"x-trace": "2"}))
    assert retrieval.query == page.query == (("limit", "7"), ("order", "desc"))
    assert retrieval.headers == page.headers == (("X-Trace", "1"),)


def test_the_total_time_of_a_request_stays() -> None:
    polls = sent_by(wait_for_response("resp_running", WaitPolicy(deadline=20, jitter=0)))
    assert {request.total for request in polls} != {None}
    assert [request.total for request in polls] == [
        request.total
        for request in sent_by(wait_for_response("resp_running", WaitPolicy(deadline=20, jitter=0), timeout=5))
    ]


header_names = st.sampled_from(["X-A", "x-a", "X-B", "Accept", "content-type", "Idempotency-Key"])
texts = st.sampled_from(["1", "2", "3"])
configurations = st.fixed_dictionaries(
    {},
    optional={
        "headers": st.dictionaries(header_names, texts, max_size=3),
        "query": st.dictionaries(st.sampled_from(["limit", "a", "include"]), texts | st.lists(texts), max_size=3),
        "timeout": st.none() | st.sampled_from([1, 2.5, 30]),
    },
)
programs = st.sampled_from(
    [
        delete_response("resp_1"),
        create_response(model="m", input="Hi"),
        list_input_items("resp_1", limit=5, timeout=4),
        stream_response(model="m", input="Hi", extra_headers={"X-B": "0"}),
        audit_response("resp_chat", extra_query={"a": "0"}),
    ]
)


@given(programs, configurations, configurations)
def test_configured_twice_is_configured_once_with_both(program: Any, inner: Any, outer: Any) -> None:
    twice = configured(configured(program, **inner), **outer)
    request, plain = first(twice), first(program)
    for name in {name.lower() for name, _ in request.headers}:
        places = (dict(plain.headers), inner.get("headers", {}), outer.get("headers", {}))
        found = [{k: v for k, v in place.items() if k.lower() == name} for place in places]
        winner = next(values for values in found if values)
        assert {k: v for k, v in request.headers if k.lower() == name} == winner
    times = [time for time in (plain.timeout, inner.get("timeout"), outer.get("timeout")) if time is not None]
    assert request.timeout == min(times, default=None)
    assert request == first(configured(configured(twice, **inner), **outer))
    assert sent_by(twice) == sent_by(configured(configured(configured(program, **inner), **inner), **outer))


@given(programs, configurations)
def test_to_configure_again_with_the_same_changes_nothing(program: Any, added: Any) -> None:
    once = configured(program, **added)
    assert configured(once, **added) == once


@given(programs, configurations)
def test_what_was_there_is_still_there_and_in_order(program: Any, added: Any) -> None:
    request, plain = first(configured(program, **added)), first(program)
    assert request.headers[: len(plain.headers)] == plain.headers
    assert request.query[: len(plain.query)] == plain.query
    assert structs.replace(request, headers=(), query=(), timeout=None) == structs.replace(
        plain, headers=(), query=(), timeout=None
    )


# --- what belongs to a creation -------------------------------------------------------------------


def test_a_replay_and_a_poll_leave_out_what_belongs_to_the_creation() -> None:
    headers = {"Idempotency-Key": "key", "Content-Type": "application/json; v=2", "X-Trace": "1"}
    program: Any = stream_response(model="gpt-5-mini", input="Hi", background=True)
    creation, *others = sent_by(configured(program, headers=headers))
    assert dict(creation.headers)["Idempotency-Key"] == "key"
    assert dict(creation.headers)["Content-Type"] == "application/json"
    assert others
    for request in others:
        assert request.method == "GET"
        assert request.headers == (("Accept", "text/event-stream"), ("X-Trace", "1"))


def test_a_key_goes_with_what_is_not_idempotent_and_makes_nothing_so() -> None:
    create = first(configured(create_response(model="m"), headers={"Idempotency-Key": "k"}))
    assert dict(create.headers)["Idempotency-Key"] == "k"
    assert not create.idempotent
    for built in (delete_response("r"), retrieve_response("r"), create_response(model="m", idempotency_key="own")):
        assert dict(first(configured(built, headers={"Idempotency-Key": "k"})).headers).get("Idempotency-Key") != "k"


# --- operations inside values ---------------------------------------------------------------------


def page_body(number: int, last: int = 3) -> HttpResponse:
    item: dict[str, Any] = {
        "id": f"msg_{number}",
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": [],
    }
    listing: dict[str, Any] = {"object": "list", "data": [item], "last_id": f"msg_{number}", "has_more": number < last}
    return HttpResponse(status=200, body=json.encode(listing))


def pages(last: int = 3) -> StubTransport:
    return in_turn(*[Success(page_body(number, last)) for number in range(1, last + 1)])


def followed(page: Any, transport: StubTransport) -> None:
    while page.next_page is not None:
        page = run(page.next_page, transport).unwrap()


HOLDING: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "the value": (lambda: list_input_items("r"), lambda value: value),
    "retried": (lambda: retrying(list_input_items("r")), lambda value: value),
    "gathered": (lambda: gather(list_input_items("r"), succeed(1)), lambda value: value[0]),
    "in a sequence": (lambda: sequence([list_input_items("r")]), lambda value: value[0]),
    "an outcome": (lambda: core.all_outcomes([list_input_items("r")]), lambda value: value[0].unwrap()),
    "in a list": (lambda: list_input_items("r").map(as_list), lambda value: value[1]),
    "with its response": (lambda: with_response(list_input_items("r")), lambda value: value.value),
    "gathered, with a response": (lambda: with_response(sequence([list_input_items("r")])), lambda v: v.value[0]),
}


def as_list(page: Page[Any]) -> list[Any]:
    return [1, page]


@pytest.mark.parametrize("where", HOLDING)
def test_an_operation_inside_a_value_is_configured_like_the_program(where: str) -> None:
    make, page_in = HOLDING[where]
    transport = pages()
    value = run(configured(make(), **ADDED), transport).unwrap()
    assert type(value) is type(run(make(), pages()).unwrap())
    followed(page_in(value), transport)
    assert len(transport.requests) == 3
    assert all(map(is_configured, transport.requests))


def test_a_page_that_a_stream_emits_is_configured() -> None:
    transport = pages()
    page = run(list_input_items("r"), transport).unwrap()
    stream: Any = configured(Emit(((page, 1),), END), **ADDED)
    followed(stream.values[0][0], transport)
    assert not is_configured(transport.requests[0])
    assert all(map(is_configured, transport.requests[1:]))


@pytest.mark.parametrize(("inner", "outer"), [(2.0, 9.0), (9.0, 2.0)])
def test_the_shorter_of_two_timeouts_holds_for_every_request(inner: float, outer: float) -> None:
    transport = pages()
    both = list_input_items("r").bind(lambda _: list_input_items("s"))
    run(configured(configured(both, timeout=inner), timeout=outer), transport).unwrap()
    assert [request.timeout for request in transport.requests] == [2.0, 2.0]


def test_a_value_that_holds_no_operation_is_the_same() -> None:
    value = (1, [2], Success(3), {"a": 4})
    done: Any = configured(succeed(value), **ADDED)
    assert done.result.unwrap() is value


def test_the_pages_of_a_stream_are_configured_and_their_frames_do_not_grow() -> None:
    stream = retrying(configured(retrying(configured(all_input_items("r"), **ADDED)), headers={"X-More": "1"}))
    frames: list[int] = []
    transport = pages(60)
    step: Any = stream
    while not step.is_last:
        if step.__class__ is Emit:
            step = step.rest
            continue
        operation: Any = step.operation
        frames.append(len(str(flattened(operation.resume))))
        step = step.resume(run(operation, transport))
    assert len(transport.requests) == 60
    assert all(map(is_configured, transport.requests))
    assert all(("X-More", "1") in request.headers for request in transport.requests)
    assert max(frames[5:]) - min(frames[5:]) < 50


# --- as data --------------------------------------------------------------------------------------


def test_a_thousand_over_each_other_are_flat() -> None:
    program: Any = audit_response("resp_chat")
    for number in range(1_000):
        program = configured(program, headers={f"X-{number}": "1"}, timeout=1_000 - number)
    requests = sent_by(program)
    assert len(requests) == 2
    for request in requests:
        assert len(request.headers) == 1_000
        assert request.timeout == 1.0
    other: Any = audit_response("resp_chat")
    for _ in range(1_000):
        other = retrying(configured(other, **ADDED), RetryPolicy(max_retries=0))
    assert all(map(is_configured, sent_by(other)))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_configured_program_is_data(name: str) -> None:
    program = configured(PROGRAMS[name](), **ADDED)
    assert program == configured(PROGRAMS[name](), **ADDED)
    loaded = pickle.loads(pickle.dumps(program))
    assert loaded == program
    saved = save_checkpoint(program, names=NAMES).unwrap()
    load: Any = load_operation if name in OPERATIONS else load_stream
    again = load(saved, names=NAMES).unwrap().program
    assert again == program
    assert sent_by(again) == sent_by(program)


def test_a_rule_is_shown() -> None:
    shown = repr(configured(delete_response("resp_1"), headers=HEADERS, timeout=9))
    assert "resume=Under(Configured(headers=(('X-Trace', '1'),), timeout=9.0): ReceiveDeleted" in shown


@pytest.mark.parametrize(
    "forged",
    [
        {"headers": [["Authorization", "Bearer S"]]},
        {"headers": [["X-Api-Key", "S"]]},
        {"headers": [["Content-Length", "3"]]},
        {"headers": [["X", "a\r\nb"]]},
        {"headers": [["X"]]},
        {"query": [["api-key", "S"]]},
        {"query": [["a", 5]]},
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": 1e12},
        {"overriding": 1},
    ],
    ids=str,
)
def test_a_checkpoint_holds_no_rule_that_adds_what_no_request_can_have(forged: dict[str, Any]) -> None:
    written = json.decode(save_checkpoint(configured(delete_response("resp_1"), headers=HEADERS)).unwrap())
    text = json.encode(written).decode()
    rule = {"$": "Configured", "headers": [["X-Trace", "1"]]}
    plain = json.encode(rule).decode()
    assert plain in text
    data = text.replace(plain, json.encode({**rule, **forged}).decode()).encode()
    assert isinstance(load_operation(data).failure(), DecodeError)


def test_a_fork_is_configured_in_each_branch_and_behind() -> None:
    fork: Any = configured(gather(delete_response("a"), delete_response("b")), **ADDED)
    assert isinstance(fork, Fork)
    assert all(is_configured(first(operation)) for operation in fork.operations)
