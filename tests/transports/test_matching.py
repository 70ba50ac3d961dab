"""When two requests are the same, and what is said of those that are not."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.core import HttpRequest, Pairs
from puresponse.transports.cassette.request_matching import MOST, differences, no_recording, request_key


def post(body: bytes | None, path: str = "/responses") -> HttpRequest:
    return HttpRequest("POST", path, body=body)


def get(*query: tuple[str, str], path: str = "/responses/resp_1/input_items") -> HttpRequest:
    return HttpRequest("GET", path, query)


def same(first: HttpRequest, second: HttpRequest) -> bool:
    equal = request_key(first) == request_key(second)
    assert equal == (differences(first, second) == ())
    return equal


SAME = [
    (get(("limit", "5"), ("order", "asc")), get(("order", "asc"), ("limit", "5"))),
    (post(b'{"a": 1, "b": [true, null]}'), post(b'{"b":[true,null],"a":1}')),
    (post(b'{"a":"\\u00e9"}'), post('{"a":"é"}'.encode())),
    (HttpRequest("GET", "/x", headers=(("accept", "a"),)), HttpRequest("GET", "/x", idempotent=True)),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_what_asks_for_the_same_is_the_same(first: HttpRequest, second: HttpRequest) -> None:
    assert same(first, second)


DIFFERENT: list[tuple[HttpRequest, HttpRequest, tuple[str, ...]]] = [
    (HttpRequest("GET", "/x"), HttpRequest("DELETE", "/x"), ("method: asked GET, recorded DELETE",)),
    (HttpRequest("GET", "/x"), HttpRequest("GET", "/y"), ("path: asked /x, recorded /y",)),
    (get(("limit", "5")), get(("limit", "6")), ("query limit: asked '5', recorded '6'",)),
    (get(("limit", "5")), get(), ("query limit: asked '5', recorded none",)),
    (get(), get(("after", "a")), ("query after: asked none, recorded 'a'",)),
    (
        get(("include[]", "a"), ("include[]", "b")),
        get(("include[]", "b"), ("include[]", "a")),
        ("query include[]: asked 'a', 'b', recorded 'b', 'a'",),
    ),
    (post(None), post(b""), ("body: asked none, recorded an empty one",)),
    (post(b"\xff\xfe"), post(b""), (r"body: asked b'\xff\xfe', recorded an empty one",)),
    (post(b"text"), post(b"{}"), ("body: asked b'text', recorded b'{}'",)),
    (
        post(b"a" * 100),
        post(b"b"),
        ("body: asked 100 bytes, b'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…, recorded b'b'",),
    ),
    (post(b'{"a":1}'), post(b'{"a":"1"}'), ('body $.a: asked 1, recorded "1"',)),
    (post(b'{"a":1}'), post(b'{"a":true}'), ("body $.a: asked 1, recorded true",)),
    (post(b'{"a":1}'), post(b'{"a":1.0}'), ("body $.a: asked 1, recorded 1.0",)),
    (post(b'{"a":null}'), post(b"{}"), ("body $.a: asked null, recorded none",)),
    (post(b"{}"), post(b'{"a":[1]}'), ("body $.a: asked none, recorded [1]",)),
    (
        post(b'{"a":[{"b":1},2,3]}'),
        post(b'{"a":[{"b":2},2]}'),
        ("body $.a[0].b: asked 1, recorded 2", "body $.a: asked 3 items, recorded 2"),
    ),
    (
        HttpRequest("GET", "/x", (("a", "b"),)),
        HttpRequest("PUT", "/y"),
        ("method: asked GET, recorded PUT", "path: asked /x, recorded /y", "query a: asked 'b', recorded none"),
    ),
]


@pytest.mark.parametrize(("asked", "known", "words"), DIFFERENT)
def test_differences_are_told_in_words(asked: HttpRequest, known: HttpRequest, words: tuple[str, ...]) -> None:
    assert not same(asked, known)
    assert differences(asked, known) == words


def test_long_texts_are_shown_from_where_they_begin_to_differ() -> None:
    letters = string.ascii_letters * 4
    (told,) = differences(post(json.encode(letters + "1")), post(json.encode(letters + "2")))
    assert told == 'body $: asked …GHIJKLMNOPQRSTUVWXYZ1", recorded …GHIJKLMNOPQRSTUVWXYZ2"'


def test_a_long_text_and_its_beginning_are_told_apart() -> None:
    (told,) = differences(post(b"1" * 80), post(b"1" * 82))
    assert told == "body $: asked …11111111111111111111, recorded …1111111111111111111111"


def test_texts_that_differ_early_are_cut_off_late() -> None:
    (told,) = differences(post(json.encode("a" * 100)), post(json.encode("b" * 100)))
    assert told == f'body $: asked "{"a" * 59}…, recorded "{"b" * 59}…'


def test_of_many_differences_the_first_are_told_and_the_rest_counted() -> None:
    told = differences(post(json.encode(list(range(50)))), post(json.encode(list(range(1, 51)))))
    assert len(told) == MOST + 1
    assert told[0] == "body $[0]: asked 0, recorded 1"
    assert told[-1] == "and 38 more differences"


def test_json_too_deep_to_compare_is_told_apart_as_bytes() -> None:
    deep = b"[" * 200_000
    (told,) = differences(post(deep + b"1"), post(deep + b"2"))
    assert told.startswith("body: asked 200001 bytes, b'[[[")


def test_json_deep_enough_to_exhaust_a_walk_is_told_apart_all_the_same() -> None:
    for depth in range(20, 1000, 20):
        ours, theirs = (b"[" * depth + number + b"]" * depth for number in (b"1", b"2"))
        assert differences(post(ours), post(theirs)) != ()


# The nearest recording


def nearest(asked: HttpRequest, *known: HttpRequest) -> HttpRequest | None:
    missing = no_recording(asked, known)
    assert missing.request == asked
    assert missing.differences == (() if missing.nearest is None else differences(asked, missing.nearest))
    return missing.nearest


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert nearest(HttpRequest("GET", "/x")) is None


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        (get(("limit", "5")), get(("limit", "6")), HttpRequest("DELETE", "/responses/resp_1")),
        (get(path="/responses/a"), get(path="/responses/b"), get(path="/responses/a/cancel")),
        (post(b"", "/responses/a/cancel"), post(b"", "/responses/b/cancel"), HttpRequest("GET", "/responses/a/cancel")),
        (get(("a", "1"), ("b", "2")), get(("a", "1")), get()),
        (post(b'{"a":1,"b":2}'), post(b'{"a":1,"b":3}'), post(b'{"a":2,"b":3}')),
    ],
)
def test_the_nearest_has_the_fewest_and_least_differences(
    asked: HttpRequest, near: HttpRequest, far: HttpRequest
) -> None:
    assert nearest(asked, near, far) == nearest(asked, far, near) == near


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12")), max_size=4).map(tuple)
REQUESTS = st.builds(
    HttpRequest,
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/a", "/b", "/a/b"]),
    PAIRS,
    body=st.none() | st.binary(max_size=3) | JSON.map(json.encode),
)


@given(REQUESTS, REQUESTS)
def test_requests_are_the_same_exactly_where_no_difference_can_be_told(first: HttpRequest, second: HttpRequest) -> None:
    assert same(first, first)
    assert same(first, second) == same(second, first)


@given(JSON, st.randoms())
def test_the_order_of_keys_does_not_count(value: Any, random: Any) -> None:
    def shuffled(inner: Any) -> Any:
        if is_object(inner):
            names = list(inner)
            random.shuffle(names)
            return {name: shuffled(inner[name]) for name in names}
        return list(map(shuffled, inner)) if is_array(inner) else inner

    assert same(post(json.encode(value)), post(json.format(json.encode(shuffled(value)), indent=3)))


@given(PAIRS, PAIRS)
def test_a_query_is_the_same_where_each_name_has_the_same_values_in_order(first: Pairs, second: Pairs) -> None:
    def by_name(pairs: Pairs) -> list[list[str]]:
        return [[value for name, value in pairs if name == wanted] for wanted in "abc"]

    assert same(get(*first), get(*second)) == (by_name(first) == by_name(second))
