"""What is claimed of errors: that `may_have_acted` is true."""

from typing import Any

from claimed import CREATION, DELETION, LOST, REFUSED, Forgetful, Instead, why_not
from msgspec import Struct, structs

from puresponse.core import (
    ApiError,
    Error,
    NotSent,
    Operation,
    RetryPolicy,
    fail,
    gather,
    retrieve_response,
    retrying,
)
from puresponse.transports import (
    ServerError,
    may_have_acted_is_true,
)
from puresponse.transports.memory.faults import Unsent


def test_an_error_that_denies_what_was_done_is_found() -> None:
    claim = may_have_acted_is_true()
    # The second attempt is told that nothing is there, or is not sent: and the first is forgotten.
    why = why_not(claim, DELETION.lash(Forgetful()), kinds=(LOST,))
    assert why is not None
    assert why.startswith("DELETE /responses/resp_a was acted on, and by the error it was not: HTTP 404")
    why = why_not(claim, DELETION.lash(Forgetful()), kinds=(LOST, Unsent()), faults=2)
    assert why is not None
    assert why_not(claim, DELETION.lash(Forgetful()), kinds=(ServerError(503, acted=True),)) is not None


class TakeForRefused(Struct, frozen=True, tag=True):
    """Takes a failure of the server for a refusal."""

    def __call__(self, error: Error) -> Error:
        if isinstance(error, ApiError) and error.status >= 500:
            return structs.replace(error, headers=(("x-should-retry", "true"),))
        return error


def test_an_error_that_was_made_harmless_is_found_in_a_branch_too() -> None:
    harmless = CREATION.alt(TakeForRefused())
    for program in (harmless, gather(harmless, retrieve_response("resp_b"))):
        why = why_not(may_have_acted_is_true(), program, kinds=(ServerError(500, acted=True),))
        assert why is not None
        assert why.startswith("POST /responses was acted on, and by the error it was not: HTTP 500")
        assert why_not(may_have_acted_is_true(), program, kinds=(ServerError(500),)) is None


def test_an_error_is_about_the_last_request_alone() -> None:
    claim = may_have_acted_is_true()
    after = CREATION.lash(Instead(retrieve_response("resp_b")))
    assert why_not(claim, after, kinds=(LOST, REFUSED), faults=2) is None
    # Of two branches the error is of the one that failed so.
    both = gather(retrieve_response("resp_x"), CREATION)
    assert why_not(claim, both, kinds=(LOST,)) is None


def test_what_was_acknowledged_at_last_was_not_left_open() -> None:
    class ThenRefuse(Struct, frozen=True, tag=True):
        def __call__(self, value: Any) -> Operation[Any]:
            return fail(NotSent("refused", "of something else"))

    program = retrying(CREATION, RetryPolicy(max_retries=1, repeat_unsafe=True)).bind(ThenRefuse())
    assert why_not(may_have_acted_is_true(), program, kinds=(LOST,)) is None
