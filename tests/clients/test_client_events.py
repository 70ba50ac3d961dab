"""The official client in its strict mode, over each kind of event that it has types for.

The service in memory sends each of them, but for those of which it has nothing to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from strict_client import Service

from puresponse import Reply

pytestmark = pytest.mark.unmeasured

KINDS: dict[str, dict[str, list[Any]]] = json.decode(Path(__file__).with_name("kinds.json").read_bytes())

NEVER = {
    "error": "a stream that fails is one of the faults, and ends without a word",
    "response.audio.delta": "no model speaks",
    "response.audio.done": "no model speaks",
    "response.audio.transcript.delta": "no model speaks",
    "response.audio.transcript.done": "no model speaks",
    "response.compaction.compacting": "a script says what is compacted, not how long it takes",
    "response.image_generation_call.partial_image": "a script has the image, and no sketches of it",
}
"""What is never sent, and why."""


def replies() -> Iterator[Reply]:
    """Replies of every kind, their items without the ids that are made."""
    yield from (Reply.failure(), Reply.incomplete("Once upon a"), Reply.refusal("No."))
    for values in KINDS["output"].values():
        for value in (values[0], values[-1]):
            yield Reply.item({name: value[name] for name in value if name != "id"})


def test_each_event_that_the_client_can_be_sent_is_sent_and_taken_for_what_it_is() -> None:
    service = Service([])
    found: set[str] = set()
    for reply in replies():
        service.reply = reply
        found |= {event.type for event in service.stream()}
    service.reply = Reply.text("Hello!").lasting(queued=0, running=0)
    found |= {event.type for event in service.stream(background=True)}
    service.close()
    assert sorted(found) == sorted(KINDS["event"].keys() - NEVER.keys())
