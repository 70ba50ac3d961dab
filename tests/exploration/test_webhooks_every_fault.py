"""A receiver of webhooks, as docs/guides/patterns.md has it: events twice, in any order, while its process dies."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from markdown_it import MarkdownIt
from places import ROOT

from puresponse.transports.memory.faults import RateLimited, Refused, Reset
from puresponse.transports.memory.service import sample_state
from puresponse.transports.testing.exploration.alternatives import EVERY_FAULT, AnyFault
from puresponse.transports.testing.replays.life import ReplayedLife
from puresponse.transports.testing.replays.replaying import Replays, replay_lives

KEY = bytes(range(32))
SECRET = "whsec_" + b64encode(KEY).decode()
TEXTS = {"resp_chat": "Nineteen degrees, and sunny.", "resp_completed": "Hello! How can I assist you today?"}
FEW: tuple[AnyFault, ...] = (RateLimited(), Reset(), Reset(acted=True), Refused(403))


ACTS = """            if not self.keep(event.data.id):
                return 503  # so that it is delivered again
"""
REMEMBERS = "            done.touch()\n"


def receiver(*, remembers_first: bool = False) -> Any:
    """The receiver of the page; or one that remembers an event before it is done with."""
    fences = [token.content for token in MarkdownIt().parse((ROOT / "docs" / "guides" / "patterns.md").read_text())]
    (code,) = [content for content in fences if "class Receiver" in content]
    assert ACTS + REMEMBERS in code
    namespace: dict[str, Any] = {}
    exec(code.replace(ACTS + REMEMBERS, REMEMBERS + ACTS) if remembers_first else code, namespace)
    return namespace["Receiver"]


class Sender:
    """The service that delivers: it outlives the receiver, and delivers each event until that is answered."""

    def __init__(self) -> None:
        self.pending = list(TEXTS)
        self.answered: set[str] = set()
        self.deliveries = 0

    def delivery(self, response_id: str, now: float) -> tuple[bytes, dict[str, str]]:
        """The body and the headers: the same id whenever the event is delivered again."""
        self.deliveries += 1
        name, timestamp = f"wh_{response_id}", f"{now:.0f}"
        data = f'"created_at":1,"type":"response.completed","data":{{"id":"{response_id}"}}'
        body = f'{{"id":"evt_{response_id}","object":"event",{data}}}'.encode()
        signed = hmac.new(KEY, f"{name}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        signature = f"v1,{b64encode(signed).decode()}"
        return body, {"webhook-id": name, "webhook-timestamp": timestamp, "webhook-signature": signature}


def received(kind: Any, kinds: Sequence[AnyFault], faults: int) -> Replays:
    """Deliver both events to receivers of this kind, in all lives."""
    senders: WeakKeyDictionary[ReplayedLife, Sender] = WeakKeyDictionary()

    def body(life: ReplayedLife) -> None:
        sender = senders.setdefault(life, Sender())
        receive = kind(life.folder, SECRET, life.transport, clock=life.clock)
        while sender.pending:
            event = life.choose("which is delivered", sender.pending, free=True)
            status = receive(*sender.delivery(event, life.clock.now), life.clock.now)
            life.point("before it is answered")
            assert status in (200, 503)
            if status == 200:
                check(life, event)
                if life.choose("the answer is", ("received", "lost")) == "received":
                    sender.pending.remove(event)
            assert sender.deliveries <= 2 + faults, "it is delivered more often than anything goes wrong"
        for event in TEXTS:
            check(life, event)

    return replay_lives(body, again=body, state=sample_state(), kinds=kinds, faults=faults, most_lives=100_000)


def check(life: ReplayedLife, event: str) -> None:
    """What is answered with a 2xx is done."""
    assert (life.folder / f"{event}.txt").read_text() == TEXTS[event], "the text is not kept"
    assert event not in life.transport.state.responses, "the response is there"


def test_each_event_is_done_with_however_it_is_delivered_and_wherever_the_receiver_dies() -> None:
    search = received(receiver(), (Reset(acted=True),), 2)
    search.check()
    assert search.lives > 300


def test_a_receiver_that_remembers_first_is_found_out_by_one_fault() -> None:
    (failed,) = received(receiver(remembers_first=True), FEW, 1).failed
    assert failed.violation.why.startswith("FileNotFoundError")
    assert len(failed.violation.life) <= 4


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_so_it_is_with_any_two_faults() -> None:
    received(receiver(), EVERY_FAULT, 2).check()
