"""The service of our walks: what it knows at first, what it replies, and what has to hold of it whatever is asked.

Law: it is told of each request of every client. What is claimed here is claimed of the service alone.
"""

from __future__ import annotations

from random import Random
from typing import Any

from msgspec import Struct, field
from returns.result import Failure

from puresponse import AZURE_AGENT_SERVER, AZURE_FOUNDRY, OGX, OPENAI, Answer, Change, ModelInput, Reply, State, stored
from puresponse.core.http import SAFE_METHODS
from puresponse.transports.memory.faults import Reset, ServerError
from puresponse.transports.memory.service import CancelUndone, StoredResponse
from puresponse.transports.memory.service.saved_state import dump_state, load_state
from puresponse.transports.testing.exploration.claims import Broken, Moment
from puresponse.transports.testing.lives.lives import Dies, LifeStep
from puresponse.transports.testing.lives.passing_time import NOW

REPLIES = {
    "two words": Reply.text("two words"),
    "a long answer": Reply.text("one two three four five six seven eight"),
    "think": Reply.reasoning("Hm.") + Reply.text("Done."),
    "call": Reply.tool_call("get_weather", {"city": "Lyon"}),
    "fail": Reply.failure(),
    "stop short": Reply.incomplete("one two"),
    "slowly": Reply.text("at last").lasting(queued=5.0, running=40.0, answering=12.0),
    "for ever": Reply.text("never").lasting(queued=2.0, running=None),
    "at once": Reply.text("now").lasting(queued=0.0, running=0.0),
}
"""What is replied, by the text that is asked."""


def replied(asked: ModelInput) -> Reply:
    """The reply to a text."""
    return REPLIES.get(asked.text) or REPLIES["two words"]


def drawn_state(chance: Random) -> State:
    """What the service knows at first: responses alone, in chains, that run, and one with many input items."""
    state = State(dialect=chance.choice(_DIALECTS))
    last: str | None = None
    for number in range(chance.randint(3, 9)):
        name = f"resp_first_{number}"
        body: dict[str, Any] = {"id": name}
        if last is not None and chance.random() < 0.5:
            body["previous_response_id"] = last
        items = [_item(f"msg_{number}_{position}") for position in range(chance.choice((0, 1, 1, 3, 12)))]
        state = state.having(stored(body, items))
        last = name
    for number in range(chance.randint(0, 3)):
        ends = Change(NOW + chance.choice((0.5, 3.0, 30.0, 400.0)), {"status": chance.choice(_ENDS)})
        body = {"id": f"resp_running_{number}", "status": "in_progress", "background": True}
        state = state.having(stored(body, [_item(f"msg_r{number}")], changes=[ends]))
    return state


_DIALECTS = (*[OPENAI] * 7, AZURE_FOUNDRY, AZURE_AGENT_SERVER, OGX)

_ENDS = ("completed", "completed", "failed", "incomplete")


def _item(name: str) -> dict[str, Any]:
    return {"id": name, "type": "message", "role": "user", "content": [{"type": "input_text", "text": name}]}


class Known(Struct):
    """What was seen of the service by now: ids that were there, ids that are gone, how far each response was."""

    there: dict[str, None] = field(default_factory=dict[str, None])
    gone: dict[str, None] = field(default_factory=dict[str, None])
    status: dict[str, str] = field(default_factory=dict[str, str])
    undone: dict[str, None] = field(default_factory=dict[str, None])
    begun: bool = False


class ServiceKeepsItsWord(Struct, frozen=True):
    """What is deleted stays away, no id is issued twice, a status goes forward, what is refused or reads alone changes
    nothing, and nothing changes but what was asked for."""

    name: str = "the service keeps its word"
    is_local: bool = False

    def begin(self) -> Known:
        return Known()

    def after(self, memory: Known, step: LifeStep, moment: Moment) -> Known | Broken:
        if not memory.begun:
            memory.begun = True
            memory.there = dict.fromkeys(step.before.responses)
        if step.request is None:
            return memory
        before, after = step.before, step.after
        why = None
        if before.responses is not after.responses:
            why = _why_responses(memory, step)
        elif before.conversations is after.conversations and before.models is after.models:
            return memory
        if why is None and not _may_change(step):
            why = f"{step.request.method} {step.request.path} has changed something: {_told(step)}"
        return memory if why is None else Broken(why)

    def end(self, memory: Known, step: LifeStep, moment: Moment) -> Broken | None:
        state = moment.state
        if load_state(dump_state(state)) != state:
            return Broken("a state that was written and read is another one")
        seen: dict[str, None] = {}
        for name in state.responses:
            response = state.responses[name]
            why = _why_response(name, response) or _why_status(memory, name, response)
            if why is not None:
                return Broken(why)
        for name in state.conversations:
            ids = [entry.item["id"] for entry in state.conversations[name].entries]
            if len({*ids}) < len(ids):
                return Broken(f"an item is in the conversation {name} twice: {ids}")
        for name in state.responses:
            for item in state.responses[name].at(NOW)["output"]:
                if item["id"] in seen:
                    return Broken(f"the id {item['id']} of an item was issued twice")
                seen[item["id"]] = None
        return None


def _why_responses(memory: Known, step: LifeStep) -> str | None:
    """What is wrong with the responses after a request, of those that it has changed."""
    before, after = step.before.responses, step.after.responses
    changed: list[str] = []
    for key in {**before.groups, **after.groups}:
        old, new = before.groups.get(key, {}), after.groups.get(key, {})
        if old is new:
            continue
        changed += [name for name in {**old, **new} if old.get(name) is not new.get(name)]
    if len(changed) > 1:
        return f"one request has changed {', '.join(changed)}"
    for name in changed:
        if name in memory.gone:
            return f"{name} was deleted, and is there again"
        response = after.get(name)
        if response is None:
            memory.gone[name] = None
            if step.request is None or step.request.method != "DELETE":
                return f"{name} is gone, and nobody has deleted it"
            continue
        if name not in before and name in memory.there:
            return f"the id {name} was issued twice"
        memory.there[name] = None
        if isinstance(step.mishap, CancelUndone):
            memory.undone[name] = None
        why = _why_response(name, response) or _why_status(memory, name, response)
        if why is not None:
            return why
    return None


def _why_response(name: str, response: StoredResponse) -> str | None:
    if response.body["id"] != name:
        return f"{name} says that it is {response.body['id']}"
    positions = {item["id"]: number for number, item in enumerate(response.input_items)}
    if len(positions) != len(response.input_items) or positions != response.positions:
        return f"the positions of the input items of {name} are not theirs"
    times = [change.at for change in response.changes]
    return None if times == sorted(times) else f"the changes of {name} are out of order"


_RANKS = {"queued": 0, "in_progress": 1, "completed": 2, "failed": 2, "incomplete": 2, "cancelled": 2}


def _why_status(memory: Known, name: str, response: StoredResponse) -> str | None:
    status: str = response.at(NOW)["status"]
    was = memory.status.get(name)
    memory.status[name] = status
    if was is None or was == status or _RANKS[was] < _RANKS[status]:
        return None
    if was == "cancelled" and name in memory.undone:
        return None
    return f"{name} was {was}, and is {status}"


def _may_change(step: LifeStep) -> bool:
    """Whether the service may have changed anything by a request."""
    if step.request is None or step.request.method in SAFE_METHODS:
        return False
    if isinstance(step.mishap, Dies | Reset | ServerError):
        return step.mishap.acted
    if isinstance(step.answer, Failure):
        return step.acted  # it was answered too late, or its answer has broken off
    return step.acted and (step.mishap is not None or step.answer.unwrap().is_success)


def _told(step: LifeStep) -> str:
    answer: Answer | None = step.answer
    if answer is None:
        return "the process died"
    return str(answer.failure()) if isinstance(answer, Failure) else f"HTTP {answer.unwrap().status}"


LAWS = (ServiceKeepsItsWord(),)
