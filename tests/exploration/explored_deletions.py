"""Deletions that are explored: one, chains, several at once, and lists."""

from __future__ import annotations

from typing import Any

from explored import CHAIN, CIRCLE, GONE, MANY, NAMES, ONE, ORPHAN, TALK, Explored
from promises import (
    Attempts,
    ChainIsReachable,
    EmittedIsDeleted,
    InOrderOnce,
    OneByOne,
    audits_all,
    deletes_the_rest,
    error_names,
    never_there,
    receipts_are_true,
)

from puresponse import (
    USUAL_CLAIMS,
    Claim,
    RetryPolicy,
    State,
    all_conversation_items,
    all_input_items,
    all_outcomes,
    all_responses,
    audit_response,
    collect,
    configured,
    delete_conversation,
    delete_response,
    delete_response_chain,
    deleted_is_gone,
    ends_in_time,
    erase_response,
    every_life_ends,
    gather,
    gather_all,
    nothing_unsafe_twice,
    retrying,
    traverse,
    with_response,
    within,
)
from puresponse.transports.memory.service import OGX

_DELETION = retrying(delete_response("resp_a"))

DELETIONS = (
    Explored(name="delete", program=delete_response("resp_a"), state=ONE, claims=(*GONE, Attempts(1))),
    Explored(
        name="delete, retried",
        program=_DELETION,
        state=ONE,
        claims=(*GONE, Attempts(3), never_there("resp_a")),
    ),
    Explored(
        name="delete, retried ten times",
        program=retrying(delete_response("resp_a"), RetryPolicy(max_retries=10, max_delay=60.0)),
        state=ONE,
        claims=(*GONE, Attempts(11), never_there("resp_a")),
    ),
    Explored(
        name="delete, configured and with its answer",
        program=with_response(configured(_DELETION, headers={"X-Job": "nightly"}, timeout=30)),
        state=ONE,
        claims=GONE,
    ),
    Explored(name="delete what is not there", program=_DELETION, claims=(*GONE, Attempts(3))),
    Explored(name="delete a conversation", program=retrying(delete_conversation("conv_a")), state=TALK, claims=GONE),
    Explored(
        name="erase",
        program=retrying(erase_response("resp_a")),
        state=ONE,
        claims=(*GONE, receipts_are_true()),
    ),
    Explored(
        name="delete, retried, within a limit",
        program=within(_DELETION, 10),
        state=ONE,
        claims=(*GONE, ends_in_time(10.0)),
    ),
    Explored(
        name="delete, a limit retried",
        program=retrying(within(delete_response("resp_a"), 10)),
        state=ONE,
        claims=(*GONE, ends_in_time(10.0)),
    ),
)

_NAMES = ("resp_3", "resp_2", "resp_1")
_OF_A_CHAIN: tuple[Claim, ...] = (
    *USUAL_CLAIMS,
    ChainIsReachable(_NAMES),
    EmittedIsDeleted(_NAMES),
    deletes_the_rest("resp_3", _NAMES),
    error_names(*_NAMES),
)
_CHAIN: Any = delete_response_chain("resp_3")

CHAINS = (
    Explored(name="delete a chain", program=retrying(_CHAIN), state=CHAIN, claims=_OF_A_CHAIN),
    Explored(name="delete a chain, not retried", program=_CHAIN, state=CHAIN, claims=_OF_A_CHAIN),
    Explored(
        name="delete a circle",
        program=retrying(delete_response_chain("resp_2")),
        state=CIRCLE,
        claims=(*USUAL_CLAIMS, EmittedIsDeleted(("resp_2", "resp_1")), error_names("resp_2", "resp_1")),
    ),
    Explored(
        name="delete a chain whose oldest is gone",
        program=retrying(delete_response_chain("resp_2")),
        state=ORPHAN,
        claims=(*USUAL_CLAIMS, EmittedIsDeleted(("resp_2",)), error_names("resp_2", "resp_1")),
    ),
)

_THREE = [retrying(delete_response(f"resp_{name}")) for name in "abc"]
_TWO = _THREE[:2]

_OF_A_FORK: tuple[Claim, ...] = (every_life_ends(), nothing_unsafe_twice(), deleted_is_gone())
"""Not that `may_have_acted` is true: the branch whose error it is may not be the one that was answered so and acted."""

MANY_DELETIONS = (
    Explored(name="gather two deletions", program=gather(*_TWO), state=MANY, claims=_OF_A_FORK),
    Explored(name="gather all of two", program=gather_all(*_TWO), state=MANY, claims=(*USUAL_CLAIMS, OneByOne("ab"))),
    Explored(
        name="gather the same deletion",
        program=gather(_DELETION, _DELETION),
        state=MANY,
        claims=_OF_A_FORK,
    ),
    Explored(
        name="traverse",
        program=retrying(traverse(("resp_a", "resp_b", "resp_c"), delete_response)),
        state=MANY,
        names=NAMES,
    ),
    Explored(name="all outcomes", program=all_outcomes(_THREE), state=MANY, claims=(*USUAL_CLAIMS, OneByOne("abc"))),
    Explored(
        name="two who delete the same chain",
        program=gather_all(*[retrying(collect(delete_response_chain("resp_2"))) for _ in range(2)]),
        state=CHAIN.without("resp_3"),
        faults=1,
        claims=(every_life_ends(), deleted_is_gone(), ChainIsReachable(("resp_2", "resp_1"))),
    ),
)

LISTS = (
    Explored(
        name="audit",
        program=retrying(audit_response("resp_a")),
        state=ONE,
        claims=(*USUAL_CLAIMS, audits_all("msg_0", "msg_1", "msg_2")),
    ),
    Explored(
        name="input items",
        program=retrying(all_input_items("resp_a", limit=1, order="asc")),
        state=ONE,
        claims=(*USUAL_CLAIMS, InOrderOnce(("msg_0", "msg_1", "msg_2"))),
    ),
    Explored(
        name="conversation items",
        program=retrying(all_conversation_items("conv_a", limit=2)),
        state=TALK,
        claims=(*USUAL_CLAIMS, InOrderOnce(("msg_4", "msg_3", "msg_2", "msg_1", "msg_0"))),
    ),
    Explored(
        name="all responses",
        program=retrying(all_responses(limit=2, order="asc")),
        state=State(responses=MANY.responses, dialect=OGX),
        claims=(*USUAL_CLAIMS, InOrderOnce(("resp_a", "resp_b", "resp_c"))),
    ),
)
