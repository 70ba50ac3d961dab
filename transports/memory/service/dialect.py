"""What servers that speak the API answer differently, as data."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Dialect(Struct, frozen=True):
    """What servers that speak the API answer differently: the defaults are OpenAI's, as far as they are known.

    - `cancel_completed`: the status of the answer to cancelling what is completed already. The guide reads as 200, with
      the final response; other servers refuse with 400 or 409.
    - `cancel_synchronous`: the status of the refusal to cancel what was made without `background`.
    - `delete_running`: the status of the answer to deleting a response that is queued or in progress. Unknown of
      OpenAI; an independent implementation refuses with 400, others delete it with 200.
    - `deleted_object`: the `object` of a deletion's acknowledgement; OpenAI's guide and others say `response`.
    - `delete_body`: False for an acknowledgement without a body.
    - `background_unstored`: 200 where `background` without `store` is taken, and kept for ten minutes of polling.
    - `unknown_after`: the status of the answer to a cursor that is no item's id; 200 where it is ignored.
    - `unknown_model`: 400 where a model that `/models` does not list is refused.
    - `envelope`: `detail` for refusals that are `{"detail": …}`, and `bare` for errors without their envelope.
    - `page_ends`: False for pages without `first_id`, `last_id` and `has_more`.
    - `item_ids`: False for items that are listed with a null id.
    - `accept`: what a request's body may be. `known`: what the specification, the recordings and the newest official
      client have; all else is refused, with the place. `unknown_names`: members of other names too. `anything`: all
      but what the service's own state forbids: what it does not hold, what is still running, calls that it holds and
      nobody answered.
    """

    cancel_completed: Literal[200, 400, 409] = 200
    cancel_synchronous: Literal[400, 409] = 400
    delete_running: Literal[200, 400] = 400
    deleted_object: Literal["response.deleted", "response"] = "response.deleted"
    delete_body: bool = True
    background_unstored: Literal[200, 400] = 400
    unknown_after: Literal[200, 400, 404] = 400
    unknown_model: Literal[200, 400] = 200
    envelope: Literal["error", "bare", "detail"] = "error"
    page_ends: bool = True
    item_ids: bool = True
    accept: Literal["known", "unknown_names", "anything"] = "known"


OPENAI = Dialect()
"""The API itself."""

AZURE_AGENT_SERVER = Dialect(cancel_completed=400, deleted_object="response", unknown_after=200)
"""Azure's agent server, as measured."""

OGX = Dialect(
    cancel_completed=409,
    cancel_synchronous=409,
    delete_running=200,
    deleted_object="response",
    unknown_after=404,
    envelope="detail",
    page_ends=False,
    item_ids=False,
)
"""OGX, as measured."""

DIALECTS = {"openai": OPENAI, "azure-agent-server": AZURE_AGENT_SERVER, "ogx": OGX}
"""The dialects by name, as `puresponse serve --dialect` takes them."""
