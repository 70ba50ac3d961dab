"""Values as people read them."""

from __future__ import annotations

from typing import Any

import pytest
from rich.pretty import pretty_repr

from puresponse.codecs import (
    BigNumber,
    EventStream,
    InputFile,
    InputImage,
    InputText,
    ItemList,
    Kept,
    Message,
    ServerSentEvent,
    StreamDecoder,
    Unknown,
    Untagged,
    brief,
    pretty,
)
from puresponse.core import (
    END,
    ApiError,
    DecodeError,
    Emit,
    HttpRequest,
    HttpResponse,
    NoRecording,
    Operation,
    Page,
    Read,
    Send,
    Stream,
    WaitExpired,
    delete_response,
    fail,
    succeed,
)

SUCCEED: Any = succeed
LONGEST = 25_000
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
    members = InputFile(filename="a.pdf", file_data=BASE64).__rich_repr__()
    assert [(name, repr(value)) for name, value in members] == [
        ("filename", "'a.pdf'"),
        ("file_data", f"'{BASE64[:40]}… (4,000 characters)'"),
    ]


# --- of bounded length ------------------------------------------------------------------------------

MANY = 100_000


def cyclic() -> list[Any]:
    holding: list[Any] = []
    holding += [holding] * 200
    return holding


def nested_wide(depth: int) -> Any:
    return {"a": "x y" * 600} if not depth else [nested_wide(depth - 1)] * 10


def mapping(count: int) -> Operation[Any]:
    operation: Operation[Any] = delete_response("r")
    for _ in range(count):
        operation = operation.map(str)
    return operation


def emitting(count: int) -> Stream[int]:
    stream: Stream[int] = END
    for number in range(count):
        stream = Emit((number,), stream)
    return stream


HUGE: dict[str, Any] = {
    "a list": list(range(MANY)),
    "a tuple": tuple(range(MANY)),
    "a mapping": {str(number): number for number in range(MANY)},
    "a mapping of long keys": {str(number) * 1_000: number for number in range(1_000)},
    "a text": "x y " * MANY,
    "an unbroken text": "x" * MANY,
    "bytes": b"x y" * MANY,
    "an integer": 10**MANY,
    "a negative integer": -(10**MANY),
    "what holds itself": cyclic(),
    "what is wide at every depth": nested_wide(6),
    "unknown fields": Message(role="user", content="hi", unknown_fields=Kept({str(n): n for n in range(MANY)})),
    "unknown elements": Kept({"elements": [{"type": "new"}] * MANY}),
    "an unknown object": Unknown(Kept({"type": "new", "numbers": list(range(MANY))})),
    "many parts": Message(role="user", content=(InputText(text="hello there"),) * MANY),
    "a number out of range": BigNumber("9" * MANY),
    "a request": HttpRequest(
        "POST", "/x" * MANY, (("a", "b c" * MANY),) * 9, (("a", "b c" * MANY),) * 9, b"{ }" * MANY
    ),
    "a response": HttpResponse(status=200, headers=(("a", "b"),) * MANY, body=b"{ }" * MANY),
    "an error of the API": ApiError(status=500, message="x y" * MANY, body=b"x" * MANY),
    "a DecodeError": DecodeError(reason="x y" * MANY, body=b"x" * MANY),
    "an expired wait": WaitExpired(elapsed=1.0, polls=1, last=Message(role="user", content="x y" * MANY)),
    "a missing recording": NoRecording(request=HttpRequest("GET", "/x"), differences=("x y",) * MANY),
    "a done operation": succeed(tuple(range(MANY))),
    "a failed operation": fail(ApiError(status=500, message="x y" * MANY)),
    "an operation": Send(HttpRequest("GET", "/", body=b"x" * MANY), SUCCEED),
    "an operation of many frames": mapping(MANY),
    "a stream": Emit(tuple(range(MANY)), END),
    "a stream of many steps": emitting(MANY),
    "a page": Page(ItemList(data=(InputText(text="hello there"),) * MANY, object="list", has_more=False)),
    "a decoder": StreamDecoder(stream=EventStream(line=(b"x" * MANY,))),
    "an event": ServerSentEvent(data=b"x" * MANY),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_repr_is_of_bounded_length_whatever_the_value(name: str) -> None:
    value = HUGE[name]
    assert len(brief(value)) < LONGEST
    assert len(pretty(value)) < 20 * LONGEST  # on many lines, each of them indented
    if not isinstance(value, list | tuple | dict | str | bytes | int):
        assert len(repr(value)) < LONGEST
    if isinstance(value, Message | Unknown):
        assert len(pretty_repr(value)) < 10 * LONGEST


def test_what_is_left_out_is_counted() -> None:
    assert brief(list(range(MANY))).endswith("98, 99, … 99,900 more]")
    assert brief(("a",) * 101).endswith("'a', … 1 more)")
    assert brief(dict.fromkeys(range(102), 0)).endswith("99: 0, … 2 more}")
    assert brief(list(range(100))) == repr(list(range(100)))
    assert "… more" not in brief("a b" * 600)
    assert brief("a b" * 1_000) == repr("a b" * 333 + "a… (3,000 characters)")
    assert brief(b"ab" * 501) == f"{b'ab' * 100!r}… (1,002 bytes)"
    assert brief(b"ab" * 500) == repr(b"ab" * 500)
    assert brief(10**400) == "<an integer of 1,329 bits>"
    assert brief(2**999) == repr(2**999)
    assert repr(BigNumber("1e400")) == "BigNumber('1e400')"


def test_when_much_was_shown_no_more_is() -> None:
    shown = brief(["a b " * 400] * 50)
    assert 20_000 < len(shown) < 25_000
    assert shown.endswith(", … 37 more]")


def test_the_defaults_of_a_request_are_left_out_and_those_of_a_page_are_not() -> None:
    assert repr(HttpRequest("GET", "/", idempotent=False)) == "HttpRequest(method='GET', path='/')"
    assert repr(HttpResponse(status=200)) == "HttpResponse(status=200)"
    assert repr(Read(SUCCEED)) == f"Read(resume={SUCCEED!r}, within=None)"
    assert repr(fail(DecodeError(reason="no JSON"))) == "Done(result=<Failure: not understood at $: no JSON>)"
    assert repr(succeed("a\ud800")) == "Done(result=<Success: a\\ud800>)"
    assert repr(succeed((1, "a"))) == "Done(result=<Success: (1, 'a')>)"


def test_rich_shows_a_page_of_few_structs_struct_by_struct() -> None:
    message = Message(role="user", content=(InputText(text="hello"), InputText(text="there")))
    assert "InputText(text='there')" in pretty_repr(message)
    assert "… 99,900 more" in pretty_repr(Message(role="user", content=(InputText(text="hello"),) * MANY))
