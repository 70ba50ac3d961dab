"""What the signatures of everything public promise: no naked union of a value and an error, nothing that raises."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from typing import Any, get_overloads

import pytest

PACKAGES = {name: importlib.import_module(f"puresponse.{name}") for name in ("codecs", "core", "transports")}
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
