"""`puresponse conversations retrieve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command
from .options import SEVERAL

if TYPE_CHECKING:
    from ...codecs import Conversation
    from ...core import Operation


@command(SEVERAL, *FOR_MANY)
def retrieve(given: Invocation, conversations: tuple[str, ...]) -> ExitCode | str:
    """Show conversations: their metadata, not their items."""
    from ...core import retrieve_conversation, retrying
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..settings import policy_of
    from ..tables import CONVERSATION_VIEW

    policy = policy_of(given.options)

    def retrieval(conversation_id: str) -> Operation[Conversation]:
        return retrying(retrieve_conversation(conversation_id), policy)

    return for_each(given, conversations, retrieval, Received("retrieved"), CONVERSATION_VIEW, shows="values")
