"""Lists with items that no struct describes: read alike, however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec import json

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
    assert reading.used_to == {f"new_{number}" for number in range(16)}
    many = strict(*({"type": f"newer_{number}"} for number in range(100)))
    assert reading.decode(many) == plain().decode(many)


def test_an_item_without_a_type_is_an_unknown_of_none() -> None:
    reading = codec()
    for _ in range(3):
        assert reading.decode(strict({"a": 1})) == plain().decode(strict({"a": 1}))


def test_what_is_wrong_in_an_item_that_is_skipped_is_found() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    for bad in (b'"\xff"', b'"\\ud800"', b"[" * 100_000, b"{"):
        data = b'{"data":[{"type":"message","role":"user","content":"hi"},{"type":"new","a":%b}]}' % bad
        error = reading.decode(data).failure()
        assert error == plain().decode(data).failure()
        assert isinstance(error, DecodeError)


def test_a_number_that_is_out_of_range_is_kept_in_an_item_that_is_skipped() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    data = b'{"object":"list","data":[{"type":"new","a":1e999}]}'
    assert reading.decode(data) == plain().decode(data)
    assert encode(reading.decode(data).unwrap()) == data


def test_what_is_amiss_elsewhere_is_found_beside_an_item_that_is_skipped() -> None:
    reading = codec()
    reading.decode(strict({"type": "new"}))
    data = strict({"type": "new"}, {"type": "message", "role": 1})
    new, odd = reading.decode(data).unwrap().data
    assert isinstance(new, Unknown)
    assert isinstance(odd, Unknown)
    assert (new.mismatch, odd.mismatch) == (None, "$.role: Expected `str`, got `int`")
    assert reading.decode(data) == plain().decode(data)


@pytest.mark.parametrize(
    "odd",
    [
        {**MESSAGE, "new": 1},
        {**MESSAGE, "new": {"a": [1]}},
        {**MESSAGE, "content": [{"type": "input_text", "text": "hi", "new": None}]},
        {**MESSAGE, "role": 1},
        {**MESSAGE, "status": 3},
        {"type": "message"},
        {"type": "new"},
        {"role": "user", "content": "hi"},
        5,
    ],
)
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_page_with_one_odd_item_is_read_as_any_other(odd: Any, place: int) -> None:
    items = [MESSAGE] * 6
    items.insert(place, odd)
    for data in (strict(*items), page(*items), strict(*items, odd)):
        assert codec().decode(data) == plain().decode(data)


def test_a_type_that_is_known_is_never_skipped() -> None:
    reading = codec()
    reading.decode(strict({"type": "message", "role": 1}))
    assert reading.used_to == frozenset()
    assert isinstance(reading.decode(strict(MESSAGE)).unwrap().data[0], Message)


def test_many_threads_may_read_at_once() -> None:
    reading = codec()
    pages = [strict(*({"type": f"new_{number}", "n": number}, MESSAGE) * 20) for number in range(20)] * 5
    expected = [plain().decode(data) for data in pages]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(reading.decode, pages)) == expected
