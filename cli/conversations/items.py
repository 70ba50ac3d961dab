"""`puresponse conversations items`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..failures import ExitCode
from ..parameters import FOR_ONE, INCLUDE, Invocation, command
from ..requests.listing import AFTER, ALL, LIMIT, ORDER
from .options import ONE

if TYPE_CHECKING:
    from ...codecs import ConversationItem
    from ...core import Operation, Page, Stream


@command(ONE, AFTER, INCLUDE, LIMIT, ORDER, ALL, *FOR_ONE)
def items(
    given: Invocation,
    *,
    conversation: str,
    after: str | None,
    include: tuple[str, ...],
    limit: int | None,
    order: Literal["asc", "desc"],
    all: bool,
) -> ExitCode | str:
    """List the items of a conversation: a page of them, or all."""
    from ...core import all_conversation_items, list_conversation_items, retrying
    from ..execute import execute
    from ..settings import policy_of
    from ..tables import ITEM_VIEW
    from ..tasks import AllPages, OnePage

    policy = policy_of(given.options)
    page_size = (100 if all else 20) if limit is None else limit

    def page(conversation_id: str) -> Operation[Page[ConversationItem]]:
        listing = list_conversation_items(
            conversation_id, after=after, include=include or None, limit=page_size, order=order
        )
        return retrying(listing, policy)

    def every_page(conversation_id: str) -> Stream[ConversationItem]:
        listing = all_conversation_items(
            conversation_id, after=after, include=include or None, limit=page_size, order=order
        )
        return retrying(listing, policy)

    ids = (conversation,)
    return execute(given, AllPages(every_page, ids, page_size) if all else OnePage(page, ids), ITEM_VIEW)
