"""Checkpoints from elsewhere: whatever is loaded, forged or damaged as it may be, runs without raising anything.

The programs and the service are those of tests/embedding/catalogue.py; time is virtual.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from catalogue import NAMES, PROGRAMS, START, Host, Program, service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct, json
from returns.result import Failure, Result, Success

import puresponse.codecs
import puresponse.core
from puresponse.cli.failures import exit_code_of
from puresponse.codecs import BigNumber, DecodeError
from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.core import (
    NOT_OPEN,
    Close,
    Done,
    Emit,
    End,
    Fork,
    HttpResponse,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Wait,
    is_failure,
    load_operation,
    load_stream,
    save_checkpoint,
    sequentially,
    succeed,
)
from puresponse.core.interchange.annotations import holds
from puresponse.transports import MemoryTransport, VirtualClock, run
from puresponse.transports.bodies import open_body

MOST_STEPS = 120
"""A forged program may go on for ever, which is no exception."""


def envelope(program: Any, elapsed: Any = 0) -> bytes:
    return json.encode({"checkpoint": 1, "elapsed": elapsed, "program": program})


def refusal(program: Any, **options: Any) -> DecodeError:
    error = load_operation(envelope(program), **options).failure()
    assert isinstance(error, DecodeError)
    return error


def sending(resume: Any = None, **fields: Any) -> dict[str, Any]:
    request = {"$": "HttpRequest", "method": "GET", "path": "/responses/resp_1", **fields}
    return {"$": "Send", "request": request, "resume": resume or {"$": "ReceiveResponse"}}


def then(*frames: Any) -> dict[str, Any]:
    return {"$": "Frames", "frames": [*frames], "ends": [0] + [1] * (len(frames) - 1)}


def guarded(frame: Any) -> Any:
    """A frame under the rule of `retrying`."""
    rule = {"$": "Retrying", "policy": {"$": "RetryPolicy"}}
    return {"$": "Frames", "frames": [frame], "ends": [[rule]]}


def function(name: str) -> dict[str, Any]:
    return {"$": "name", "name": name}


NAN, INFINITE, MINUS_INFINITE = ({"$": "float", "text": text} for text in ("nan", "inf", "-inf"))
TIMES: list[Any] = [-1, -0.5, 1e300, 1e10, 10**400, NAN, INFINITE, MINUS_INFINITE, True, "1", None, []]


# --- times ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", TIMES, ids=lambda value: str(value)[:20])
@pytest.mark.parametrize("field", ["seconds", "spread"])
def test_a_wait_of_negative_or_endless_seconds_is_refused(field: str, seconds: Any) -> None:
    program = {"$": "Wait", "seconds": 0, "spread": 0, "resume": {"$": "ReturnElapsed"}, field: seconds}
    assert f"cannot be the {field} of Wait" in refusal(program).reason


@pytest.mark.parametrize("seconds", [0, 0.5, 1, 1e9])
def test_a_wait_of_any_other_seconds_is_loaded(seconds: float) -> None:
    program = {"$": "Wait", "seconds": seconds, "spread": seconds, "resume": {"$": "ReturnElapsed"}}
    clock = VirtualClock(chance=1.0)
    assert run(load_operation(envelope(program)).unwrap().program, MemoryTransport(), clock=clock) == Success(clock.now)


@pytest.mark.parametrize("seconds", [time for time in TIMES if time is not None], ids=lambda value: str(value)[:20])
@pytest.mark.parametrize("field", ["timeout", "total"])
def test_a_request_has_times_that_a_transport_takes(field: str, seconds: Any) -> None:
    assert field in refusal(sending(**{field: seconds})).reason
    assert field in refusal(sending(**{field: 0})).reason


@pytest.mark.parametrize("seconds", [time for time in TIMES if time is not None], ids=lambda value: str(value)[:20])
def test_a_read_waits_for_a_time_that_is_one(seconds: Any) -> None:
    program = {"$": "Read", "within": seconds, "resume": {"$": "ReadEvents"}}
    error = load_stream(envelope(program)).failure()
    assert isinstance(error, DecodeError)


@pytest.mark.parametrize("elapsed", [-1, -1e-9, 1e10, 10**30, True, "1", None, NAN])
def test_an_elapsed_that_is_no_time_is_refused(elapsed: Any) -> None:
    data = envelope(sending(), elapsed)
    assert "elapsed" in str(load_operation(data).failure())


@pytest.mark.parametrize("field", ["started", "at", "delay", "settle", "polls"])
@pytest.mark.parametrize("value", [-1, 1e300, 2**63, INFINITE, NAN, "1"], ids=lambda value: str(value)[:20])
def test_the_times_and_counts_of_a_wait_are_bounded(field: str, value: Any) -> None:
    policy = {"$": "WaitPolicy", "deadline": 1.0}
    request = {"$": "HttpRequest", "method": "GET", "path": "/responses/r"}
    watch = {"$": "Watch", "response_id": "r", "request": request, "policy": policy, "settle": 0.0, "delay": 0.5}
    program = {"$": "Wait", "seconds": 0, "spread": 0, "resume": {"$": "Poll", "watch": {**watch, field: value}}}
    assert f"the {field} of Watch" in refusal(program).reason


# --- requests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"method": 5},
        {"method": "G T"},
        {"method": ""},
        {"path": 5},
        {"path": "responses"},
        {"path": "/responses/%2e%2e"},
        {"path": "/a b"},
        {"body": 5},
        {"body": "{}"},
        {"headers": 5},
        {"headers": [["a"]]},
        {"headers": [["a", 5]]},
        {"headers": [["a", "b", "c"]]},
        {"headers": [["a", "b\n"]]},
        {"headers": [["a b", "c"]]},
        {"headers": [["Content-Length", "0"]]},
        {"headers": [["Authorization", "Bearer S"]]},
        {"query": [["api-key", "S"]]},
        {"headers": {"$": "dict", "json": {"a": "b"}}},
        {"query": [["a", 5]]},
        {"query": [[5, "a"]]},
        {"query": [["a", {"$": "str", "base64": "7aCA"}]]},
        {"query": "a=b"},
        {"idempotent": 1},
        {"idempotent": None},
    ],
    ids=str,
)
def test_a_request_is_held_to_the_grammar_that_builds_them(fields: dict[str, Any]) -> None:
    error = refusal(sending(**fields))
    assert error.path == "$.program.request"


def test_a_request_that_could_have_been_built_is_loaded() -> None:
    body = {"$": "bytes", "base64": "/w=="}
    program = sending(
        method="PATCH", path="/a%2Fb", query=[["a[]", "é"]], headers=[["X", "\xff"]], body=body, timeout=1, total=2.5
    )
    loaded = load_operation(envelope(program)).unwrap().program
    assert isinstance(loaded, Send)
    assert (loaded.request.body, loaded.request.total) == (b"\xff", 2.5)


@pytest.mark.parametrize("encoded", ["YQ", "YQ=", "YQ==\n", " YQ==", "Y Q==", "YQ==YQ==", "YQ-_", "YR==="])
def test_base64_in_any_other_spelling_is_refused(encoded: str) -> None:
    assert "expected base64" in refusal(sending(body={"$": "bytes", "base64": encoded})).reason


# --- frames -----------------------------------------------------------------------------------------


def gathering(values: Any, resume: Any) -> Any:
    return then({"$": "ReturnAnswer"}, {"$": "Gather", "values": values, "resume": resume})


FOLLOWING: Any = {"$": "Following", "resumption": {"$": "RetryPolicy"}, "fallback": None}
ATTEMPT: Any = {"$": "Attempt", "policy": {"$": "RetryPolicy"}, "request": sending()["request"]}
RESPONSE: Any = {"$": "Response", "id": 1, "created_at": 1, "model": "m", "output": []}


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (sending({"$": "ReturnElapsed"}), "ReturnElapsed does not take"),
        (sending({"$": "UNSET"}), "cannot be the resume of Send"),
        (sending(function("output_text")), "output_text does not take"),
        (sending(function("HttpRequest")), "HttpRequest cannot be called with one argument"),
        (sending(function("SCHEMAS")), "expected the name of a function or a type"),
        (sending(function("Chunk")), "expected the name of a function or a type"),
        (sending(then({"$": "ReceiveDeleted", "response_id": "r"}, {"$": "Map", "function": function("output_text")})),
         "output_text does not take DeletedResponse"),
        (sending(then({"$": "ReceiveResponse"}, {"$": "Bind", "function": function("output_text")})),
         "output_text stands where an operation is wanted"),
        (sending(then({"$": "ReceiveResponse"}, {"$": "Bind", "function": function("to_plain")})),
         "an operation is wanted"),
        (sending({"$": "ReceiveStream", "following": FOLLOWING}), "an operation is wanted"),
        (sending(guarded({"$": "ReturnElapsed"})),
         "ReturnElapsed does not take"),
        ({"$": "Wait", "seconds": 0, "spread": 0, "resume": {"$": "ReceiveResponse"}}, "does not take float"),
        ({"$": "Emit", "chunks": [], "rest": sending()}, "expected chunks of values and then a stream"),
        ({"$": "Perform", "operation": sending(), "resume": {"$": "EmitPage"}}, "EmitPage does not take"),
        ({"$": "Perform", "operation": sending(), "resume": {"$": "ReceiveResponse"}}, "does not take"),
        (sending({"$": "Retrying", "policy": {"$": "RetryPolicy"}}), "Retrying cannot be called"),
        (sending({"$": "Resend", "attempt": ATTEMPT}), "Resend stands where float is wanted"),
        (sending({**ATTEMPT, "opens": True}), "Attempt stands where an operation is wanted"),
        ({"$": "Perform", "operation": sending(function("Done")), "resume": {"$": "EmitPage"}},
         "EmitPage does not take"),
        (sending({"$": "Frames", "frames": [{"$": "ReceiveResponse"}],
                  "ends": [[{"$": "RuleEnd", "rule": {"$": "ReadWhole"}, "sees": True}]]}),
         "ReadWhole stands where a stream is wanted"),
        (sending({"$": "CancelIfRunning", "response_id": 5}), "5 cannot be the response_id of CancelIfRunning"),
        (sending(gathering({"$": "Gathered"}, {"$": "float", "text": "inf"})), "float cannot be called"),
        (sending(gathering({"$": "Gathered"}, None)), "NoneType cannot be called"),
        (sending(gathering({"$": "RetryPolicy"}, {"$": "EmitPage"})), "Gather cannot add values to RetryPolicy"),
        ({"$": "Done", "result": {"$": "Success", "value": RESPONSE}}, "1 cannot be the id of Response"),
        ({"$": "Done", "result": {"$": "Failure", "error": 5}}, "cannot be the result of Done"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_frame_that_would_be_given_what_it_does_not_take_is_refused(program: Any, reason: str) -> None:
    for error in (load_operation(envelope(program)).failure(), load_stream(envelope(program)).failure()):
        assert isinstance(error, DecodeError)
        assert reason in error.reason


class Shout(Struct, frozen=True):
    """A caller's own frame: it takes and gives what it likes."""

    def __call__(self, value: Any) -> Operation[str]:
        return succeed(str(value).upper())


@pytest.mark.parametrize("frame", [{"@": "Shout", "fields": {}}, {"$": "Map", "function": {"@": "shout"}}])
def test_what_the_caller_names_takes_and_gives_anything(frame: Any) -> None:
    names = {"Shout": Shout, "shout": str.upper}
    loaded = load_operation(envelope(sending(then({"$": "ReceiveResponse"}, frame))), names=names)
    assert isinstance(loaded.unwrap().program, Send)


def test_a_function_of_the_library_that_the_caller_names_is_held_to_its_annotations() -> None:
    names = {"code": exit_code_of}  # what its module has of these is for type-checkers
    error = refusal(sending(then({"$": "ReceiveResponse"}, {"$": "Alt", "function": {"@": "code"}})), names=names)
    assert "exit_code_of stands where" in error.reason


def test_an_operation_that_the_caller_names_is_held_to_what_its_frame_returns() -> None:
    returns_no_operation: Any = str
    program = {"$": "Perform", "operation": {"@": "pause"}, "resume": {"$": "EmitResult"}}
    error = load_stream(envelope(program), names={"pause": Wait(0.0, 0.0, returns_no_operation)}).failure()
    assert isinstance(error, DecodeError)
    assert "str stands where an operation is wanted" in error.reason


@pytest.mark.parametrize(
    ("annotation", "held", "others"),
    [
        (list[int], [1, 2], [["a"], (1, 2), {1: 2}]),
        (dict[str, int], {"a": 1}, [{"a": "b"}, {1: 1}, ["a"]]),
        (Result[int, str], Success(1), [Success("a"), Failure(1), 1]),
    ],
    ids=str,
)
def test_an_annotation_is_of_values_whose_members_are_what_it_says(
    annotation: Any, held: Any, others: list[Any]
) -> None:
    assert holds(held, annotation)
    assert not any(holds(value, annotation) for value in others)


@pytest.mark.parametrize("depth", [1, 50, 100, 150, 200, 400, 3_000, 100_000])
def test_frames_in_frames_are_refused_or_run_however_deep(depth: int) -> None:
    rule = '{"$":"Retrying","policy":{"$":"RetryPolicy"}}'
    guarded = '{"$":"Frames","frames":['
    send = json.encode(sending()).decode().replace('{"$":"ReceiveResponse"}', "RESUME")
    resume = guarded * depth + '{"$":"ReceiveResponse"}' + f'],"ends":[[{rule}]]}}' * depth
    data = f'{{"checkpoint":1,"elapsed":0,"program":{send.replace("RESUME", resume)}}}'.encode()
    loaded = load_operation(data)
    if is_failure(loaded):
        assert isinstance(loaded.failure(), DecodeError)
        assert depth > 50
    else:
        carry_out(loaded.unwrap().program, 0.0)


def test_a_number_that_is_out_of_range_is_loaded_as_it_was_saved() -> None:
    data = save_checkpoint(succeed({"a": [BigNumber("1e400")]})).unwrap()
    assert load_operation(data).unwrap().program == succeed({"a": [BigNumber("1e400")]})
    for text in ("1e", "nan", "x", "", 5):
        assert isinstance(load_operation(envelope({"$": "BigNumber", "text": text})).failure(), DecodeError)


# --- anything at all --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checkpoints() -> list[Any]:
    """One of every step of every program, as plain JSON, but for those with frames of a caller's own.

    These raise what they like where they are given what they do not take, and that is the caller's.
    """
    found: list[Any] = []

    def between(program: Program, elapsed: float) -> Program:
        found.append(json.decode(save_checkpoint(program, elapsed=elapsed, names=NAMES).unwrap()))
        return program

    for make in PROGRAMS.values():
        Host(between).run(make())
    asking = "DeleteFirst OthersThan IdOf IsOther Longest AnEvent TypeOf Kept StatusOf"  # what they are given
    own = [name.encode() for name in asking.split()]
    assert {name.decode() for name in own} <= NAMES.keys()
    return [one for one in found if not any(name in json.encode(one) for name in own)]


@pytest.fixture(scope="module")
def parts(checkpoints: list[Any]) -> list[Any]:
    """What checkpoints are made of: some of every kind."""
    by_kind: dict[str, list[Any]] = {}
    for checkpoint in checkpoints:
        for node in nodes_in(checkpoint["program"]):
            kind = str(node.get("$", node.get("@"))) if is_object(node) else type(node).__name__
            some = by_kind.setdefault(kind, [])
            if len(some) < 4 and node not in some:
                some.append(node)
    return [part for some in by_kind.values() for part in some]


def nodes_in(value: Any) -> Iterator[Any]:
    yield value
    for holder, key in places_in(value):
        yield holder[key]


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and element, by what holds it and where."""
    keys: list[Any] = [*value] if is_object(value) else [*range(len(value))] if is_array(value) else []
    for key in keys:
        yield value, key
        yield from places_in(value[key])


SCALARS: list[Any] = [
    None, True, 0, -1, 2**63, 10**300, 1e300, -0.0, "", "x", "..", "\n", [], [1], [["a", "b"]], NAN, INFINITE,
    {"$": "UNSET"}, {"$": "list", "json": []}, {"$": "dict", "json": {}}, {"$": "str", "base64": "7aCA"},
    {"$": "bytes", "text": "{}"}, {"$": "Success", "value": 1}, {"$": "Frames", "frames": [], "ends": []},
]  # fmt: skip
PUBLIC = [function(name) for home in (puresponse.core, puresponse.codecs) for name in dir(home)]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_loaded_of_mutated_checkpoints_runs(
    checkpoints: list[Any], parts: list[Any], data: st.DataObject
) -> None:
    forged = deepcopy(data.draw(st.sampled_from(checkpoints)))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from([*places_in(forged)]))
        if is_object(holder) and data.draw(st.integers(0, 5)) == 0:
            holder.pop(key, None)
        elif is_object(holder) or key < len(holder):
            other = st.sampled_from(parts) | st.sampled_from(SCALARS) | st.sampled_from(PUBLIC)
            holder[key] = deepcopy(data.draw(other))
    written = json.encode(forged)
    for loaded in (load_operation(written, names=NAMES), load_stream(written, names=NAMES)):
        if is_failure(loaded):
            assert isinstance(loaded.failure(), DecodeError)
        else:
            assert len(repr(loaded)) < 100_000
            carry_out(loaded.unwrap().program, loaded.unwrap().elapsed)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 999), min_size=1, max_size=3), st.integers(0, 4))
def test_whatever_is_loaded_of_frames_put_together_at_random_runs(
    parts: list[Any], numbers: list[int], step: int
) -> None:
    frames = [part for part in parts if is_object(part) and str(part.get("$", ""))[:1].isupper()]
    chosen = [frames[number % len(frames)] for number in numbers]
    resume = then(*deepcopy(chosen)) if len(chosen) > 1 else deepcopy(chosen[0])
    program = [
        sending(resume),
        {"$": "Wait", "seconds": 1, "spread": 1, "resume": resume},
        {"$": "Read", "resume": resume},
        {"$": "Open", "request": sending()["request"], "resume": resume},
        {"$": "Perform", "operation": sending(), "resume": resume},
    ][step]
    for loaded in (load_operation(envelope(program), names=NAMES), load_stream(envelope(program), names=NAMES)):
        if not is_failure(loaded):
            carry_out(loaded.unwrap().program, 0.0)


class _Stepped(Exception):
    """It has gone on for long enough."""


def carry_out(program: Program, elapsed: float) -> None:
    """Step a program as a driver does, for as many steps as it may take."""
    host = _Host(elapsed)
    try:
        host.carry_out(program)
    except _Stepped:
        return


class _Host:
    def __init__(self, elapsed: float) -> None:
        self._clock = VirtualClock(now=START)
        self._service = service(self._clock)
        self._began = START - elapsed
        self._steps = 0
        self._body: Any = None

    def carry_out(self, program: Program) -> Any:
        while True:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise _Stepped
            match program:
                case Send(request, resume):
                    program = resume(self._service(request))
                case Wait(seconds, spread, resume):
                    assert 0 <= seconds + spread <= 4e9  # what every timer takes
                    self._clock.sleep(seconds + spread)
                    program = resume(self._clock.now - self._began)
                case Emit(_, rest):
                    program = rest
                case Perform(operation, resume):
                    program = resume(self.carry_out(operation))
                case Open(request, resume):
                    opened = open_body(self._service, request)
                    self._body = None if isinstance(opened, Failure) else opened.unwrap()
                    program = resume(opened.map(_answer))
                case Read(resume):
                    program = resume(NOT_OPEN if self._body is None else self._body.read())
                case Fork():
                    program = sequentially(program)
                case Close(rest):
                    program, self._body = rest, None
                case Done(result) | End(result):
                    assert isinstance(result, (Success, Failure))
                    return result
                case _:
                    raise AssertionError(f"{program!r} is no step")


def _answer(body: Any) -> HttpResponse:
    answer: HttpResponse = body.answer
    return answer
