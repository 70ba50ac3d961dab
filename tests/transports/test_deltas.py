"""Texts are cut into deltas about where the real service's recorded streams are cut."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from recorded import STREAMS

from puresponse.transports.memory.service import tokens

ALPHABET = (
    *"aZé\u1e9e{}\":,.'\u2019 \n\r\t\x1c\u2028\xa00\u0663\xb2_\u5b57\u304b\uac01\ud83d\udc69",
    # What belongs to the character before it: accents, joiners, selectors, colours of skin, letters of flags.
    *"\u0301\u309a\u0903\u200d\u200c\ufe0f\U0001f469\U0001f3fd\U0001f1eb\U0001f1f7",
)
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=40)


def cut(text: str) -> list[str]:
    return list(tokens.cut(text))


def recorded_deltas() -> list[list[str]]:
    """The deltas of each text, and of each call's arguments, that a stream was recorded with."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, told in STREAMS.items():
        for line in told.split("\n"):
            event = json.decode(line.removeprefix("data: ")) if line.startswith("data: {") else {"type": "none"}
            if event["type"].endswith(".delta"):
                found.setdefault((name, event["type"], event["item_id"]), []).append(event["delta"])
    return [*found.values()]


def ends(deltas: list[str]) -> set[int]:
    return {*accumulate(map(len, deltas))}


@given(TEXTS)
def test_joined_the_deltas_are_the_text_and_none_is_empty(text: str) -> None:
    deltas = cut(text)
    assert "".join(deltas) == text
    assert all(deltas)


@given(TEXTS)
def test_no_delta_begins_with_what_belongs_to_the_character_before(text: str) -> None:
    for before, delta in zip(cut(text), cut(text)[1:], strict=False):
        assert not unicodedata.category(delta[0]).startswith("M")
        assert "\u200d" not in (before[-1], delta[0])
        assert not "\U0001f3fb" <= delta[0] <= "\U0001f3ff"


def test_a_flag_is_not_cut_in_two() -> None:
    flags = "\U0001f1eb\U0001f1f7" * 40
    assert all(len(delta) % 2 == 0 for delta in cut(flags))
    assert len(cut(flags)) > 1


@pytest.mark.parametrize(
    ("text", "deltas"),
    [
        ("Hello! How's it going?", ["Hello", "!", " How's", " it", " going", "?"]),
        ('{"location":"San Francisco, CA"}', ['{"', "location", '":"', "San", " Francisco", ",", " CA", '"}']),
        (
            "def f(n):\n    return n == 1234",
            ["def", " f", "(n", "):\n", "   ", " return", " n", " ==", " ", "123", "4"],
        ),
        ("snake_case", ["snake", "_case"]),
        ("antidisestablishmentarianism", ["antidisestab", "lishmentaria", "nism"]),
        ("速い茶色の狐", ["速い", "茶色", "の狐"]),
        ("", []),
    ],
)
def test_words_signs_and_numbers_are_deltas_of_their_own(text: str, deltas: list[str]) -> None:
    assert cut(text) == deltas


def test_most_places_where_recorded_streams_are_cut_are_cut_here() -> None:
    recorded = recorded_deltas()
    assert sum(map(len, recorded)) > 1_000
    hit = sum(len(ends(deltas) & ends(cut("".join(deltas)))) for deltas in recorded)
    assert hit > 0.9 * sum(map(len, recorded))
