"""What is claimed of errors: that `may_have_acted` is true."""

from typing import Any

from claimed import CREATION, DELETION, LOST, REFUSED, UNLOOKED, Forgetful, Instead, Pessimist, asked, why_not
from msgspec import Struct, structs
from returns.result import Failure

from puresponse.core import (
    ApiError,
    Error,
    HttpRequest,
    Interrupted,
    InvalidArgument,
    NotSent,
    Operation,
    RetryPolicy,
    delete_response,
    fail,
    gather,
    retrieve_response,
    retrying,
)
from puresponse.transports import (
    Broken,
    Garbage,
    Reset,
    ServerError,
    State,
    may_have_acted_is_true,
)
from puresponse.transports.memory.faults import Unsent
from puresponse.transports.testing.lives.lives import LifeStep


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


def test_an_error_of_an_earlier_request_may_be_the_last_word() -> None:
    refused = retrieve_response("resp_x").lash(ThenDelete())
    assert why_not(may_have_acted_is_true(), refused, kinds=(LOST,)) is None


class Requests(Struct, frozen=True):
    """A moment of which nothing but the requests is looked at."""

    requests: tuple[LifeStep, ...]


def test_what_another_attempt_was_answered_with_is_no_word_about_another_request() -> None:
    claim = may_have_acted_is_true()
    unsent: Any = Failure(NotSent("dns", "no such host"))
    request = HttpRequest("DELETE", "/responses/resp_a")
    lost = structs.replace(asked(request, answer=Failure(Interrupted("reset", "lost"))), after=State(), result=unsent)
    memory = claim.after(claim.begin(), lost, UNLOOKED)
    for earlier, is_broken in ((request, True), (HttpRequest("DELETE", "/responses/resp_b"), False)):
        moment: Any = Requests((asked(earlier, answer=unsent), lost))
        assert isinstance(claim.end(memory, lost, moment), Broken) is is_broken


class ThenDelete(Struct, frozen=True, tag=True):
    """Deletes a response, whatever comes of that, and ends in the error that it was given."""

    def __call__(self, error: Error) -> Operation[Any]:
        return DELETION.then(EndIn(error))


class EndIn(Struct, frozen=True, tag=True):
    """Ends in an error."""

    error: Error

    def __call__(self, result: Any) -> Operation[Any]:
        return fail(self.error)


def test_an_error_of_no_request_is_about_none() -> None:
    of_none = fail(InvalidArgument("limit", "given 0; allowed is an integer from 1 to 100"))
    assert why_not(may_have_acted_is_true(), DELETION.lash(Instead(of_none)), kinds=(LOST,)) is None


class InBranch(Struct, frozen=True, tag=True):
    """Fails by itself, as if something had not been sent."""

    def __call__(self, response: Any) -> Operation[Any]:
        return fail(NotSent("refused", "of another server"))


def test_an_error_of_one_branch_is_not_about_another() -> None:
    both = gather(retrieve_response("resp_b").bind(InBranch()), CREATION)
    assert why_not(may_have_acted_is_true(), both, kinds=(LOST,)) is None


def test_what_was_not_done_may_be_denied() -> None:
    of_nothing = delete_response("resp_x").alt(Pessimist())
    assert why_not(may_have_acted_is_true(), of_nothing, kinds=(LOST,)) is None
    assert why_not(may_have_acted_is_true(), DELETION.alt(Pessimist()), kinds=(Reset(), Unsent())) is None


def test_a_refusal_of_what_was_done_is_taken_at_its_word() -> None:
    page = Garbage(b"<html>Forbidden</html>", status=403)
    assert why_not(may_have_acted_is_true(), DELETION, kinds=(page,)) is None


def test_a_denial_after_the_process_died_is_found() -> None:
    for program in (CREATION.alt(Pessimist()), DELETION.alt(Pessimist())):
        why = why_not(may_have_acted_is_true(), program, kinds=(), dies=True)
        assert why is not None
        assert "was acted on, and by the error it was not: not sent (refused)" in why
