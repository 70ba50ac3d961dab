"""Values as people read them: each kind has its words, what is unknown is shown as it is, and nothing is lost."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from returns.result import Success
from shown_example import ANSWER, AUDIT, RESPONSE, base64, png
from shown_kinds import FILE, shown_kinds

from puresponse.codecs import (
    Annotation,
    ContentPart,
    FunctionCall,
    InputItem,
    Kept,
    Message,
    OutputItem,
    OutputText,
    ResponseAudit,
    Unknown,
    decode,
    decode_input_items,
    decode_response,
    to_html,
    to_text,
)
from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.codecs.rendering.contents import CITATIONS, PARTS
from puresponse.codecs.rendering.images import data_in
from puresponse.codecs.rendering.items import READERS
from puresponse.codecs.rendering.visible import cells, visible
from puresponse.core import HttpResponse, list_input_items
from puresponse.transports import run

KINDS: dict[str, dict[str, list[dict[str, Any]]]] = json.decode(
    (Path(__file__).parents[1] / "clients" / "kinds.json").read_bytes(), type=dict[str, Any]
)
"""An example of everything that the official client types, by kind."""

ITEMS = [(name, example) for side in ("input", "output") for name, all_ in KINDS[side].items() for example in all_]


def shown(item: Any) -> str:
    return to_text([item])


def response(**members: Any) -> dict[str, Any]:
    return {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [], **members}


# --- no kind is forgotten -----------------------------------------------------------------------


def tags(union: Any) -> set[str]:
    kinds = [kind for member in get_args(union) for kind in (get_args(member) or (member,))]
    return {str(kind.__struct_config__.tag) for kind in kinds if kind is not Unknown}


def test_every_kind_of_item_part_and_citation_has_a_reader_and_no_reader_is_of_none() -> None:
    assert len(tags(OutputItem)) >= 28
    assert tags(InputItem) | tags(OutputItem) == set(READERS)
    assert tags(ContentPart) == set(PARTS)
    assert tags(Annotation) == set(CITATIONS)


def test_no_item_that_the_official_client_types_is_shown_as_unknown() -> None:
    assert len(ITEMS) > 200
    unknown = re.compile(r"Unknown item|unknown (part|output|action)")
    assert [name for name, example in ITEMS if unknown.search(shown(example))] == []


def test_an_item_is_shown_alike_whether_it_was_decoded_or_is_plain() -> None:
    examples = [example for _, example in ITEMS]
    read = decode_input_items(json.encode({"object": "list", "data": examples})).unwrap()
    for item, example in zip(read.data, examples, strict=True):
        assert sorted(re.findall(r"\w+", shown(item))) == sorted(re.findall(r"\w+", shown(example)))


# --- nothing is lost ----------------------------------------------------------------------------

UNREAD = {"type", "encrypted_content", "logprobs", "file_data", "data", "result", "start_index", "end_index", "index"}
"""Members that are told in words, by their size or their place."""


def leaves(value: Any) -> Iterator[str]:
    """The words of a value that people are to find."""
    if is_object(value):
        for name, member in value.items():
            if name not in UNREAD:
                yield from leaves(member)
    elif is_array(value):
        for member in value:
            yield from leaves(member)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value}"


def squeezed(text: str) -> str:
    """Without what layout and the numbers of citations add."""
    return re.sub(r"\[\d+\]", "", "".join(text.split())).replace('\\"', '"').casefold()


def missing(value: Any, example: Any) -> list[str]:
    said = squeezed(to_text(value))
    return [leaf for leaf in leaves(example) if squeezed(leaf) not in said]


def test_every_word_of_every_item_is_shown() -> None:
    assert {name: lost for name, example in ITEMS if (lost := missing([example], example))} == {}


def without(value: Any, names: set[str]) -> Any:
    """The value without members of these names."""
    if is_object(value):
        return {name: without(member, names) for name, member in value.items() if name not in names}
    return [without(member, names) for member in value] if is_array(value) else value


def test_every_word_of_every_tool_is_shown_but_for_secrets() -> None:
    tools = [example for examples in KINDS["tool"].values() for example in examples]
    hidden = {"authorization", "headers", "domain_secrets"}
    assert len(tools) > 50
    lost = [words for tool in tools for words in missing(response(tools=[tool]), without(tool, hidden))]
    assert lost == []


def test_what_was_kept_beside_the_fields_is_shown_with_them() -> None:
    data = response(metadata={"fits": "yes", "does_not": 5}, status=7, new={"field": "here"})
    said = to_text(decode_response(json.encode(data)).unwrap())
    for line in ("metadata.fits: yes", "metadata.does_not: 5", "status: 7", "new.field: here"):
        assert line in said


def test_a_text_of_several_lines_is_shown_under_the_name_of_its_member() -> None:
    said = to_text(decode_response(json.encode(response(new={"poem": "One line.\nAnother.", "none": ""}))).unwrap())
    assert re.search(r"new\.poem\s+One line\.\s+Another\.", said)
    assert "new.none" not in said


def test_every_word_of_a_response_is_shown() -> None:
    assert missing(AUDIT, RESPONSE | {"created_at": None, "completed_at": None, "output": [], "usage": None}) == []


def marked(value: Any, numbers: Iterator[int]) -> Any:
    """The value with a member in each object that no version of the library knows, but where there may be secrets."""
    if is_object(value):
        members = {name: member if name == "headers" else marked(member, numbers) for name, member in value.items()}
        return {**members, "brand_new": f"new-{next(numbers)}!"}
    return [marked(member, numbers) for member in value] if is_array(value) else value


def test_what_no_version_knows_is_shown_wherever_it_is() -> None:
    of_conversation = response(conversation={"id": "conv_1"})
    for name, example in [*ITEMS, ("response", RESPONSE), ("of a conversation", of_conversation)]:
        numbers = count()
        said = to_text([marked(without(example, {"logprobs"}), numbers)])
        assert (name, [n for n in range(next(numbers)) if f"new-{n}!" not in said]) == (name, [])


ODD: tuple[Any, ...] = ("odd!", 17, ["odd!", {"odd": 1}, [None]], {})
"""In place of what is expected."""


def displaced(value: Any, odd: Any) -> Iterator[Any]:
    """The value with each member in turn replaced."""
    if is_object(value):
        for name, member in value.items():
            yield {**value, name: odd}
            yield from ({**value, name: other} for other in displaced(member, odd))
    elif is_array(value):
        for index, member in enumerate(value):
            yield [*value[:index], odd, *value[index + 1 :]]
            yield from ([*value[:index], other, *value[index + 1 :]] for other in displaced(member, odd))


def test_what_is_not_as_expected_is_shown_as_it_is_and_nothing_raises() -> None:
    examples = [examples[-1] for side in ("input", "output") for examples in KINDS[side].values()]
    for example in [*examples, RESPONSE]:
        for value in displaced(without(example, {"logprobs"}), {"odd": ["strange!"]}):
            assert "strange!" in to_text(value)
        for odd in ODD:
            for value in displaced(example, odd):
                to_html(value)


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "role", "content", "output", "text", "annotations", "id", "action", "tools"])
            | st.text(max_size=3),
            inner | st.sampled_from([*READERS, *PARTS, *CITATIONS]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(value=JSON_VALUES)
def test_anything_at_all_is_shown(value: Any) -> None:
    for shown_value in (
        value,
        [value],
        response(output=[value], usage=value, tools=[value], error=value, metadata=value),
    ):
        said = to_text(shown_value, width=30)
        assert set("".join(said.split("\n"))) <= set(visible(said))
        assert "</html>" in to_html(shown_value)


def test_what_json_cannot_hold_is_shown_as_well() -> None:
    deep: Any = "bottom"
    for _ in range(5_000):
        deep = [deep]
    odd = Message(role="user", content=(OutputText(text="half \ud800 of a pair \x1b[2J", annotations=()),))
    call = FunctionCall(call_id="call_1", name="\ud800", arguments="[" * 100_000)
    unknown = Unknown(Kept({"type": "new", "half": "\udfff", "huge": 10**5_000, "set": {1}, "deep": deep}))
    said = to_text([odd, call, unknown, Unknown(Kept({"type": "message", "role": 5, "content": deep}))])
    assert "half \\ud800 of a pair \\x1b[2J" in said
    assert "Call of \\ud800" in said
    assert "Unknown item new" in said
    half = to_text(Unknown(Kept({"type": "new", "half": "\udfff", "many": list(range(300))})))
    assert "\\udfff" in half
    assert "299" in half


# --- what each is to people ---------------------------------------------------------------------

WHOLE = f"""\
Response resp_0a41f2
status: completed
model: gpt-5-mini
created: 2025-11-27 02:40:00 UTC
completed: 2025-11-27 02:40:14 UTC
took: 14 s
previous_response_id: resp_07bd11
metadata.customer: rivers-42

Input
-----

Instructions
  You are a hydrologist. Cite what you use.

User  (id msg_0)
  How long is the Rhône, and how much water does it carry today?
  Image, detail auto: https://rivers.example/map.png

Output
------

Reasoning  (id rs_1)
  I need the length, and today's discharge from the gauge.
  encrypted, 320 characters

Web search  (status completed, id ws_1)
  query: Rhône length kilometres
  1 source
    https://rivers.example/rhone

Call of read_gauge  (status completed, id fc_1, call_id call_1)
  {{"station": "Lyon", "quantity": "discharge"}}

Output of the call  (call_id call_1)
  {{"cubic_metres_per_second": 1450, "at": "2025-11-27T02:30:00Z"}}

Image generation  (status completed, id ig_1)
  The prompt, as it was revised:
  Hills above a river, flat colours
  Image PNG, 160 x 90, {len(png(160, 90)):,} bytes, output_format png

Assistant  (status completed, id msg_1)
  {ANSWER.replace("long;", "long[1];")}
  [1] The Rhône: https://rivers.example/rhone

About the response
------------------

Usage
  input: 1,204 tokens (cached 1,024)
  output: 356 tokens (reasoning 192)
  total: 1,560 tokens

2 tools
  web_search
  function read_gauge
    Reads a gauge of a river.
    parameters:
    {{"type": "object", "properties": {{"station": {{"type": "string"}}}}}}
    strict: true

Settings
  temperature: 1.0
  text.format.type: text
  text.verbosity: medium
"""


def test_a_whole_audit_as_people_read_it() -> None:
    assert to_text(AUDIT) == WHOLE
    typed = decode("ResponseAudit", json.encode(AUDIT)).unwrap()
    assert isinstance(typed, ResponseAudit)
    assert to_text(typed) == WHOLE


def test_each_kind_is_shown_as_it_is_written_down() -> None:
    """After a change that is meant: `tests/scripts/write_shown_kinds.py`, and read the difference."""
    shown, written = (text.split("==== ") for text in (shown_kinds(), FILE.read_text()))
    assert [part.partition("\n")[0] for part in shown] == [part.partition("\n")[0] for part in written]
    for part, expected in zip(shown, written, strict=True):
        assert part == expected


def test_a_page_tells_nobody_where_its_reader_came_from() -> None:
    assert '\n<meta name="referrer" content="no-referrer">\n' in to_html([])


def test_data_that_is_wrapped_is_an_image_like_any_other() -> None:
    wrapped = "\n".join(re.findall(".{1,8}", base64(png(3, 2))))
    assert data_in(f"data:image/png;base64,{wrapped}") == data_in(f"data:image/png;base64,{base64(png(3, 2))}")


def test_a_page_without_a_title_is_called_after_the_library() -> None:
    assert "<title>puresponse</title>" in to_html([])
    assert "<title>Response resp_1</title>" in to_html(response())


def test_a_response_that_failed_says_so_before_all_else() -> None:
    said = to_text(
        response(
            status="failed",
            error={"code": "server_error", "message": "It broke."},
            incomplete_details={"reason": "content_filter"},
        )
    )
    before, _, after = said.partition("Output\n")
    assert "Error server_error\n  It broke.\n" in before
    assert "Incomplete: content_filter\n" in before
    assert "No output" in after


def in_a_notebook(value: Any) -> str:
    """What a notebook asks a value for."""
    made: str = value._repr_html_()
    return made


def test_a_page_and_a_list_of_responses_show_each() -> None:
    data: list[dict[str, Any]] = [response(id="resp_1"), {"response": response(id="resp_2"), "input_items": []}]
    said = to_text({"object": "list", "data": data, "has_more": True, "last_id": "resp_2"})
    assert "has_more: true" in said
    assert said.index("Response resp_1") < said.index("Response resp_2")
    body = json.encode({"object": "list", "data": [{"type": "message", "role": "user", "content": "Hi"}]})
    page = run(list_input_items("resp_1"), lambda _: Success(HttpResponse(status=200, body=body))).unwrap()
    assert to_text(page) == "User\n  Hi\n"
    assert "Hi</div>" in in_a_notebook(page)
    assert in_a_notebook(decode("ResponseAudit", json.encode(AUDIT)).unwrap()).startswith("<style>")


def test_secrets_of_tools_are_hidden_and_said_to_be_there() -> None:
    secret = {"domain": "a.example", "name": "KEY", "value": "s3cret"}
    policy = {"type": "allowlist", "allowed_domains": ["a.example"], "domain_secrets": [secret]}
    tools = [
        {"type": "mcp", "server_label": "x", "authorization": "s3cret", "headers": {"X-Key": "s3cret"}},
        {"type": "shell", "environment": {"type": "container_auto", "network_policy": policy}},
        {"type": "code_interpreter", "container": {"type": "auto", "network_policy": policy}},
    ]
    call = {
        "type": "shell_call",
        "call_id": "c",
        "action": {"commands": ["ls"]},
        "environment": tools[1]["environment"],
    }
    value = response(tools=tools, output=[call, {"type": "additional_tools", "role": "tool", "tools": tools}])
    typed = decode_response(json.encode(value)).unwrap()
    for shown_value in (value, typed):
        for said in (to_text(shown_value), to_html(shown_value)):
            assert "s3cret" not in said
            assert "(hidden)" in said
            assert "X-Key" in said


# --- images -------------------------------------------------------------------------------------

JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 16)
    + b"JFIF"
    + bytes(10)
    + b"\xff\xc0"
    + struct.pack(">HBHH", 17, 8, 30, 40)
)
IMAGES = {
    ("image/png", 3, 2): png(3, 2),
    ("image/gif", 40, 30): b"GIF89a" + struct.pack("<HH", 40, 30) + bytes(3),
    ("image/jpeg", 40, 30): JPEG + bytes(20),
    ("image/jpeg", 40, 31): JPEG[:20] + b"\xff\xff" + JPEG[20:-4] + struct.pack(">HH", 31, 40) + bytes(20),
    ("image/webp", 40, 30): b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x27\0\0\x1d\0\0",
    ("image/webp", 41, 31): b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 40 | 30 << 14),
    ("image/webp", 42, 32): b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + struct.pack("<HH", 42, 32),
    ("image/svg+xml", 0, 0): b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize(("expected", "data"), IMAGES.items(), ids=[str(key) for key in IMAGES])
def test_an_image_is_known_by_its_first_bytes(expected: tuple[str, int, int], data: bytes) -> None:
    found = data_in(f"data:image/bmp;base64,{base64(data)}")
    assert found is not None
    assert (found.media_type, found.width, found.height) == expected
    assert (found.size, found.source) == (len(data), f"data:{expected[0]};base64,{base64(data)}")


@pytest.mark.parametrize("data", IMAGES.values())
def test_an_image_that_is_cut_off_anywhere_raises_nothing(data: bytes) -> None:
    for end in range(len(data)):
        found = data_in(f"data:;base64,{base64(data[:end])}")
        assert (found is None) == (end == 0)


@pytest.mark.parametrize("url", ["data:text/html,<script>", 'data:image/png;base64,"onerror=', "data:,", "x", "data:"])
def test_what_holds_no_data_in_base64_is_no_image(url: str) -> None:
    part = {"type": "input_image", "image_url": url}
    assert data_in(url) is None or url == "x"
    assert "<img" not in to_html({"type": "message", "role": "user", "content": [part]})


def test_data_that_is_no_image_is_shown_by_size_and_never_embedded() -> None:
    url = f"data:image/png;base64,{base64(b'<script>alert(1)</script>')}"
    page = to_html({"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": url}]})
    assert "<img" not in page
    assert "Image of image/png, 25 bytes" in page


# --- text ---------------------------------------------------------------------------------------


def test_nothing_in_the_text_controls_a_terminal() -> None:
    hostile = "\x1b[2J\x07\x9b31m\r\u202ereversed\u2066\U000e0041\u200b end"
    item = {
        "type": "function_call",
        "id": hostile,
        "call_id": "c",
        "name": hostile,
        "arguments": hostile,
        hostile: hostile,
    }
    said = to_text([item, {"type": hostile}, {"role": hostile, "content": hostile}])
    assert {character for character in said if not character.isprintable()} == {"\n"}
    assert "\\x1b[2J\\x07\\x9b31m\\x0d\\u202ereversed\\u2066\\U000e0041\\u200b end" in said.replace("\\x9b", "\\x9b")


def test_a_character_is_as_wide_as_a_terminal_shows_it() -> None:
    assert [cells(text) for text in ("a", "漢", "\uff21", "\uff71", "é", "")] == [1, 2, 2, 1, 1, 0]


def test_words_that_are_joined_and_written_from_right_to_left_are_whole() -> None:
    for text in ("👩‍👩‍👧 family", "می‌خواهم", "שלום", "non\u00a0breaking"):
        assert text in to_text({"role": "user", "content": text})


def test_lines_are_wrapped_between_words_only_where_a_width_is_given() -> None:
    text = "word " * 40 + "x" * 100 + " 漢字" * 20
    message = {"role": "user", "content": text}
    assert f"  {text}\n" in to_text(message)
    lines = to_text(message, width=40).splitlines()
    assert [line for line in lines if len(line) > 40] == [f"  {'x' * 100}"]
    assert {cells(line) for line in lines if "漢" in line} == {36, 2 + 5 * 5 + 4}
    assert " ".join(" ".join(lines[1:]).split()) == " ".join(text.split())


def test_colours_are_there_only_where_they_are_asked_for() -> None:
    plain, coloured = to_text(AUDIT), to_text(AUDIT, colour=True)
    assert "\x1b" not in plain
    assert coloured.count("\x1b[1;36mCall of read_gauge\x1b[0m") == 1
    for sequence in ("\x1b[0m", "\x1b[1m", "\x1b[2m", *(f"\x1b[1;3{digit}m" for digit in range(1, 7))):
        coloured = coloured.replace(sequence, "")
    assert coloured == plain


# --- size ---------------------------------------------------------------------------------------

LARGE = 500_000

LARGE_VALUES: dict[str, Callable[[], Any]] = {
    "one word": lambda: {"role": "user", "content": "x" * LARGE},
    "no line": lambda: {"role": "user", "content": "\n" * LARGE},
    "words": lambda: {"role": "user", "content": "a b " * (LARGE // 4)},
    "escapes": lambda: {"role": "user", "content": "\x1b\u202e" * (LARGE // 8)},
    "markup": lambda: {"role": "user", "content": "<&\"'" * (LARGE // 8)},
    "an image": lambda: {"type": "image_generation_call", "result": base64(png(9, 9) + bytes(LARGE))},
    "brackets": lambda: {"type": "function_call", "name": "f", "arguments": "[" * 400 + "],[" * LARGE + "]" * 400},
    "deep JSON": lambda: {
        "type": "function_call",
        "name": "f",
        "arguments": f"[{','.join(['[' * 90 + ']' * 90] * 900)}]",
    },
    "citations": lambda: {
        "role": "assistant",
        "content": [
            {
                "type": "output_text",
                "text": "x" * 8_000,
                "annotations": [{"type": "file_path", "file_id": "f", "index": index} for index in range(8_000)],
            }
        ],
    },
    "items": lambda: response(output=[{"type": "item_reference", "id": "x"}] * 8_000),
    "names": lambda: {"type": "new", **{f"name-{index}": index for index in range(50_000)}},
}


@pytest.mark.parametrize("name", LARGE_VALUES)
def test_what_is_large_takes_time_in_proportion(name: str) -> None:
    value = LARGE_VALUES[name]()
    began = process_time()
    said, page = to_text(value, width=80), to_html(value)
    assert process_time() - began < 20
    assert len(said) + len(page) < 40 * LARGE
