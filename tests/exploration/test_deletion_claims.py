"""What is claimed of deletions: that what is told of them is so, and that what was done is told."""

from typing import Any

import pytest
from claimed import CREATION, DELETION, DELETIONS, LOST, REFUSED, TOLD, Forgetful, Instead, Pessimist, why_not
from msgspec import Struct, structs
from returns.result import Failure, Success
from walked_claims import DeletedIsGoneOrHidden

from puresponse.codecs import Conversation, DeletedConversation, DeletedModel, DeletedResponse, Response
from puresponse.core import (
    END,
    ApiError,
    Emit,
    Error,
    Interrupted,
    NotSent,
    Operation,
    create_conversation,
    delete_conversation,
    delete_response,
    delete_response_chain,
    erase_response,
    fail,
    retrieve_response,
    retrying,
    succeed,
    with_response,
)
from puresponse.transports import (
    Claim,
    LateConsistency,
    Rule,
    State,
    deleted_is_gone,
    gone_is_reported,
    may_have_acted_is_true,
    stored,
)
from puresponse.transports.memory.faults import Unsent
from puresponse.transports.testing.exploration.alternatives import CLOSED, OPEN
from puresponse.transports.testing.lives.passing_time import NOW


class BelieveInAbsence(Struct, frozen=True, tag=True):
    """Takes any 404 for a deletion."""

    response_id: str

    def __call__(self, error: Error) -> Operation[DeletedResponse]:
        if isinstance(error, ApiError) and error.status == 404:
            return succeed(DeletedResponse(id=self.response_id, deleted=True))
        return fail(error)


class DeleteIt(Struct, frozen=True, tag=True):
    """Deletes a response that was created, and believes the first 404."""

    def __call__(self, response: Response) -> Operation[DeletedResponse]:
        return delete_response(response.id).lash(BelieveInAbsence(response.id))


def test_a_deletion_that_believes_a_404_of_what_is_not_shown_yet_is_found() -> None:
    late = (Rule(LateConsistency(5.0, "created"), method="POST", path="/responses"),)
    for claim in (deleted_is_gone(), DeletedIsGoneOrHidden()):  # our walks excuse it after an interruption, not before
        why = why_not(claim, CREATION.bind(DeleteIt()), kinds=late)
        assert why == "resp_000001 is reported as deleted, and the service has it"
    assert why_not(deleted_is_gone(), CREATION.bind(DeleteIt()), faults=0) is None


class Claimed(Struct, frozen=True):
    """A caller's own report."""

    deletion: DeletedResponse


@pytest.mark.parametrize(
    "value",
    [TOLD, (1, TOLD), [TOLD], {"a": TOLD}, (Success(TOLD), Failure(NotSent("dns", "no"))), Claimed(TOLD)],
    ids=["itself", "tuple", "list", "mapping", "results", "struct"],
)
def test_what_is_reported_as_deleted_is_found_wherever_it_is(value: Any) -> None:
    claim = deleted_is_gone()
    assert why_not(claim, succeed(value)) == "resp_a is reported as deleted, and the service has it"
    assert why_not(claim, DELETION.bind(Instead(succeed(value))), faults=0) is None


def test_what_says_that_it_is_not_deleted_reports_nothing() -> None:
    for value in (structs.replace(TOLD, deleted=False), retrieve_response("resp_a"), "resp_a"):
        assert why_not(deleted_is_gone(), succeed(value)) is None
    assert why_not(deleted_is_gone(), fail(NotSent("dns", "no such host"))) is None


def as_if_deleted(conversation: Conversation) -> DeletedConversation:
    return DeletedConversation(id=conversation.id, deleted=True)


class DeleteConversation(Struct, frozen=True, tag=True):
    """Deletes a conversation that was created."""

    def __call__(self, conversation: Conversation) -> Operation[DeletedConversation]:
        return retrying(delete_conversation(conversation.id))


def test_conversations_and_models_are_gone_too() -> None:
    why = why_not(deleted_is_gone(), create_conversation().map(as_if_deleted), faults=0)
    assert why == "conv_000001 is reported as deleted, and the service has it"
    for claim in (deleted_is_gone(), gone_is_reported(), may_have_acted_is_true()):
        assert why_not(claim, create_conversation().bind(DeleteConversation()), dies=True) is None
    models = State(models=({"id": "ft:mine"},))
    for name, is_there in (("ft:mine", True), ("ft:other", False)):
        why = why_not(deleted_is_gone(), succeed(DeletedModel(id=name, deleted=True)), state=models)
        assert (why is not None) is is_there


def test_what_is_not_kept_any_more_is_gone() -> None:
    expired = structs.replace(stored({"id": "resp_a"}), kept_until=NOW)
    assert why_not(deleted_is_gone(), succeed(TOLD), state=State().having(expired)) is None
    kept = structs.replace(expired, kept_until=NOW + 1)
    assert why_not(deleted_is_gone(), succeed(TOLD), state=State().having(kept)) is not None


def test_a_report_of_ones_own_says_what_is_deleted() -> None:
    claim = deleted_is_gone(ids=lambda report: report.split())
    assert why_not(claim, succeed("resp_x resp_a")) == "resp_a is reported as deleted, and the service has it"
    assert why_not(claim, DELETION.bind(Instead(succeed("resp_x resp_a"))), faults=1) is None
    none: Any = "id"
    with pytest.raises(TypeError, match=r"^deleted_is_gone: ids must be a function of a value, or None, got 'id'$"):
        deleted_is_gone(ids=none)


@pytest.mark.parametrize("program", DELETIONS.values(), ids=DELETIONS)
@pytest.mark.parametrize("claim", [deleted_is_gone(), gone_is_reported(), may_have_acted_is_true()])
def test_what_the_library_says_of_its_deletions_is_so(claim: Claim, program: Any) -> None:
    assert why_not(claim, program, faults=2, dies=True) is None


def test_what_is_erased_is_gone() -> None:
    assert why_not(deleted_is_gone(), retrying(erase_response("resp_a")), kinds=CLOSED + OPEN, dies=True) is None


def test_a_deletion_that_is_reported_as_refused_is_found() -> None:
    why = why_not(gone_is_reported(), DELETION.alt(Pessimist()), kinds=(LOST,))
    assert why is not None
    assert why.startswith("resp_a was deleted, and the error neither says so nor leaves it open: not sent (refused)")
    assert why_not(gone_is_reported(), DELETION.lash(Forgetful()), kinds=(LOST, Unsent()), faults=2) is not None
    # In the answer to the second deletion it is gone.
    assert why_not(gone_is_reported(), DELETION.lash(Forgetful()), kinds=(LOST,)) is None


def test_an_error_about_another_response_reports_nothing() -> None:
    other = fail(Interrupted("reset", "lost", response_id="resp_b"))
    assert why_not(gone_is_reported(), DELETION.bind(Instead(other)), faults=0) is not None
    for error in (Interrupted("reset", "lost", response_id="resp_a"), Interrupted("reset", "lost")):
        assert why_not(gone_is_reported(), DELETION.bind(Instead(fail(error))), faults=0) is None


def test_a_deletion_is_not_reported_by_what_is_asked_for_after_it() -> None:
    program = DELETION.bind(Instead(retrieve_response("resp_b")))
    assert why_not(gone_is_reported(), program, kinds=(REFUSED,)) is not None
    assert why_not(gone_is_reported(), program, kinds=(REFUSED,), faults=0) is None


def test_what_has_an_answer_beside_it_is_reported_as_it_is() -> None:
    assert why_not(deleted_is_gone(), with_response(DELETION)) is None
    told = with_response(retrieve_response("resp_b")).map(beside)
    assert why_not(deleted_is_gone(), told, faults=0) == "resp_a is reported as deleted, and the service has it"


def beside(answered: Any) -> Any:
    return structs.replace(answered, value=TOLD)


def test_what_is_emitted_is_a_report_and_is_judged_then() -> None:
    for stream in (Emit((TOLD,), END), delete_response_chain("resp_b").map(as_if_newest)):
        assert why_not(deleted_is_gone(), stream, faults=0) is not None


def as_if_newest(deleted: DeletedResponse) -> DeletedResponse:
    return structs.replace(deleted, id="resp_b")


class DenyDeletion(Struct, frozen=True, tag=True):
    """Deletes a conversation, and takes any failure for one to send."""

    def __call__(self, conversation: Conversation) -> Operation[DeletedConversation]:
        return delete_conversation(conversation.id).alt(Pessimist())


def test_a_conversation_whose_deletion_is_denied_is_found() -> None:
    why = why_not(gone_is_reported(), create_conversation().bind(DenyDeletion()), kinds=(LOST,))
    assert why is not None
    assert why.startswith("conv_000001 was deleted, and the error neither says so nor leaves it open: not sent")
