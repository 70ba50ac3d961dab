"""Where msgspec says a mismatch is: were it to word it otherwise, these would fail, and nothing else would read it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from msgspec import MsgspecError, Struct, ValidationError, convert, json

from puresponse.codecs import DecodeError
from puresponse.codecs.lossless.codec import BareCodec
from puresponse.codecs.lossless.mismatch import mismatch_of, told, told_of_element, trailing_at

ROOT = Path(__file__).resolve().parents[2]


class Item(Struct, forbid_unknown_fields=True):
    number: int


class Sour(Struct):
    number: int

    def __post_init__(self) -> None:
        raise ValueError("it says ` - at `$.elsewhere`\nand more")


class Lists(Struct):
    lists: dict[str, list[int]]


CASES: list[tuple[Any, bytes, tuple[str, str]]] = [
    (int, b'"x"', ("$", "Expected `int`, got `str`")),
    (Item, b"{}", ("$", "Object missing required field `number`")),
    (Item, b'{"new": 1}', ("$", "Object contains unknown field `new`")),
    (Item, b'{"number": "x"}', ("$.number", "Expected `int`, got `str`")),
    (list[Item], b'[{"number": 1}, {"number": "x"}]', ("$[1].number", "Expected `int`, got `str`")),
    (list[Item], b'[{"number": 1}, {"new": 1}]', ("$[1]", "Object contains unknown field `new`")),
    (dict[str, list[int]], b'{"a": [1, "x"]}', ("$[...][1]", "Expected `int`, got `str`")),
    (dict[str, dict[int, int]], b'{"a": {"b": 1}}', ("$[...]", "Expected `int`, got `str`, as a key")),
    (list[Sour], b'[{"number": 1}]', ("$[0]", "it says ` - at `$.elsewhere`\nand more")),
]


@pytest.mark.parametrize(("shape", "data", "expected"), CASES)
def test_a_mismatch_has_a_path_and_a_reason(shape: Any, data: bytes, expected: tuple[str, str]) -> None:
    with pytest.raises(ValidationError) as decoding:
        json.decode(data, type=shape)
    assert mismatch_of(decoding.value) == expected
    with pytest.raises(ValidationError) as converting:
        convert(json.decode(data), shape)
    assert mismatch_of(converting.value) == expected


@pytest.mark.parametrize("name", ["a", "b", "c", "d", "e e"])
def test_a_member_of_a_map_is_named_in_the_path_whichever_it_is(name: str) -> None:
    payload: dict[str, list[Any]] = {each: [1, 2] for each in ("a", "b", "c", "d", "e e")}
    payload[name][1] = "x"
    refused = BareCodec[Any](Lists).read(json.encode({"lists": payload}))
    assert isinstance(refused, DecodeError)
    assert refused.path == (f"$.lists.{name}[1]" if name.isidentifier() else f"$.lists[{name!r}][1]")
    assert refused.reason == "Expected `int`, got `str`"


@pytest.mark.parametrize("data", [b'{"number": "x"}', b'{"number": null}', b'{"new": 1}', b"{}", b"3"])
def test_what_is_said_of_an_element_is_what_is_said_of_it_alone(data: bytes) -> None:
    index, within = told_of_element(said_of(list[Item], b'[{"number": 1}, %b]' % data))
    assert index == 1
    assert within in ([], said_of(Item, data))
    assert bool(within) == (b"number" in data)
    with pytest.raises(ValueError, match="invalid literal"):
        told_of_element(said_of(Item, data))


def said_of(shape: Any, data: bytes) -> list[str]:
    with pytest.raises(ValidationError) as decoding:
        json.decode(data, type=shape)
    return told(decoding.value)


@pytest.mark.parametrize(
    ("data", "end"),
    [(b"null,", 4), (b'{"a":[1,{"b":"}"}]} , 2', 20), (b"1.5x", 3), (b'"a\\"" }', 6), (b"nul,", None), (b"[1,", None)],
)
def test_where_a_value_ends_that_more_follows(data: bytes, end: int | None) -> None:
    with pytest.raises(MsgspecError) as decoding:
        json.decode(data)
    if end is not None:
        assert trailing_at(decoding.value) == end
        return
    with pytest.raises(ValueError, match="invalid literal"):
        trailing_at(decoding.value)


def test_one_module_reads_where_msgspec_says_a_mismatch_is() -> None:
    paths = [path for layer in ("codecs", "core", "transports", "cli") for path in (ROOT / layer).rglob("*.py")]
    constants = [
        (path.relative_to(ROOT).as_posix(), node.value)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert {path for path, text in constants if "- at `" in text or "- at (`" in text} == {
        "codecs/lossless/mismatch.py"
    }


def test_one_module_lists_what_msgspec_raises() -> None:
    paths = [path for layer in ("codecs", "core", "transports", "cli") for path in (ROOT / layer).rglob("*.py")]
    listing = {
        path.relative_to(ROOT).as_posix()
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Tuple) and {"MsgspecError", "RecursionError"} <= set(map(ast.unparse, node.elts))
    }
    assert listing == {"codecs/lossless/errors.py"}
