"""Whatever is public can be looked into: hints, signatures and help, of functions, classes and their methods."""

from __future__ import annotations

import inspect
import pydoc
from collections.abc import Callable
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, ForwardRef, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from interpreters import printed_by

import puresponse
from puresponse import (
    DecodeError,
    DeletedResponse,
    InputItem,
    ItemList,
    Page,
    Parsed,
    Response,
    StreamEvent,
    WebhookEvent,
    cancel_response,
    create_response,
    decode_input_items,
    decode_stream_event,
    delete_response,
    sequence_number,
    unwrap_webhook,
)

ALL = "__all__"
PACKAGES = ("puresponse", "puresponse.codecs", "puresponse.core", "puresponse.transports")


def names_of(package: ModuleType) -> list[str]:
    everything: list[str] = getattr(package, ALL)
    return everything


def public() -> dict[str, Any]:
    """All that is public and can be called."""
    names = names_of(puresponse)
    found = {name: getattr(puresponse, name) for name in names}
    return {name: value for name, value in found.items() if isinstance(value, (FunctionType, type))}


def methods_of(owner: type) -> dict[str, FunctionType]:
    """The methods and properties of a class of this library, those of what it inherits too."""
    found: dict[str, FunctionType] = {}
    for kind in owner.__mro__:
        if kind.__module__.split(".")[0] != "puresponse":
            continue
        for name, value in vars(kind).items():
            plain: Any = getattr(value, "__func__", getattr(value, "fget", value))
            if isinstance(plain, FunctionType) and plain.__module__.startswith("puresponse"):
                found.setdefault(f"{owner.__name__}.{name}", plain)
    return found


def with_methods() -> dict[str, Any]:
    found = public()
    return {
        **found,
        **{
            name: method
            for kind in found.values()
            if isinstance(kind, type)
            for name, method in methods_of(kind).items()
        },
    }


def unresolved(hint: Any) -> bool:
    """Whether a name is left in a hint that stands for a type, and is none."""
    if get_origin(hint) is Literal:
        return False
    if get_origin(hint) is Callable and get_args(hint):
        *taken, given = get_args(hint)
        return unresolved(given) or any(unresolved(one) for held in taken if held is not ... for one in held)
    return isinstance(hint, (str, ForwardRef)) or any(map(unresolved, get_args(hint)))


def failures(examine: Callable[[Any], object], things: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, thing in things.items():
        try:
            examine(thing)
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    return found


def hints_are_types(thing: Any) -> None:
    assert [name for name, hint in get_type_hints(thing).items() if unresolved(hint)] == []


def test_there_is_much_to_look_into() -> None:
    assert len(public()) > 400
    assert len(with_methods()) > 600


def test_the_hints_of_everything_public_are_types() -> None:
    assert failures(hints_are_types, with_methods()) == {}


def test_everything_public_has_a_signature() -> None:
    # A TypedDict is a dict, and so has none in any library.
    assert failures(inspect.signature, {name: x for name, x in with_methods().items() if not is_typeddict(x)}) == {}


def test_everything_public_has_help() -> None:
    assert failures(pydoc.render_doc, public()) == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_help_that_tells_of_all_that_is_public(package: str) -> None:
    told = pydoc.plain(pydoc.render_doc(import_module(package)))
    names = names_of(import_module(package))
    assert [name for name in names if name not in told] == []


def test_a_hint_is_the_type_itself() -> None:
    operation: Any = puresponse.Operation
    assert get_type_hints(delete_response)["return"] == operation[DeletedResponse]
    assert get_type_hints(cancel_response)["return"] == operation[Response]
    assert get_type_hints(Parsed)["response"] is Response
    assert get_type_hints(decode_stream_event)["return"].__args__ == (StreamEvent, DecodeError)
    assert get_type_hints(decode_input_items)["return"].__args__ == (ItemList[InputItem], DecodeError)
    assert get_type_hints(sequence_number)["event"] == StreamEvent
    assert get_type_hints(unwrap_webhook)["return"].__args__[0] == WebhookEvent
    assert inspect.signature(Page).parameters
    assert InputItem.__args__[0] in get_args(get_type_hints(create_response)["input"])


IN_A_FRESH_PROCESS = """
import sys, typing
from puresponse.{module} import {name}
before = "puresponse.codecs.types.response" in sys.modules
hints = typing.get_type_hints({name})
from puresponse.codecs import Response
print(before, Response in typing.get_args(hints["return"]) or Response in hints["return"].__args__[0].__args__)
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("core.endpoints.responses", "retrieve_response"),
        ("core.endpoints.create", "create_response"),
        ("codecs.decoders", "decode_response"),
    ],
)
def test_hints_are_found_where_a_module_is_imported_directly_and_nothing_is_loaded_before(
    module: str, name: str
) -> None:
    code = IN_A_FRESH_PROCESS.format(module=module, name=name)
    assert printed_by(code) == "False True"
