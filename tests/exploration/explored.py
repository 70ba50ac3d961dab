"""A program that is explored: what it meets, and what is claimed of it. And what the tables of programs share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from puresponse import (
    EVERY_FAULT,
    USUAL_CLAIMS,
    Change,
    Claim,
    DeletedResponse,
    Exploration,
    MemoryTransport,
    Operation,
    Response,
    State,
    VirtualClock,
    WaitPolicy,
    cancel_and_wait,
    create_response,
    delete_response,
    explore,
    gone_is_reported,
    iterate,
    retrieve_response,
    retrying,
    stored,
    stream_response,
    wait_for_response,
)
from puresponse.codecs import Conversation
from puresponse.transports.memory.scripts.replies import Life
from puresponse.transports.memory.scripts.script import echo
from puresponse.transports.memory.service.state import Entry, StoredConversation
from puresponse.transports.testing.exploration.alternatives import AnyFault
from puresponse.transports.testing.lives.passing_time import NOW

GONE: tuple[Claim, ...] = (*USUAL_CLAIMS, gone_is_reported())
"""What is claimed of a program that deletes one thing."""

MODEL = "gpt-5-mini"


class Explored(Struct, frozen=True, kw_only=True):
    """A program that is explored. `refuted` are the names of claims that do not hold of it, as its docstring says.

    `faults` is how many may go wrong in a life in the suite; more of them, where it is asked for (`deep`).
    """

    name: str
    program: Any
    state: State = State()
    claims: tuple[Claim, ...] = USUAL_CLAIMS
    script: Any = echo
    kinds: Sequence[AnyFault] = EVERY_FAULT
    names: Mapping[str, Any] = {}
    refuted: tuple[str, ...] = ()
    faults: int = 2

    def explored(self, faults: int, **options: Any) -> Exploration:
        """All its lives with so many faults."""
        return explore(
            self.program,
            self.state,
            script=self.script,
            faults=faults,
            kinds=self.kinds,
            claims=self.claims,
            names=self.names,
            **options,
        )


# --- what the service knows -----------------------------------------------------------------------


def _text(number: int) -> dict[str, Any]:
    return {"type": "input_text", "text": f"Hello {number}"}


def _message(number: int) -> dict[str, Any]:
    return {"id": f"msg_{number}", "type": "message", "role": "user", "content": [_text(number)]}


def running(*changes: tuple[float, str], **fields: Any) -> State:
    """A service with one response in the background, whose status changes at these seconds from now."""
    body = {"id": "resp_run", "status": "in_progress", "background": True, **fields}
    return State().having(stored(body, changes=[Change(NOW + at, {"status": status}) for at, status in changes]))


def _streamed() -> State:
    """A service with one response, in the background, of which events can be read."""
    transport = MemoryTransport(State(), clock=VirtualClock(now=NOW))
    next(iterate(stream_response(model=MODEL, input="Hi", background=True), transport))
    return transport.state


def _talk(items: int) -> State:
    entries = [Entry({**_message(number), "status": "completed"}) for number in range(items)]
    body: dict[str, Any] = {"id": "conv_a", "object": "conversation", "created_at": 0, "metadata": {}}
    return State().having_conversation(StoredConversation(body, tuple(entries)))


ONE = State().having(stored({"id": "resp_a"}, [_message(number) for number in range(3)]))
MANY = ONE.having(stored({"id": "resp_b"})).having(stored({"id": "resp_c"}))
RUNNING = running((1.0, "completed"))
LONG_RUNNING = running((3.0, "completed"))
QUICK = State(life=Life(queued=0.5, running=0.5))
STUCK = running()
REVIVED = running((1.0, "cancelled"), (2.5, "completed"))
FOREGROUND = running(background=False)
STREAMED = _streamed()
TALK = _talk(5)
CHAIN = (
    State()
    .having(stored({"id": "resp_1"}))
    .having(stored({"id": "resp_2", "previous_response_id": "resp_1"}))
    .having(stored({"id": "resp_3", "previous_response_id": "resp_2"}))
)
CIRCLE = (
    State()
    .having(stored({"id": "resp_1", "previous_response_id": "resp_2"}))
    .having(stored({"id": "resp_2", "previous_response_id": "resp_1"}))
)
ORPHAN = State().having(stored({"id": "resp_2", "previous_response_id": "resp_1"}))


def hidden(state: State, seconds: float) -> State:
    """The service that does not show its response for so many seconds."""
    for name in state.responses:
        state = state.having(replace(state.responses[name], hidden=(NOW, NOW + seconds)))
    return state


# --- what goes on from another --------------------------------------------------------------------


class ThenWait(Struct, frozen=True, tag=True):
    """Waits for a response that was made."""

    policy: WaitPolicy

    def __call__(self, response: Response) -> Operation[Response]:
        return wait_for_response(response, self.policy)


class ThenCancel(Struct, frozen=True, tag=True):
    """Cancels a response that was made."""

    policy: WaitPolicy

    def __call__(self, response: Response) -> Operation[Response]:
        return retrying(cancel_and_wait(response, self.policy, settle=1))


class ThenDelete(Struct, frozen=True, tag=True):
    """Deletes a response that has ended."""

    def __call__(self, response: Response) -> Operation[DeletedResponse]:
        return delete_response(response.id)


class ThenTalk(Struct, frozen=True, tag=True):
    """Makes a response in a conversation that was made."""

    def __call__(self, conversation: Conversation) -> Operation[Response]:
        return create_response(model=MODEL, input="Hello", conversation=conversation.id)


class Answer(Struct, frozen=True):
    """The type of a structured output."""

    text: str


NAMES: dict[str, Any] = {
    "ThenWait": ThenWait,
    "ThenCancel": ThenCancel,
    "ThenDelete": ThenDelete,
    "ThenTalk": ThenTalk,
    "Answer": Answer,
    "delete": delete_response,
    "retrieve": retrieve_response,
}
