"""Values as people read them."""

from __future__ import annotations

from typing import Any

from rich.pretty import pretty_repr

from puresponse.codecs import InputFile, InputImage, InputText, Kept, Message, Unknown, Untagged, brief, pretty

BASE64 = "QUJD" * 1000


def test_what_is_absent_is_left_out() -> None:
    assert repr(Message(role="user", content="hi")) == "Message(role='user', content='hi')"
    assert repr(Message(role="user", content="hi", id=None)) == "Message(id=None, role='user', content='hi')"


def test_base64_is_cut_and_text_is_not() -> None:
    assert repr(InputFile(file_data=BASE64)) == f"InputFile(file_data='{BASE64[:40]}… (4,000 characters)')"
    prose = "It was a dark and stormy night. " * 50
    assert repr(InputText(text=prose)) == f"InputText(text={prose!r})"
    assert repr(InputText(text="x" * 80)) == f"InputText(text={'x' * 80!r})"


def test_base64_is_cut_wherever_it_stands() -> None:
    image = InputImage(image_url="data:image/png;base64," + BASE64, unknown_fields=Kept({"thumbnail": BASE64}))
    assert len(repr(Message(role="user", content=(image, image)))) < 500
    assert len(repr(Unknown(Kept({"type": "new", "list": [{"deep": BASE64}]})))) < 150


def test_all_kinds_of_values_show_as_what_they_are() -> None:
    value: Any = {"a": [1, None, True], "b": (1,), "c": (), "d": {}, "e": (1, 2.5), "f": []}
    assert brief(value) == repr(value)
    assert brief(Kept({"a": 1})) == "Kept({'a': 1})"
    assert repr(Untagged({"type": None})) == "Untagged({'type': None})"
    assert repr(Unknown(Kept({"type": "new"}))) == "Unknown(raw=Kept({'type': 'new'}))"


def test_a_value_may_be_nested_as_deep_as_it_likes() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert brief(deep) == "[" * 21 + "…" + "]" * 21
    assert len(pretty(deep)) < 1000


def test_a_pretty_value_takes_as_many_lines_as_it_needs() -> None:
    message = Message(role="user", content=(InputText(text="hello"), InputText(text="there")))
    assert pretty(message) == brief(message)
    assert pretty(message, width=40).splitlines() == [
        "Message(",
        "    role='user',",
        "    content=(",
        "        InputText(text='hello'),",
        "        InputText(text='there'),",
        "    ),",
        ")",
    ]
    assert pretty(InputText(text="one two"), width=5) == "InputText(\n    text='one two',\n)"
    assert pretty((message,), width=10).startswith("(\n    Message(\n")


def test_rich_shows_the_short_form_too() -> None:
    assert pretty_repr(InputFile(filename="a.pdf", file_data=BASE64), max_width=200) == (
        f"InputFile(filename='a.pdf', file_data='{BASE64[:40]}… (4,000 characters)')"
    )
