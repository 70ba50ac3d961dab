"""`puresponse conversations delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bulk.choices import RUN, YES, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command
from .options import SEVERAL

if TYPE_CHECKING:
    from ...codecs import DeletedConversation
    from ...core import Operation


@command(SEVERAL, YES, *RUN, *FOR_MANY)
def delete(given: Invocation, conversations: tuple[str, ...], yes: bool, **run: Any) -> ExitCode | str:
    """Delete conversations permanently. Their items are not deleted."""
    from ...core import delete_conversation, retrying
    from ..bulk.actions import DELETED_VIEW, Deleted
    from ..bulk.confirming import confirmed
    from ..bulk.each import for_each
    from ..settings import policy_of
    from ..sources.given import Source
    from ..sources.ids import Ids, ids_from

    policy, choices = policy_of(given.options), RunChoices(**run)

    def deletion(conversation_id: str) -> Operation[DeletedConversation]:
        return retrying(delete_conversation(conversation_id), policy)

    source = Source(conversations)
    going_on = confirmed(given, source, ids_from(source, given), yes=yes, what="conversation")
    if not isinstance(going_on, Ids):
        return going_on
    outcome_of = Deleted(choices.missing_ok)
    return for_each(given, going_on, deletion, outcome_of, DELETED_VIEW, choices=choices, methods=("DELETE",))
