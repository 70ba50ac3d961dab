"""`GET /responses`: the responses that the service holds, where its dialect lists them.

What the parameters mean is Azure AI Foundry's word, and that of the lists of the API: `after` and `before` are places
in the order that is asked for, and a page with `before` ends there. What becomes of both at once is unknown: then
the page begins after the one, and ends in front of the other.
https://learn.microsoft.com/azure/foundry/reference/rest/list-responses
"""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject, is_object
from ..validation.refusals import not_simulated, unknown_cursor
from ..validation.refused_values import wrong_value
from .dialect import Listing
from .endpoint import Asked, Transition
from .items import body_shown, limit_in
from .state import StoredResponse


def list_responses(asked: Asked, _: str) -> Transition:
    """One page of the responses that are stored, as they are now."""
    listing = asked.state.dialect.lists or Listing()
    query = {name: value for name, value in asked.request.query if name in listing.parameters}
    limit = limit_in(query.get("limit", str(listing.limit)))
    order = query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise wrong_value("order", order, ("asc", "desc"))
    for name in ("agent_name", "agent_id"):
        if name in query:
            raise not_simulated(name)
    found = _found(asked, query)
    if order == "desc":
        found.reverse()
    ids = [str(response.body["id"]) for response in found]
    start, end = _place(asked, ids, query.get("after")), _place(asked, ids, query.get("before"))
    first = 0 if start is None else start + 1
    past = len(ids) if end is None else end
    if end is not None and start is None:
        first = max(0, past - limit)
        has_more = first > 0
    else:
        has_more = past - first > limit
        past = min(past, first + limit)
    data = [_shown(response, listing, asked.now) for response in found[first:past]]
    ends = (data[0]["id"], data[-1]["id"]) if data else (listing.no_id, listing.no_id)
    return asked.state, {
        "object": "list",
        "data": data,
        "first_id": ends[0],
        "has_more": has_more,
        "last_id": ends[1],
    }


def _found(asked: Asked, query: dict[str, str]) -> list[StoredResponse]:
    """The responses that are stored and asked for, the oldest first."""
    model, conversation = query.get("model"), query.get("conversation_id")
    responses = asked.state.responses
    found = [
        response
        for response in (responses[response_id] for response_id in responses)
        # What is kept for polling alone is not stored.
        if response.seen(asked.now)
        and response.body.get("store") is not False
        and (model is None or response.body.get("model") == model)
        and (conversation is None or _conversation(response) == conversation)
    ]
    return sorted(found, key=_age)


def _age(response: StoredResponse) -> tuple[float, str]:
    """Seconds are all that is told; of those that were made in the same second the id decides."""
    created = response.body.get("created_at")
    return (created if isinstance(created, int | float) else 0.0, str(response.body["id"]))


def _conversation(response: StoredResponse) -> object:
    named = response.body.get("conversation")
    return named.get("id") if is_object(named) else named


def _place(asked: Asked, ids: list[str], cursor: str | None) -> int | None:
    if cursor in ids:
        return ids.index(cursor)
    if cursor is not None and asked.state.dialect.unknown_after != 200:
        raise unknown_cursor(cursor, asked.state.dialect.unknown_after)
    return None


def _shown(response: StoredResponse, listing: Listing, now: float) -> JsonObject:
    body = body_shown(response.at(now), ())
    return {**body, "input": list(response.input_items)} if listing.input else body
