"""Bad arguments: an `InvalidArgument` that names the parameter, what was given and what is allowed; nothing is sent."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from refusals import FILE, builders, refusals
from returns.result import Failure

from puresponse.core import (
    Done,
    InvalidArgument,
    Operation,
    RetryPolicy,
    Send,
    all_input_items,
    cancel_response,
    collect,
    delete_response,
    fail,
    list_input_items,
    retrieve_response,
    retrying,
)
from puresponse.transports import ForbiddenTransport, iterate, run

# Callers without a type-checker can pass anything.
delete: Callable[..., Operation[Any]] = delete_response
cancel: Callable[..., Operation[Any]] = cancel_response
retrieve: Callable[..., Operation[Any]] = retrieve_response
list_items: Callable[..., Operation[Any]] = list_input_items


class Unprintable:
    """An object whose repr raises."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def collected(*args: Any, **kwargs: Any) -> Operation[Any]:
    return collect(all_input_items(*args, **kwargs))


def invalid(operation: Operation[Any]) -> InvalidArgument:
    """The error that `operation` ends in, with nothing sent."""
    result = run(operation, ForbiddenTransport())
    assert isinstance(result, Failure), result
    error = result.failure()
    assert isinstance(error, InvalidArgument)
    return error


BAD_IDS: list[Any] = ["", "a/b", "/", "a\\b", "..", ".", None, 7, b"resp_1", ["resp_1"], True, 1.5, Decimal(5), str]


@pytest.mark.parametrize("build", [delete, cancel, retrieve, list_items, collected])
@pytest.mark.parametrize("response_id", BAD_IDS, ids=repr)
def test_what_is_no_id_is_refused(build: Callable[..., Operation[Any]], response_id: Any) -> None:
    error = invalid(build(response_id))
    assert error.parameter == "response_id"
    assert f"given {response_id!r}" in error.reason
    assert "a non-empty string without slashes" in error.reason


@pytest.mark.parametrize("build", [list_items, collected])
@pytest.mark.parametrize(
    "limit", [0, -1, 101, 10**9, True, False, "5", 5.0, None, [5], Decimal(5), float("nan")], ids=repr
)
def test_a_limit_is_an_integer_from_1_to_100(build: Callable[..., Operation[Any]], limit: Any) -> None:
    error = invalid(build("resp_1", limit=limit))
    assert error == InvalidArgument("limit", f"given {limit!r}; allowed is an integer from 1 to 100")


@pytest.mark.parametrize("build", [list_items, collected])
@pytest.mark.parametrize("order", ["", "ASC", "ascending", "newest", None, 1, ["asc"], b"asc"], ids=repr)
def test_an_order_is_asc_or_desc(build: Callable[..., Operation[Any]], order: Any) -> None:
    error = invalid(build("resp_1", order=order))
    assert error == InvalidArgument("order", f"given {order!r}; allowed is 'asc' or 'desc'")


@pytest.mark.parametrize("build", [list_items, collected, retrieve])
@pytest.mark.parametrize(
    "include",
    ["message.input_image.image_url", b"x", [""], [1], ["a", None], {"a": 1}, {"a"}, 3, iter(["a"]), [["a"]]],
    ids=lambda include: type(include).__name__,
)
def test_an_include_is_a_list_of_strings(build: Callable[..., Operation[Any]], include: Any) -> None:
    error = invalid(build("resp_1", include=include))
    assert error.parameter == "include"
    assert error.reason.startswith(f"given {include!r}; allowed is a list of non-empty strings")


def test_an_include_may_hold_any_string_for_the_api_grows() -> None:
    assert not isinstance(list_input_items("resp_1", include=["not.known.yet"]), Done)
    assert not isinstance(retrieve_response("resp_1", include=("not.known.yet",)), Done)


@pytest.mark.parametrize("build", [list_items, collected])
@pytest.mark.parametrize("after", ["", 7, b"msg_1", ["msg_1"], False], ids=repr)
def test_a_cursor_is_an_id(build: Callable[..., Operation[Any]], after: Any) -> None:
    error = invalid(build("resp_1", after=after))
    assert error.parameter == "after"
    assert error.reason == f"given {after!r}; allowed is an item's id as a non-empty string, or None"


BUILDERS = dict(builders())
WRITTEN = {part.partition(":")[0]: part for part in re.split(r"^(?=\w)", FILE.read_text(), flags=re.MULTILINE) if part}


@pytest.mark.parametrize("name", BUILDERS)
def test_what_is_taken_refused_and_asked_for_is_what_is_written_down(name: str) -> None:
    """After a change that is meant: `tests/scripts/write_refusals.py`, and read the difference."""
    said, written = refusals(name, BUILDERS[name]).splitlines(), WRITTEN[name].splitlines()
    for line, expected in zip(said, written, strict=False):
        assert line == expected
    assert len(said) == len(written)


def test_of_every_function_is_written_down_what_it_takes() -> None:
    assert set(WRITTEN) == set(BUILDERS)


def test_of_several_bad_arguments_the_first_is_named() -> None:
    assert invalid(list_items("", limit=0, order="x")).parameter == "response_id"
    assert invalid(list_items("resp_1", after=1, limit=0)).parameter == "after"


def test_a_bad_argument_is_the_failure_of_a_stream_too() -> None:
    values = list(iterate(all_input_items(""), ForbiddenTransport(), results=True))
    assert len(values) == 1
    assert isinstance(values[0], Failure)


def test_a_long_argument_is_shortened() -> None:
    error = invalid(delete("x/" * 1_000_000))
    assert len(str(error)) < 300
    assert error.reason.startswith("given 'x/x/x/")
    assert "… (str); allowed is" in error.reason


@pytest.mark.parametrize("given", [Unprintable(), 10**5_000, [10**5_000]], ids=["no repr", "huge", "huge inside"])
def test_an_argument_that_cannot_be_printed_is_refused_all_the_same(given: Any) -> None:
    error = invalid(list_items("resp_1", limit=given))
    assert error.parameter == "limit"
    assert error.reason.endswith("allowed is an integer from 1 to 100")
    assert type(given).__name__ in error.reason


def test_an_argument_nested_too_deep_to_be_printed_is_refused_all_the_same() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    assert invalid(list_items("resp_1", limit=nested)).parameter == "limit"


anything = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.text()))


@settings(deadline=None)
@given(anything, anything, anything, anything, anything)
def test_any_arguments_give_an_operation_that_says_no_or_sends(
    response_id: Any, after: Any, include: Any, limit: Any, order: Any
) -> None:
    operation = list_items(response_id, after=after, include=include, limit=limit, order=order)
    if not isinstance(operation, Send):
        assert invalid(operation).parameter in ("response_id", "after", "include", "limit", "order")


# --- policies ------------------------------------------------------------------------------------


BAD_POLICIES: list[tuple[str, Any]] = [
    ("max_retries", -1),
    ("max_retries", 1.0),
    ("max_retries", True),
    ("max_retries", "2"),
    ("max_retries", None),
    ("initial_delay", -0.1),
    ("initial_delay", "0.5"),
    ("initial_delay", float("nan")),
    ("initial_delay", float("inf")),
    ("initial_delay", True),
    ("max_delay", -1),
    ("max_delay", None),
    ("max_delay", float("inf")),
    ("max_delay", 1e9 + 1),
    ("max_delay", 10**400),
    ("jitter", -0.01),
    ("jitter", 1.01),
    ("jitter", float("nan")),
    ("jitter", False),
    ("jitter", Decimal("0.5")),
    ("max_server_delay", -1.0),
    ("max_server_delay", float("-inf")),
    ("max_server_delay", [120]),
    ("max_server_delay", 1e10),
    ("max_retries", 10**9 + 1),
    ("max_retries", 10**400),
    ("max_retries", float("nan")),
    ("max_retries", float("inf")),
    ("repeat_unsafe", None),
    ("repeat_unsafe", 1),
    ("repeat_unsafe", "no"),
]


@pytest.mark.parametrize(("parameter", "given"), BAD_POLICIES, ids=lambda value: repr(value)[:20])
def test_a_policy_that_makes_no_sense_is_refused_by_its_constructor(parameter: str, given: Any) -> None:
    fields: dict[str, Any] = {parameter: given}
    with pytest.raises(ValueError, match=rf"^{parameter}: given .*; allowed is ") as raised:
        RetryPolicy(**fields)
    assert str(raised.value).startswith(f"{parameter}: given {repr(given)[:60]}")
    with pytest.raises(ValueError, match=f"^{parameter}: given "):
        structs.replace(RetryPolicy(), **fields)


@pytest.mark.parametrize("policy", [None, 3, {"max_retries": 2}, RetryPolicy], ids=repr)
def test_a_policy_is_a_retry_policy(policy: Any) -> None:
    error = invalid(retrying(delete_response("resp_1"), policy))
    assert (error.parameter, error.reason) == ("policy", f"given {policy!r}; allowed is a RetryPolicy")


def test_what_is_no_policy_fails_a_stream_too() -> None:
    no_policy: Any = 3
    stream = retrying(all_input_items("resp_1"), no_policy)
    assert list(iterate(stream, ForbiddenTransport(), results=True)) == [
        Failure(InvalidArgument("policy", "given 3; allowed is a RetryPolicy"))
    ]


@pytest.mark.parametrize(
    "policy",
    [
        RetryPolicy(max_retries=0, initial_delay=0, max_delay=0, jitter=0, max_server_delay=0),
        RetryPolicy(max_retries=10**9, initial_delay=1e9, max_delay=10**9, jitter=1, max_server_delay=1e9),
    ],
)
def test_the_ends_of_every_range_are_allowed(policy: RetryPolicy) -> None:
    assert not isinstance(retrying(delete_response("resp_1"), policy), Done)


def test_an_invalid_argument_is_not_retried() -> None:
    refused: Operation[Any] = fail(InvalidArgument("x", "y"))
    assert retrying(refused) == refused
