"""The page on errors says what each error is and does: read against the types, and against what is done with each."""

from __future__ import annotations

import builtins
import inspect
from typing import Any, get_args

import pytest
import write_raised
from returns.result import Failure, Success
from told_tables import section_of, spans, tables_of

from puresponse import (
    ApiError,
    DecodeError,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    Send,
    WaitExpired,
    cancel_response,
    create_response,
    retrying,
)
from puresponse.core.errors import InterruptedKind, NotSentKind
from puresponse.core.steps import Answer, Done

PAGE = write_raised.PAGE
PUBLIC: dict[str, Any] = dict(write_raised.every_name())
EVERY = tables_of(PAGE, "## Every error")[0]
BY_STATUS = tables_of(PAGE, "## `ApiError` by status")[0]
MEANING = tables_of(PAGE, "## What `may_have_acted` means")[0]

QUOTA = b'{"error": {"code": "insufficient_quota", "message": "You exceeded your current quota."}}'
SAFE: Any = cancel_response("resp_1")
OTHER: Any = create_response(model="gpt-5", input="Hi")


def error_of(row: dict[str, str]) -> Error:
    """An error as a row has it."""
    (name,), kind = spans(row["error"]), row["kind"]
    made: dict[tuple[str, str], Error] = {
        ("InvalidArgument", ""): InvalidArgument("limit", "given 0"),
        ("DecodeError", "with `status`"): DecodeError(reason="expected object", status=200),
        ("DecodeError", "without"): DecodeError(reason="expected object"),
        ("WaitExpired", "`left_open` False"): WaitExpired(elapsed=1.0, polls=1),
        ("WaitExpired", "`left_open` True"): WaitExpired(elapsed=1.0, polls=1, limit=1.0, left_open=True),
        ("NoRecording", ""): NoRecording(request=HttpRequest("GET", "/")),
    }
    if name == "NotSent":
        return NotSent(next(one for one in get_args(NotSentKind) if kind == f"`{one}`"), "a reason")
    if name == "Interrupted":
        return Interrupted(next(one for one in get_args(InterruptedKind) if kind == f"`{one}`"), "a reason")
    return made[name, kind]


def is_repeated(operation: Send[Any], answer: Answer) -> bool:
    guarded = retrying(operation)
    assert isinstance(guarded, Send)
    return not isinstance(guarded.resume(answer), Done)


def words(*truths: bool) -> list[str]:
    return ["yes" if truth else "no" for truth in truths]


COLUMNS = ("may have acted", "retryable", "repeated: safe", "any other")


def test_every_error_and_every_kind_is_in_the_table_and_no_other() -> None:
    rows = [(spans(row["error"])[0], row["kind"].strip("`")) for row in EVERY]
    assert len(set(rows)) == len(rows)
    assert {name for name, _ in rows} == {error.__name__ for error in get_args(Error)}
    assert {kind for name, kind in rows if name == "NotSent"} == set(get_args(NotSentKind))
    assert {kind for name, kind in rows if name == "Interrupted"} == set(get_args(InterruptedKind))


@pytest.mark.parametrize(
    "row", [row for row in EVERY if "ApiError" not in row["error"]], ids=lambda row: f"{row['error']} {row['kind']}"
)
def test_a_row_says_what_is_so_of_the_error(row: dict[str, str]) -> None:
    error = error_of(row)
    answer = Failure(error)
    expected = words(error.may_have_acted, error.retryable, is_repeated(SAFE, answer), is_repeated(OTHER, answer))
    assert [row[column] for column in COLUMNS] == expected
    assert row["means"]
    assert row["what to do"]


def row_of(status: int, *, quota: bool = False) -> dict[str, str]:
    rows = {row["status"]: row for row in BY_STATUS}
    if quota:
        return rows[f"{status} with `insufficient_quota`"]
    return rows.get(str(status)) or rows.get(f"{status // 100}xx") or rows["any other"]


@pytest.mark.parametrize("quota", [False, True])
def test_each_status_is_what_its_row_says(quota: bool) -> None:
    used: set[str] = set()
    body = QUOTA if quota else b""
    code = "insufficient_quota" if quota else None
    for status in [429] if quota else [*range(300, 600)]:
        error = ApiError(status=status, code=code, body=body)
        answer = Success(HttpResponse(status=status, body=body))
        row = row_of(status, quota=quota)
        used.add(row["status"])
        expected = words(error.may_have_acted, error.retryable, is_repeated(SAFE, answer), is_repeated(OTHER, answer))
        assert [row[column] for column in COLUMNS] == expected, status
    assert used == {row["status"] for row in BY_STATUS if ("quota" in row["status"]) is quota}


@pytest.mark.parametrize("status", [400, 404, 408, 429, 500])
def test_the_word_of_a_server_is_taken_as_the_page_says(status: int) -> None:
    asked = ApiError(status=status, headers=(("x-should-retry", "true"),))
    assert (asked.retryable, asked.may_have_acted) == (True, False)
    assert not ApiError(status=status, headers=(("x-should-retry", "false"),)).retryable
    assert ApiError(status=status, after_interruption=True).may_have_acted


def test_the_table_of_what_may_have_acted_means_names_every_error() -> None:
    told = {name for row in MEANING for name in spans(row["errors"]) if name[0].isupper()}
    assert told == {error.__name__ for error in get_args(Error)}
    by_truth = {
        truth: {name for row in MEANING if row["may_have_acted"] == truth for name in spans(row["errors"])}
        for truth in ("True", "False")
    }
    rows = [(spans(row["error"])[0], row["may have acted"]) for row in (*EVERY,)]
    assert {name for name, acted in rows if acted == "yes"} <= by_truth["True"]
    assert {name for name, acted in rows if acted == "no"} <= by_truth["False"]


def test_what_cancel_response_can_give_is_every_error() -> None:
    (table,) = tables_of(PAGE, "## What `cancel_response` can give")
    assert {spans(row["error"])[0] for row in table} == {error.__name__ for error in get_args(Error)}


def exceptions() -> dict[str, type[BaseException]]:
    return {name: what for name, what in PUBLIC.items() if isinstance(what, type) and issubclass(what, BaseException)}


def test_every_public_exception_is_told_with_its_base_and_no_other() -> None:
    (table,) = tables_of(PAGE, "### Of this library")
    told = {spans(row["exception"])[0]: spans(row["is a"])[0] for row in table}
    assert told == {name: what.__bases__[0].__name__ for name, what in exceptions().items()}


def test_who_raises_what_is_what_the_docstrings_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == write_raised.page(text)
    (table,) = tables_of(PAGE, "## Who raises what")
    ours = tables_of(PAGE, "### Of this library")[0]
    theirs = tables_of(PAGE, "### Of Python")[0]
    told = {spans(row["exception"])[0] for row in (*ours, *theirs)}
    assert {spans(row["exception"])[0] for row in table} <= told


def test_an_exception_of_python_that_is_told_is_one() -> None:
    (table,) = tables_of(PAGE, "### Of Python")
    names = [spans(row["exception"])[0] for row in table]
    assert [name for name in names if not write_raised.is_exception(name)] == []
    assert not {name for name in names if name in PUBLIC}
    assert sum(hasattr(builtins, name) for name in names) > 5


def test_a_stranger_finds_the_two_answers_by_their_headings() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "|" in section_of(text, "## What `may_have_acted` means")
    assert inspect.signature(cancel_response).parameters
    assert "`cancel_response" in section_of(text, "## What `cancel_response` can give")
