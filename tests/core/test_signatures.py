"""What the signatures of everything public promise: no naked union of a value and an error, nothing that raises."""

import ast
import importlib
import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any, get_overloads

import pytest
from returns.result import Failure, Result, Success

PACKAGES: dict[str, Any] = {
    name: importlib.import_module(f"puresponse.{name}") for name in ("codecs", "core", "transports")
}
core, codecs = PACKAGES["core"], PACKAGES["codecs"]
"""Without their types: what is given to them here is not what these allow."""

ERRORS = {
    "ApiError",
    "DecodeError",
    "Error",
    "Interrupted",
    "InvalidArgument",
    "NoRecording",
    "NotSent",
    "StreamError",
    "WaitExpired",
    "WebhookError",
    "WebhookRejected",
}


def functions_of(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What can be called of something public: itself, or the public methods and properties of a class."""
    if inspect.isfunction(value):
        yield name, value
        yield from ((name, overload) for overload in get_overloads(value))
    elif isinstance(value, type):
        for kind in value.__mro__:
            if not kind.__module__.startswith("puresponse."):
                continue
            for member, held in vars(kind).items():
                function = held.fget if isinstance(held, property) else getattr(held, "__func__", held)
                if inspect.isfunction(function) and (not member.startswith("_") or member == "__call__"):
                    yield f"{name}.{member}", function


def everything() -> list[tuple[str, Any]]:
    return [
        (f"{package}.{name}", function)
        for package, module in PACKAGES.items()
        for public in module.__all__
        for name, function in functions_of(public, getattr(module, public))
    ]


def unions_in(annotation: str) -> Iterator[set[str]]:
    """The members of every union that stands in an annotation, at whatever depth."""
    inner: set[int] = set()
    for node in ast.walk(ast.parse(annotation, mode="eval")):
        if not isinstance(node, ast.BinOp) or id(node) in inner:
            continue
        members: set[str] = set()
        pending: list[ast.expr] = [node]
        while pending:
            part = pending.pop()
            if isinstance(part, ast.BinOp):
                inner.add(id(part))
                pending += (part.left, part.right)
            else:
                members.add(ast.unparse(part).split("[")[0].split(".")[-1])
        yield members


def naked(function: Any) -> list[set[str]]:
    """The unions of an error and something else that a function gives."""
    annotation = inspect.signature(function).return_annotation
    told = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return [members for members in unions_in(told) if members & ERRORS and members - ERRORS]


def test_no_public_signature_gives_a_naked_union_of_a_value_and_an_error() -> None:
    found = everything()
    assert len(found) > 200
    assert {name: unions for name, function in found if (unions := naked(function))} == {}


@pytest.mark.parametrize(
    ("annotation", "unions"),
    [
        ("HttpRequest | InvalidArgument", [{"HttpRequest", "InvalidArgument"}]),
        ("T | errors.DecodeError | None", [{"T", "DecodeError", "None"}]),
        ("Generator[T | Failure[Error], None, None]", [{"T", "Failure"}]),
        ("tuple[int | NotSent, A | B]", [{"int", "NotSent"}, {"A", "B"}]),
        ("Result[T, Error]", []),
    ],
)
def test_unions_are_found_wherever_they_stand(annotation: str, unions: list[set[str]]) -> None:
    assert list(unions_in(annotation)) == unions


def test_every_error_of_the_library_is_known_here() -> None:
    public = {name: getattr(module, name) for module in PACKAGES.values() for name in module.__all__}
    assert {name for name, value in public.items() if hasattr(value, "may_have_acted")} <= ERRORS <= set(public)


# --- whatever gives a `Result` gives a `Failure` --------------------------------------------------------


class Nameless:
    """Cannot be hashed, nor compared, nor printed."""

    def __hash__(self) -> int:
        raise TypeError("it cannot be hashed")

    def __repr__(self) -> str:
        raise RuntimeError("it cannot be printed")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("it cannot be compared")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


NONSENSE: list[Any] = [
    *(None, True, 5, -1, 0, 10**30, math.inf, math.nan, 1e300),
    *("", "a/b", "\ud800", "x" * 100_000, b"", b"\xff", b"{}", bytearray(b"{"), memoryview(b"[1]")),
    *([], {}, (), set(), [None], [[]], {5: 5}, {"error": {}}, nested(10_000)),
    *(object(), [object()], {"a": object()}, Nameless(), [Nameless()], {"a": Nameless()}),
    *(int, len, Success(1), core.HttpRequest("GET", "/x"), core.HttpResponse(status=200)),
    *(core.delete_response("resp_1"), core.RetryPolicy(), core.WaitPolicy(deadline=1)),
]
MESSAGE = {"type": "message", "role": "user", "content": "Hi"}
GOOD: dict[str, Any] = {
    "answer": Success(core.HttpResponse(status=200)),
    "arguments": {"model": "gpt-5"},
    "body": b"{}",
    "call": codecs.FunctionCall(call_id="call_1", name="f", arguments="{}"),
    "conversation_id": "conv_1",
    "data": b"{}",
    "headers": {},
    "item_id": "msg_1",
    "fork": core.Fork((), core.succeed),
    "function": core.succeed,
    "items": [MESSAGE],
    "metadata": {},
    "model": "gpt-5",
    "now": 1.0,
    "operation": core.delete_response("resp_1"),
    "operations": (core.delete_response("resp_1"),),
    "output_type": int,
    "program": core.delete_response("resp_1"),
    "request": core.HttpRequest("GET", "/x"),
    "response": codecs.decode_response(b'{"id":"resp_1","created_at":1,"model":"m","output":[]}').unwrap(),
    "response_id": "resp_1",
    "schema": "Response",
    "seconds": 1.0,
    "secret": "whsec_AAAA",
    "stream": core.all_input_items("resp_1"),
    "streams": core.all_input_items("resp_1"),
}
"""An argument that is fine, for each parameter that has no default."""

PROGRAMS = {"clock", "first", "fork", "function", "operation", "operations", "step", "stream", "streams", "transport"}
"""Parameters that take what is called or carried out. What is none of it is a bug, and may raise."""

TAKE_PROGRAMS = {
    *("all_outcomes", "all_pages", "collect", "concat", "for_each", "loop", "sequence", "sequentially", "succeed"),
    "traverse",
}
"""Functions all of whose arguments are programs, or go to the caller's own function."""

OF_THE_CALLER = {
    ("parse_arguments", "into"): "a type that msgspec does not know is a `TypeError`, as its docstring says",
    ("decode", "schema"): "a schema that there is none of is a `ValueError`, as its docstring says",
    ("create_request", "arguments"): "an argument that there is none of is a `TypeError`, as its docstring says",
    ("loop", "seed"): "goes to the caller's own function",
    ("retrying", "program"): "a stream or an operation",
    ("traverse", "items"): "goes to the caller's own function",
}


FAILURE: Any = Failure


def gives_a_result(function: Any) -> bool:
    told = str(inspect.signature(function).return_annotation)
    return told.startswith(("Result[", "Operation[", "Stream[", "Answer")) or function is codecs.parse_arguments


def parameters_of(function: Any) -> list[str]:
    """Those that take data; where there are `**arguments`, those of `create_response`."""
    parameters = inspect.signature(function).parameters
    named = [name for name, parameter in parameters.items() if parameter.kind is not parameter.VAR_KEYWORD]
    if len(named) < len(parameters):
        named += [name for name in inspect.signature(core.create_response).parameters if name not in named]
    return [name for name in named if name not in PROGRAMS]


CALLED: dict[str, Any] = {
    name: function
    for module in (core, codecs)
    for name in module.__all__
    if inspect.isfunction(function := getattr(module, name)) and gives_a_result(function)
}


def good_arguments(function: Any) -> dict[str, Any]:
    policy: Any = core.RetryPolicy() if function is core.retrying else core.WaitPolicy(deadline=1)
    return {
        name: policy if name == "policy" else GOOD[name]
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    }


@pytest.mark.parametrize("name", [name for name in CALLED if name not in TAKE_PROGRAMS])
def test_whatever_gives_a_result_gives_a_failure_and_raises_nothing(name: str) -> None:
    function = CALLED[name]
    good = good_arguments(function)
    given = function(**good)
    assert isinstance(
        given, (Result, core.Done, core.Send, core.Wait, core.Fork, core.Emit, core.Perform, core.Open, core.End)
    )
    for parameter in parameters_of(function):
        if (name, parameter) in OF_THE_CALLER:
            continue
        for nonsense in NONSENSE:
            given = function(**{**good, parameter: nonsense})
            if isinstance(given, core.Done):
                given = given.result
            if isinstance(given, FAILURE):
                assert str(given.failure())


def test_enough_functions_and_parameters_are_tried() -> None:
    assert len(CALLED) > 50
    assert sum(len(parameters_of(function)) for function in CALLED.values()) > 250
    assert {name for name, _ in OF_THE_CALLER} <= set(CALLED) | {"retrying"}


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: core.load_operation(GOOD["seconds"]), "invalid argument 'data': given 1.0; allowed is the bytes"),
        (lambda: core.load_stream(None), "invalid argument 'data': given None; allowed is the bytes"),
        (lambda: core.save_checkpoint(5), "invalid argument 'program': given 5; allowed is an operation or a stream"),
        (lambda: core.encode_request(5), "invalid argument 'request': given 5; allowed is an HttpRequest"),
        (lambda: core.encode_answer(Success(5)), "invalid argument 'answer': given <Success: 5>; allowed is a Success"),
        (lambda: core.encode_answer(Failure(5)), "invalid argument 'answer': given <Failure: 5>; allowed is a Success"),
        (lambda: core.decode_answer(None), "interrupted (protocol): the answer that was handed over cannot be read"),
        (lambda: core.create_request(5), "invalid argument 'arguments': given 5; allowed is a mapping"),
        (lambda: core.parse_output(None, int), "invalid argument 'response': given None; allowed is a Response"),
        (lambda: codecs.decode_response(None), "not understood at $: expected bytes, got NoneType"),
        (lambda: codecs.decode_input_items(5), "not understood at $: expected bytes, got int"),
        (lambda: codecs.decode_response("\ud800"), "not understood at $: JSON is malformed"),
        (lambda: codecs.parse_arguments(None), "not understood at $: expected bytes, got NoneType"),
        (lambda: core.audit_response("resp_1", include=5).result, "invalid argument 'include': given 5; allowed is"),
    ],
)
def test_what_is_refused_is_told(call: Callable[[], Any], reason: str) -> None:
    assert str(call().failure()).startswith(reason)


@pytest.mark.parametrize("kind", [bytearray, memoryview, bytes.decode], ids=["bytearray", "memoryview", "str"])
@pytest.mark.parametrize("novel", ["", ',"novel":1'])
def test_any_bytes_are_read_and_text_as_well(kind: Callable[[bytes], Any], novel: str) -> None:
    data = f'{{"id":"resp_1","created_at":1,"model":"m","output":[]{novel}}}'.encode()
    assert codecs.decode_response(kind(data)) == codecs.decode_response(data)
