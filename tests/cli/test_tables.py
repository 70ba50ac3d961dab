"""Rows and columns: any JSON makes a row, ids are never cut, columns keep their places."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puresponse.cli.bulk.actions import DELETED_VIEW, ENDED_VIEW
from puresponse.cli.bulk.outcomes import Outcome
from puresponse.cli.table_output import TableForm
from puresponse.cli.tables import (
    ITEM_VIEW,
    RESPONSE_VIEW,
    View,
    item_cells,
    preview,
    response_cells,
    widths,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "type", "role", "status", "content", "name", "arguments", "output", "background", "created_at", "model"]
)
OBJECTS = st.dictionaries(NAMES | st.text(max_size=4), JSON, max_size=6)


@pytest.mark.parametrize("view", [RESPONSE_VIEW, ITEM_VIEW], ids=["responses", "items"])
@given(value=OBJECTS)
def test_any_json_makes_a_row(view: View, value: dict[str, Any]) -> None:
    cells = view.cells(value)
    assert len(cells) == len(view.columns)
    assert all(isinstance(cell, str) for cell in cells)


@given(value=OBJECTS)
def test_any_response_that_has_ended_makes_a_row(value: dict[str, Any]) -> None:
    for view in (DELETED_VIEW, ENDED_VIEW):
        cells = view.cells(Outcome(id="resp_1", word="already_terminal", value=value))
        assert len(cells) == len(view.columns)
        assert cells[:2] == ("resp_1", "already terminal")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_750_000_000, "2025-06-15 15:06"),
        (1_750_000_000.75, "2025-06-15 15:06"),
        (-1, "-1"),
        (1e300, "1e300"),
        (None, ""),
        ("soon", "soon"),
        (True, "true"),
    ],
)
def test_a_time_is_shown_as_utc_or_as_it_came(value: object, shown: str) -> None:
    assert response_cells({"created_at": value})[3] == shown


@pytest.mark.parametrize(("value", "shown"), [(True, "yes"), (False, "no"), (None, "no"), ("maybe", "?"), ([1], "?")])
def test_background_is_yes_or_no(value: object, shown: str) -> None:
    assert response_cells({"background": value})[2] == shown


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ({"content": [{"type": "input_text", "text": "a"}, {"type": "input_image"}]}, "a [input_image]"),
        ({"content": "plain"}, "plain"),
        ({"name": "f", "arguments": '{"x":1}'}, 'f({"x":1})'),
        ({"output": {"x": 1}}, '{"x":1}'),
        ({"id": "i", "type": "t", "certainty": 0.5}, '{"certainty":0.5}'),
        ({"id": "i", "type": "t"}, ""),
        ({"content": []}, '{"content":[]}'),
    ],
)
def test_an_item_is_previewed_by_what_it_says(item: dict[str, Any], shown: str) -> None:
    assert preview(item) == shown


def test_a_long_preview_is_whole() -> None:
    assert preview({"content": "x" * 1000}) == "x" * 1000


def test_the_cells_of_an_item() -> None:
    assert item_cells({"id": "msg_1", "type": "message", "role": "user", "content": "Hi"}) == (
        "msg_1",
        "message",
        "user",
        "Hi",
    )


def test_columns_that_find_no_room_are_left_out_from_the_right() -> None:
    assert widths(RESPONSE_VIEW, 10, 100) == (10, 11, 10, 16, 45)
    assert widths(RESPONSE_VIEW, 10, 62) == (10, 11, 10, 16)
    assert widths(RESPONSE_VIEW, 10, 40) == (10, 11, 10)
    assert widths(RESPONSE_VIEW, 10, 30) == (10, 11)


def test_what_is_needed_is_shown_on_any_terminal() -> None:
    assert widths(RESPONSE_VIEW, 55, 20) == (55, 11)
    assert widths(DELETED_VIEW, 55, 20) == (55, None)
    assert widths(DELETED_VIEW, 55, 100) == (55, 43)


def test_without_a_terminal_nothing_is_cut() -> None:
    assert widths(ITEM_VIEW, 60, None) == (60, 20, 9, None)


class Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> Callable[..., TableForm]:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")

    def make(view: View, longest_id: int = 0, *, terminal: bool = True) -> TableForm:
        stream = (Terminal if terminal else io.TextIOWrapper)(io.BytesIO(), encoding="utf-8")
        return TableForm(view, longest_id, stream, coloured=terminal)

    return make


def deleted(response_id: str) -> Outcome:
    return Outcome(id=response_id, word="deleted")


def test_titles_stand_above_the_first_rows_only(form: Callable[..., TableForm]) -> None:
    table = form(DELETED_VIEW, 6, terminal=False)
    assert table.values([deleted("resp_1")]) == "ID      RESULT\nresp_1  deleted\n"
    assert table.values([deleted("resp_2"), deleted("r")]) == "resp_2  deleted\nr       deleted\n"


def test_no_line_ends_in_spaces(form: Callable[..., TableForm]) -> None:
    shown = form(ITEM_VIEW, terminal=False).values([{"id": "a", "content": "long, long"}, {"id": "b"}])
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


def test_a_longer_id_than_expected_is_not_cut(form: Callable[..., TableForm]) -> None:
    table = form(DELETED_VIEW, terminal=False)
    table.values([deleted("resp_1")])
    assert table.values([deleted("resp_" + "x" * 100)]) == "resp_" + "x" * 100 + "  deleted\n"


def test_a_line_is_cut_to_the_width_of_a_terminal(form: Callable[..., TableForm]) -> None:
    row = form(ITEM_VIEW).values([{"id": "msg_1", "type": "message", "content": "word " * 40}]).splitlines()[1]
    assert len(row) == 60
    assert row.endswith("…")


def test_titles_are_bold_and_states_coloured_on_a_terminal(form: Callable[..., TableForm]) -> None:
    shown = form(RESPONSE_VIEW).values([{"id": "resp_1", "status": "failed"}])
    assert shown.startswith("\x1b[1mID ")
    assert "\x1b[31mfailed " in shown


def test_what_a_server_says_is_neither_markup_nor_control(form: Callable[..., TableForm]) -> None:
    shown = form(ITEM_VIEW, terminal=False).values([{"id": "[red]i[/red]", "content": "a\n\x1b[2Jb :smile:"}])
    assert shown.splitlines()[1].split()[0] == "[red]i[/red]"
    assert "a\\x0a\\x1b[2Jb :smile:" in shown


def test_wide_characters_keep_columns_in_their_places(form: Callable[..., TableForm]) -> None:
    shown = form(DELETED_VIEW, 4, terminal=False).values([deleted("日本"), deleted("abcd")])
    assert shown == "ID    RESULT\n日本  deleted\nabcd  deleted\n"


@given(st.lists(OBJECTS, min_size=1, max_size=3))
def test_each_value_is_one_line(values: list[dict[str, Any]]) -> None:
    table = TableForm(ITEM_VIEW, 0, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), coloured=False)
    assert len(table.values(values).split("\n")) == len(values) + 2


def test_nothing_is_cut_where_there_is_no_terminal(form: Callable[..., TableForm]) -> None:
    item = {"id": "i" * 99, "type": "t" * 99, "role": "r" * 99, "content": "c" * 300_000}
    cells = form(ITEM_VIEW, terminal=False).values([{"id": "a"}, item]).splitlines()[2].split()
    assert cells == ["i" * 99, "t" * 99, "r" * 99, "c" * 300_000]
