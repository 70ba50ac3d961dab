"""Taking a `Result` apart, and making an exception of an error for those who want one."""

import pickle

import pytest
from returns.result import Failure, Result, Success

from puresponse.core import ApiError, Error, NotSent, OperationFailed, fold, is_failure, value_or_raise

GOOD: Result[int, Error] = Success(7)
BAD: Result[int, Error] = Failure(NotSent("dns", "no such host"))


def test_a_failure_is_told_from_a_success() -> None:
    assert is_failure(BAD)
    assert not is_failure(GOOD)


def test_a_success_that_holds_a_failure_is_a_success() -> None:
    assert not is_failure(Success(BAD))


def test_fold_calls_one_of_two_functions() -> None:
    def never(value: object) -> str:
        pytest.fail(f"called with {value!r}")

    assert fold(GOOD, str, never) == "7"
    assert fold(BAD, never, str) == "not sent (dns): no such host"


def test_a_value_is_given() -> None:
    assert value_or_raise(GOOD) == 7


def test_an_error_is_raised() -> None:
    with pytest.raises(OperationFailed, match=r"^not sent \(dns\): no such host$") as raised:
        value_or_raise(BAD)
    assert raised.value.error == NotSent("dns", "no such host")
    assert isinstance(raised.value, Exception)


def test_a_raised_error_pickles() -> None:
    failed = OperationFailed(ApiError(status=404, message="gone", body=b"{}"))
    again = pickle.loads(pickle.dumps(failed))
    assert isinstance(again, OperationFailed)
    assert again.error == failed.error
    assert str(again) == str(failed) == "HTTP 404: gone"
