"""What servers that speak the API answer differently, as data.

Of OpenAI, Azure's agent server and OGX most is measured. Of the others it is what their documentation or their source
says, at the places that are named; where these are silent, they answer as OpenAI does.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject

MONTH = 30 * 86_400.0
"""Seconds."""

TEN_MINUTES = 600.0
"""Seconds. Known is that a response that is not stored can be polled for about so long; since when is not.

Here it is since its end: one with hours to run in could not be polled otherwise.
"""


class Listing(Struct, frozen=True):
    """How a server lists the responses that it holds.

    - `parameters`: the parameters of the query that it knows. It ignores others.
    - `limit`: how many responses a page has where nothing is said, 1 or more.
    - `input`: True where each is listed with its `input`.
    - `no_id`: the `first_id` and the `last_id` of a page without any.
    """

    parameters: tuple[str, ...] = ("limit", "after", "before")
    limit: int = 20
    input: bool = False
    no_id: str | None = None


class Dialect(Struct, frozen=True):
    """What servers that speak the API answer differently: the defaults are OpenAI's, as far as they are known.

    - `cancel_completed`, `cancel_cancelled`: the status of the answer to cancelling what is completed or cancelled
      already. The guide reads as 200, with the final response; other servers refuse with 400 or 409.
    - `cancel_synchronous`: the status of the refusal to cancel what was made without `background`.
    - `delete_running`: the status of the answer to deleting a response that is queued or in progress. Unknown of
      OpenAI; an independent implementation refuses with 400, others delete it with 200.
    - `deleted_object`: the `object` of a deletion's acknowledgement; OpenAI's guide and others say `response`.
    - `deleted_message`: a text in place of that acknowledgement, as its `message`.
    - `delete_body`: False for an acknowledgement without a body.
    - `background_unstored`: 200 where `background` without `store` is taken.
    - `unstored_ends`: False where such a response is `in_progress` permanently once it runs: its end is not stored.
    - `polled_for`: how long after its end such a response can be polled, in seconds, 0 or more; None for ever.
    - `background_streams`: False where a response that is made in the background is answered as JSON, `stream` or not.
    - `replay`: `response` where the events of a response that are asked for again are answered with the response.
    - `streamed_for`: how long after its creation its events can be asked for again, in seconds, 0 or more; None for
      ever.
    - `unknown_after`: the status of the answer to a cursor that is no item's id; 200 where it is ignored.
    - `unknown_previous`: the status of the refusal to go on from a response that is not there.
    - `unknown_model`: 400 or 404 where a model that `/models` does not list is refused.
    - `checks_turns`: False where a turn is not held to the rules of a conversation: outputs for calls, items after
      reasoning, ids of the service's own form, and responses that can be gone on from.
    - `checks_ids`: False where an id of another form than the server's own is unknown, like any other.
    - `words`: whose words refusals have, where they are known to differ.
    - `envelope`: `detail` for refusals that are `{"detail": …}`, `bare` for errors without their envelope, and
      `numbered` for those whose `code` is the status.
    - `page_ends`: False for pages without `first_id`, `last_id` and `has_more`.
    - `item_ids`: False for items that are listed with a null id.
    - `event_names`: False for events without a line `event:`.
    - `pads_deltas`: False where the deltas of a stream are never padded.
    - `stream_states`: False where a stream tells neither that its response is queued nor that it is incomplete: it
      begins as `in_progress`, and ends as `response.completed`.
    - `members`: the members that its responses have; None for all of OpenAI's.
    - `own_headers`: False for answers without the headers that OpenAI adds: request id, rate limits, time taken.
    - `lists`: how the responses are listed that it holds; None where it has no such list, as OpenAI has none.
    - `routes`: the routes that it has, such as `GET /responses/{id}`; None for all of OpenAI's.
    - `retention`: what it keeps for the caller's project. `standard`: what is stored is kept for `kept_for`. `zdr`,
      zero data retention: `store` is false, whatever is asked for; `background` is taken all the same. `mam`, modified
      abuse monitoring: a response in the background is stored only where `store: true` is asked for. A response in the
      background that is not stored can be polled for a while.
    - `kept_for`: how long a response is kept that is stored, in seconds, 0 or more; None for ever.
    - `keeps`: False where nothing is kept, whatever is asked for, and `background` is refused.
    - `accept`: what a request's body may be. `known`: what the specification, the recordings and the newest official
      client have; all else is refused, with the place. `unknown_names`: members of other names too. `anything`: all
      but what the service's own state forbids: what it does not hold, what is still running, calls that it holds and
      nobody answered.
    """

    cancel_completed: Literal[200, 400, 409] = 200
    cancel_cancelled: Literal[200, 400, 409] = 200
    cancel_synchronous: Literal[400, 409] = 400
    delete_running: Literal[200, 400] = 400
    deleted_object: Literal["response.deleted", "response"] = "response.deleted"
    deleted_message: str | None = None
    delete_body: bool = True
    background_unstored: Literal[200, 400] = 400
    unstored_ends: bool = True
    polled_for: float | None = TEN_MINUTES
    background_streams: bool = True
    replay: Literal["events", "response"] = "events"
    streamed_for: float | None = 300.0
    unknown_after: Literal[200, 400, 404] = 400
    unknown_previous: Literal[400, 404] = 400
    unknown_model: Literal[200, 400, 404] = 200
    checks_turns: bool = True
    checks_ids: bool = True
    words: Literal["openai", "vllm", "sglang"] = "openai"
    envelope: Literal["error", "bare", "detail", "numbered"] = "error"
    page_ends: bool = True
    item_ids: bool = True
    event_names: bool = True
    pads_deltas: bool = True
    stream_states: bool = True
    members: tuple[str, ...] | None = None
    own_headers: bool = True
    lists: Listing | None = None
    routes: tuple[str, ...] | None = None
    retention: Literal["standard", "mam", "zdr"] = "standard"
    kept_for: float | None = MONTH
    keeps: bool = True
    accept: Literal["known", "unknown_names", "anything"] = "known"

    def has_route(self, route: str) -> bool:
        """Whether it has a `route`, such as `GET /responses/{id}`."""
        if route == "GET /responses":
            return self.lists is not None
        return self.routes is None or route in self.routes

    def shown(self, body: JsonObject) -> JsonObject:
        """What it answers, where OpenAI would answer `body`: a response has its own members alone."""
        if self.members is None or body.get("object") != "response":
            return body
        return {name: body[name] for name in self.members if name in body}


OPENAI = Dialect()
"""The API itself."""

AZURE_AGENT_SERVER = Dialect(cancel_completed=400, deleted_object="response", unknown_after=200)
"""Azure's agent server, as measured."""

AZURE_FOUNDRY = Dialect(
    lists=Listing(("limit", "order", "after", "before", "conversation_id", "agent_name", "agent_id"))
)
"""Azure AI Foundry: OpenAI's API, and a list of responses.

https://learn.microsoft.com/azure/foundry/reference/rest/list-responses
"""

FIREWORKS = Dialect(
    deleted_message="Response deleted successfully",
    lists=Listing(),
    routes=("POST /responses", "GET /responses/{id}", "DELETE /responses/{id}", "GET /models", "GET /models/{id}"),
)
"""Fireworks: no cancelling and no input items; a deletion is acknowledged by a sentence.

https://docs.fireworks.ai/api-reference/list-responses and /delete-response; https://docs.fireworks.ai/responses.openapi.yaml
"""

OGX = Dialect(
    cancel_completed=409,
    cancel_synchronous=409,
    delete_running=200,
    deleted_object="response",
    replay="response",
    unknown_after=404,
    checks_ids=False,
    envelope="detail",
    page_ends=False,
    item_ids=False,
    event_names=False,
    pads_deltas=False,
    lists=Listing(("after", "limit", "model", "order"), limit=50, input=True, no_id=""),
    kept_for=None,
)
"""OGX, as measured.

The list is that of `ogx_api/responses/models.py` at 0e4b218 and `ogx/providers/utils/responses/responses_store.py` at
11986b6 of github.com/ogx-ai/ogx, which looks ids up without a glance at their form and removes nothing by its age;
events are those of `create_sse_event` in `ogx_api/responses/fastapi_routes.py` at 25a5e88.
"""

VLLM = Dialect(
    cancel_completed=400,
    cancel_cancelled=400,
    streamed_for=None,
    unknown_previous=404,
    unknown_model=404,
    checks_turns=False,
    checks_ids=False,
    words="vllm",
    envelope="numbered",
    pads_deltas=False,
    stream_states=False,
    members=(
        *("id", "created_at", "incomplete_details", "instructions", "metadata", "model", "object", "output"),
        *("parallel_tool_calls", "temperature", "tool_choice", "tools", "top_p", "background", "max_output_tokens"),
        *("max_tool_calls", "previous_response_id", "prompt", "reasoning", "service_tier", "status", "text"),
        *("top_logprobs", "truncation", "usage", "user"),
    ),
    own_headers=False,
    routes=("POST /responses", "GET /responses/{id}", "POST /responses/{id}/cancel", "GET /models"),
    kept_for=None,
    keeps=False,
    accept="unknown_names",
)
"""vLLM as it starts: it keeps nothing, and refuses `background`.

github.com/vllm-project/vllm: the routes are those of `vllm/entrypoints/openai/responses/api_router.py` at f6e9325;
statuses, words and `enable_store` of `serving.py` beside it at 0001948; the form of errors of
`vllm/entrypoints/serve/utils/server_utils.py` at 0753cee; members, events and `validate_background` of `protocol.py`
beside `serving.py` at c0bc596, whose requests may have any members.
"""

VLLM_STORING = replace(VLLM, keeps=True)
"""vLLM with `VLLM_ENABLE_RESPONSES_API_STORE=1`: it keeps what is stored for as long as it runs."""

SGLANG = Dialect(
    cancel_completed=400,
    cancel_cancelled=400,
    background_unstored=200,
    unstored_ends=False,
    polled_for=None,
    background_streams=False,
    replay="response",
    unknown_previous=404,
    checks_turns=False,
    words="sglang",
    envelope="numbered",
    pads_deltas=False,
    members=(
        *("id", "object", "created_at", "model", "output", "status", "usage", "parallel_tool_calls", "tool_choice"),
        *("tools", "error", "incomplete_details", "instructions", "max_output_tokens", "previous_response_id"),
        *("reasoning", "store", "temperature", "text", "top_p", "truncation", "user", "metadata"),
    ),
    own_headers=False,
    routes=(
        "POST /responses",
        "GET /responses/{id}",
        "POST /responses/{id}/cancel",
        "GET /models",
        "GET /models/{id}",
    ),
    kept_for=None,
    accept="unknown_names",
)
"""SGLang: it keeps responses for as long as it runs, and can neither delete them nor stream them again.

github.com/sgl-project/sglang: `python/sglang/srt/entrypoints/openai/serving_responses.py` at 41c3e5a, whose
`create_responses` returns before it asks for `stream` where `background` is, and whose `responses_full_generator`
stores what is to be stored alone; `protocol.py` beside it at 004c82e, whose
requests may have any members, and whose responses do not say `background`; the routes of
`python/sglang/srt/entrypoints/http_server.py` at 9c0549b.
"""

DIALECTS = {
    "openai": OPENAI,
    "azure-agent-server": AZURE_AGENT_SERVER,
    "azure-foundry": AZURE_FOUNDRY,
    "fireworks": FIREWORKS,
    "ogx": OGX,
    "vllm": VLLM,
    "vllm-storing": VLLM_STORING,
    "sglang": SGLANG,
}
"""The dialects by name, as `puresponse serve --dialect` takes them."""
