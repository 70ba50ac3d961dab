"""The values made from annotations are right by them, and name all that the annotations do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Required, TypedDict

import pytest
from annotated import examples, members_of, required_of
from msgspec import json
from official_client import values_of
from openai.types import responses
from pydantic import BaseModel, Field, TypeAdapter

from puresponse.codecs.lossless.plain import is_array, is_object

KINDS: dict[str, Any] = json.decode(Path(__file__).with_name("kinds.json").read_bytes())


class Text(BaseModel):
    type: Literal["text"]
    text: str
    tone: Literal["low", "high"] | None = None
    schema_: dict[str, object] | None = Field(alias="schema", default=None)


class Group(BaseModel):
    type: Literal["group"]
    members: list[Annotated[Text | Group, "discriminated"]]
    note: str | None


class Sent(TypedDict, total=False):
    name: Required[str]
    strict: bool | None
    parts: Required[Iterable[Text]]


class Closed(TypedDict):
    count: int
    share: NotRequired[float]


@pytest.mark.parametrize(
    ("annotation", "made"),
    [
        (Literal["a", "b"] | None, ["a", "b", None]),
        (Closed, [{"count": 1}, {"count": 1, "share": 0.5}]),
        (
            Text,
            [
                {"type": "text", "text": "text"},
                {"type": "text", "text": "text", "tone": "low", "schema": {"key": {"key": "value"}}},
                {"type": "text", "text": "text", "tone": "high", "schema": {"key": {"key": "value"}}},
            ],
        ),
    ],
)
def test_the_first_has_what_is_required_and_the_others_all(annotation: Any, made: list[Any]) -> None:
    assert examples(annotation) == made


def test_what_a_typed_dict_may_leave_out_may_be_null_where_it_says_so() -> None:
    made = examples(Sent)
    assert made[0] == {"name": "get_weather", "parts": [{"type": "text", "text": "text"}]}
    assert [value.get("strict") for value in made[1:]] == [True, False, None]
    assert required_of(Sent) == {"name", "parts"}


def test_an_object_is_not_within_itself() -> None:
    assert all(member["type"] == "text" for value in examples(Group) for member in value["members"])


def test_of_some_types_there_is_one_value_with_all_in_it() -> None:
    (only,) = {str(value["parts"]) for value in examples(Sent, briefly=frozenset({Text}))}
    assert "'tone': 'high'" in only


@pytest.mark.parametrize("annotation", [responses.ResponseInputItemParam, responses.ResponseOutputItem, responses.Tool])
def test_every_word_that_the_clients_unions_enumerate_is_in_a_value(annotation: Any) -> None:
    for name, member in members_of(annotation).items():
        assert {*values_of(member), *names_of(member)} <= {*words(examples(member))}, name


@pytest.mark.parametrize("annotation", [responses.ResponseOutputItem, responses.ResponseItem, responses.Tool])
def test_every_value_of_a_model_is_right_by_it(annotation: Any) -> None:
    for member in members_of(annotation).values():
        adapter: TypeAdapter[Any] = TypeAdapter(member)
        for value in examples(member):
            adapter.validate_python(value)


def test_there_are_values_of_all_kinds_of_items_and_tools() -> None:
    found = {what: len(members) for what, members in KINDS.items() if what != "openai"}
    assert found == {"input": 33, "output": 28, "tool": 16, "event": 59, "parameter": 26}
    assert all(members[name] for what, members in KINDS.items() if what != "openai" for name in members)


def names_of(shape: Any) -> set[str]:
    """The words that the fields of an object enumerate, without those of objects within."""
    from official_client import fields_of

    return {word for annotation in (fields_of(shape) or {}).values() for word in values_of(annotation)}


def words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inside: Iterable[Any] = value.values() if is_object(value) else value if is_array(value) else ()
    for inner in inside:
        yield from words(inner)
