"""Services and programs that are drawn: a few responses in any state, and what the library does with them, composed.

Law: what is drawn is a value, which Hypothesis can make smaller; a program is one of the library's, of its combinators
alone, so that a process that carries it out can die.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from explored import MODEL, ThenDelete
from hypothesis import strategies as st
from msgspec import Struct

from puresponse import (
    Change,
    RetryPolicy,
    State,
    WaitPolicy,
    all_pages,
    audit_response,
    cancel_and_wait,
    cancel_if_running,
    cancel_response,
    collect,
    configured,
    count_input_tokens,
    create_response,
    delete_response,
    erase_response,
    gather,
    list_input_items,
    list_models,
    resume_stream,
    retrieve_conversation,
    retrieve_response,
    retrying,
    stored,
    stream_response,
    wait_for_response,
    with_response,
    within,
)
from puresponse.transports.memory.scripts.replies import Life
from puresponse.transports.memory.service import AZURE_AGENT_SERVER, OGX, OPENAI, VLLM
from puresponse.transports.memory.service.state import StoredConversation
from puresponse.transports.testing.lives.passing_time import NOW

IDS = ("resp_a", "resp_b")
NOWHERE = "resp_nowhere"
DIALECTS = (OPENAI, AZURE_AGENT_SERVER, OGX, VLLM)
ENDED = ("completed", "failed", "incomplete", "cancelled")


class Drawn(Struct, frozen=True):
    """A service and a program for it."""

    state: State
    program: Any


def responses(name: str) -> st.SearchStrategy[Any]:
    """A response: one that has ended, or that runs and will, or will not."""

    def has_ended(status: str, items: int) -> Any:
        return stored({"id": name, "status": status}, [_message(f"{name[-1]}{number}") for number in range(items)])

    def runs(status: str, end: str | None, at: float) -> Any:
        changes = [] if end is None else [Change(NOW + at, {"status": end})]
        return stored({"id": name, "status": status, "background": True}, changes=changes)

    ends = st.none() | st.sampled_from(("completed", "failed", "cancelled"))
    running = st.builds(runs, st.sampled_from(("queued", "in_progress")), ends, st.sampled_from((0.5, 2.0)))
    return st.builds(has_ended, st.sampled_from(ENDED), st.integers(0, 3)) | running


@st.composite
def services(draw: st.DrawFn) -> State:
    """A service with up to two responses, a conversation or none, in the words of one server or another."""
    state = State(dialect=draw(st.sampled_from(DIALECTS)), life=draw(st.sampled_from((Life(), Life(queued=0.5)))))
    for name in draw(st.lists(st.sampled_from(IDS), unique=True)):
        state = state.having(draw(responses(name)))
    if draw(st.booleans()):
        body: dict[str, Any] = {"id": "conv_a", "object": "conversation", "created_at": 0, "metadata": {}}
        state = state.having_conversation(StoredConversation(body))
    return state


POLICIES = st.sampled_from((WaitPolicy(deadline=2.0), WaitPolicy(deadline=1.0, grace=0.0)))
RETRIES = st.sampled_from((RetryPolicy(), RetryPolicy(max_retries=1), RetryPolicy(max_retries=1, max_server_delay=0.0)))


Made: TypeAlias = Callable[..., Any]
"""What makes a program."""

OF_A_RESPONSE: tuple[Made, ...] = (
    delete_response,
    retrieve_response,
    cancel_response,
    cancel_if_running,
    erase_response,
    list_input_items,
    audit_response,
)
OF_THE_SERVICE: tuple[Any, ...] = (
    create_response(model=MODEL, input="Hi"),
    create_response(model=MODEL, input="Hi", background=True),
    create_response(model=MODEL, input="Hi").bind(ThenDelete()),
    retrieve_conversation("conv_a"),
    list_models(),
    count_input_tokens(model=MODEL, input="Hi"),
)
EVENTS: tuple[Any, ...] = (
    stream_response(model=MODEL, input="Hi"),
    stream_response(model=MODEL, input="Hi", background=True),
)


def made(make: Made, *given: Any) -> Any:
    """The program that is made of what is drawn."""
    return make(*given)


def requests(state: State) -> st.SearchStrategy[Any]:
    """What the library does of itself with a response, that is there or is not."""
    ids = st.sampled_from((*state.responses, NOWHERE))
    waits: tuple[Made, ...] = (wait_for_response, cancel_and_wait)
    return (
        st.builds(made, st.sampled_from(OF_A_RESPONSE), ids)
        | st.builds(made, st.sampled_from(waits), ids, POLICIES)
        | st.sampled_from(OF_THE_SERVICE)
    )


def operations(state: State) -> st.SearchStrategy[Any]:
    """One of these, or some of them, composed."""

    def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return (
            st.builds(made, st.just(retrying), inner, RETRIES)
            | st.builds(made, st.just(within), inner, st.sampled_from((0.4, 3.0)))
            | st.builds(made, st.just(with_response), inner)
            | st.builds(impatient, inner)
            | st.builds(made, st.just(gather), inner, inner)
        )

    return st.recursive(requests(state), composed, max_leaves=2)


def impatient(operation: Any) -> Any:
    """The same with a timeout for each request."""
    return configured(operation, timeout=5.0)


def two_a_page(response_id: str) -> Any:
    """All items of a response, by pages of two."""
    return all_pages(list_input_items(response_id, limit=2))


def streams(state: State) -> st.SearchStrategy[Any]:
    """Streams of events and of items, retried or not."""
    ids = st.sampled_from((*state.responses, NOWHERE))
    one = st.sampled_from(EVENTS) | st.builds(two_a_page, ids)
    return one | st.builds(resume_stream, ids) | st.builds(made, st.just(retrying), one, RETRIES)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """A service and a program for it: an operation, a stream, or all that a stream has."""
    state = draw(services())
    return Drawn(state, draw(operations(state) | streams(state) | st.builds(made, st.just(collect), streams(state))))


def _message(name: str) -> dict[str, Any]:
    part = {"type": "input_text", "text": "Hello"}
    return {"id": f"msg_{name}", "type": "message", "role": "user", "content": [part]}
