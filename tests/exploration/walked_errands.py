"""What the clients of our walks are about: operations and streams of the library, composed by its combinators.

Law: an errand is drawn from what the service has, and others act on the same: what is there when it is drawn may be
gone, ended or cancelled by the first request. So nothing is claimed here of what is there in the end, but of what the
program says and of what it asked for. Responses are deleted once, and their ids are not issued again: what is reported
as deleted is gone, whoever has deleted it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from walked_claims import (
    AuditIsWhole,
    ChainIsDeletedFromItsEnd,
    DeletedIsGoneOrHidden,
    ItemsAreWhole,
    ReturnedAsItIs,
    about_it,
    answered_ended,
)
from walked_compositions import composed
from walked_frames import (
    AskAgain,
    Audit,
    CancelIt,
    Count,
    DeleteIt,
    Deletion,
    Followed,
    GoneIsFine,
    Items,
    SoFar,
    Timed,
    WaitFor,
)
from walked_service import REPLIES

from puresponse import (
    END,
    Emit,
    Operation,
    Perform,
    RetryPolicy,
    State,
    Stream,
    WaitPolicy,
    all_conversation_items,
    all_input_items,
    all_responses,
    audit_response,
    cancel_and_wait,
    cancel_if_running,
    cancel_response,
    collect,
    count_input_tokens,
    create_conversation,
    create_conversation_items,
    create_response,
    delete_conversation,
    delete_conversation_item,
    delete_response,
    delete_response_chain,
    erase_response,
    flat_map,
    gather,
    gather_all,
    list_input_items,
    perform_each,
    resume_stream,
    retrieve_response,
    retrying,
    stream_response,
    take,
    traverse,
    wait_for_response,
    watch_response,
    with_response,
    within,
)
from puresponse.transports import (
    Claim,
    ends_in_time,
    every_event_once,
    gone_is_reported,
    may_have_acted_is_true,
    nothing_unsafe_twice,
)
from puresponse.transports.testing.walks.walked import Errand

Made: TypeAlias = tuple[Any, tuple[Claim, ...]] | None

CLAIMS: tuple[Claim, ...] = (nothing_unsafe_twice(), DeletedIsGoneOrHidden())
"""Claimed of every life."""

_HONEST = may_have_acted_is_true()

_POLICIES = (
    RetryPolicy(),
    RetryPolicy(max_retries=0),
    RetryPolicy(max_retries=5, initial_delay=0.1),
    RetryPolicy(max_retries=8, initial_delay=1.0, jitter=1.0),
    RetryPolicy(max_retries=2, max_server_delay=10.0),
)

_WAITS = (
    WaitPolicy(deadline=0.0),
    WaitPolicy(deadline=1.0, grace=0.0),
    WaitPolicy(deadline=20.0, jitter=0.9),
    WaitPolicy(deadline=60.0, at_deadline="cancel"),
    WaitPolicy(deadline=9.0, at_deadline="cancel", last_poll=0.5),
    WaitPolicy(deadline=600.0, initial_delay=5.0, factor=3.0),
)


# --- what they are about --------------------------------------------------------------------------


def _name(chance: Random, state: State) -> str | None:
    names = list(state.responses)
    if not names:
        return None
    return "resp_none" if chance.random() < 0.03 else chance.choice(names)


def _running(chance: Random, state: State) -> str | None:
    """One that was made in the background, if any; most often one that runs."""
    names = [name for name in state.responses if state.responses[name].body.get("background")]
    return chance.choice(names) if names and chance.random() < 0.9 else _name(chance, state)


def _guarded(
    chance: Random, program: Any, *given: Claim, of_events: bool = False, forks: bool = False
) -> tuple[Any, tuple[Claim, ...]]:
    """The program as it is, or under retries and limits of its time, one in another.

    Where a limit breaks off the events of a response, the error is that of the limit, which knows of no events; and it
    is about the replay that was not sent any more, where they were received whole and broke off. Where branches fail in
    the same way, nothing tells of which of them the error is.
    """
    claims = given if forks else (_HONEST, *given)
    for _ in range(chance.choice((0, 0, 1, 1, 1, 1, 2, 2, 3))):
        if chance.random() < 0.65:
            program = retrying(program, chance.choice(_POLICIES))
        else:
            seconds = chance.choice((0.0, 0.5, 3.0, 40.0))
            program = within(program, seconds)
            claims = (*(() if of_events else claims), ends_in_time(seconds))
    return program, (*CLAIMS, *claims)


def _about(make: Callable[[str], Operation[Any] | Stream[Any]], *claims: Claim) -> Callable[[Random, State], Made]:
    def draw(chance: Random, state: State) -> Made:
        name = _name(chance, state)
        return None if name is None else _guarded(chance, make(name), *claims)

    return draw


def _about_running(
    make: Callable[[str], Operation[Any] | Stream[Any]], *claims: Claim
) -> Callable[[Random, State], Made]:
    def draw(chance: Random, state: State) -> Made:
        name = _running(chance, state)
        return None if name is None else _guarded(chance, make(name), about_it(name), *claims)

    return draw


def _arguments(chance: Random, state: State) -> dict[str, Any]:
    given: dict[str, Any] = {"model": "m", "input": chance.choice(tuple(REPLIES))}
    names = list(state.responses)
    if names and chance.random() < 0.4:
        given["previous_response_id"] = chance.choice(names)
    return given


def _create(chance: Random, state: State) -> Made:
    return _guarded(chance, create_response(**_arguments(chance, state)))


def _create_to_delete(chance: Random, state: State) -> Made:
    made = create_response(**_arguments(chance, state), background=chance.random() < 0.3)
    return _guarded(chance, made.bind(AskAgain()).bind(DeleteIt()).lash(GoneIsFine()))


def _create_and_wait(chance: Random, state: State) -> Made:
    policy = chance.choice(_WAITS)
    made: Operation[Any] = create_response(**_arguments(chance, state), background=True).bind(WaitFor(policy))
    if chance.random() < 0.5:
        made = made.bind(DeleteIt())
    return _guarded(chance, made)


def _create_and_cancel(chance: Random, state: State) -> Made:
    return _guarded(chance, create_response(**_arguments(chance, state), background=True).bind(CancelIt()))


def _wait(chance: Random, state: State) -> Made:
    name, policy = _running(chance, state), chance.choice(_WAITS)
    if name is None:
        return None
    settle = chance.choice((0.0, 0.0, 2.0, 60.0))
    draw = chance.random()
    claims = (ends_in_time(policy), answered_ended(policy), about_it(name))
    if draw < 0.4:
        return _guarded(chance, wait_for_response(name, policy, settle=settle), *claims)
    if draw < 0.7:
        return _guarded(chance, watch_response(name, policy, settle=settle), ends_in_time(policy))
    return _guarded(chance, cancel_and_wait(name, policy, settle=settle), *claims)


def _stream(chance: Random, state: State) -> Made:
    stream = stream_response(**_arguments(chance, state), **_streamed(chance))
    draw = chance.random()
    if draw < 0.6:
        return _guarded(chance, stream, every_event_once(), of_events=True)
    if draw < 0.7:
        return _guarded(chance, collect(stream), every_event_once(), of_events=True)
    if draw < 0.8:
        return _guarded(chance, collect(stream).map(SoFar()), of_events=True)
    return _guarded(chance, take(chance.randint(0, 6))(stream), of_events=True)


def _streamed(chance: Random) -> dict[str, Any]:
    given: dict[str, Any] = {"background": chance.random() < 0.6}
    if chance.random() < 0.5:
        given["resumption"] = chance.choice(_POLICIES)
    if chance.random() < 0.6:
        given["fallback"] = chance.choice((None, *_WAITS))
    return given


def _resume(chance: Random, state: State) -> Made:
    name, after = _running(chance, state), chance.choice((None, 0, 3, 40))
    if name is None:
        return None
    return _guarded(
        chance, resume_stream(name, starting_after=after), every_event_once(starting_after=after), of_events=True
    )


def _some(chance: Random, state: State) -> list[str]:
    names = list(state.responses)
    return [chance.choice(names) for _ in range(chance.randint(1, 4))] if names else []


def _at_once(chance: Random, state: State) -> Made:
    """Branches of a fork, which may be about the same response."""
    names = _some(chance, state)
    if not names:
        return None
    makes = [chance.choice(_PARTS) for _ in names]
    parts: list[Operation[Any]] = [make(name) for make, name in zip(makes, names, strict=True)]
    if chance.random() < 0.5:
        return _guarded(chance, gather(*parts), forks=True)
    return _guarded(chance, gather_all(*parts).map(Count()), forks=True)


def _all_items(name: str) -> Stream[Any]:
    return all_input_items(name, limit=2)


def _deletion(name: str) -> Operation[Any]:
    return delete_response(name).lash(GoneIsFine())


_PARTS: tuple[Callable[[str], Operation[Any]], ...] = (
    retrieve_response,
    _deletion,
    delete_response,
    cancel_if_running,
    audit_response,
)


def _one_after_another(chance: Random, state: State) -> Made:
    names = tuple(_some(chance, state))
    if not names:
        return None
    listed: Stream[str] = Emit(names, END)
    draw = chance.random()
    if draw < 0.4:
        return _guarded(chance, perform_each(Deletion())(listed))
    if draw < 0.7:
        return _guarded(chance, collect(flat_map(Items())(listed)))
    return _guarded(chance, traverse(names, Deletion()))


def _follow_what_was_made(chance: Random, state: State) -> Made:
    """The events of a response that was made without them are refused, and it is waited for."""
    made = create_response(**_arguments(chance, state), background=True)
    return _guarded(chance, Perform(made, Followed()), of_events=True)


def _chain(chance: Random, state: State) -> Made:
    name = _name(chance, state)
    return None if name is None else _guarded(chance, delete_response_chain(name), ChainIsDeletedFromItsEnd())


def _list_all(chance: Random, state: State) -> Made:
    """All responses that the service lists, where it lists any; and each of them audited."""
    listed = all_responses(limit=chance.choice((1, 3, 100)))
    return _guarded(chance, listed if chance.random() < 0.5 else perform_each(Audit())(listed))


def _conversation(chance: Random, state: State) -> str | None:
    names = list(state.conversations)
    return chance.choice(names) if names else None


def _converse(chance: Random, state: State) -> Made:
    """A conversation: made, asked about, added to, gone on with, and deleted."""
    name = _conversation(chance, state)
    draw = chance.random()
    if name is None or draw < 0.15:
        return _guarded(chance, create_conversation(items=[_MESSAGE]))
    if draw < 0.45:
        return _guarded(chance, create_response(model="m", input=chance.choice(tuple(REPLIES)), conversation=name))
    if draw < 0.6:
        return _guarded(chance, create_conversation_items(name, items=[_MESSAGE, _MESSAGE]))
    if draw < 0.8:
        return _guarded(chance, all_conversation_items(name, limit=2))
    if draw < 0.9:
        return _guarded(chance, delete_conversation(name), gone_is_reported())
    entries = state.conversations[name].entries
    item = chance.choice(entries).item["id"] if entries else "msg_none"
    return _guarded(chance, delete_conversation_item(name, item))


_MESSAGE = {"type": "message", "role": "user", "content": "Hi"}


def _tokens(chance: Random, state: State) -> Made:
    return _guarded(chance, count_input_tokens(**_arguments(chance, state)))


def _timed(name: str) -> Operation[Any]:
    return with_response(retrieve_response(name)).bind(Timed())


ERRANDS: tuple[Errand, ...] = (
    Errand("retrieve", _about(retrieve_response, ReturnedAsItIs()), 10),
    Errand("retrieve, and ask what time it is", _about(_timed), 2),
    Errand("delete", _about(delete_response, gone_is_reported()), 8),
    Errand("delete, where it is there", _about(_deletion), 3),
    Errand("erase", _about(erase_response), 4),
    Errand("delete a chain", _chain, 3),
    Errand("list a page", _about(list_input_items), 6),
    Errand("list all items", _about(_all_items, ItemsAreWhole()), 4),
    Errand("audit", _about(audit_response, AuditIsWhole()), 6),
    Errand("cancel", _about_running(cancel_response, ReturnedAsItIs()), 5),
    Errand("cancel if running", _about_running(cancel_if_running, ReturnedAsItIs()), 5),
    Errand("wait", _wait, 9),
    Errand("create", _create, 6),
    Errand("create, ask and delete", _create_to_delete, 3),
    Errand("create and wait", _create_and_wait, 6),
    Errand("create and cancel", _create_and_cancel, 2),
    Errand("stream", _stream, 5),
    Errand("resume a stream", _resume, 5),
    Errand("follow what was made", _follow_what_was_made, 2),
    Errand("several at once", _at_once, 5),
    Errand("several one after another", _one_after_another, 5),
    Errand("count tokens", _tokens, 2),
    Errand("list all responses", _list_all, 2),
    Errand("converse", _converse, 6),
    Errand("composed at random", composed, 12),
)
