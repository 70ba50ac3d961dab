from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puresponse.core.http import Pairs
from puresponse.transports.network.query import decode_query, encode_query

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple)


@given(PAIRS)
def test_what_is_encoded_decodes_to_the_same_pairs(pairs: Pairs) -> None:
    assert decode_query(encode_query(pairs)) == pairs


@given(PAIRS)
def test_an_encoded_query_holds_only_unreserved_characters(pairs: Pairs) -> None:
    encoded = encode_query(pairs)
    assert encoded.isascii()
    assert all(letter.isalnum() or letter in "-._~%&=" for letter in encoded)


def test_the_order_and_the_repeats_of_a_query_are_kept() -> None:
    assert (
        encode_query((("include[]", "a"), ("limit", "5"), ("include[]", "b")))
        == "include%5B%5D=a&limit=5&include%5B%5D=b"
    )


def test_a_space_is_no_plus() -> None:
    assert encode_query((("q", "a b+c"),)) == "q=a%20b%2Bc"


def test_a_plus_is_read_as_a_space() -> None:
    assert decode_query("q=a+b") == (("q", "a b"),) == tuple(parse_qsl("q=a+b"))


def test_a_name_without_a_value_has_an_empty_one() -> None:
    assert decode_query("a&b=") == (("a", ""), ("b", ""))


def test_what_utf8_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encode_query((("q", "\ud800"),))
