"""`puresponse conversations item`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_MANY, INCLUDE, Invocation, command
from .options import ITEMS, ONE

if TYPE_CHECKING:
    from ...codecs import ConversationItem
    from ...core import Operation


@command(ONE, ITEMS, INCLUDE, *FOR_MANY)
def item(given: Invocation, *, conversation: str, items: tuple[str, ...], include: tuple[str, ...]) -> ExitCode | str:
    """Show items of a conversation."""
    from ...core import retrieve_conversation_item, retrying
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..settings import policy_of
    from ..tables import ITEM_VIEW

    policy = policy_of(given.options)

    def retrieval(item_id: str) -> Operation[ConversationItem]:
        return retrying(retrieve_conversation_item(conversation, item_id, include=include or None), policy)

    return for_each(given, items, retrieval, Received("retrieved"), ITEM_VIEW, shows="values")
