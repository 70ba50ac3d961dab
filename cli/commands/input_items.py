"""`puresponse input-items`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..failures import ExitCode
from ..parameters import FOR_ONE, INCLUDE, ONE_ID, Invocation, command
from ..requests.listing import AFTER, ALL, LIMIT, ORDER

if TYPE_CHECKING:
    from ...codecs import InputItem
    from ...core import Operation, Page, Stream


@command(ONE_ID, AFTER, INCLUDE, LIMIT, ORDER, ALL, *FOR_ONE)
def input_items(
    given: Invocation,
    *,
    response_id: str,
    after: str | None,
    include: tuple[str, ...],
    limit: int | None,
    order: Literal["asc", "desc"],
    all: bool,
) -> ExitCode | str:
    """List the items that a response was made from: a page of them, or all."""
    from ...core import all_input_items, list_input_items, retrying
    from ..execute import execute
    from ..settings import policy_of
    from ..streams import read_ids
    from ..tables import ITEM_VIEW
    from ..tasks import AllPages, OnePage

    policy = policy_of(given.options)
    page_size = (100 if all else 20) if limit is None else limit

    def page(response_id: str) -> Operation[Page[InputItem]]:
        listing = list_input_items(response_id, after=after, include=include or None, limit=page_size, order=order)
        return retrying(listing, policy)

    def every_page(response_id: str) -> Stream[InputItem]:
        items = all_input_items(response_id, after=after, include=include or None, limit=page_size, order=order)
        return retrying(items, policy)

    ids = read_ids([response_id], given.process.stdin)
    return execute(given, AllPages(every_page, ids, page_size) if all else OnePage(page, ids), ITEM_VIEW)
