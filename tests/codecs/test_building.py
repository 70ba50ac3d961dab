"""Building once, in one thread at a time: what is remembered, what is looked at first, and what is raised."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Generic, NewType, TypeVar, get_args, get_origin, get_type_hints

import pytest
from msgspec import Meta, Struct, ValidationError, defstruct

from puresponse import codecs
from puresponse.codecs import ItemList, decoders
from puresponse.codecs.decoders import decode_response, stream_event_codec
from puresponse.codecs.lossless.accustomed import accustomed_codec_for
from puresponse.codecs.lossless.building import building, converted, decoder, decoder_of, evaluate, once, schema_of
from puresponse.codecs.lossless.codec import codec_for
from puresponse.codecs.lossless.list_codec import list_codec_for
from puresponse.codecs.types.response import Response

T = TypeVar("T")
PATIENCE = 10.0


class Names:
    """A module that keeps a record of what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> type[int]:
        self.asked.append(name)
        return int


NAMES = Names()


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    NAMES.asked.clear()


# --- once ----------------------------------------------------------------------------------------


def test_what_many_threads_ask_for_at_once_is_built_once() -> None:
    built: list[int] = []
    together = threading.Barrier(8)
    twice = threading.Event()

    def build(number: int) -> list[int]:
        if built:
            twice.set()
        built.append(number)
        twice.wait(0.1)  # time enough for another thread to build too, if it could
        return [number]

    remembered = once(build)

    def ask(_: int) -> list[int]:
        together.wait(PATIENCE)
        return remembered(7)

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(ask, range(8)))
    assert built == [7]
    assert len({id(value) for value in given}) == 1


def test_other_arguments_are_built_anew_and_by_name_too() -> None:
    def build(left: int, right: int = 0) -> tuple[int, int]:
        return left, right

    remembered = once(build)
    assert remembered(1) == (1, 0)
    assert remembered(1, right=2) == (1, 2)
    assert remembered(1) is remembered(1)


def test_only_as_many_are_remembered_as_are_asked_for() -> None:
    built: list[int] = []

    def build(number: int) -> int:
        built.append(number)
        return number

    remembered = once(build, at_most=2)
    for number in (1, 2, 3, 3, 1):
        remembered(number)
    assert built == [1, 2, 3, 1]


def test_what_fails_is_tried_again_and_leaves_the_lock_free() -> None:
    tried: list[int] = []

    def build() -> int:
        tried.append(1)
        if len(tried) == 1:
            raise ValueError("not yet")
        return len(tried)

    remembered = once(build)
    with pytest.raises(ValueError, match="not yet"):
        remembered()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(remembered).result(PATIENCE) == 2


def test_one_thing_is_built_in_the_midst_of_another() -> None:
    def inner() -> str:
        return "inner"

    remembered = once(inner)

    def outer() -> str:
        return f"outer of {remembered()}"

    assert once(outer)() == "outer of inner"


def test_another_thread_waits_while_something_is_built() -> None:
    ended: list[str] = []
    begun = threading.Event()

    def build() -> None:
        begun.set()
        decoder(list[int])
        ended.append("other")

    with building:
        other = threading.Thread(target=build)
        other.start()
        assert begun.wait(PATIENCE)
        other.join(0.05)
        ended.append("this")
    other.join(PATIENCE)
    assert ended == ["this", "other"]


# --- what is looked at first ---------------------------------------------------------------------


class Outer(Struct, Generic[T]):
    inner: dict[str, Any]
    value: T


INNER: Any = defstruct("Inner", [("place", "NAMES.Place")], module=__name__)
BROKEN: Any = defstruct("Broken", [("lost", "NOWHERE.Lost"), ("place", "NAMES.Lost")], module=__name__)
LIST: Any = list
DICT: Any = dict
Kilograms = NewType("Kilograms", int)


def test_what_annotations_name_is_looked_at_wherever_they_stand() -> None:
    given: Any = Annotated
    holds_it: Any = defstruct("Holder", [("held", DICT[str, LIST[INNER] | None])])
    evaluate(LIST[given[DICT[str, LIST[holds_it]], Meta(description="?")]] | None)
    assert NAMES.asked == ["Place"]


def test_types_of_the_library_need_no_look() -> None:
    evaluate(Response)
    evaluate(Kilograms)
    evaluate("no type at all")


def test_a_generic_struct_of_a_callers_own_is_looked_into_too() -> None:
    evaluate(Outer[INNER])
    assert NAMES.asked == ["Place"]


def test_what_cannot_be_named_is_msgspecs_to_tell() -> None:
    evaluate(BROKEN)
    with pytest.raises(NameError, match="NOWHERE"):
        decoder(BROKEN)
    assert building_is_free()


def building_is_free() -> bool:
    with ThreadPoolExecutor(1) as pool:
        return bool(pool.submit(decoder, list[int]).result(PATIENCE)(b"[1]") == [1])


# --- what it gives -------------------------------------------------------------------------------


def test_codecs_are_shared_by_all_who_ask() -> None:
    assert codec_for(Response) is codec_for(Response)
    assert list_codec_for(Response) is list_codec_for(Response)
    assert decoder_of(int | str) is decoder_of(str | int)
    assert stream_event_codec() is stream_event_codec()
    assert decode_response(b"{}") == codec_for(Response).decode(b"{}")


def test_a_plain_value_becomes_one_of_a_type_or_says_why_not() -> None:
    assert converted({"inner": {}, "value": 1}, Outer[int]) == Outer(inner={}, value=1)
    with pytest.raises(ValidationError, match="Expected `int`, got `str`"):
        converted("1", int)
    with pytest.raises(NameError, match="NOWHERE"):
        converted({}, BROKEN)
    with pytest.raises(NameError, match="NOWHERE"):
        converted({}, BROKEN)
    assert building_is_free()


def test_a_schema_comes_with_those_it_refers_to() -> None:
    schema, definitions = schema_of(INNER)
    assert schema == {"$ref": "#/$defs/Inner"}
    assert list(definitions) == ["Inner"]


DECODERS = [name for name in vars(codecs)["__all__"] if name.startswith("decode_") and name != "decode_error_body"]


@pytest.mark.parametrize("name", DECODERS)
def test_a_decoder_decodes_what_its_annotation_says(name: str) -> None:
    decode = getattr(codecs, name)
    (decoded, _) = get_args(get_type_hints(decode)["return"])
    if get_origin(decoded) is ItemList:
        built: Any = list_codec_for(*get_args(decoded))
    else:
        built = accustomed_codec_for(decoded) if name == "decode_stream_event" else codec_for(decoded)
    decode(b"{}")
    assert vars(decoders)["_decode"][name.removeprefix("decode_")] in (getattr(built, "total", None), built.decode)
