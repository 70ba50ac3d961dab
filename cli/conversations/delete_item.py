"""`puresponse conversations delete-item`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command
from .options import ITEMS, ONE

if TYPE_CHECKING:
    from ...codecs import Conversation
    from ...core import Operation


@command(ONE, ITEMS, *FOR_MANY)
def delete_item(given: Invocation, *, conversation: str, items: tuple[str, ...]) -> ExitCode | str:
    """Take items out of a conversation, and show the conversation for each."""
    from ...core import delete_conversation_item, retrying
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..settings import policy_of
    from ..tables import CONVERSATION_VIEW

    policy = policy_of(given.options)

    def deletion(item_id: str) -> Operation[Conversation]:
        return retrying(delete_conversation_item(conversation, item_id), policy)

    return for_each(given, items, deletion, Received("deleted"), CONVERSATION_VIEW, shows="values")
