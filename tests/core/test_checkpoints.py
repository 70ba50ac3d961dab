"""Checkpoints: what is saved is what is loaded, nothing else can be loaded, and any bytes are read or refused."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, IntEnum
from math import inf
from pathlib import Path
from typing import Any

import pytest
from catalogue import NAMES, PROGRAMS, Host, Program
from checkpoint_frames import frames
from hypothesis import given
from hypothesis import strategies as st
from interpreters import printed_by
from msgspec import UNSET, Struct, json
from places import ROOT
from returns.result import Failure, Success

from puresponse import codecs
from puresponse.codecs import (
    DecodeError,
    DeletedResponse,
    Kept,
    Response,
    StreamDecoder,
    Unknown,
    Untagged,
    decode_response,
    output_text,
)
from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.core import (
    END,
    Checkpoint,
    Done,
    Emit,
    Error,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    Operation,
    Perform,
    Send,
    Stop,
    Stream,
    Wait,
    WithResponse,
    all_input_items,
    cancel_if_running,
    create_parsed_response,
    delete_response,
    has_ended,
    is_failure,
    load_operation,
    load_stream,
    retrieve_response,
    retrying,
    save_checkpoint,
    succeed,
)
from puresponse.core.combinators.many import Traverse
from puresponse.transports import ForbiddenTransport, iterate, run

RUNNING: dict[str, Any] = {"created_at": 1, "model": "m", "background": True, "status": "queued", "output": []}


def saved(program: Program, **options: Any) -> bytes:
    return save_checkpoint(program, **options).unwrap()


def kept(value: Any, **options: Any) -> Any:
    """A value that went through a checkpoint."""
    program = load_operation(saved(succeed(value), **options), **options).unwrap().program
    assert isinstance(program, Done)
    return program.result.unwrap()


def loaded_from(data: bytes) -> Checkpoint[Program]:
    """What a checkpoint of the catalogue holds, be it an operation or a stream."""
    operation, stream = load_operation(data, names=NAMES), load_stream(data, names=NAMES)
    if is_failure(operation):
        found = stream.unwrap()
        return Checkpoint(found.program, found.elapsed)
    return Checkpoint(operation.unwrap().program, operation.unwrap().elapsed)


def refusal(data: bytes, **options: Any) -> DecodeError:
    error = load_operation(data, **options).failure()
    assert isinstance(error, DecodeError)
    return error


def envelope(program: Any, **members: Any) -> bytes:
    return json.encode({"checkpoint": 1, "elapsed": 0.0, "program": program, **members})


# --- what is saved is what is loaded --------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_step_of_every_program_is_loaded_as_it_was_saved(name: str) -> None:
    steps = 0

    def between(program: Program, elapsed: float) -> Program:
        nonlocal steps
        steps += 1
        data = saved(program, elapsed=elapsed, names=NAMES)
        loaded = loaded_from(data)
        assert loaded.program == program
        assert repr(loaded.program) == repr(program)
        assert loaded.elapsed == elapsed
        assert saved(loaded.program, elapsed=elapsed, names=NAMES) == data
        return loaded.program  # so that each step is taken from what was loaded

    assert Host(between).run(PROGRAMS[name]()) == Host().run(PROGRAMS[name]())
    assert steps > 0


class Pet(Struct, frozen=True):
    name: str
    friends: tuple[Any, ...] = ()


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Point:
    x: int


NAMED: dict[str, Any] = {"Pet": Pet, "Colour": Colour, "Point": Point, "date": date, "timedelta": timedelta}

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
leaves = (
    plain
    | st.binary()
    | st.just(UNSET)
    | st.sampled_from([inf, -inf, -0.0, Colour.RED, Point(1), date(2026, 11, 24), timedelta(seconds=1), Pet, Response])
    | st.sampled_from([succeed, has_ended, output_text, str, int])
    | st.dictionaries(st.text(), plain, max_size=3).map(Kept)
    | st.dictionaries(st.text(), plain, max_size=3).map(Untagged)
)


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(inner, max_size=3).map(tuple)
        | st.lists(inner, max_size=3)
        | st.dictionaries(st.text(), inner, max_size=3)
        | st.dictionaries(st.text(), inner, max_size=3).map(Kept)
        | inner.map(Success)
        | inner.map(Failure)
        | st.builds(Pet, st.text(), st.tuples(inner))
        | st.builds(HttpResponse, status=st.integers(), body=st.binary(), headers=st.just((("a", "b"),)))
        | inner.map(lambda value: Emit((value,), Emit((), END)))
    )


def exactly_alike(one: Any, other: Any) -> bool:
    """Equal, and of the same types all through: `1 == 1.0 == True`, and `-0.0 == 0.0`."""
    return bool(one == other) and repr(one) == repr(other)


@given(st.recursive(leaves, composed, max_leaves=12))
def test_any_value_is_loaded_as_it_was_saved(value: Any) -> None:
    assert exactly_alike(kept(value, names=NAMED), value)


def test_what_the_service_sent_and_nobody_knows_is_kept() -> None:
    body = b'{"id":"r","created_at":1,"model":"m","output":[{"type":"new"}],"new":[1.0,{"$":"Send","@":"x"}]}'
    response = decode_response(body).unwrap()
    again = kept(response)
    assert again == response
    assert again.unknown_fields == {"new": [1.0, {"$": "Send", "@": "x"}]}
    assert isinstance(again.output[0], Unknown)


@pytest.mark.parametrize("members", [{"a": 1, "b": (1, [2])}, {"a": float("inf"), "b": {"c": (1,)}}])
def test_what_is_kept_and_is_no_json_comes_out_as_it_was(members: dict[str, Any]) -> None:
    data = save_checkpoint(succeed(Kept(members))).unwrap()
    loaded: Any = load_operation(data).unwrap().program
    assert loaded.result.unwrap().to_dict() == members


def test_half_of_a_character_is_kept() -> None:
    assert kept("a\ud800") == "a\ud800"
    assert kept({"a": "\ud800"}) == {"a": "\ud800"}


def test_a_decoder_in_the_midst_of_an_event_goes_on() -> None:
    sent = b'event: response.new\ndata: {"type": "response.new", "text": "caf\xc3\xa9"}\n\n'
    whole, _ = StreamDecoder().feed(b"")
    _, events = whole.feed(sent)
    for cut in range(len(sent)):
        decoder, first = StreamDecoder().feed(sent[:cut])
        _, then = kept(decoder).feed(sent[cut:])
        assert (*first, *then) == events


@pytest.mark.unmeasured
def test_ten_thousand_binds_are_loaded_as_they_were_saved() -> None:
    operation = cancel_if_running("resp_1")
    for _ in range(10_000):
        operation = operation.bind(succeed)
    program = load_operation(saved(operation)).unwrap().program
    assert isinstance(program, Send)
    running = json.encode({**RUNNING, "id": "resp_1"})
    turned_over = program.resume(Success(HttpResponse(status=200, body=running)))
    data = saved(turned_over)
    loaded = load_operation(data).unwrap().program
    assert saved(loaded) == data
    assert isinstance(loaded, Send)
    assert loaded.request.path == "/responses/resp_1/cancel"
    assert run(loaded, lambda _: Success(HttpResponse(status=200, body=running))).unwrap().id == "resp_1"


@pytest.mark.unmeasured
def test_ten_thousand_emits_are_loaded_as_they_were_saved() -> None:
    stream: Stream[int] = END
    for number in range(10_000):
        stream = Emit((number,), stream)
    loaded = load_stream(saved(stream)).unwrap().program
    assert saved(loaded) == saved(stream)
    assert list(iterate(loaded, ForbiddenTransport()))[-1] == 0


def test_it_can_be_saved_in_the_midst_of_an_operation_that_a_stream_performs() -> None:
    stream = retrying(all_input_items("resp_1"))
    assert isinstance(stream, Perform)
    assert isinstance(stream.operation, Send)
    waiting = stream.operation.resume(Success(HttpResponse(status=503)))
    assert isinstance(waiting, Wait)
    midst: Stream[Any] = Perform(waiting, stream.resume)
    assert load_stream(saved(midst, elapsed=0.2)).unwrap() == Checkpoint(midst, 0.2)


@pytest.mark.parametrize("kind", [Stop, WithResponse])
def test_a_type_of_the_library_may_be_the_function_of_one_argument_that_a_value_goes_through(kind: Any) -> None:
    operation = delete_response("resp_1").map(kind)
    loaded = load_operation(saved(operation)).unwrap().program
    assert loaded == operation
    assert isinstance(loaded, Send)
    answer = HttpResponse(status=200, body=b'{"id":"resp_1","deleted":true}')
    assert loaded.resume(Success(answer)) == succeed(kind(DeletedResponse(id="resp_1", deleted=True)))


def test_a_row_goes_on_behind_an_error_that_was_made_a_value() -> None:
    rest: Traverse[str, Response | Error] = Traverse(retrieve_response, ("resp_2",))
    operation = retrieve_response("resp_1").lash(succeed).then(rest)
    loaded = load_operation(saved(operation)).unwrap().program
    assert loaded == operation


# --- what the caller names ------------------------------------------------------------------------


class DeleteIt(Struct, frozen=True):
    """A frame of a caller's own."""

    reason: str

    def __call__(self, response: Response) -> Operation[DeletedResponse]:
        return delete_response(response.id)


def shout(text: str) -> str:
    return text.upper()


def test_a_callers_own_frames_functions_and_types_are_saved_by_their_names() -> None:
    names = {"DeleteIt": DeleteIt, "shout": shout, "Pet": Pet, "a policy": DeleteIt("a value may be named too")}
    for operation in (
        retrieve_response("resp_1").bind(DeleteIt("old")),
        retrieve_response("resp_1").map(output_text).map(shout),
        retrieve_response("resp_1").bind(DeleteIt("a value may be named too")),
        create_parsed_response(Pet, model="gpt-5-mini", input="A pet!", strict=False),
    ):
        assert load_operation(saved(operation, names=names), names=names).unwrap().program == operation


class Ticket(Struct, frozen=True):
    """A caller's own, whose fields are called like those of steps, and are something else."""

    request: str
    operation: int
    result: None
    seconds: str


def test_the_fields_of_a_callers_own_structs_may_be_anything() -> None:
    ticket = Ticket("please", 7, None, "few")
    assert kept(ticket, names={"Ticket": Ticket}) == ticket


def test_a_type_of_many_parts_is_saved_by_its_name() -> None:
    names = {"pets": list[Pet]}
    operation = create_parsed_response(list[Pet], model="gpt-5-mini", input="Pets!", strict=False)
    assert b'"output_type":{"@":"pets"}' in saved(operation, names=names)
    assert load_operation(saved(operation, names=names), names=names).unwrap().program == operation


@pytest.mark.parametrize(
    ("program", "path"),
    [
        (delete_response("resp_1").map(lambda _: None), "$.program.resume.frames[1].function"),
        (succeed(Pet("Rex")), "$.program.result.value"),
        (succeed((1, {"a": object()})), "$.program.result.value[1].a"),
        (succeed({1: "a key that is no text"}), "$.program.result.value"),
        (succeed(Colour.RED), "$.program.result.value"),
        (create_parsed_response(Pet, model="m", input="A pet!", strict=False), "$.program.resume.output_type"),
        (Emit((1, Pet("Rex")), END), "$.program.chunks[0][1]"),
        (all_input_items("r").map(str).map(lambda _: None), "$.program.resume.ends[0][1].function"),
    ],
)
def test_what_is_neither_the_librarys_nor_named_cannot_be_saved(program: Program, path: str) -> None:
    error = save_checkpoint(program).failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "program"
    assert f"(at {path})" in error.reason


class Odd:
    """What msgspec makes nothing of."""


@dataclass(frozen=True, eq=False)
class Unlike:
    """What is like nothing but itself."""

    x: int


@pytest.mark.parametrize("value", [Odd(), Unlike(1)])
def test_what_does_not_come_back_from_plain_values_cannot_be_saved(value: object) -> None:
    error = save_checkpoint(succeed(value), names={"Odd": Odd, "Unlike": Unlike}).failure()
    assert isinstance(error, InvalidArgument)


class Level(IntEnum):
    LOW = 1


def itself() -> list[Any]:
    holding: list[Any] = []
    holding.append(holding)
    return holding


@pytest.mark.parametrize("value", [{"level": Level.LOW}, [Level.LOW], {Level.LOW: 1}, itself()])
def test_what_only_passes_for_json_cannot_be_saved(value: object) -> None:
    assert isinstance(save_checkpoint(succeed(value)).failure(), InvalidArgument)
    assert exactly_alike(kept([Level.LOW], names={"Level": Level}), [Level.LOW])


def test_what_nests_more_deeply_than_json_may_cannot_be_saved() -> None:
    value: Any = ()
    for _ in range(100_000):
        value = (value,)
    error = save_checkpoint(succeed(value)).failure()
    assert error == InvalidArgument("program", "given one that is nested more deeply than JSON may be")


def test_what_json_has_no_number_for_cannot_be_saved() -> None:
    error = save_checkpoint(succeed(10**5_000)).failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "program"
    assert error.reason.startswith("given one that JSON cannot hold: Exceeds the limit")


@pytest.mark.parametrize("names", [["Pet"], {"": Pet}, {1: Pet}, {"a": Pet, "b": Pet}, {"a": []}])
def test_names_that_are_none_are_refused(names: Any) -> None:
    for error in (
        save_checkpoint(succeed(1), names=names).failure(),
        load_operation(saved(succeed(1)), names=names).failure(),
    ):
        assert isinstance(error, InvalidArgument)
        assert error.parameter == "names"
        allowed = "a mapping from names to types, functions, or other values that can be hashed, each with one name"
        assert error.reason.endswith(f"; allowed is {allowed}")


@pytest.mark.parametrize("elapsed", [-1, float("nan"), inf, True, "1", None])
def test_a_time_that_is_none_is_refused(elapsed: Any) -> None:
    error = save_checkpoint(succeed(1), elapsed=elapsed).failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "elapsed"


def test_what_is_no_program_is_refused() -> None:
    not_a_program: Any = HttpRequest("GET", "/")
    error = save_checkpoint(not_a_program).failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "program"


# --- what is loaded -------------------------------------------------------------------------------


def test_an_operation_is_not_loaded_as_a_stream_nor_a_stream_as_an_operation() -> None:
    assert load_stream(saved(delete_response("resp_1"))).failure() == DecodeError(
        path="$.program", reason="expected a stream, got a Send", body=saved(delete_response("resp_1"))
    )
    stream = all_input_items("resp_1")
    assert refusal(saved(stream)).reason == "expected an operation, got a Perform"
    assert load_stream(saved(END)).unwrap().program == END
    assert refusal(saved(END)).reason == "expected an operation, got a End"


def test_a_checkpoint_of_another_format_is_refused_by_its_number() -> None:
    for number in (0, 2, 1_000):
        data = json.encode({"checkpoint": number, "something": "new"})
        assert refusal(data).reason == f"expected a checkpoint of format 1, got one of format {number}"


NOTHING: dict[str, Any] = {}


def done_with(value: Any) -> dict[str, Any]:
    return {"$": "Done", "result": {"$": "Success", "value": value}}


@pytest.mark.parametrize(
    ("program", "reason", "path"),
    [
        ({"$": "system"}, "expected the name of something that checkpoints hold, got 'system'", ""),
        ({"$": "os.system"}, "expected the name of something that checkpoints hold, got 'os.system'", ""),
        ({"$": "lru_cache"}, "expected the name of something that checkpoints hold, got 'lru_cache'", ""),
        ({"$": "succeed"}, "expected the name of something that checkpoints hold, got 'succeed'", ""),
        ({"$": "name", "name": "import_module"}, "expected the name of a function or a type of the library", ""),
        ({"$": "name", "name": "SCHEMAS"}, "expected the name of a function or a type of the library", ""),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [5]}, "expected frames, each with what ends", ""),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [-1]}, "expected frames, each with what ends", ""),
        ({"$": "Frames", "frames": [1], "ends": [0]}, "expected frames, each with what ends", ""),
        ({"$": "name", "name": "eval"}, "expected the name of a function or a type of the library, got 'eval'", ""),
        ({"@": "Pet"}, "expected a name that `names` has, got 'Pet'", ""),
        ({}, "expected an object to say in `$` what it is", ""),
        ({"$": 1}, "expected an object to say in `$` what it is", ""),
        (1, "expected a step of an operation or a stream", ""),
        ({"$": "HttpRequest", "method": "GET", "path": "/"}, "expected a step of an operation or a stream", ""),
        ({"$": "Done"}, "Done: Missing required argument 'result'", ""),
        ({"$": "Done", "result": 1}, "1 cannot be the result of Done", ""),
        ({"$": "Done", "result": {"$": "Success"}}, "expected value in 'Success', got ['$']", ".result"),
        (
            {"$": "Done", "result": {"$": "Success", "value": 1}, "more": 1},
            "Done: Unexpected keyword argument 'more'",
            "",
        ),
        ({"$": "Done", "result": {"$": "Failure", "error": {}}}, "expected an object to say in `$`", ".result.error"),
        ({"$": "Done", "result": {"$": "Success", "value": {}}}, "expected an object to say in `$`", ".result.value"),
        (done_with({"$": "dict", "members": {"a": NOTHING}}), "expected an object to say in `$`", ".result.value.a"),
        (done_with({"$": "list", "members": [1, NOTHING]}), "expected an object to say in `$`", ".result.value[1]"),
        ({"$": "Send", "request": "GET /", "resume": 1}, "'GET /' cannot be the request of Send", ""),
        ({"$": "Read", "resume": {"$": "UNSET"}}, "UNSET cannot be the resume of Read", ""),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [[1]]}, "expected frames, each with what ends", ""),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [""]}, "expected frames, each with what ends", ""),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [None]}, "expected frames, each with what ends", ""),
        (
            {"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [[{"$": "RuleEnd", "rule": 1, "sees": True}]]},
            "expected frames, each with what ends",
            "",
        ),
        ({"$": "Frames", "frames": [], "ends": [1]}, "expected as many `ends` as `frames`", ""),
        ({"$": "Frames", "frames": [], "ends": []}, "expected the `ends` to make one tree, got 0", ""),
        ({"$": "Emit", "chunks": [[1]], "rest": 1}, "expected chunks of values and then a stream", ""),
        ({"$": "Emit", "chunks": [[1], [2, NOTHING]], "rest": 1}, "expected an object to say in `$`", ".chunks[1][1]"),
        ({"$": "Emit", "chunks": [[1]], "rest": {}}, "expected an object to say in `$`", ".rest"),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}, NOTHING], "ends": [1]}, "expected as many `ends`", ""),
        ({"$": "Frames", "frames": [NOTHING], "ends": [1]}, "expected an object to say in `$`", ".frames[0]"),
        ({"$": "Frames", "frames": [{"$": "TakeForEnd"}], "ends": [NOTHING]}, "expected an object to say", ".ends[0]"),
        ({"$": "str", "base64": "/w=="}, "expected UTF-8: 'utf-8' codec can't decode byte 0xff", ""),
        ({"$": "bytes", "base64": "é"}, "expected base64", ""),
        ({"$": "float", "text": "1.0"}, "expected 'inf', '-inf' or 'nan', got '1.0'", ""),
        ({"$": "EventStream", "limit": 0}, "EventStream: limit: expected at least 1 byte, got 0", ""),
        ({"$": "Unknown", "raw": 1}, "Unknown: raw: expected a Kept, got int", ""),
    ],
)
def test_what_is_never_written_is_refused_and_says_where(program: Any, reason: str, path: str) -> None:
    error = refusal(envelope(program))
    assert error.reason.startswith(reason)
    assert error.path == f"$.program{path}"
    assert error.body == envelope(program)


def test_the_value_of_a_type_that_the_caller_names_is_refused_where_it_is() -> None:
    colour = {"@": "Colour", "value": {"$": "nothing"}}
    assert refusal(envelope(colour), names=NAMED).path == "$.program.value"
    pet = {"@": "Pet", "fields": {"name": "Rex"}}
    point = {"@": "Point", "value": {"$": "dict", "members": {"x": pet}}}
    assert refusal(envelope(point), names=NAMED).reason.startswith("Point: Expected `int`")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"{}",
        b'{"checkpoint": true}',
        b'{"checkpoint": 1}',
        envelope(json.decode(saved(END))["program"], elapsed=-1),
        envelope(json.decode(saved(END))["program"], elapsed="1"),
        envelope(json.decode(saved(END))["program"], more=1),
        b"[" * 100_000,
        b'{"checkpoint":1,"elapsed":0,"program":' + b'{"$":"Success","value":' * 900 + b"1" + b"}" * 901,
    ],
)
def test_bytes_that_are_no_checkpoint_are_refused(data: bytes) -> None:
    assert isinstance(load_operation(data).failure(), DecodeError)
    assert isinstance(load_stream(data).failure(), DecodeError)


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert isinstance(load_stream(data), (Success, Failure))


@pytest.fixture(scope="module")
def checkpoints() -> list[Any]:
    """Some of every kind, as plain JSON."""
    found: list[Any] = []

    def between(program: Program, elapsed: float) -> Program:
        found.append(json.decode(saved(program, names=NAMES)))
        return program

    for make in PROGRAMS.values():
        Host(between).run(make())
    return found[::7]


@given(st.data())
def test_a_damaged_checkpoint_is_read_or_refused(checkpoints: list[Any], data: st.DataObject) -> None:
    damaged = json.decode(json.encode(data.draw(st.sampled_from(checkpoints))))
    node: Any = damaged["program"]
    while True:
        key: Any = data.draw(st.sampled_from([*node] if is_object(node) else range(len(node))))
        if (is_object(node[key]) or is_array(node[key])) and node[key] and data.draw(st.booleans()):
            node = node[key]
            continue
        if is_object(node) and data.draw(st.booleans()):
            del node[key]
        else:
            node[key] = data.draw(
                plain | st.sampled_from([{"$": "Frames"}, {"$": "UNSET"}, {"$": "Success", "value": 1}])
            )
        break
    for loaded in (load_operation(json.encode(damaged), names=NAMES), load_stream(json.encode(damaged), names=NAMES)):
        assert not is_failure(loaded) or isinstance(loaded.failure(), DecodeError)


def test_loading_imports_nothing_but_the_librarys_own() -> None:
    code = f"""
import sys
from puresponse.core import load_operation
load_operation({saved(succeed(1))!r}).unwrap()
before = set(sys.modules)
for program in ({{"$": "antigravity"}}, {{"$": "name", "name": "this"}}, {{"$": "smtplib.SMTP"}}):
    import msgspec
    data = msgspec.json.encode({{"checkpoint": 1, "elapsed": 0.0, "program": program}})
    assert type(load_operation(data)).__name__ == "Failure"
print([name for name in set(sys.modules) - before if not name.startswith("puresponse.")])
"""
    assert printed_by(code) == "[]"


# --- what is written stays readable ---------------------------------------------------------------

FORMAT_1 = Path(__file__).parent / "checkpoints" / "format-1.json"
"""What this format writes. Until 0.2.0 is published it may be written anew; then never: who saved it wants it back."""


def module_of(path: Path) -> str:
    return ".".join(("puresponse", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def test_every_struct_of_the_core_can_be_named() -> None:
    structs = {
        name
        for path in (ROOT / "core").rglob("*.py")
        for name, value in vars(importlib.import_module(module_of(path))).items()
        if isinstance(value, type) and issubclass(value, Struct) and value.__module__ == module_of(path)
    }
    no_part_of_a_program = {"OutputSchema", "Wrapped", "Names", "Rule", "ValueRule", "StatefulRule", "InTurn"}
    of_the_codecs: list[str] = vars(codecs)["__all__"]
    assert {name for name in structs if not name.startswith("_")} - no_part_of_a_program == {*frames()} - {
        *of_the_codecs
    }


def test_frames_are_what_they_were_in_this_format() -> None:
    # Did a field change? Then old checkpoints mean something else: raise FORMAT, and keep reading the old ones.
    assert frames() == json.decode(FORMAT_1.read_bytes())["frames"]


def test_checkpoints_of_this_format_are_read_and_written_as_they_were() -> None:
    written = json.decode(FORMAT_1.read_bytes())["checkpoints"]
    assert len(written) > 100
    for data in map(json.encode, written):
        loaded = loaded_from(data)
        assert json.decode(saved(loaded.program, elapsed=loaded.elapsed, names=NAMES)) == json.decode(data)
