"""`puresponse conversations delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command
from .options import SEVERAL

if TYPE_CHECKING:
    from ...codecs import DeletedConversation
    from ...core import Operation


@command(SEVERAL, *FOR_MANY)
def delete(given: Invocation, ids: tuple[str, ...]) -> ExitCode | str:
    """Delete conversations permanently. Their items are not deleted."""
    from ...core import delete_conversation, retrying
    from ..execute import for_each
    from ..settings import policy_of
    from ..tables import DELETED_VIEW

    policy = policy_of(given.options)

    def deletion(conversation_id: str) -> Operation[DeletedConversation]:
        return retrying(delete_conversation(conversation_id), policy)

    return for_each(given, ids, deletion, DELETED_VIEW)
