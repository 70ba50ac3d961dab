"""`POST /responses/input_tokens` and `POST /responses/compact`: what can be done with an input besides answering it."""

from __future__ import annotations

from base64 import b64encode

from msgspec import json
from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject
from ..scripts.usage import tokens_read, usage_of
from ..validation.refusals import REQUESTS_A_MINUTE, TOKENS_A_MINUTE, rate_headers
from ..validation.refused_values import missing_parameter
from .create import check_model, images_treated
from .endpoint import Asked, EndpointAnswer, IdMaker, Transition
from .inputs import gather
from .parameters import read_parameters


def count_tokens(asked: Asked, _: str) -> Transition:
    """Count the tokens of an input: a word counts as one."""
    given = read_parameters(asked, "count")
    items = gather(asked, given, IdMaker(asked.new_id, asked.state.issued))
    return asked.state, {"object": "response.input_tokens", "input_tokens": tokens_read(items, given)}


def compact(asked: Asked, _: str) -> Transition:
    """Compact an input. Recorded: messages of the user stay, and one item replaces all the rest."""
    given = read_parameters(asked, "compact", ("model",))
    anything = asked.state.dialect.accept == "anything"
    if given.get("input") is None and given.get("previous_response_id") is None and not anything:
        raise missing_parameter("input")
    check_model(asked, given.get("model"))
    state = asked.state
    ids = IdMaker(asked.new_id, state.issued)
    compaction_id = ids.make("resp", state.responses)
    items = gather(asked, given, ids)
    kept = [item for item in items if item.get("type") == "message" and item.get("role") == "user"]
    rest = [item for item in items if item not in kept]
    # Opaque to clients, as the real one is; a test may decode it.
    content = b64encode(json.encode(rest)).decode()
    stand_in: JsonObject = {"id": ids.make("cmp", ()), "type": "compaction", "encrypted_content": content}
    count = tokens_read(items, given)
    body: JsonObject = {
        "id": compaction_id,
        "object": "response.compaction",
        "created_at": int(asked.now),
        "output": [*kept, stand_in],
        "usage": usage_of(count, kept),
        **images_treated(given),
    }
    headers = rate_headers(REQUESTS_A_MINUTE - 1, max(0, TOKENS_A_MINUTE - count))
    return replace(state, issued=ids.issued), EndpointAnswer(body, headers=headers)
