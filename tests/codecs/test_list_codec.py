"""Lists with items that no struct describes: read alike, however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import MsgspecError, json
from returns.result import Result

from puresponse.codecs import (
    Codec,
    DecodeError,
    InputItem,
    ItemList,
    ListCodec,
    Message,
    Unknown,
    encode,
)
from puresponse.codecs.lossless.list_codec import parts_of

MESSAGE = {"type": "message", "role": "user", "content": "hi"}


def page(*items: Any) -> bytes:
    return json.encode({"object": "list", "data": items, "first_id": "a", "last_id": "b", "has_more": False, "new": 1})


def strict(*items: Any) -> bytes:
    return json.encode({"data": items})


def codec() -> ListCodec[InputItem]:
    return ListCodec(InputItem)


def plain() -> Codec[ItemList[InputItem]]:
    return Codec(ItemList[InputItem])


def test_an_unknown_item_is_the_same_the_first_time_and_later() -> None:
    reading = codec()
    for number in range(5):
        new = {"type": "new", "number": number, "deep": [{"a": None}]}
        for data in (strict(MESSAGE, new, MESSAGE), page(new), strict({"type": "other"}, new, {"type": "(unknown)"})):
            assert reading.decode(data) == plain().decode(data)
            assert json.decode(encode(reading.decode(data).unwrap())) == json.decode(data)


def test_known_items_are_the_same_after_unknown_ones() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    (item,) = reading.decode(strict(MESSAGE)).unwrap().data
    assert isinstance(item, Message)


def test_there_is_no_end_to_the_types_that_may_come() -> None:
    reading = codec()
    for number in range(100):
        (item,) = reading.decode(strict({"type": f"new_{number}"})).unwrap().data
        assert isinstance(item, Unknown)
        assert item.type == f"new_{number}"
    many = strict(*({"type": f"newer_{number}"} for number in range(100)))
    assert reading.decode(many) == plain().decode(many)


def test_an_item_without_a_type_is_an_unknown_of_none() -> None:
    reading = codec()
    for _ in range(3):
        assert reading.decode(strict({"a": 1})) == plain().decode(strict({"a": 1}))


def test_what_is_wrong_in_an_item_of_an_unknown_type_is_found() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    for bad in (b'"\xff"', b'"\\ud800"', b"[" * 100_000, b"{"):
        data = b'{"data":[{"type":"message","role":"user","content":"hi"},{"type":"new","a":%b}]}' % bad
        error = reading.decode(data).failure()
        assert error == plain().decode(data).failure()
        assert isinstance(error, DecodeError)


def test_a_number_that_is_out_of_range_is_kept_in_an_item_of_an_unknown_type() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    data = b'{"object":"list","data":[{"type":"new","a":1e999}]}'
    assert reading.decode(data) == plain().decode(data)
    assert encode(reading.decode(data).unwrap()) == data


def test_what_is_amiss_elsewhere_is_found_beside_an_item_of_an_unknown_type() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    data = strict({"type": "new"}, {"type": "message", "role": 1})
    new, odd = reading.decode(data).unwrap().data
    assert isinstance(new, Unknown)
    assert isinstance(odd, Unknown)
    assert (new.mismatch, odd.mismatch) == (None, "$.role: Expected `str`, got `int`")
    assert reading.decode(data) == plain().decode(data)


@pytest.mark.parametrize("bad", [[5], [5, {"type": "new"}], [{"type": "new"}, {**MESSAGE, "role": 1}, None]])
def test_what_is_no_item_is_an_error_in_a_list_that_is_read_in_parts_too(bad: list[Any]) -> None:
    for place in (0, 30, 60):
        reading = codec()
        reading.decode(strict({"type": "new"}))
        data = strict(*[MESSAGE] * place, *bad, *[{**MESSAGE, "content": "x" * 300}] * (60 - place))
        assert reading.decode(data).failure() == plain().decode(data).failure()


ODD: list[Any] = [
    {**MESSAGE, "new": 1},
    {**MESSAGE, "new": {"a": [1]}},
    {**MESSAGE, "content": [{"type": "input_text", "text": "hi", "new": None}]},
    {**MESSAGE, "role": 1},
    {**MESSAGE, "status": 3},
    {"type": "message"},
    {"type": "new"},
    {"role": "user", "content": "hi"},
    5,
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_page_with_one_odd_item_is_read_as_any_other(odd: Any, place: int) -> None:
    items = [MESSAGE] * 6
    items.insert(place, odd)
    for data in (strict(*items), page(*items), strict(*items, odd)):
        assert codec().decode(data) == plain().decode(data)


def long(*odd: tuple[int, Any]) -> list[Any]:
    """Items that are read in several parts, with some odd ones among them."""
    texts = ["hi " * 100, '},{"type":"message","role":', '"}]},{"type":', "]"]
    items: list[Any] = [{**MESSAGE, "content": texts[number % 4], "id": f"m_{number}"} for number in range(300)]
    for place, item in odd:
        items.insert(place, item)
    return items


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", [0, 150, 300])
def test_a_long_page_with_one_odd_item_is_read_as_any_other(odd: Any, place: int) -> None:
    reading = codec()
    for data in (page(*long((place, odd))), strict(*long((place, odd), (7, odd))), strict(*long())):
        assert reading.decode(data) == plain().decode(data)
        assert repr(reading.decode(data)) == repr(plain().decode(data))
        assert mismatches(reading.decode(data)) == mismatches(plain().decode(data))


def mismatches(result: Result[ItemList[InputItem], DecodeError]) -> list[str | None]:
    """Why items of a page do not fit, where it is a page."""
    page = result.value_or(None)
    return [] if page is None else [item.mismatch for item in page.data if isinstance(item, Unknown)]


@pytest.mark.parametrize(
    "end",
    ['"new":[1]', '"data":[]', '"data":null', '"d\\u0061ta":[]', '"last_id":"]"', '"last_id":3', '"has_more":"x"'],
)
@pytest.mark.parametrize("indent", [False, True])
def test_a_long_page_that_ends_oddly_is_read_as_any_other(end: str, *, indent: bool) -> None:
    data = page(*long((100, {**MESSAGE, "new": 1})))[:-1] + b"," + end.encode() + b"}"
    formatted = json.format(data, indent=2) if indent else data
    for bad in (formatted, formatted[:-1], formatted + b"}", formatted.replace(b'},{"type"', b'},,{"type"', 20)):
        assert codec().decode(bad) == plain().decode(bad)


def test_a_long_page_is_read_at_once_after_many_without_anything_odd() -> None:
    reading = codec()
    for number in range(40):
        data = strict(*long((9, {**MESSAGE, "new": number}) if number == 20 else (9, MESSAGE)))
        assert reading.decode(data) == plain().decode(data)


CHUNKS = st.sampled_from(
    [
        *('{"data":[', '{"object":"list","data":[', '"data":[', "]", "]}", "}", "{", "[", ",", '"', "\\", " ", "},"),
        *(
            '{"a":1}',
            '{"a":1},{"a":2}',
            '},{"a":',
            '"},{\\"a\\":"',
            '{"a":[{"b":1},{"a":2}]}',
            '{"a":"},{"}',
            ',"b":"]"',
        ),
    ]
)
LISTS = st.lists(
    st.sampled_from(['{"a":1}', '{"a":[{"b":1},{"a":2}]}', '{"a":"},{"}', '{"b":{"a":[]}}', "3"]), min_size=1
)
ENDS = st.sampled_from(
    ["]}", '],"b":"]"}', '],"data":[{"a":9}]}', '],"data":[]}', '],"c":{"a":[1]}}', "]} ", "]}}", "]", "]]"]
)


@settings(max_examples=1000, deadline=None)
@given(
    text=st.lists(CHUNKS, max_size=12).map("".join)
    | st.tuples(LISTS, ENDS).map(lambda made: '{"data":[' + ",".join(made[0]) + made[1]),
    size=st.integers(1, 40),
)
@example(text='{"data":[{"a":1},{"a":2},{"a":3}],"data":[{"a":9}]}', size=8)
@example(text='{"data":[{"a":[{"a":2},{"a":3}]},{"a":4}]}', size=8)
@example(text='{"data":[{"a":1}],"b":"},{"a":2}]"}', size=8)
def test_a_list_is_what_its_parts_are_where_all_of_them_can_be_read(text: str, size: int) -> None:
    data = text.encode()
    try:
        first, *others = [json.decode(part) for part in parts_of(data, size)]  # each holds until the next is asked for
        elements = [element for other in others for element in other]
    except (MsgspecError, ValueError):
        return
    assert first["data"] == []
    assert {**first, "data": elements} == json.decode(data)


def test_a_list_is_cut_into_parts_of_about_that_size() -> None:
    data = strict(*long())
    parts = [bytes(part) for part in parts_of(data, 4096)]
    assert len(parts) > 5
    assert all(3072 <= len(part) <= 5120 for part in parts[1:-1])
    assert list(parts_of(strict(*[MESSAGE] * 10), 4096)) == []
    items = [{**MESSAGE, "id": f"m_{number}"} for number in range(200)]
    around, *arrays = [json.decode(part) for part in parts_of(strict(*items), 1024)]
    assert (around, [item for array in arrays for item in array]) == ({"data": []}, items)


def test_an_item_of_a_known_type_is_typed_after_one_that_did_not_fit() -> None:
    reading = codec()
    reading.decode(strict({"type": "message", "role": 1}))
    assert isinstance(reading.decode(strict(MESSAGE)).unwrap().data[0], Message)


def test_many_threads_may_read_at_once() -> None:
    reading = codec()
    pages = [strict(*({"type": f"new_{number}", "n": number}, MESSAGE) * 20) for number in range(20)] * 5
    expected = [plain().decode(data) for data in pages]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(reading.decode, pages)) == expected
