"""Exit codes: one for each kind of error, whatever the order in which errors come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puresponse.cli.failures import ExitCode, exit_code_of, overall
from puresponse.core import (
    ApiError,
    DecodeError,
    Error,
    HttpRequest,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    WaitExpired,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidArgument("limit", "given 0"), 3),
        (NotSent("dns", "no such host"), 4),
        (Interrupted("reset", "connection reset"), 5),
        (ApiError(status=404, message="Response with id 'resp_1' not found."), 6),
        (ApiError(status=404), 9),
        (ApiError(status=405), 9),
        (ApiError(status=401), 7),
        (ApiError(status=403), 7),
        (ApiError(status=429), 8),
        (ApiError(status=400), 9),
        (ApiError(status=503), 9),
        (DecodeError(reason="expected object"), 10),
        (WaitExpired(elapsed=1.0, polls=2), 11),
        (NoRecording(request=HttpRequest("GET", "/")), 12),
    ],
    ids=str,
)
def test_each_kind_of_error_has_its_code(error: Error, code: int) -> None:
    assert exit_code_of(error) == code


def test_no_failure_is_0() -> None:
    assert overall([]) == 0


@given(st.sampled_from(ExitCode), st.integers(1, 5))
def test_failures_of_one_kind_give_its_code(kind: ExitCode, how_many: int) -> None:
    assert overall([kind] * how_many) == kind


@given(st.sets(st.sampled_from(ExitCode), min_size=2).flatmap(lambda kinds: st.permutations(list(kinds))))
def test_failures_of_different_kinds_give_1_in_any_order(kinds: list[ExitCode]) -> None:
    assert overall(kinds) == 1


def test_every_code_says_what_it_means_and_fits_a_byte() -> None:
    assert all(code.meaning and 0 <= code <= 255 for code in ExitCode)
    assert len({code.meaning for code in ExitCode}) == len(ExitCode)
